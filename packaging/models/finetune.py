"""Teach backbone and head together, end to end: see whole pictures as the teacher's head does."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from align import Pair
from device import DEVICE, half
from distill import Average, augment, save, stage_losses, whole_losses
from teacher import Teacher
from torch import Tensor, nn
from torch.nn import functional
from towers import ImageTower, pool, unit


@dataclass(frozen=True)
class Leg:
    """One leg of the end-to-end training."""

    name: str
    steps: int
    batch: int = 64
    size: int = 160
    zoom: tuple[float, float] = (160, 215)
    rate: float = 5e-4
    frozen: int = 1
    hints: float = 0.3
    own: float = 0.1
    bank: int = 4096


@dataclass
class Bank:
    """Text embeddings to compare with, and which of them belong to a picture.

    Attributes:
        vectors: unit-length float32 [texts, dim].
        owned: rows of `vectors` that belong to each picture; empty where it has no caption.
    """

    vectors: Tensor
    owned: list[list[int]]


def finetune(
    tower: ImageTower,
    guide: Pair,
    bank: Bank,
    teacher: Teacher,
    pixels: np.ndarray,
    weights: np.ndarray,
    leg: Leg,
    folder: Path,
) -> ImageTower:
    """Train `tower` for one leg, resuming from `folder`; return it with averaged weights.

    The guide is the image head that was aligned on the teacher's own features: its answer to the
    same view is what the tower should say, with the captions' word added.
    """
    done = folder / f"tower-{leg.name}.pt"
    if not done.exists():
        _run(tower, guide, bank, teacher, pixels, weights, leg, done)
    tower.load_state_dict(torch.load(done, map_location=DEVICE)["average"])
    return tower


def _run(
    tower: ImageTower,
    guide: Pair,
    bank: Bank,
    teacher: Teacher,
    pixels: np.ndarray,
    weights: np.ndarray,
    leg: Leg,
    done: Path,
) -> None:
    tower = tower.to(DEVICE, memory_format=torch.channels_last).train()
    for stage in tower.backbone.parts[: leg.frozen]:
        stage.eval().requires_grad_(False)
    average = Average(tower, 0.997)
    free = [p for p in tower.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(free, leg.rate, weight_decay=0.03)
    part = done.with_suffix(".part")
    start = 0
    if part.exists():
        state = torch.load(part, map_location=DEVICE)
        tower.load_state_dict(state["student"])
        average.model.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        start = average.steps = state["step"]
    heat = float(guide.heat[0].clamp(max=4.6).exp())
    chances = weights / weights.sum()
    seen, clock = np.zeros(6), time.time()
    for step in range(start, leg.steps):
        share = min(1.0, (step + 1) / 50) * (
            0.01 + 0.495 * (1 + math.cos(math.pi * step / leg.steps))
        )
        for group in optimiser.param_groups:
            group["lr"] = leg.rate * share
        chance = np.random.default_rng((11, len(leg.name), step))
        rows = np.sort(chance.choice(len(pixels), leg.batch, p=chances))
        x = augment(
            torch.from_numpy(pixels[rows]), leg.size, leg.zoom, torch.Generator().manual_seed(step)
        )
        losses = _losses(tower, guide, bank, teacher, x, rows, heat, leg, chance)
        torch.stack(losses).sum().backward()
        nn.utils.clip_grad_norm_(free, 2.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.update(tower)
        seen += np.array([float(loss.detach()) for loss in losses])
        if (step + 1) % 50 == 0:
            speed = 50 * leg.batch / (time.time() - clock)
            print(
                f"{leg.name} {step + 1}/{leg.steps} {speed:.0f}/s",
                np.round(seen / 50, 3),
                flush=True,
            )
            seen[:], clock = 0, time.time()
        if (step + 1) % 100 == 0 or step + 1 == leg.steps:
            save(part, tower, average, optimiser, step + 1)
    part.rename(done)


def _losses(
    tower: ImageTower,
    guide: Pair,
    bank: Bank,
    teacher: Teacher,
    x: Tensor,
    rows: np.ndarray,
    heat: float,
    leg: Leg,
    chance: np.random.Generator,
) -> list[Tensor]:
    with torch.no_grad():
        wanted = teacher.stages(x)
        aim = unit(guide.image(pool(wanted[-2].float(), wanted[-1].float())))
    with half():
        found = tower.backbone.stages(x)
    ours = unit(tower.head(pool(found[-2].float(), found[-1].float())))
    hints = leg.hints * torch.stack(stage_losses(found, wanted)).sum()
    feature, guess = whole_losses(teacher, found[-1], wanted[-1])
    others = bank.vectors[torch.from_numpy(chance.integers(0, len(bank.vectors), leg.bank))]
    near = functional.kl_div(
        (ours @ others.T * heat).log_softmax(1),
        (aim @ others.T * heat).softmax(1),
        reduction="batchmean",
    )
    straight = 2 * (1 - (ours * aim).sum(1)).mean()
    return [
        hints,
        feature,
        guess,
        near,
        straight,
        leg.own * _own(ours, bank, rows, others, heat, chance),
    ]


def _own(
    ours: Tensor,
    bank: Bank,
    rows: np.ndarray,
    others: Tensor,
    heat: float,
    chance: np.random.Generator,
) -> Tensor:
    owners = [i for i, r in enumerate(rows) if bank.owned[r]]
    picked = [bank.owned[rows[i]][int(chance.integers(len(bank.owned[rows[i]])))] for i in owners]
    texts = torch.cat([bank.vectors[picked], others[:1024]])
    return functional.cross_entropy(
        ours[owners] @ texts.T * heat, torch.arange(len(owners), device=DEVICE)
    )
