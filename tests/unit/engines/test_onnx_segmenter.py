from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bowerbird.engines import memory
from bowerbird.engines.onnx_segmenter import OnnxSegmenter
from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError
from bowerbird.types import PixelSpec
from helpers.networks import MEAN, SIDE, STD, network, row, write


def pictures(count: int = 1) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 200, (count, SIDE, SIDE, 3), np.uint8)


def made(tmp_path: Path, data: bytes, **how: object) -> OnnxSegmenter:
    return OnnxSegmenter(row(data, **how), write(tmp_path / "tiny", data))  # type: ignore[arg-type]


def shown(picture: np.ndarray) -> np.ndarray:
    """The red of a picture as rembg shows it: by its brightest value, less the mean, by the std."""
    return (picture[..., 0] / picture.max() - MEAN[0]) / STD[0]


def stretched(matte: np.ndarray) -> np.ndarray:
    return (matte - matte.min()) / (matte.max() - matte.min())


def test_knows_itself_without_weights(tmp_path: Path) -> None:
    segmenter = OnnxSegmenter(row(network()), tmp_path)
    assert segmenter.id == "tiny"
    assert segmenter.spec == PixelSpec(SIDE, "squash")


def test_a_matte_is_read_as_rembg_reads_it(tmp_path: Path) -> None:
    batch = pictures(2)
    found = made(tmp_path, network()).segment(batch)
    assert found.dtype == np.float32
    for one, matte in zip(batch, found, strict=True):
        np.testing.assert_allclose(matte, stretched(0.2 * shown(one) + 0.5), atol=1e-5)
    assert made(tmp_path, network()).segment(batch[:0]).shape == (0, SIDE, SIDE)


def test_logits_become_shares_first(tmp_path: Path) -> None:
    (one,) = pictures()
    found = made(tmp_path, network(scale=3.0, shift=1.0), sigmoid=True).segment(one[None])
    shares = 1 / (1 + np.exp(-(3 * shown(one) + 1)))
    np.testing.assert_allclose(found[0], stretched(shares), atol=1e-5)
    assert np.abs(found[0] - stretched(3 * shown(one) + 1)).max() > 0.01, "it makes a difference"


def test_what_it_is_sure_of_nowhere_is_no_subject(tmp_path: Path) -> None:
    found = made(tmp_path, network(scale=0.001, shift=0.01)).segment(pictures())
    assert found.max() < 0.05
    flat = made(tmp_path, network(scale=0.0, shift=0.9)).segment(pictures())
    np.testing.assert_allclose(flat, 0.9, atol=1e-6)
    black = made(tmp_path, network(scale=-0.1)).segment(pictures() * 0)
    assert np.isfinite(black).all()


def test_a_file_that_has_gone(tmp_path: Path) -> None:
    segmenter = made(tmp_path, network())
    (tmp_path / "tiny" / "Tiny.onnx").unlink()
    with pytest.raises(ModelMissingError, match="models get tiny"):
        segmenter.segment(pictures())


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_a_truncated_file(tmp_path: Path, cut: int) -> None:
    segmenter = made(tmp_path, network())
    path = tmp_path / "tiny" / "Tiny.onnx"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ModelDamagedError, match=r"Tiny\.onnx is damaged.*models get tiny"):
        segmenter.segment(pictures())


@pytest.mark.parametrize(
    "data",
    [b"<html>no network</html>", network(side=8), network(channels=1), b""],
    ids=["no network", "another size", "grey", "nothing"],
)
def test_a_file_of_another_kind_with_the_right_digest(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ModelDamagedError, match="models get tiny"):
        made(tmp_path, data).segment(pictures())


def test_a_matte_that_holds_no_numbers(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no numbers"):
        made(tmp_path, network(scale=float("nan"))).segment(pictures())


def test_too_little_memory_is_said_before_it_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "available", lambda: 3_000_000_000)
    segmenter = made(tmp_path, network(), memory=8_000_000_000)
    with pytest.raises(ModelError, match=r"needs 8\.0 GB of memory, and 3\.0 GB are free"):
        segmenter.segment(pictures())
    monkeypatch.setattr(memory, "available", lambda: None)
    assert segmenter.segment(pictures()).shape == (1, SIDE, SIDE)


def test_an_idle_network_goes_and_comes_back(tmp_path: Path) -> None:
    segmenter = made(tmp_path, network())
    first = segmenter.segment(pictures())
    segmenter.unload()
    np.testing.assert_array_equal(segmenter.segment(pictures()), first)
    segmenter.close()


def test_threads_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    segmenter = made(tmp_path, network())
    at_once, most = [], []
    plain = segmenter._network._files.run

    def run(*how: object) -> object:
        at_once.append(1)
        most.append(len(at_once))
        try:
            return plain(*how)  # type: ignore[arg-type]
        finally:
            at_once.pop()

    monkeypatch.setattr(segmenter._network._files, "run", run)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(segmenter.segment, [pictures()] * 32))
    assert max(most) == 1


def test_pixels_of_another_size_are_a_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="uint8"):
        made(tmp_path, network()).segment(pictures()[:, 1:])


def test_real_weights_give_what_rembg_gives(shared: Path) -> None:
    import hashlib
    from dataclasses import replace

    import onnxruntime
    from PIL import Image

    from bowerbird.engines import catalog

    file = shared / "teachers" / "u2netp-fp16.onnx"
    photos = sorted((shared / "data" / "clothing").glob("*.jpg"))[:1]
    if not file.is_file() or not photos:
        pytest.skip(f"needs {file} and photos beside the checkout")
    offered = next(each for each in catalog.segmenters() if each.id == "u2netp")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    offered = replace(offered, files=(file.name,), sha256={file.name: digest})
    with Image.open(photos[0]) as opened:
        small = np.array(opened.convert("RGB").resize((320, 320), Image.Resampling.LANCZOS))
    session = onnxruntime.InferenceSession(str(file))
    pixels = (small / small.max() - offered.mean) / offered.std
    asked = session.get_inputs()[0].name
    given = session.run(None, {asked: pixels.transpose(2, 0, 1)[None].astype(np.float32)})[0]
    segmenter = OnnxSegmenter(offered, file.parent)
    found = segmenter.segment(small[None])[0]
    assert np.abs(found - stretched(given[0, 0])).max() < 0.02
