"""Downloaded detectors: places of three grids become boxes, and a wrong file is named."""

from pathlib import Path

import numpy as np
import pytest

from bowerbird.engines.onnx_detector import OnnxDetector
from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError
from bowerbird.types import PixelSpec
from helpers.detectors import CATEGORIES, SIDE, yolox, yolox_row

BLUE = (0, 0, 255)


def picture(colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((1, SIDE, SIDE, 3), colour, np.uint8)


def made(tmp_path: Path, data: bytes) -> OnnxDetector:
    (tmp_path / "finder.onnx").write_bytes(data)
    return OnnxDetector(yolox_row(data), tmp_path)


def test_knows_itself_without_weights(tmp_path: Path) -> None:
    detector = OnnxDetector(yolox_row(b""), tmp_path)
    assert (detector.id, detector.threshold, detector.categories) == ("finder", 0.5, CATEGORIES)
    assert detector.spec == PixelSpec(SIDE, "pad", 114)
    with pytest.raises(ModelMissingError, match="models get finder"):
        detector.detect(picture(BLUE))


def test_places_become_boxes(tmp_path: Path) -> None:
    detector = made(tmp_path, yolox())
    ((cat, dog),) = detector.detect(picture(BLUE))
    assert (cat.category, dog.category) == ("cat", "dog")
    assert (cat.score, dog.score) == (pytest.approx(0.9), pytest.approx(0.6))
    np.testing.assert_allclose(cat.box, np.array((4, 16, 20, 24)) / SIDE, atol=1e-6)
    np.testing.assert_allclose(dog.box, (0, 0, 1, 1), atol=1e-6)
    detector.close()


def test_blue_comes_first_and_scores_count(tmp_path: Path) -> None:
    detector = made(tmp_path, yolox())
    ((only,),) = detector.detect(picture((255, 0, 0)))
    assert only.category == "dog"
    assert detector.detect(picture(BLUE), 0.7)[0][0].category == "cat"
    assert detector.detect(picture(BLUE), 0.95) == [[]]
    assert detector.detect(picture(BLUE)[:0]) == []
    # Whether something is there counts as much as what it is.
    ((dog,),) = made(tmp_path, yolox(blue=0.5)).detect(picture(BLUE))
    assert dog.category == "dog"


@pytest.mark.parametrize(
    "data",
    [b"<html>no network</html>", yolox(side=16), yolox(columns=85), b""],
    ids=["no network", "another size", "other things", "nothing"],
)
def test_a_file_of_another_kind_with_the_right_digest(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ModelDamagedError, match="models get finder"):
        made(tmp_path, data).detect(picture(BLUE))


def test_sights_that_hold_no_numbers(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="hold no numbers"):
        made(tmp_path, yolox(sure=float("nan"))).detect(picture(BLUE))
