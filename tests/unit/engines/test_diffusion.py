"""A tiny random pipeline, downloaded from a hub of our own and run as the real one is."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bowerbird.engines import diffusion, memory
from bowerbird.engines.diffusion import DiffusionGenerator
from bowerbird.engines.models import Models
from bowerbird.errors import (
    DownloadError,
    ModelDamagedError,
    ModelError,
    ModelMissingError,
    UsageError,
)
from helpers.hub import Hub, serve
from helpers.pipelines import ROW, SIDE, write_pipeline

SMALL = replace(ROW, memory=1)
WEIGHTS = sorted(name for name in ROW.files if name.endswith(".safetensors"))


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pipeline(tmp_path_factory.mktemp("pipeline"))


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Keep torch from sharing out next to nothing among cores that others use."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def folder(pipeline: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(pipeline, tmp_path / "own"))


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)


def drawn(generator: DiffusionGenerator, picture: np.ndarray, *how: int, **more: float) -> list:
    steps = generator.reimagine(picture, *how, **more)  # type: ignore[arg-type]
    return [step.picture for step in steps if step.picture is not None]


def test_a_seed_gives_the_same_and_numbers_differ(pipeline: Path, picture: np.ndarray) -> None:
    generator = DiffusionGenerator(SMALL, pipeline)
    first, second = drawn(generator, picture, 2, seed=3)
    assert (first.dtype, first.shape) == (np.uint8, (SIDE, SIDE, 3))
    assert (first != second).any()
    np.testing.assert_array_equal(drawn(generator, picture, 1, seed=3)[0], first)
    assert (drawn(generator, picture, 1, seed=4)[0] != first).any()
    assert (drawn(generator, picture, 1, seed=3, strength=1.0)[0] != first).any()
    assert (drawn(generator, picture[::-1].copy(), 1, seed=3, strength=0.0)[0] != first).any()
    generator.close()


def test_progress_goes_up_with_every_step(pipeline: Path, picture: np.ndarray) -> None:
    steps = list(DiffusionGenerator(SMALL, pipeline).reimagine(picture, 2))
    shares = [step.done for step in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert sum(0 < share < 0.5 for share in shares) >= 15, "one for each step of the network"
    assert [step.done for step in steps if step.picture is not None] == [0.5, 1]


def test_closing_ends_it_within_a_step(
    pipeline: Path, picture: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = DiffusionGenerator(SMALL, pipeline)
    loaded = generator._ready()
    seen = []
    plain = loaded.unet.forward
    monkeypatch.setattr(loaded.unet, "forward", lambda *a, **k: (seen.append(1), plain(*a, **k))[1])
    steps = generator.reimagine(picture, 8)
    for step in steps:
        if step.done > 0:
            break
    steps.close()  # type: ignore[attr-defined]
    assert 1 <= len(seen) <= 4, "of 160"
    assert drawn(generator, picture), "what was stopped does not stand in the way"


def test_not_iterating_pauses_it(
    pipeline: Path, picture: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = DiffusionGenerator(SMALL, pipeline)
    steps = generator.reimagine(picture)
    for step in steps:
        if step.done > 0:
            break
    # The lock is held by who draws; another waits for its turn, and can be closed meanwhile.
    other = generator.reimagine(picture)
    assert next(other).done == 0
    other.close()  # type: ignore[attr-defined]
    assert len([step for step in steps if step.picture is not None]) == 1


@pytest.mark.parametrize(
    ("shape", "size"), [((40, 40), (16, 16)), ((30, 120), (32, 8)), ((500, 20), (8, 32))]
)
def test_proportions_are_kept(pipeline: Path, shape: tuple[int, int], size: object) -> None:
    generator = DiffusionGenerator(SMALL, pipeline)
    loaded = generator._ready()
    assert diffusion._size(loaded, shape[1], shape[0]) == size


def test_a_picture_that_shows_too_little(pipeline: Path) -> None:
    with pytest.raises(UsageError, match="fewer than 16 pixels"):
        list(DiffusionGenerator(SMALL, pipeline).reimagine(np.zeros((4, 90, 3), np.uint8)))


@pytest.mark.parametrize("name", WEIGHTS)
@pytest.mark.parametrize("damage", ["cut", "gone", "pickle"])
def test_weights_that_are_not_what_they_should_be(
    folder: Path, picture: np.ndarray, name: str, damage: str
) -> None:
    path = folder / name
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-8])
    elif damage == "gone":
        path.unlink()
    else:
        import torch
        from safetensors.torch import load_file

        stem = {"diffusion_pytorch_model": "diffusion_pytorch_model", "model": "pytorch_model"}
        torch.save(load_file(path), path.with_name(f"{stem[path.stem]}.bin"))
        path.unlink()
    with pytest.raises(ModelDamagedError, match="models get unclip-small"):
        list(DiffusionGenerator(SMALL, folder).reimagine(picture))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"_class_name": "StableDiffusionPipeline"}', "\x00"]
)
def test_another_kind_of_pipeline(folder: Path, picture: np.ndarray, text: str) -> None:
    (folder / "model_index.json").write_text(text)
    with pytest.raises(ModelDamagedError, match="cannot be used"):
        list(DiffusionGenerator(SMALL, folder).reimagine(picture))


def test_a_folder_that_has_gone(tmp_path: Path, picture: np.ndarray) -> None:
    with pytest.raises(ModelMissingError, match="models get unclip-small"):
        list(DiffusionGenerator(SMALL, tmp_path / "gone").reimagine(picture))


def test_too_little_memory(
    pipeline: Path, picture: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "available", lambda: 4_000_000_000)
    with pytest.raises(ModelError, match=r"needs 10\.0 GB of memory.*patches"):
        list(DiffusionGenerator(ROW, pipeline).reimagine(picture))


def test_a_fault_while_it_draws_is_a_sentence(
    pipeline: Path, picture: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = DiffusionGenerator(SMALL, pipeline)
    loaded = generator._ready()

    def full(*_: object, **__: object) -> None:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(loaded.unet, "forward", full)
        with pytest.raises(ModelError, match=r"could not run.*out of memory"):
            list(generator.reimagine(picture))
    assert drawn(generator, picture)


def test_without_its_packages(
    pipeline: Path, picture: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diffusion, "find_spec", lambda name: None if name == "diffusers" else name)
    assert diffusion.lacking() == ('It needs diffusers. Run `pip install "bowerbird[diffusion]"`.')
    with pytest.raises(ModelMissingError, match=r"bowerbird\[diffusion\]"):
        list(DiffusionGenerator(SMALL, pipeline).reimagine(picture))


def test_an_idle_pipeline_goes_and_comes_back(pipeline: Path, picture: np.ndarray) -> None:
    generator = DiffusionGenerator(SMALL, pipeline)
    (first,) = drawn(generator, picture)
    generator.unload()
    assert generator._loaded is None
    np.testing.assert_array_equal(drawn(generator, picture)[0], first)
    generator.close()


@pytest.fixture
def hub(pipeline: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    root = f"/{ROW.repo}/resolve/main/"
    with serve() as found:
        found.files = {root + name: (pipeline / name).read_bytes() for name in ROW.files}
        monkeypatch.setenv("HF_ENDPOINT", found.url)
        yield found


@pytest.fixture
def models(tmp_path: Path) -> Iterator[Models]:
    found = Models(tmp_path / "cache")
    yield found
    found.close()


def test_it_is_downloaded_and_runs(
    models: Models, hub: Hub, picture: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "available", lambda: None)
    assert models.kind(ROW.id) == "reimagine"
    with pytest.raises(ModelMissingError, match="models get unclip-small"):
        models.generator(ROW.id)
    list(models.get(ROW.id))
    assert {path for path, _ in hub.requests} == set(hub.files), "and nothing else was asked for"
    info = next(row for row in models.list() if row.id == ROW.id)
    assert (info.installed, info.needs, info.kind) == (True, "", "reimagine")
    found = models.generator(ROW.id)
    assert found is models.generator(ROW.id)
    (made,) = [step.picture for step in found.reimagine(picture) if step.picture is not None]
    assert made.shape == (SIDE, SIDE, 3)
    (line,) = [line for line in models.check() if line.name == ROW.id]
    assert line.ok


def test_a_download_that_breaks_off_leaves_none_and_goes_on(models: Models, hub: Hub) -> None:
    unet = next(name for name in hub.files if "unet/diffusion" in name)
    whole = hub.files.pop(unet)
    with pytest.raises(DownloadError, match="is not there"):
        list(models.get(ROW.id))
    assert not next(row for row in models.list() if row.id == ROW.id).installed
    with pytest.raises(ModelMissingError, match="models get"):
        models.generator(ROW.id)
    hub.files[unet] = whole
    list(models.get(ROW.id))
    assert models.generator(ROW.id).id == ROW.id


def test_weights_that_are_not_those_of_the_hub(models: Models, hub: Hub) -> None:
    hub.linked = "0" * 64
    with pytest.raises(DownloadError, match="checksum is wrong"):
        list(models.get(ROW.id))
    with pytest.raises(ModelMissingError, match="models get"):
        models.generator(ROW.id)
