import json
from pathlib import Path

import numpy as np
import pytest

from bowerbird import paths
from bowerbird.engines.detector import BuiltinDetector, Sight
from bowerbird.engines.models import Models
from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError
from bowerbird.types import PixelSpec
from helpers.detectors import CATEGORIES, SIDE, write_detector


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_detector(tmp_path / "detector")


def picture(red: int) -> np.ndarray:
    found = np.zeros((1, SIDE, SIDE, 3), np.uint8)
    found[0, 0, 0, 0] = red
    return found


def test_knows_itself_without_weights(folder: Path) -> None:
    (folder / "detector.onnx").unlink()
    detector = BuiltinDetector(folder)
    assert detector.id == "detector-test"
    assert detector.spec == PixelSpec(SIDE, "squash")
    assert detector.categories == CATEGORIES
    assert detector.threshold == 0.5


def test_sights_are_the_networks_surest_first(folder: Path) -> None:
    detector = BuiltinDetector(folder)
    none, all_of_it = detector.detect(np.concatenate([picture(0), picture(255)]))
    dog = Sight("dog", pytest.approx(0.7), (0.5, 0.0, 1.0, 1.0))
    assert none == [dog]
    assert [one.category for one in all_of_it] == ["cat", "cat", "dog"]
    assert all_of_it[0] == Sight("cat", 1.0, (0.0, 0.0, 0.5, 0.5))
    assert detector.detect(picture(0), least=0.71) == [[]]
    assert [one.category for one in detector.detect(picture(3), least=0.0)[0]] == ["dog"] * 2 + [
        "cat"
    ]
    assert detector.detect(picture(0)[:0]) == []


def test_pixels_of_another_size_are_a_callers_mistake(folder: Path) -> None:
    with pytest.raises(ValueError, match="uint8"):
        BuiltinDetector(folder).detect(picture(1)[:, 1:])


@pytest.mark.parametrize("name", ["detector.onnx", "config.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelMissingError, match=name):
        BuiltinDetector(folder).detect(picture(1))


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_a_truncated_network_is_named(folder: Path, cut: int) -> None:
    path = folder / "detector.onnx"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ModelDamagedError, match=r"detector\.onnx is damaged.*Install"):
        BuiltinDetector(folder).detect(picture(1))
    (line,) = BuiltinDetector(folder).check()
    assert not line.ok
    assert line.name == "detector/detector.onnx"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"id": 1, "image_size": 8, "threshold": "x", "categories": [], "sha256": {}}',
    ],
)
def test_a_damaged_description_is_named(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    with pytest.raises(ModelDamagedError, match=r"config\.json"):
        BuiltinDetector(folder)


def test_sights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    folder = write_detector(tmp_path / "detector", scale=float("nan"))
    with pytest.raises(ModelError, match="cannot be used"):
        BuiltinDetector(folder).detect(picture(1))


def test_categories_that_do_not_fit_the_network_are_refused(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"categories": ["cat"]}))
    with pytest.raises(ModelError, match="cannot be used"):
        BuiltinDetector(folder).detect(picture(1))


def test_an_idle_network_goes_and_comes_back(folder: Path) -> None:
    detector = BuiltinDetector(folder)
    first = detector.detect(picture(200))
    detector.unload()
    assert detector.detect(picture(200)) == first


def test_models_share_one_and_doctor_names_its_damage(folder: Path, tmp_path: Path) -> None:
    models = Models(tmp_path, detector=folder)
    assert models.detector() is models.detector()
    assert [line.ok for line in models.check() if line.name.startswith("detector")] == [True]
    (folder / "detector.onnx").write_bytes(b"")
    assert [line.ok for line in models.check() if line.name.startswith("detector")] == [False]
    (folder / "config.json").unlink()
    (line,) = (line for line in models.check() if line.name.startswith("detector"))
    assert "config.json is missing" in line.detail
    models.close()


def test_the_shipped_one_sees_nothing_in_grey() -> None:
    folder = paths.resource("models/detector")
    if not (folder / "config.json").exists():
        pytest.skip("the detector is not in resources")
    detector = BuiltinDetector(folder)
    assert len(detector.categories) == 80
    size = detector.spec.size
    assert detector.detect(np.full((1, size, size, 3), 128, np.uint8)) == [[]]
    assert [line.ok for line in detector.check()] == [True]
