"""Hashes that survive scaling and recompression, colours that the eye would name."""

import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from bowerbird.decode.colours import dominant
from bowerbird.decode.hashes import dhash, phash
from helpers.images import encoded, quarters


def photo(seed: int) -> Image.Image:
    """Smooth blobs: as little alike as two photos."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (6, 8, 3), np.uint8)
    return Image.fromarray(small).resize((320, 240), Image.Resampling.BICUBIC)


def apart(first: int, second: int) -> int:
    return (first ^ second).bit_count()


@pytest.mark.parametrize("mark", [phash, dhash])
def test_marks_survive_what_files_go_through(mark) -> None:  # type: ignore[no-untyped-def]
    for seed in range(10):
        image = photo(seed)
        with Image.open(io.BytesIO(encoded(image, "JPEG", quality=40))) as squeezed:
            variants = [squeezed.convert("L")]
        variants.append(image.resize((160, 120)).convert("L"))
        variants.append(ImageEnhance.Brightness(image).enhance(1.1).convert("L"))
        for variant in variants:
            assert apart(mark(image.convert("L")), mark(variant)) <= 8


@pytest.mark.parametrize("mark", [phash, dhash])
def test_different_pictures_are_far_apart(mark) -> None:  # type: ignore[no-untyped-def]
    marks = [mark(photo(seed).convert("L")) for seed in range(20)]
    gaps = [apart(a, b) for n, a in enumerate(marks) for b in marks[:n]]
    assert min(gaps) > 8
    assert 24 < np.mean(gaps) < 40


def test_dominant_colours_are_those_that_are_there() -> None:
    found = dominant(quarters((64, 64)))
    assert {colour.hex for colour in found} == {"#dc1e1e", "#1eb428", "#1e3cdc", "#ebdc1e"}
    assert sum(colour.weight for colour in found) == pytest.approx(1.0)
    for colour in found:
        assert colour.weight == pytest.approx(0.25, abs=0.03)


def test_one_colour_is_one() -> None:
    (only,) = dominant(Image.new("RGB", (50, 50), (12, 34, 56)))
    assert (only.red, only.green, only.blue, only.weight) == (12, 34, 56, 1.0)


def test_heaviest_first_and_stable() -> None:
    image = Image.new("RGB", (100, 100), "white")
    image.paste("navy", (0, 0, 100, 30))
    first = dominant(image)
    assert [colour.hex for colour in first] == ["#ffffff", "#000080"]
    assert first == dominant(image)
