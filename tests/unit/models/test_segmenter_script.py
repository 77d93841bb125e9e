"""The segmenter's training from its command line to files that load: every step, all short."""

import importlib
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageFile

from bowerbird.engines.segmenter import BuiltinSegmenter
from unit.models.test_segmenter_training import TRAINING, Brightness

STEPS, BATCH, SIDE = 2, 2, 64


def data(root: Path, sets: tuple[str, ...]) -> Path:
    """A picture or two of every set, each a bright square; ECSSD and the cut-outs with masks."""
    chance = np.random.default_rng(0)
    for name in (*sets, "fashion-cutouts"):
        folder = root / name
        (folder / "images").mkdir(parents=True)
        (folder / "masks").mkdir()
        lines = []
        for number in range(8 if name == "ecssd" else 2):
            top, left = chance.integers(0, 30, 2)
            mask = np.zeros((48, 64), np.uint8)
            mask[top : top + 18, left : left + 30] = 255
            pixels = chance.integers(0, 60, (48, 64, 3), np.uint8) + mask[..., None] // 2
            stem = f"n{number:08d}_square"
            Image.fromarray(pixels).save(folder / "images" / f"{stem}.jpg")
            Image.fromarray(mask).save(folder / "masks" / f"{stem}.png")
            Image.fromarray(pixels).save(folder / f"{stem}.jpg")
            lines.append(f"images/{stem}.jpg\ta square | a bright square\n")
        for tsv in ("items.tsv", "train.tsv"):
            (folder / tsv).write_text("".join(lines), encoding="utf-8")
    return root


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(TRAINING))
    # What the script sets for its whole process must not outlast it here.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", ImageFile.LOAD_TRUNCATED_IMAGES)
    monkeypatch.setattr(torch, "set_num_threads", lambda _: None)
    found = importlib.import_module("train_segmenter")
    for room in (importlib.import_module("views"), importlib.import_module("cutouts")):
        monkeypatch.setattr(room, "SaliencyTeacher", Brightness)
    monkeypatch.setattr(sys.modules["views"], "PART", 8)
    monkeypatch.setattr(Brightness, "asked", 0)
    monkeypatch.setattr(found, "compiled", lambda function: function)
    monkeypatch.setattr(found, "VIEWS", 8)
    for name in ("FIRST", "FINE", "VIEWED", "LAST"):
        monkeypatch.setattr(found, name, _short(getattr(found, name)))
    return found


def _short(recipe: Any) -> Any:
    return replace(recipe, sizes=(SIDE,), steps=STEPS, batch=BATCH)


# The exporter that onnx 17's operators are written by; PyTorch's newer one wants another library.
@pytest.mark.filterwarnings("ignore")
def test_every_step_runs_and_is_taken_up_again(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = data(tmp_path / "data", tuple(sys.modules["cutouts"].ASKED))
    work, backbone = tmp_path / "work", tmp_path / "backbone.pt"
    torch.save({"average": importlib.import_module("towers").Backbone().state_dict()}, backbone)
    line = ["--data", root, "--backbone", backbone, "--work", work, "--threads", 1]

    def train(out: Path) -> bytes:
        monkeypatch.setattr(sys, "argv", [str(w) for w in ("train", *line, "--out", out)])
        script.main()
        return (out / script.WEIGHTS).read_bytes()

    first, asked = train(tmp_path / "first"), Brightness.asked
    segmenter = BuiltinSegmenter(tmp_path / "first")
    assert all(check.ok for check in segmenter.check())
    side = segmenter.spec.size
    matte = segmenter.segment(np.zeros((1, side, side, 3), np.uint8))
    assert matte.shape == (1, side, side)
    assert 0 <= matte.min() <= matte.max() <= 1

    changed = (work / "tuned.pt").stat().st_mtime_ns
    (work / "last.pt").unlink()
    next(work.rglob("views-000.npy")).unlink()
    assert train(tmp_path / "again") == first
    assert Brightness.asked == asked + 8
    assert (work / "tuned.pt").stat().st_mtime_ns == changed
