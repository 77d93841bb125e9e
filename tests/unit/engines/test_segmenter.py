from pathlib import Path

import numpy as np
import pytest

from bowerbird.engines.models import Models
from bowerbird.engines.segmenter import BuiltinSegmenter
from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError
from bowerbird.types import PixelSpec
from helpers.segmenters import SIDE, write_segmenter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_segmenter(tmp_path / "segmenter")


def pictures(count: int) -> np.ndarray:
    random = np.random.default_rng(0)
    return random.integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)


def test_knows_itself_without_weights(folder: Path) -> None:
    (folder / "segmenter.onnx").unlink()
    segmenter = BuiltinSegmenter(folder)
    assert segmenter.id == "segmenter-test"
    assert segmenter.spec == PixelSpec(SIDE, "squash")


def test_mattes_are_the_networks(folder: Path) -> None:
    batch = pictures(3)
    found = BuiltinSegmenter(folder).segment(batch)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, batch[..., 0] / 255, atol=1e-6)
    assert BuiltinSegmenter(folder).segment(batch[:0]).shape == (0, SIDE, SIDE)


def test_pixels_of_another_size_are_a_callers_mistake(folder: Path) -> None:
    with pytest.raises(ValueError, match="uint8"):
        BuiltinSegmenter(folder).segment(pictures(1)[:, 1:])


@pytest.mark.parametrize("name", ["segmenter.onnx", "config.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelMissingError, match=name):
        BuiltinSegmenter(folder).segment(pictures(1))


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_a_truncated_network_is_named(folder: Path, cut: int) -> None:
    path = folder / "segmenter.onnx"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ModelDamagedError, match=r"segmenter\.onnx is damaged.*Install"):
        BuiltinSegmenter(folder).segment(pictures(1))
    (line,) = BuiltinSegmenter(folder).check()
    assert not line.ok
    assert line.name == "segmenter/segmenter.onnx"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": 1, "image_size": "x", "sha256": {}}'])
def test_a_damaged_description_is_named(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    with pytest.raises(ModelDamagedError, match=r"config\.json"):
        BuiltinSegmenter(folder)


def test_a_matte_that_is_no_number_is_refused(tmp_path: Path) -> None:
    folder = write_segmenter(tmp_path / "segmenter", scale=float("nan"))
    with pytest.raises(ModelError, match="cannot be used"):
        BuiltinSegmenter(folder).segment(pictures(1))


def test_an_idle_network_goes_and_comes_back(folder: Path) -> None:
    segmenter = BuiltinSegmenter(folder)
    first = segmenter.segment(pictures(1))
    segmenter.unload()
    np.testing.assert_array_equal(segmenter.segment(pictures(1)), first)


def test_models_share_one_and_doctor_names_its_damage(folder: Path, tmp_path: Path) -> None:
    models = Models(tmp_path, segmenter=folder)
    assert models.segmenter() is models.segmenter()
    assert [line.ok for line in models.check() if line.name.startswith("segmenter")] == [True]
    (folder / "segmenter.onnx").write_bytes(b"")
    assert [line.ok for line in models.check() if line.name.startswith("segmenter")] == [False]
    (folder / "config.json").unlink()
    (line,) = (line for line in models.check() if line.name.startswith("segmenter"))
    assert "config.json is missing" in line.detail
    models.close()
