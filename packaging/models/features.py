"""Run a backbone over every picture, in a few different views, and keep the pooled features."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from device import DEVICE, half
from distill import augment
from teacher import Teacher
from torch import Tensor
from torch.nn import functional
from towers import MIDDLE, Backbone, pool

BATCH = 64


def shrink(pixels: np.ndarray, size: int) -> Tensor:
    """Return pictures as float32 [n, 3, size, size] in 0..255, resized as the engine would."""
    x = torch.from_numpy(pixels).to(DEVICE).permute(0, 3, 1, 2).float()
    x = functional.interpolate(x, (size, size), mode="bicubic", antialias=True)
    return x.clamp(0, 255).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def pooled_views(backbone: Backbone, pixels: np.ndarray, size: int, views: int) -> np.ndarray:
    """Return pooled features, float16 [views, n, width]; the first view is the plain picture."""
    backbone = backbone.eval().to(DEVICE, memory_format=torch.channels_last)
    found = []
    for view in range(views):
        rows = []
        for start in range(0, len(pixels), BATCH):
            part = np.asarray(pixels[start : start + BATCH])
            if view == 0:
                x = shrink(part, size)
            else:
                rng = torch.Generator().manual_seed(view * 1_000_003 + start)
                x = augment(torch.from_numpy(part), size, (size, size * 1.35), rng)
            with half():
                middle, dense = backbone(x)
            rows.append(pool(middle.float(), dense.float()).half().cpu().numpy())
        found.append(np.concatenate(rows))
    return np.stack(found)


@torch.no_grad()
def teacher_view(path: Path, pixels: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the teacher's pooled features and class scores of the plain pictures, float16."""
    teacher = Teacher.load(path)
    features, scores = [], []
    for start in range(0, len(pixels), BATCH):
        maps = teacher.stages(shrink(np.asarray(pixels[start : start + BATCH]), size))
        middle, dense = maps[MIDDLE].float(), maps[-1].float()
        features.append(pool(middle, dense).half().cpu().numpy())
        scores.append(teacher.scores(maps[-1].mean((2, 3))).half().cpu().numpy())
    return np.concatenate(features), np.concatenate(scores)
