"""Teach the backbone what the teacher sees: every block on its own, all at once."""

from __future__ import annotations

import copy
import itertools
import math
import time
from pathlib import Path

import numpy as np
import torch
from device import DEVICE, compiled, half
from teacher import Teacher
from torch import Tensor, nn
from torch.nn import functional
from towers import Backbone

STEPS, BATCH, SIZE, ZOOM, RATE = 500, 64, 160, (160.0, 256.0), 1e-2
FEW = 8  # so many pictures of a batch are enough for the first blocks
# After which blocks the whole tower is compared with the teacher, and in the end its dense map.
HINTS = (5, 9, 12, 14, 16, 17)


def augment(pixels: Tensor, size: int, zoom: tuple[float, float], rng: torch.Generator) -> Tensor:
    """Cut, stretch, mirror and recolour a batch.

    Args:
        pixels: uint8 [n, h, w, 3].
        size: side of the output.
        zoom: the side that the whole picture would have, drawn between these two.
        rng: source of chance.

    Returns:
        float32 [n, 3, size, size] in 0..255, channels last.
    """
    n = len(pixels)

    def draw(low: float, high: float) -> Tensor:
        return (torch.rand(n, generator=rng) * (high - low) + low).to(DEVICE)

    scale = size / (zoom[0] * (zoom[1] / zoom[0]) ** draw(0, 1))
    stretch = torch.exp(draw(-0.15, 0.15))
    wide, high = (scale * stretch).clamp(max=1), (scale / stretch).clamp(max=1)
    flip = torch.where(draw(0, 1) < 0.5, -1.0, 1.0)
    theta = torch.zeros(n, 2, 3, device=DEVICE)
    theta[:, 0, 0], theta[:, 1, 1] = wide * flip, high
    theta[:, 0, 2] = (1 - wide) * draw(-1, 1)
    theta[:, 1, 2] = (1 - high) * draw(-1, 1)
    grid = functional.affine_grid(theta, [n, 3, size, size], align_corners=False)
    x = pixels.to(DEVICE).permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)
    x = functional.grid_sample(x, grid, padding_mode="reflection", align_corners=False)
    return recolour(x, draw)


def recolour(x: Tensor, draw: object) -> Tensor:
    """Jitter brightness, contrast, saturation and colour cast; sometimes drop colour."""
    n = len(x)
    grey = (x * torch.tensor([0.299, 0.587, 0.114], device=DEVICE)[:, None, None]).sum(
        1, keepdim=True
    )
    saturation = torch.where(draw(0, 1) < 0.05, 0.0, draw(0.7, 1.3))[:, None, None, None]
    x = grey + (x - grey) * saturation
    mean = grey.mean((2, 3), keepdim=True)
    x = (
        mean * draw(0.75, 1.25)[:, None, None, None]
        + (x - mean) * draw(0.75, 1.25)[:, None, None, None]
    )
    cast = 1 + 0.06 * torch.stack([draw(-1, 1) for _ in range(3)], 1).view(n, 3, 1, 1)
    return (x * cast).clamp(0, 255).contiguous(memory_format=torch.channels_last)


def block_targets(maps: list[Tensor]) -> list[Tensor]:
    """Return what every block of the teacher adds to its input, given the maps after them."""
    added = [
        after - before if after.shape == before.shape else after
        for before, after in itertools.pairwise(maps[:-1])
    ]
    return [maps[0], *added, maps[-1]]


def stage_losses(found: list[Tensor], wanted: list[Tensor]) -> list[Tensor]:
    """Return the share of the teacher's variance that every stage misses."""
    losses = []
    for ours, theirs in zip(found, wanted, strict=True):
        ours, theirs = ours.float(), theirs[: len(ours)].float()
        spread = theirs.var((0, 2, 3), keepdim=True)
        weight = 1 / (0.5 * spread + 0.5 * spread.mean())
        losses.append(((ours - theirs).square() * weight).mean())
    return losses


class Average:
    """A slowly moving copy of a network, better than its last step."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.model = copy.deepcopy(model).requires_grad_(False)
        self.decay = decay
        self.steps = 0

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        self.steps += 1
        keep = min(self.decay, self.steps / (self.steps + 10))
        for ours, new in zip(
            self.model.state_dict().values(), model.state_dict().values(), strict=True
        ):
            if ours.dtype.is_floating_point:
                ours.lerp_(new, 1 - keep)
            else:
                ours.copy_(new)


def distill(
    pixels: np.ndarray, weights: np.ndarray, teacher_path: Path, folder: Path, steps: int = STEPS
) -> Backbone:
    """Train every block on its own, resuming from `folder`; return averaged weights.

    A block sees the teacher's map before it and learns what the teacher's block adds: seventeen
    small tasks at once, each far easier than the whole.

    Args:
        pixels: uint8 [n, side, side, 3] of all pictures.
        weights: how often to draw each row, any scale, 0 for never.
        teacher_path: the teacher's TFLite file.
        folder: where checkpoints lie.
        steps: how long.
    """
    torch.manual_seed(0)
    student = Backbone().to(DEVICE, memory_format=torch.channels_last)
    done = folder / "backbone-blocks.pt"
    if not done.exists():
        _run(student, Teacher.load(teacher_path), pixels, weights, steps, done)
    student.load_state_dict(torch.load(done, map_location=DEVICE)["average"])
    return student


def _run(
    student: Backbone,
    teacher: Teacher,
    pixels: np.ndarray,
    weights: np.ndarray,
    steps: int,
    done: Path,
) -> None:
    average = Average(student, 0.998)
    optimiser = torch.optim.AdamW(student.parameters(), RATE, betas=(0.9, 0.99), weight_decay=0.001)
    part = done.with_suffix(".part")
    start = 0
    if part.exists():
        state = torch.load(part, map_location=DEVICE)
        student.load_state_dict(state["student"])
        average.model.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        start = average.steps = state["step"]
    student.train()
    chances = weights / weights.sum()
    know, see = compiled(teacher.stages), compiled(student.alone)
    seen, clock = np.zeros(len(student.blocks) + 1), time.time()
    for step in range(start, steps):
        fall = 0.02 + 0.49 * (1 + math.cos(math.pi * step / steps))
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / 100) * fall
        rows = np.random.default_rng((step, 6)).choice(len(pixels), BATCH, p=chances)
        rng = torch.Generator().manual_seed(step)
        x = augment(torch.from_numpy(pixels[np.sort(rows)]), SIZE, ZOOM, rng)
        with torch.no_grad():
            wanted = know(x)
        with half():
            found = see(x, wanted, FEW)
        losses = stage_losses(found, block_targets(wanted))
        torch.stack(losses).sum().backward()
        nn.utils.clip_grad_norm_(student.parameters(), 10.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.update(student)
        seen += np.array([float(loss.detach()) for loss in losses])
        if (step + 1) % 50 == 0:
            speed = 50 * BATCH / (time.time() - clock)
            print(f"blocks {step + 1}/{steps} {speed:.0f}/s", np.round(seen / 50, 3), flush=True)
            seen[:], clock = 0, time.time()
        if (step + 1) % 100 == 0 or step + 1 == steps:
            save(part, student, average, optimiser, step + 1)
    part.rename(done)


def whole_losses(teacher: Teacher, ours: Tensor, theirs: Tensor) -> list[Tensor]:
    """Return how far the whole picture's feature and the teacher's guess are off."""
    ours, theirs = ours.float().mean((2, 3)), theirs.float().mean((2, 3))
    spread = theirs.var(0)
    feature = ((ours - theirs).square() / (0.5 * spread + 0.5 * spread.mean())).mean()
    guess, wanted = (teacher.scores(pooled).float() / 2 for pooled in (ours, theirs))
    return [
        feature,
        functional.kl_div(guess.log_softmax(1), wanted.softmax(1), reduction="batchmean"),
    ]


def save(
    path: Path, student: nn.Module, average: Average, optimiser: torch.optim.Optimizer, step: int
) -> None:
    """Write a checkpoint in one rename."""
    state = {
        "student": student.state_dict(),
        "average": average.model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "step": step,
    }
    fresh = path.with_suffix(".new")
    torch.save(state, fresh)
    fresh.rename(path)
