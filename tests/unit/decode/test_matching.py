"""Copies of one shot against other things that were photographed alike, as for a shop."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from bowerbird.decode.hashes import WAYS
from bowerbird.decode.matching import Look, same_frame, same_shot

UPRIGHT = WAYS[0]
PART = (60, 40, 300, 220)


def product(*, hue: int = 0, printed: bool = False) -> Image.Image:
    """A thing full of shapes on white; of one lightness, whatever its colours."""
    rng = np.random.default_rng(5)
    image = Image.new("RGB", (320, 240), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = (int(at) for at in rng.integers((110, 70), (190, 150)))
        size = int(rng.integers(6, 26))
        colour = tuple(int(level) for level in rng.integers(30, 190, 3))
        draw.rectangle((x, y, x + size, y + int(size * rng.uniform(0.4, 1.6))), fill=colour)
    if printed:
        draw.rectangle((130, 95, 155, 120), fill=(10, 10, 10))
        draw.rectangle((135, 100, 150, 115), fill=(200, 200, 200))
    lab = cv2.cvtColor(np.asarray(image, np.float32) / 255, cv2.COLOR_RGB2LAB)
    if hue:
        thing = lab[..., 0] < 99
        lab[thing, 1:] += (0.0, float(hue))
    pixels = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB).clip(0, 1) * 255
    return Image.fromarray(np.rint(pixels).astype(np.uint8))


def look(image: Image.Image, quality: int = 80) -> Look:
    target = io.BytesIO()
    image.save(target, "WEBP", quality=quality)
    found = Look.of(target.getvalue())
    assert found is not None
    return found


def smaller(image: Image.Image) -> Image.Image:
    return image.resize((image.width * 2 // 3, image.height * 2 // 3))


@pytest.mark.parametrize("quality", [30, 80])
def test_a_smaller_recompressed_copy_is_one(quality: int) -> None:
    assert same_frame(look(product()), look(smaller(product()), quality), UPRIGHT)
    assert same_shot(look(product()), look(smaller(product().crop(PART)), quality))


@pytest.mark.parametrize("other", [product(hue=40), product(printed=True)], ids=["hue", "print"])
def test_another_thing_of_the_same_shape_is_none(other: Image.Image) -> None:
    assert not same_frame(look(product()), look(other), UPRIGHT)
    assert not same_shot(look(product()), look(other.crop(PART)))
    assert same_shot(look(other), look(other.crop(PART))), "nothing else tells them apart"


def test_light_colour_and_contrast_may_be_a_little_others() -> None:
    warmer = product().convert("RGB", (1.04, 0, 0, 4, 0, 1, 0, 0, 0, 0, 0.93, 0))
    assert same_frame(look(product()), look(warmer), UPRIGHT)


def test_what_is_no_picture_has_no_look() -> None:
    assert Look.of(b"RIFF") is None
