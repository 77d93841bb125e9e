"""What can be asked of a picture that is given as bytes."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from bowerbird import paths
from bowerbird.errors import DecodeError, TooLargeError, UsageError
from bowerbird.library import Library
from bowerbird.settings import Settings
from helpers.api import look
from helpers.images import encoded


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    with Library.open(tmp_path / "library", settings=Settings(max_pixels=1_000_000)) as opened:
        yield opened


def test_everything_agrees_with_the_analysis(library: Library) -> None:
    data = look(1, (640, 480))
    shown, whole = library.shown(data), library.analyse(data, colours=3)
    assert shown.size == (whole.width, whole.height) == (640, 480)
    assert shown.format == "png"
    assert shown.palette(3) == whole.palette
    assert shown.quality() == whole.quality
    assert shown.tags() == whole.tags
    assert shown.embedding @ library.embed(data) == pytest.approx(1, abs=1e-3)
    shape = shown.silhouette()
    assert shape is not None
    assert whole.silhouette is not None
    assert shape.coverage == pytest.approx(whole.silhouette.coverage, abs=0.02)


@pytest.mark.parametrize(("kind", "form"), [("png", "PNG"), ("webp", "WEBP")])
def test_a_cutout_has_the_full_size(library: Library, kind: str, form: str) -> None:
    found = Image.open(io.BytesIO(library.shown(look(1, (640, 480))).cutout(kind)))
    assert (found.format, found.mode, found.size) == (form, "RGBA", (640, 480))


def test_a_variation_by_its_seed(library: Library) -> None:
    shown = library.shown(look(1, (64, 48)))
    assert shown.variation(1) == shown.variation(1) != shown.variation(2)


@pytest.mark.parametrize("data", [b"", b"x", look(1)[:150]])
def test_what_is_no_picture(library: Library, data: bytes) -> None:
    shown = library.shown(data)
    for ask in (lambda: shown.size, shown.quality, shown.cutout, lambda: shown.variation(1)):
        with pytest.raises(DecodeError, match=r"^the picture"):
            ask()


def test_what_is_too_large(library: Library) -> None:
    shown = library.shown(encoded(Image.new("L", (1001, 1000)), "PNG"))
    with pytest.raises(TooLargeError):
        shown.quality()


def test_a_picture_that_webp_cannot_hold(library: Library) -> None:
    data = encoded(Image.new("RGB", (16_400, 20)), "PNG")
    with pytest.raises(UsageError, match="too large for webp"):
        library.shown(data).cutout("webp")
