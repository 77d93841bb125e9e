"""Which model cuts out: what is named, what the settings say, and what is done without it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bowerbird import paths, settings as settings_file
from bowerbird.engines import catalog, models
from bowerbird.errors import ModelDamagedError, ModelMissingError, NotFoundError, UsageError
from bowerbird.library import Library
from helpers.hub import Hub, serve
from helpers.networks import network, row

PATH = "/someone/cutter/releases/download/v0.0.0/Tiny.onnx"
DATA = network()


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A release with the only model that is offered."""
    monkeypatch.setattr(models.catalog, "segmenters", lambda: (row(DATA),))
    with serve() as found:
        found.files = {PATH: DATA}
        monkeypatch.setenv("BOWERBIRD_GITHUB", found.url)
        yield found


@pytest.fixture
def library(release: Hub, tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as found:
        yield found


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Something red before blue: what the tiny network takes for a subject is what is red."""
    pixels = np.zeros((60, 90, 3), np.uint8)
    pixels[..., 2] = 180
    pixels[20:40, 30:60] = (250, 20, 20)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


Mask = Callable[..., np.ndarray]


@pytest.fixture
def mask(library: Library, photo: Path, tmp_path: Path) -> Mask:
    def cut(model: str | None = None, told: list[str] | None = None) -> np.ndarray:
        say = None if told is None else told.append
        (done,) = library.cut_out([photo], tmp_path / "out", mask_only=True, model=model, told=say)
        assert done.target is not None
        with Image.open(done.target) as image:
            return np.array(image)

    return cut


def test_a_model_is_named_for_one_cut_out(library: Library, mask: Mask) -> None:
    list(library.get_model("tiny"))
    found = mask("tiny")
    assert found[30, 45] == 255
    assert found[5, 5] == 0
    assert (mask("builtin") != found).any(), "another network, another matte"
    assert (mask() == mask("builtin")).all()


def test_a_chosen_model_is_kept_in_the_settings(library: Library, mask: Mask) -> None:
    settings_file.save(paths.config_file(), settings_file.Settings(grace_days=7))
    list(library.get_model("tiny"))
    library.cut_out_with("tiny")
    kept = settings_file.load(paths.config_file())
    assert (kept.cutout_model, kept.grace_days) == ("tiny", 7)
    assert (mask() == mask("tiny")).all()
    active = {info.id for info in library.models() if info.kind == "cutout" and info.active}
    assert active == {"tiny"}
    with Library.open(library.path) as again:
        assert again.settings.cutout_model == "tiny"
        again.cut_out_with("builtin")
    assert settings_file.load(paths.config_file()).cutout_model == "builtin"


def test_a_model_that_is_asked_for_and_not_here_is_refused(mask: Mask) -> None:
    with pytest.raises(ModelMissingError, match="bowerbird models get tiny"):
        mask("tiny")


def test_without_that_of_the_settings_the_builtin_one_does_it_and_says_so(
    library: Library, mask: Mask
) -> None:
    told: list[str] = []
    plain = mask("builtin", told)
    assert told == []
    library.settings = replace(library.settings, cutout_model="tiny")
    assert (mask(None, told) == plain).all()
    (sentence,) = told
    assert "bowerbird models get tiny" in sentence
    assert "the built-in model does it" in sentence


@pytest.mark.parametrize(
    ("wrong", "says"),
    [("nosuch", "There is no model 'nosuch'"), ("clip-b32-256", "does not remove")],
)
def test_settings_that_name_no_such_model(
    library: Library, mask: Mask, photo: Path, wrong: str, says: str
) -> None:
    library.settings = replace(library.settings, cutout_model=wrong)
    told: list[str] = []
    assert (mask(None, told) == mask("builtin")).all()
    assert says in told[0]
    assert library.shown(photo.read_bytes()).cutout()[:4] == b"\x89PNG", "other programs, too"


def test_what_cannot_be_chosen(library: Library, mask: Mask) -> None:
    with pytest.raises(ModelMissingError, match="models get tiny"):
        library.cut_out_with("tiny")
    with pytest.raises(UsageError, match=r"does not remove backgrounds\. Use tiny\."):
        library.cut_out_with("clip-b32-256")
    with pytest.raises(NotFoundError, match="models list"):
        mask("nosuch")
    with pytest.raises(UsageError, match="bowerbird cutout --model tiny"):
        library.use_model("tiny")
    with pytest.raises(UsageError, match="bowerbird reimagine --model"):
        library.use_model(catalog.generators()[0].id)
    assert not paths.config_file().exists()


def test_damage_is_said_and_mended(library: Library, mask: Mask) -> None:
    list(library.get_model("tiny"))
    mask("tiny")
    path = paths.model_cache() / "tiny" / "Tiny.onnx"
    path.write_bytes(DATA[:-1] + b"x")
    (line,) = [line for line in library.doctor() if line.name == "tiny"]
    assert not line.ok
    assert "Tiny.onnx" in line.detail
    with Library.open(library.path) as again:
        segmenter = again._models.segmenter("tiny")
        with pytest.raises(ModelDamagedError, match="models get tiny"):
            segmenter.segment(np.zeros((1, 16, 16, 3), np.uint8))
        list(again.get_model("tiny"))
        assert segmenter.segment(np.zeros((1, 16, 16, 3), np.uint8)).shape == (1, 16, 16)
    assert [line.ok for line in library.doctor() if line.name == "tiny"] == [True]


def test_shapes_do_not_depend_on_the_chosen_model(
    library: Library, photo: Path, mask: Mask
) -> None:
    before = library.shape(photo)
    shown = library.shown(photo.read_bytes())
    plain = shown.cutout()
    list(library.get_model("tiny"))
    library.cut_out_with("tiny")
    assert library.shape(photo) == before
    now = library.shown(photo.read_bytes()).silhouette()
    kept = shown.silhouette()
    assert now is not None
    assert kept is not None
    np.testing.assert_array_equal(now.embedding, kept.embedding)
    assert library.shown(photo.read_bytes()).cutout() != plain, "the chosen one cuts out"
