from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bowerbird.engines.builtin import BuiltinEncoder
from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError
from bowerbird.types import PixelSpec


def pixels(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 6, 6, 3), np.uint8)


def test_knows_itself_without_weights(builtin: Path) -> None:
    for name in ("image.onnx", "text.onnx", "tokenizer.json"):
        (builtin / name).unlink()
    encoder = BuiltinEncoder(builtin)
    assert (encoder.id, encoder.dim, encoder.threshold) == ("builtin-test", 8, 0.2)
    assert encoder.spec == PixelSpec(6, "squash")
    assert encoder.relevance(0.3) == pytest.approx(0.5)
    assert encoder.relevance(-1e9) == 0.0
    assert encoder.relevance(1e9) == 1.0


def test_rows_are_unit_and_do_not_depend_on_the_batch(builtin: Path) -> None:
    encoder = BuiltinEncoder(builtin)
    batch = pixels(150)
    rows = encoder.encode_images(batch)
    assert rows.shape == (150, 8)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)
    alone = np.concatenate([encoder.encode_images(batch[i : i + 1]) for i in (0, 77, 149)])
    np.testing.assert_allclose(alone, rows[[0, 77, 149]], atol=1e-5)
    texts = ["red shoe", "blue cat", "cat"] * 100
    found = encoder.encode_texts(texts)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(encoder.encode_texts(["cat"])[0], found[2], atol=1e-5)


def test_nothing_gives_no_rows_and_loads_nothing(builtin: Path) -> None:
    (builtin / "image.onnx").unlink()
    (builtin / "text.onnx").unlink()
    encoder = BuiltinEncoder(builtin)
    assert encoder.encode_images(pixels(0)).shape == (0, 8)
    assert encoder.encode_texts([]).shape == (0, 8)


def test_words_are_those_learnt_as_wholes(builtin: Path) -> None:
    words = BuiltinEncoder(builtin).words()
    assert {"red", "cat"} <= set(words)
    assert all(word.isalpha() for word in words)


@pytest.mark.parametrize("text", ["cat!", '"cat"', "(cat)", "#cat?!", "cat \U0001f431", "/cat"])
def test_marks_that_mean_nothing_move_nothing(builtin: Path, text: str) -> None:
    plain, marked, marks = BuiltinEncoder(builtin).encode_texts(["cat", text, "!!!"])
    np.testing.assert_allclose(marked, plain, atol=1e-6)
    assert np.abs(marks - plain).max() > 1e-3


def test_a_long_text_is_cut(builtin: Path) -> None:
    encoder = BuiltinEncoder(builtin)
    cut = encoder.encode_texts(["red " * 5, "red " * 5 + "cat " * 5000])
    np.testing.assert_allclose(cut[0], cut[1], atol=1e-6)


def test_texts_that_are_not_valid_unicode(builtin: Path) -> None:
    encoder = BuiltinEncoder(builtin)
    rows = encoder.encode_texts(["red \udcff", "\ud83d", "\x00 cat", "red " * 1_000_000])
    assert rows.shape == (4, 8)


def test_towers_load_apart(builtin: Path) -> None:
    (builtin / "image.onnx").unlink()
    encoder = BuiltinEncoder(builtin)
    assert len(encoder.encode_texts(["red"])) == 1
    with pytest.raises(ModelMissingError, match=r"image\.onnx is missing"):
        encoder.encode_images(pixels(1))


@pytest.mark.parametrize("batch", [pixels(2).astype(np.float32), pixels(2)[:, :5], pixels(2)[0]])
def test_wrong_pixels_are_the_callers_mistake(builtin: Path, batch: np.ndarray) -> None:
    with pytest.raises(ValueError, match="pixels must be uint8"):
        BuiltinEncoder(builtin).encode_images(batch)


@pytest.mark.parametrize("name", ["image.onnx", "text.onnx", "tokenizer.json"])
def test_a_flipped_bit_is_named(builtin: Path, name: str) -> None:
    damaged = bytearray((builtin / name).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (builtin / name).write_bytes(damaged)
    encoder = BuiltinEncoder(builtin)
    with pytest.raises(ModelDamagedError, match=name):
        encoder.encode_images(pixels(1)) if name == "image.onnx" else encoder.encode_texts(["a"])
    checks = {line.name: line for line in encoder.check()}
    assert [line.name for line in checks.values() if not line.ok] == [f"builtin/{name}"]
    assert "Install Bowerbird again" in checks[f"builtin/{name}"].advice


@pytest.mark.parametrize("name", ["image.onnx", "text.onnx", "tokenizer.json"])
def test_rubbish_with_the_right_digest_is_damage(
    builtin: Path, rewrite_config: Callable[..., None], name: str
) -> None:
    (builtin / name).write_bytes(b"\x08\x07 not a model")
    rewrite_config(builtin)
    encoder = BuiltinEncoder(builtin)
    with pytest.raises(ModelDamagedError, match=name):
        encoder.encode_images(pixels(1)) if name == "image.onnx" else encoder.encode_texts(["a"])


def test_a_vector_without_direction_is_refused(builtin: Path) -> None:
    with pytest.raises(ModelError, match="without direction"):
        BuiltinEncoder(builtin).encode_images(np.zeros((1, 6, 6, 3), np.uint8))


def test_a_config_that_lies_about_the_length(
    builtin: Path, rewrite_config: Callable[..., None]
) -> None:
    rewrite_config(builtin, dim=9)
    with pytest.raises(ModelError, match=r"\(1, 8\)"):
        BuiltinEncoder(builtin).encode_texts(["red"])


@pytest.mark.parametrize(
    "changes", [{"resize": "stretch"}, {"dim": "many"}, {"sha256": {}}, {"calibration": None}]
)
def test_a_config_that_is_wrong(
    builtin: Path, rewrite_config: Callable[..., None], changes: dict[str, object]
) -> None:
    rewrite_config(builtin, **changes)
    with pytest.raises(ModelDamagedError, match=r"config\.json"):
        BuiltinEncoder(builtin)


def test_no_model_at_all(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="Install Bowerbird again"):
        BuiltinEncoder(tmp_path)
    (tmp_path / "config.json").mkdir()
    with pytest.raises(ModelMissingError, match="cannot be read"):
        BuiltinEncoder(tmp_path)


def test_unload_gives_back_and_loads_again(builtin: Path) -> None:
    encoder = BuiltinEncoder(builtin)
    before = encoder.encode_texts(["red cat"]), encoder.encode_images(pixels(2))
    encoder.unload(keep_text=True)
    (builtin / "text.onnx").rename(builtin / "away")
    np.testing.assert_array_equal(encoder.encode_texts(["red cat"]), before[0])
    np.testing.assert_array_equal(encoder.encode_images(pixels(2)), before[1])
    encoder.unload()
    with pytest.raises(ModelMissingError):
        encoder.encode_texts(["red cat"])
    (builtin / "away").rename(builtin / "text.onnx")
    np.testing.assert_array_equal(encoder.encode_texts(["red cat"]), before[0])


def test_a_read_only_folder_is_left_as_it_is(builtin: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in builtin.iterdir()}
    encoder = BuiltinEncoder(builtin)
    encoder.encode_images(pixels(1))
    encoder.encode_texts(["red"])
    assert {path.name: path.stat().st_mtime_ns for path in builtin.iterdir()} == before


def test_many_threads_share_one_encoder(builtin: Path) -> None:
    encoder = BuiltinEncoder(builtin)
    expected = BuiltinEncoder(builtin).encode_images(pixels(3)).tobytes()
    found: list[bytes] = []

    def work(at: int) -> None:
        for _ in range(5):
            found.append(encoder.encode_images(pixels(3)).tobytes())
            encoder.encode_texts(["red"])
            if at == 0:
                encoder.unload()

    threads = [threading.Thread(target=work, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 20


def test_import_loads_no_runtime() -> None:
    code = (
        "import sys, bowerbird.engines.models\n"
        "heavy = {'onnxruntime', 'torch', 'open_clip', 'numpy', 'tokenizers'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
