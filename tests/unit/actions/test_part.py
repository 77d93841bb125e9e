"""A part of a picture, to search by it."""

import io

import numpy as np
import pytest
from PIL import Image

from bowerbird.actions.part import cut_part
from bowerbird.errors import DecodeError, TooLargeError, UsageError
from helpers.images import CORNERS, encoded, quarters


def part(box: tuple[int, ...], **how: object) -> Image.Image:
    stream = io.BytesIO(encoded(quarters((48, 32)), "PNG", **how))
    return Image.open(io.BytesIO(cut_part(stream, "a.png", box, 10**6)))


@pytest.mark.parametrize(
    ("box", "size", "colour"),
    [
        ((0, 0, 24, 16), (24, 16), CORNERS[0]),
        ((24, 0, 48, 16), (24, 16), CORNERS[1]),
        ((30, 20, 31, 21), (1, 1), CORNERS[3]),
        ((24, 16, 999, 999), (24, 16), CORNERS[3]),
        ((-5, 16, 24, 32), (24, 16), CORNERS[2]),
    ],
)
def test_it_is_the_part(
    box: tuple[int, ...], size: tuple[int, int], colour: tuple[int, ...]
) -> None:
    found = part(box)
    assert found.size == size
    assert (np.asarray(found) == colour).all()


def test_boxes_are_those_of_the_upright_picture() -> None:
    exif = Image.Exif()
    exif[274] = 6
    assert (np.asarray(part((0, 0, 16, 24), exif=exif)) == CORNERS[2]).all()


@pytest.mark.parametrize("box", [(), (1, 2, 3), (5, 5, 5, 9), (9, 1, 2, 5)])
def test_what_is_no_box(box: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="left, top, right and bottom"):
        part(box)


@pytest.mark.parametrize("box", [(48, 0, 60, 10), (0, 32, 4, 33), (-9, -9, -1, -1)])
def test_what_lies_beyond_the_picture(box: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="48 x 32"):
        part(box)


def test_what_is_no_picture() -> None:
    with pytest.raises(DecodeError):
        cut_part(io.BytesIO(b"text"), "a.png", (0, 0, 1, 1), 10**6)
    with pytest.raises(TooLargeError):
        cut_part(io.BytesIO(encoded(quarters(), "PNG")), "a.png", (0, 0, 1, 1), 100)
