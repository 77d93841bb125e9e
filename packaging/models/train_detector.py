"""Train the built-in detector and write its files: one command, resumable.

    python packaging/models/train_detector.py --data ../shared/data \
        --teachers ../shared/teachers --out resources/models/detector

It begins with the built-in encoder's image tower, as it is shipped, and learns what the teacher
says of every anchor: how sure it is of all 80 kinds, and where the thing would be. It learns in
two turns, all kinds alike in the first, rare ones with more weight in the second. To train on what
has been trained, rename detector.pt to detector.part and give more `--steps`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from detect import FROZEN, POWER, SIDE, STEP, Detecting, begin_from
from detector import kinds
from device import DEVICE, half
from distill import Average, save
from export import export_detector
from sights import Sights, gather
from torch import Tensor, nn
from torch.nn import functional

TEACHER_FILE = "coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite"
WEIGHTS = "detector.onnx"
UNSURE = 0.1  # where the teacher is less sure of everything, its box is not learnt


@dataclass(frozen=True)
class Recipe:
    """How long and how fast; from step `turn` on, rare kinds weigh more."""

    steps: int = 4300
    turn: int = 2800
    batch: int = 32
    rate: float = 2e-3
    old_rate: float = 4e-4
    focus: float = 1.5

    def pace(self, step: int) -> float:
        """Return the share of the full rate: in both turns it falls, in the second from half."""
        first = min(self.turn, self.steps)
        top, at, length = 1.0, step, first
        if step >= first:
            top, at, length = 0.5, step - first, self.steps - first
        fall = 0.01 + 0.495 * (1 + math.cos(math.pi * at / length))
        return top * min(1.0, (at + 1) / 100) * fall


def draw(sights: Sights, anchors: np.ndarray, batch: int, step: int) -> tuple[Tensor, ...]:
    """Return maps, the teacher's scores and its codes of boxes for a batch."""
    chance = np.random.default_rng((19, step))
    rows = np.sort(chance.choice(len(sights.early), batch, p=sights.chances))
    early = torch.from_numpy(sights.early[rows]).permute(0, 3, 1, 2)
    wanted = torch.from_numpy(sights.sure)[torch.from_numpy(sights.raw[rows]).int()]
    boxes = sights.boxes[rows].astype(np.float32)
    middle = (boxes[..., :2] - anchors[:, :2]) / anchors[:, 2:] / STEP
    size = np.log(np.maximum(boxes[..., 2:], 1e-3) / anchors[:, 2:]) / POWER
    codes = torch.from_numpy(np.concatenate([middle, size], -1))
    return early.float().to(DEVICE), wanted.to(DEVICE), codes.to(DEVICE)


def losses_of(
    logits: Tensor, codes: Tensor, wanted: Tensor, places: Tensor, weights: Tensor, focus: float
) -> list[Tensor]:
    """Return what is missed of the scores and of the boxes, a sure anchor; `weights` of kinds."""
    logits, codes = logits.float(), codes.float()
    here = wanted.amax(-1) > UNSURE
    sure = (wanted * weights).amax(-1)
    count = sure.where(here, 0).sum() + 1
    miss = (logits.detach().sigmoid() - wanted).abs() ** focus * weights
    even = functional.binary_cross_entropy_with_logits(logits, wanted, weight=miss, reduction="sum")
    off = functional.smooth_l1_loss(codes[here], places[here], beta=0.5, reduction="none").sum(-1)
    return [even / count, 0.5 * (off * sure[here]).sum() / count]


def learn(net: Detecting, sights: Sights, recipe: Recipe, done: Path) -> Detecting:
    """Train, resuming beside `done`; return the averaged weights."""
    if not done.exists():
        _run(net, sights, recipe, done)
    net.load_state_dict(torch.load(done, map_location=DEVICE)["average"])
    return net.eval()


def _run(net: Detecting, sights: Sights, recipe: Recipe, done: Path) -> None:
    net = net.to(DEVICE, memory_format=torch.channels_last).train()
    early = nn.ModuleList([net.backbone.stem, *net.backbone.blocks[:FROZEN]])
    early.requires_grad_(False)
    old = {id(p) for p in net.backbone.parameters()}
    groups = [
        {"params": [p for p in net.parameters() if id(p) not in old], "lr": recipe.rate},
        {
            "params": [p for p in net.backbone.parameters() if p.requires_grad],
            "lr": recipe.old_rate,
        },
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.02)
    rates = [group["lr"] for group in groups]
    average, start = Average(net, 0.998), 0
    part = done.with_suffix(".part")
    if part.exists():
        state = torch.load(part, map_location=DEVICE)
        net.load_state_dict(state["student"])
        average.model.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        start = average.steps = state["step"]
    anchors, heed = net.anchors.cpu().numpy(), torch.from_numpy(sights.heed).float().to(DEVICE)
    seen, clock = np.zeros(2), time.time()
    for step in range(start, recipe.steps):
        weights = heed if step >= recipe.turn else torch.ones_like(heed)
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * recipe.pace(step)
        maps, wanted, places = draw(sights, anchors, recipe.batch, step)
        with half():
            logits, codes = net.late(maps.contiguous(memory_format=torch.channels_last))
        losses = losses_of(logits, codes, wanted, places, weights, recipe.focus)
        torch.stack(losses).sum().backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.update(net)
        seen += np.array([float(loss.detach()) for loss in losses])
        if (step + 1) % 50 == 0:
            speed = 50 * recipe.batch / (time.time() - clock)
            print(f"{step + 1}/{recipe.steps} {speed:.0f}/s", np.round(seen / 50, 3), flush=True)
            seen[:], clock = 0, time.time()
        if (step + 1) % 100 == 0 or step + 1 == recipe.steps:
            save(part, net, average, optimiser, step + 1)
    part.rename(done)


def write(net: Detecting, names: list[str], out: Path, threshold: float) -> None:
    """Write the network and config.json."""
    out.mkdir(parents=True, exist_ok=True)
    export_detector(net.cpu(), SIDE, out / WEIGHTS)
    digest = hashlib.sha256((out / WEIGHTS).read_bytes()).hexdigest()
    facts = {"id": "detector-1", "image_size": SIDE, "resize": "squash", "threshold": threshold}
    whole = {**facts, "categories": names, "sha256": {WEIGHTS: digest}}
    (out / "config.json").write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--teachers", type=Path, default=Path("../shared/teachers"))
    parser.add_argument("--tower", type=Path, default=Path("resources/models/builtin/image.onnx"))
    parser.add_argument("--work", type=Path, default=Path(".cache/models/detector"))
    parser.add_argument("--out", type=Path, default=Path("resources/models/detector"))
    parser.add_argument("--steps", type=int, default=Recipe.steps)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--threshold", type=float, default=0.42, help="see tests/bench/detection.py, which finds it"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    teacher = arguments.teachers / TEACHER_FILE
    net = Detecting()
    begin_from(net, arguments.tower)
    net = net.to(memory_format=torch.channels_last).eval()
    sights = gather(arguments.data, teacher, net, arguments.work)
    learn(net, sights, Recipe(arguments.steps), arguments.work / "detector.pt")
    write(net, list(kinds(teacher)), arguments.out, arguments.threshold)


if __name__ == "__main__":
    main()
