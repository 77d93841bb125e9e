"""Which model finds things: what is named, what the settings say, and what is done without it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from bowerbird import paths, settings as settings_file
from bowerbird.engines import models
from bowerbird.errors import (
    DownloadError,
    ModelDamagedError,
    ModelMissingError,
    NotFoundError,
    UsageError,
)
from bowerbird.library import Library
from helpers.detectors import write_detector, yolox, yolox_row
from helpers.hub import Hub, serve

PATH = "/someone/finder/releases/download/v1/finder.onnx"
DATA = yolox()


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Library]:
    """A library beside a release with the only model that is offered."""
    monkeypatch.setattr(models.catalog, "detectors", lambda: (yolox_row(DATA),))
    shipped, resource = write_detector(tmp_path / "detector"), paths.resource
    monkeypatch.setattr(
        paths, "resource", lambda name: shipped if name == "models/detector" else resource(name)
    )
    with serve() as hub:
        hub.files = {PATH: DATA}
        monkeypatch.setenv("BOWERBIRD_GITHUB", hub.url)
        with Library.open(tmp_path / "library") as found:
            found.hub = hub  # type: ignore[attr-defined]
            yield found


@pytest.fixture
def blue(tmp_path: Path) -> Path:
    path = tmp_path / "blue.png"
    Image.new("RGB", (320, 160), "#0000ff").save(path)
    return path


def things(library: Library, photo: Path, model: str | None = None) -> list[str]:
    return [one.category for one in library.detect(photo, model=model)]


def test_a_model_is_named_for_once_or_for_always(library: Library, blue: Path) -> None:
    assert things(library, blue) == ["dog"], "the built-in one sees red alone"
    with pytest.raises(ModelMissingError, match="bowerbird models get finder"):
        library.detect(blue, model="finder")
    list(library.get_model("finder"))
    assert things(library, blue, "finder") == ["cat", "dog"]
    assert things(library, blue) == ["dog"]
    library.detect_with("finder")
    assert things(library, blue) == ["cat", "dog"]
    assert things(library, blue, "builtin") == ["dog"]
    assert settings_file.load(paths.config_file()).detector_model == "finder"
    active = {info.id for info in library.models() if info.kind == "detect" and info.active}
    assert active == {"finder"}
    library.detect_with("builtin")
    assert things(library, blue) == ["dog"]


def test_names_that_are_none(library: Library, blue: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no model 'nosuch'"):
        library.detect(blue, model="nosuch")
    with pytest.raises(UsageError, match=r"u2net does not find things\. Use finder\."):
        library.detect(blue, model="u2net")
    with pytest.raises(ModelMissingError, match="bowerbird models get finder"):
        library.detect_with("finder")
    settings_file.save(paths.config_file(), settings_file.Settings(detector_model="nosuch"))
    with Library.open(library.path) as again:
        assert things(again, blue) == ["dog"], "wrong settings are no reason to find nothing"


def test_a_damaged_download_is_named_and_mended(library: Library, blue: Path) -> None:
    list(library.get_model("finder"))
    (file,) = paths.model_cache().rglob("finder.onnx")
    file.write_bytes(DATA[:-9] + bytes(9))
    with pytest.raises(ModelDamagedError, match="bowerbird models get finder"):
        library.detect(blue, model="finder")
    (line,) = (line for line in library.doctor() if line.name == "finder")
    assert not line.ok
    list(library.get_model("finder"))
    assert things(library, blue, "finder") == ["cat", "dog"]


def test_a_file_with_a_wrong_digest_is_not_kept(library: Library) -> None:
    hub: Hub = library.hub  # type: ignore[attr-defined]
    hub.files = {PATH: DATA[::-1]}
    with pytest.raises(DownloadError, match="its checksum is wrong"):
        list(library.get_model("finder"))
    assert not any(info.installed for info in library.models() if info.id == "finder")
