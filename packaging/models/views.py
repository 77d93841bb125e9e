"""Frame pictures anew and ask the segmenter's teacher about every view itself.

A picture's mask, cut as the picture is, says nothing of what stands out in the cut: there another
thing may. So the teacher is shown what the student will see, as Beyer et al. do ("Knowledge
distillation: A good teacher is patient and consistent", CVPR 2022), who also mix pictures.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from saliency import SIDE, SaliencyTeacher
from torch import Tensor
from torch.nn import functional

PART, BATCH = 512, 8
AREA = (0.25, 1.0)  # of the picture, that a view shows
STRETCH = 0.35
# How many views are two pictures side by side, one laid into another, one shining through.
HALVED, LAID, BLENDED = 0.12, 0.10, 0.06


def ask_views(
    pictures: np.ndarray, chances: np.ndarray, teacher_path: Path, folder: Path, count: int
) -> list[np.ndarray]:
    """Return views with the teacher's masks behind the colours, uint8 [512, side, side, 4] each.

    What has been asked lies in `folder`, so that an interruption costs little.

    Args:
        pictures: uint8 [n, side, side, 3].
        chances: how often to draw each, [n].
        teacher_path: the teacher's ONNX file.
        folder: where views lie.
        count: how many to ask about, rounded up to whole parts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    places = [folder / f"views-{part:03d}.npy" for part in range(-(-count // PART))]
    missing = [part for part, place in enumerate(places) if not place.exists()]
    teacher = SaliencyTeacher(teacher_path) if missing else None
    for part in missing:
        chance = np.random.default_rng((23, part))
        found = np.empty((PART, SIDE, SIDE, 4), np.uint8)
        for row in range(0, PART, BATCH):
            seen = torch.stack([_view(pictures, chances, chance) for _ in range(BATCH)]).round()
            both = torch.cat([seen, (teacher(seen) * 255).round().cpu()[:, None]], 1)
            found[row : row + BATCH] = both.byte().permute(0, 2, 3, 1).numpy()
        fresh = folder / "views.new.npy"
        np.save(fresh, found)
        fresh.rename(places[part])
        print(f"asked about {(part + 1) * PART}/{count} views", flush=True)
    return [np.load(place, mmap_mode="r") for place in places]


def _view(pictures: np.ndarray, chances: np.ndarray, chance: np.random.Generator) -> Tensor:
    """Return a view, float [3, side, side] in 0..255."""

    def cut() -> Tensor:
        return _cut(pictures[chance.choice(len(pictures), p=chances)], chance)

    view, way = cut(), chance.random()
    if way < HALVED:
        at = int(chance.uniform(0.3, 0.7) * SIDE)
        if chance.random() < 0.5:
            view[:, :, at:] = _resized(cut(), (SIDE, SIDE - at))
        else:
            view[:, at:] = _resized(cut(), (SIDE - at, SIDE))
    elif way < HALVED + LAID:
        high, wide = (int(side * SIDE) for side in chance.uniform(0.3, 0.7, 2))
        top, left = int(chance.integers(SIDE - high)), int(chance.integers(SIDE - wide))
        view[:, top : top + high, left : left + wide] = _resized(cut(), (high, wide))
    elif way < HALVED + LAID + BLENDED:
        share = chance.uniform(0.5, 0.9)
        view = share * view + (1 - share) * cut()
    return view


def _cut(picture: np.ndarray, chance: np.random.Generator) -> Tensor:
    area, stretch = chance.uniform(*AREA), np.exp(chance.uniform(-STRETCH, STRETCH))
    high = int(SIDE * min(1, (area / stretch) ** 0.5))
    wide = int(SIDE * min(1, (area * stretch) ** 0.5))
    top, left = int(chance.integers(SIDE - high + 1)), int(chance.integers(SIDE - wide + 1))
    part = torch.from_numpy(np.array(picture[top : top + high, left : left + wide]))
    part = part.permute(2, 0, 1).float()
    return _resized(part.flip(2) if chance.random() < 0.5 else part, (SIDE, SIDE))


def _resized(view: Tensor, size: tuple[int, int]) -> Tensor:
    return functional.interpolate(view[None], size, mode="bilinear", align_corners=False)[0]
