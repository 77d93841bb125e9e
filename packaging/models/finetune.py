"""Teach backbone and head together, end to end: see whole pictures as the guide does."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from device import DEVICE, compiled, half
from distill import HINTS, Average, augment, save, stage_losses, whole_losses
from teacher import Teacher
from torch import Tensor, nn
from torch.nn import functional
from towers import EARLY, MIDDLE, ImageTower, pool, unit


@dataclass(frozen=True)
class Leg:
    """One leg of the end-to-end training.

    A `borrowed` leg takes the first maps from the teacher, whose first blocks are learnt already:
    they cost most of the time.
    """

    name: str
    steps: int
    batch: int = 64
    size: int = 160
    zoom: tuple[float, float] = (160, 215)
    rate: float = 5e-4
    borrowed: bool = False
    hints: float = 0.3
    own: float = 0.1
    bank: int = 4096

    def share(self, step: int) -> float:
        """Return the share of the full rate at a step: warm up, then fall as a cosine."""
        warm = min(1.0, (step + 1) / 50)
        return warm * (0.01 + 0.495 * (1 + math.cos(math.pi * step / self.steps)))


@dataclass
class Targets:
    """Where pictures and texts belong, by the guide.

    Attributes:
        pictures: unit-length float16 [pictures, dim].
        texts: unit-length float32 [texts, dim].
        owned: rows of `texts` that fit each picture.
        heat: what cosines are multiplied with to compare them.
    """

    pictures: np.ndarray
    texts: Tensor
    owned: list[list[int]]
    heat: float


def finetune(
    tower: ImageTower,
    targets: Targets,
    teacher: Teacher,
    pixels: np.ndarray,
    weights: np.ndarray,
    leg: Leg,
    folder: Path,
) -> ImageTower:
    """Train `tower` for one leg, resuming from `folder`; return it with averaged weights.

    The tower learns the teacher's maps of the same view, the guide's embedding of the picture, and
    to tell its own texts from others.
    """
    done = folder / f"tower-{leg.name}.pt"
    if not done.exists():
        _run(tower, targets, teacher, pixels, weights, leg, done)
    tower.load_state_dict(torch.load(done, map_location=DEVICE)["average"])
    return tower


def _run(
    tower: ImageTower,
    targets: Targets,
    teacher: Teacher,
    pixels: np.ndarray,
    weights: np.ndarray,
    leg: Leg,
    done: Path,
) -> None:
    tower = tower.to(DEVICE, memory_format=torch.channels_last).train()
    early = nn.ModuleList([tower.backbone.stem, *tower.backbone.blocks[:EARLY]])
    early.eval().requires_grad_(False)
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
    chances = weights / weights.sum()
    see = compiled(tower.backbone.later if leg.borrowed else tower.backbone.stages)
    know = compiled(teacher.stages)
    seen, clock = np.zeros(6), time.time()
    for step in range(start, leg.steps):
        for group in optimiser.param_groups:
            group["lr"] = leg.rate * leg.share(step)
        chance = np.random.default_rng((11, len(leg.name), step))
        rows = np.sort(chance.choice(len(pixels), leg.batch, p=chances))
        x = augment(
            torch.from_numpy(pixels[rows]), leg.size, leg.zoom, torch.Generator().manual_seed(step)
        )
        with torch.no_grad():
            wanted = know(x)
        with half():
            found = [*wanted[:EARLY], *see(wanted[EARLY - 1])] if leg.borrowed else see(x)
        losses = _losses(tower, targets, teacher, found, wanted, rows, leg, chance)
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
    targets: Targets,
    teacher: Teacher,
    found: list[Tensor],
    wanted: list[Tensor],
    rows: np.ndarray,
    leg: Leg,
    chance: np.random.Generator,
) -> list[Tensor]:
    ours = unit(tower.head(pool(found[MIDDLE].float(), found[-1].float())))
    aim = torch.from_numpy(targets.pictures[rows]).to(DEVICE).float()
    near_maps = stage_losses([found[i] for i in HINTS], [wanted[i] for i in HINTS])
    feature, guess = whole_losses(teacher, found[-1], wanted[-1])
    drawn = torch.from_numpy(chance.integers(0, len(targets.texts), leg.bank))
    others = targets.texts[drawn]
    near = functional.kl_div(
        (ours @ others.T * targets.heat).log_softmax(1),
        (aim @ others.T * targets.heat).softmax(1),
        reduction="batchmean",
    )
    straight = 2 * (1 - (ours * aim).sum(1)).mean()
    return [
        leg.hints * torch.stack(near_maps).sum(),
        feature,
        guess,
        near,
        straight,
        leg.own * _own(ours, targets, rows, others[:1024], chance),
    ]


def _own(
    ours: Tensor,
    targets: Targets,
    rows: np.ndarray,
    others: Tensor,
    chance: np.random.Generator,
) -> Tensor:
    owners = [i for i, r in enumerate(rows) if targets.owned[r]]
    picked = [
        targets.owned[rows[i]][int(chance.integers(len(targets.owned[rows[i]])))] for i in owners
    ]
    texts = torch.cat([targets.texts[picked], others])
    return functional.cross_entropy(
        ours[owners] @ texts.T * targets.heat, torch.arange(len(owners), device=DEVICE)
    )
