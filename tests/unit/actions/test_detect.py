"""What is where in a picture, from its file to boxes in its own pixels."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bowerbird.actions.detect import detect, distinct, overlap
from bowerbird.engines.detector import BuiltinDetector, Sight
from bowerbird.engines.onnx_detector import OnnxDetector
from bowerbird.errors import DecodeError, TooLargeError
from bowerbird.types import Detection
from helpers.detectors import write_detector, yolox, yolox_row

LEFT, NEARLY, RIGHT = (0.0, 0.0, 0.5, 0.5), (0.0, 0.0, 0.5, 0.4), (0.5, 0.0, 1.0, 1.0)


@pytest.fixture
def detector(tmp_path: Path) -> BuiltinDetector:
    return BuiltinDetector(write_detector(tmp_path / "detector"))


def encoded(size: tuple[int, int], colour: str, orientation: int = 1) -> io.BytesIO:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size, colour).save(stream, "PNG", exif=exif)
    stream.seek(0)
    return stream


def test_boxes_are_those_of_the_full_picture(detector: BuiltinDetector) -> None:
    cat, dog = detect(encoded((400, 300), "#ff0000"), "a.png", detector, max_pixels=10**6)
    assert cat == Detection("cat", 1.0, (0, 0, 200, 150))
    assert dog == Detection("dog", pytest.approx(0.7), (200, 0, 400, 300))
    (dog,) = detect(encoded((400, 300), "#000000"), "a.png", detector, max_pixels=10**6)
    assert dog.category == "dog"
    assert detect(encoded((9, 9), "#000"), "a.png", detector, least=0.8, max_pixels=99) == ()


def test_a_turned_picture_is_seen_upright(detector: BuiltinDetector) -> None:
    (dog,) = detect(encoded((400, 300), "#000000", 6), "a.png", detector, max_pixels=10**6)
    assert dog.box == (150, 0, 300, 400)


def test_boxes_of_a_padded_picture_are_those_of_the_picture(tmp_path: Path) -> None:
    data = yolox()
    (tmp_path / "finder.onnx").write_bytes(data)
    detector = OnnxDetector(yolox_row(data), tmp_path)
    # In a square of 320 the picture lies from 80 to 240; the cat's box from 160 to 240.
    cat, dog = detect(encoded((320, 160), "#0000ff"), "a.png", detector, max_pixels=10**6)
    assert (cat.category, cat.box) == ("cat", (40, 80, 200, 160))
    assert (dog.category, dog.box) == ("dog", (0, 0, 320, 160))
    cat, dog = detect(encoded((160, 320), "#0000ff"), "a.png", detector, max_pixels=10**6)
    assert (cat.box, dog.box) == ((0, 160, 120, 240), (0, 0, 160, 320))


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (3, 2)])
def test_a_box_has_a_pixel_at_least(detector: BuiltinDetector, size: tuple[int, int]) -> None:
    found = detect(encoded(size, "#ff0000"), "a.png", detector, least=0.0, max_pixels=10**6)
    for one in found:
        left, top, right, bottom = one.box
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]


def test_what_is_no_picture_or_too_large_is_refused(detector: BuiltinDetector) -> None:
    with pytest.raises(DecodeError):
        detect(io.BytesIO(b"nothing"), "a.png", detector, max_pixels=10**6)
    with pytest.raises(TooLargeError):
        detect(encoded((40, 40), "red"), "a.png", detector, max_pixels=100)


def test_of_one_thing_the_surest_sight_is_kept() -> None:
    sure, less = Sight("cat", 0.9, LEFT), Sight("cat", 0.6, NEARLY)
    assert distinct([less, sure, Sight("cat", 0.5, RIGHT)]) == [sure, Sight("cat", 0.5, RIGHT)]


def test_two_kinds_may_overlap_but_not_be_the_same_place() -> None:
    rider, horse = Sight("person", 0.9, (0, 0, 0.5, 0.6)), Sight("horse", 0.8, (0, 0, 0.5, 1.0))
    assert distinct([rider, horse]) == [rider, horse]
    assert distinct([Sight("cat", 0.9, LEFT), Sight("dog", 0.8, NEARLY)]) == [
        Sight("cat", 0.9, LEFT)
    ]


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (LEFT, LEFT, 1.0),
        (LEFT, NEARLY, 0.8),
        (LEFT, RIGHT, 0.0),
        ((0, 0, 0.2, 0.2), (0.1, 0.1, 0.3, 0.3), 1 / 7),
        ((0.5, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5), 0.0),
    ],
)
def test_overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float], share: float
) -> None:
    assert overlap(one, other) == pytest.approx(share)
    assert overlap(other, one) == pytest.approx(share)
