from __future__ import annotations

import json
import logging
import shutil
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bowerbird.engines import checkpoint, openclip
from bowerbird.engines.openclip import OpenClipEncoder
from bowerbird.engines.torchvision_operators import ensure_importable
from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError
from helpers.checkpoints import write_clip, write_siglip

WRITERS = {"clip": write_clip, "siglip": write_siglip}
MODEL = "open_clip_model.safetensors"


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoints")
    for name, write in WRITERS.items():
        write(folder / name)
    return folder


@pytest.fixture(params=sorted(WRITERS))
def folder(request: pytest.FixtureRequest, originals: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(originals / request.param, tmp_path / request.param))


@pytest.fixture
def clip(originals: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(originals / "clip", tmp_path / "clip"))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise AssertionError(f"a connection was tried: {args} {options}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def encoder(tmp_path: Path) -> Callable[[Path], OpenClipEncoder]:
    def make(folder: Path) -> OpenClipEncoder:
        return OpenClipEncoder("tiny", checkpoint.find(folder), tmp_path / "memory")

    return make


Make = Callable[[Path], OpenClipEncoder]


def pixels(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 32, 32, 3), np.uint8)


def test_encodes_images_and_texts(folder: Path, encoder: Make) -> None:
    made = encoder(folder)
    images = made.encode_images(pixels(70))
    texts = made.encode_texts(["a photo of a cat", "a red shoe", "", "\udcff"])
    assert images.shape == (70, made.dim)
    assert texts.shape == (4, made.dim)
    for rows in (images, texts):
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)
    again = encoder(folder)
    np.testing.assert_allclose(again.encode_images(pixels(70)[66:]), images[66:], atol=1e-5)
    np.testing.assert_allclose(again.encode_texts(["a red shoe"])[0], texts[1], atol=1e-5)
    assert not np.allclose(images[0], images[1], atol=1e-3)
    assert not np.allclose(texts[0], texts[1], atol=1e-3)


def test_agrees_with_open_clip_itself(folder: Path, encoder: Make) -> None:
    ensure_importable()
    import open_clip
    import torch
    from PIL import Image

    model, preprocess = open_clip.create_model_from_pretrained(f"local-dir:{folder}")
    tokenizer = open_clip.get_tokenizer(f"local-dir:{folder}")
    picture = pixels(1)
    with torch.inference_mode():
        image = model.encode_image(preprocess(Image.fromarray(picture[0]))[None], normalize=True)
        text = model.encode_text(tokenizer(["a red shoe"]), normalize=True)
    made = encoder(folder)
    np.testing.assert_allclose(made.encode_images(picture), image.numpy(), atol=2e-2)
    assert float(made.encode_images(picture)[0] @ image.numpy()[0]) > 0.999
    np.testing.assert_allclose(made.encode_texts(["a red shoe"]), text.numpy(), atol=1e-5)


def test_a_tokenizer_beside_the_weights_is_followed_to_the_letter(originals: Path) -> None:
    from tokenizers import Tokenizer

    found = openclip._tokenizer(checkpoint.find(originals / "siglip"))
    plain = Tokenizer.from_file(str(originals / "siglip" / "tokenizer.json"))
    plain.enable_truncation(12)
    plain.enable_padding(length=12, pad_id=0, pad_token="<pad>")
    texts = ["a red, red SHOE!", "", "two cats " * 30, "日本"]
    cleaned = ["a red red shoe", "", ("two cats " * 30).strip(), "日本"]
    assert found(texts).tolist() == [text.ids for text in plain.encode_batch(cleaned)]


def test_nothing_gives_no_rows_and_loads_nothing(clip: Path, encoder: Make) -> None:
    made = encoder(clip)
    (clip / MODEL).unlink()
    assert made.encode_images(pixels(0)).shape == (0, 32)
    assert made.encode_texts([]).shape == (0, 32)


def test_leaves_the_root_logger_alone(folder: Path, encoder: Make) -> None:
    root = logging.getLogger()
    before, root.handlers = root.handlers, []
    try:
        encoder(folder).encode_texts(["cat"])
        encoder(folder).encode_images(pixels(1))
        assert root.handlers == []
    finally:
        root.handlers = before


def test_a_choice_of_precision_is_remembered(clip: Path, encoder: Make, tmp_path: Path) -> None:
    encoder(clip).encode_images(pixels(1))
    path = tmp_path / "memory" / "precision.json"
    (key,) = remembered = json.loads(path.read_text())
    assert key.startswith("tiny on ")
    assert remembered[key]["precision"] in ("fp32", "bf16")
    # What stands there is taken, not measured again.
    remembered[key] |= {"precision": "fp32", "speedup": -5.0}
    path.write_text(json.dumps(remembered))
    encoder(clip).encode_images(pixels(1))
    assert json.loads(path.read_text()) == remembered
    path.write_text("rubbish")
    assert len(encoder(clip).encode_images(pixels(1))) == 1


def test_half_precision_gives_the_same_vectors(clip: Path, encoder: Make, tmp_path: Path) -> None:
    rows = {}
    for name in ("fp32", "bf16"):
        encoder(clip).encode_images(pixels(1))
        path = tmp_path / "memory" / "precision.json"
        remembered = json.loads(path.read_text())
        for choice in remembered.values():
            choice["precision"] = name
        path.write_text(json.dumps(remembered))
        rows[name] = encoder(clip).encode_images(pixels(8))
    assert not np.array_equal(rows["fp32"], rows["bf16"])
    assert (rows["fp32"] * rows["bf16"]).sum(axis=1).min() > 0.999


def test_unload_keeps_the_text_tower(folder: Path, encoder: Make) -> None:
    made = encoder(folder)
    before = made.encode_images(pixels(2)), made.encode_texts(["a cat"])
    made.unload(keep_text=True)
    (folder / MODEL).rename(folder / "away")
    np.testing.assert_array_equal(made.encode_texts(["a cat"]), before[1])
    with pytest.raises(ModelMissingError, match="missing"):
        made.encode_images(pixels(2))
    (folder / "away").rename(folder / MODEL)
    np.testing.assert_allclose(made.encode_images(pixels(2)), before[0], atol=1e-5)
    made.unload()
    np.testing.assert_allclose(made.encode_texts(["a cat"]), before[1], atol=1e-5)


def test_read_only_pixels(clip: Path, encoder: Make) -> None:
    batch = pixels(2)
    batch.flags.writeable = False
    assert encoder(clip).encode_images(batch).shape == (2, 32)


def test_many_threads_share_one_encoder(clip: Path, encoder: Make) -> None:
    made = encoder(clip)
    expected = encoder(clip).encode_texts(["a cat"])
    found: list[np.ndarray] = []

    def work() -> None:
        made.encode_images(pixels(2))
        made.unload(keep_text=True)
        found.append(made.encode_texts(["a cat"]))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for rows in found:
        np.testing.assert_allclose(rows, expected, atol=1e-5)
    assert len(found) == 4


def test_other_weights_of_the_same_layout(clip: Path, encoder: Make) -> None:
    import torch
    from safetensors.torch import load_file

    torch.save({"state_dict": load_file(clip / MODEL)}, clip / "mine.pt")
    expected = encoder(clip).encode_texts(["a cat"])
    np.testing.assert_array_equal(encoder(clip / "mine.pt").encode_texts(["a cat"]), expected)


def test_a_pickle_that_runs_code_is_refused(clip: Path, encoder: Make, tmp_path: Path) -> None:
    import torch

    trace = tmp_path / "executed"
    torch.save({"state_dict": _Evil(trace)}, clip / "evil.bin")
    with pytest.raises(ModelDamagedError, match="evil"):
        encoder(clip / "evil.bin").encode_texts(["a cat"])
    assert not trace.exists()


class _Evil:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("damage", ["cut", "empty", "rubbish", "other architecture"])
def test_damaged_weights_are_named(clip: Path, encoder: Make, damage: str) -> None:
    weights = clip / MODEL
    if damage == "other architecture":
        path = clip / "open_clip_config.json"
        config = json.loads(path.read_text())
        config["model_cfg"]["vision_cfg"]["width"] = 128
        path.write_text(json.dumps(config))
    else:
        whole = weights.read_bytes()
        parts = {"cut": whole[: len(whole) // 2], "empty": b"", "rubbish": b"x" * 5000}
        weights.write_bytes(parts[damage])
    with pytest.raises(ModelDamagedError, match=MODEL):
        encoder(clip).encode_images(pixels(1))


def test_a_missing_tokenizer_is_damage_not_a_download(
    originals: Path, tmp_path: Path, encoder: Make
) -> None:
    folder = Path(shutil.copytree(originals / "siglip", tmp_path / "siglip"))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).unlink()
    with pytest.raises(ModelError, match="tiny"):
        encoder(folder).encode_texts(["a cat"])


@pytest.mark.parametrize("name", ["torch", "torchvision", "open_clip"])
def test_without_the_runtime(
    clip: Path, encoder: Make, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ModelError, match=r'pip install "bowerbird\[models\]"'):
        encoder(clip).encode_texts(["a cat"])
