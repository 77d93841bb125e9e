"""Run a backbone over every picture, in a few different views, and keep the pooled features."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from distill import augment
from teacher import CLASSES, Teacher
from torch import Tensor
from torch.nn import functional
from towers import Backbone, pool

BATCH = 64


def shrink(pixels: np.ndarray, size: int) -> Tensor:
    """Return pictures as float32 [n, 3, size, size] in 0..255, resized as the engine would."""
    x = torch.from_numpy(pixels).permute(0, 3, 1, 2).float()
    x = functional.interpolate(x, (size, size), mode="bicubic", antialias=True)
    return x.clamp(0, 255).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def pooled_views(backbone: Backbone, pixels: np.ndarray, size: int, views: int) -> np.ndarray:
    """Return pooled features, float16 [views, n, width]; the first view is the plain picture."""
    backbone = backbone.eval().to(memory_format=torch.channels_last)
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
            with torch.autocast("cpu", torch.bfloat16):
                middle, dense = backbone(x)
            rows.append(pool(middle.float(), dense.float()).half().numpy())
        found.append(np.concatenate(rows))
    return np.stack(found)


@torch.no_grad()
def teacher_scores(path: Path, pixels: np.ndarray, size: int) -> np.ndarray:
    """Return the teacher's class scores of every picture, float16 [n, 1000]."""
    teacher = Teacher(path).to(torch.bfloat16).to(memory_format=torch.channels_last)
    scores = np.zeros((len(pixels), CLASSES), np.float16)
    for start in range(0, len(pixels), BATCH):
        x = shrink(np.asarray(pixels[start : start + BATCH]), size)
        scores[start : start + BATCH] = teacher(x)[1].float().numpy()
    return scores
