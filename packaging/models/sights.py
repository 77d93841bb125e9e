"""Gather what the detector learns from: pictures through its first blocks, and what is seen there.

The first blocks of the built-in encoder are left as they are, so every view of a picture goes
through them once, and the teacher is asked about it once; training then reads what is kept.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from data import Item, list_items
from detect import EARLY_SHAPE, SIDE, Detecting
from detector import Detector, kinds
from PIL import Image, ImageEnhance

# How many pictures of each set are shown, as far as they go, and whether parts of them are, too.
SHOWN = {
    "flickr8k": (6100, True),
    "coco": (1500, True),
    "conceptual": (900, True),
    "imagenet-sample": (1000, True),
    "ecssd": (500, True),
    "houses": (350, True),
    "grocery": (400, True),
    "clothing": (600, True),
    "styles": (1000, False),
    "memes": (208, False),
    "scenes": (400, False),
    "fashion": (400, False),
    "figures": (200, False),
    "screenshots": (100, False),
    "tiny-imagenet": (2000, False),
}
SHARES = {"coco": 3.0, "imagenet-sample": 1.5, "conceptual": 1.5, "tiny-imagenet": 0.5}  # others 1
RARE, MOST = 0.01, 4.0  # a kind on a smaller share of views is shown more often, up to so much
COMMON = 0.1  # a kind drawn less often than this can be given more weight, up to MOST as well
BATCH = 16
ANCHORS = 1917


def is_held_out(path: Path) -> bool:
    """Say whether a picture belongs to the fifth that is only measured on."""
    return zlib.crc32(path.stem.encode()) % 5 == 0


def is_for_choosing(path: Path) -> bool:
    """Say whether a picture belongs to the twentieth on which thresholds are chosen."""
    return zlib.crc32(path.stem.encode()) % 20 == 1


@dataclass(frozen=True)
class View:
    """A picture, the whole of it or a mirrored part drawn by chance."""

    item: Item
    whole: bool

    def pixels(self, size: int = SIDE) -> np.ndarray:
        """Return uint8 [size, size, 3]."""
        image = opened(self.item.path)
        if self.whole:
            return squashed(image, size)
        chance = np.random.default_rng(zlib.crc32(str(self.item.path.name).encode()))
        wide, high = (side * chance.uniform(0.5, 1) for side in image.size)
        left, top = chance.uniform(0, image.width - wide), chance.uniform(0, image.height - high)
        box = (left, top, left + wide, top + high)
        part = image.resize((size, size), Image.Resampling.BICUBIC, box, reducing_gap=3.0)
        for change in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
            part = change(part).enhance(chance.uniform(0.7, 1.3))
        return np.asarray(part)[:, ::-1]


def opened(path: Path) -> Image.Image:
    """Return a picture as RGB."""
    with Image.open(path) as image:
        return image.convert("RGB")


def squashed(image: Image.Image, size: int) -> np.ndarray:
    """Return the whole of a picture, uint8 [size, size, 3]."""
    return np.asarray(image.resize((size, size), Image.Resampling.BICUBIC, reducing_gap=3.0))


def list_views(root: Path) -> list[View]:
    """List what is trained on, the same every time: whole pictures, then parts of them."""
    items = list_items(root, tuple(SHOWN))
    whole, parts = [], []
    for name, (count, in_part) in SHOWN.items():
        rows = [i for i in items if i.set_name == name and not is_held_out(i.path)]
        rows = [i for i in rows if not is_for_choosing(i.path)]
        keep = sorted(np.random.default_rng(5).permutation(len(rows))[:count])
        whole += [View(rows[at], True) for at in keep]
        parts += [View(rows[at], False) for at in keep if in_part]
    return [*_mixed(whole), *_mixed(parts)]


def _mixed(views: list[View]) -> list[View]:
    return [views[at] for at in np.random.default_rng(7).permutation(len(views))]


@dataclass
class Sights:
    """Everything there is to learn from.

    Attributes:
        early: maps after the first blocks, float16 [n, 38, 38, 32].
        raw: the teacher's logits, uint8 [n, 1917, 80].
        boxes: the teacher's boxes, float16 [n, 1917, 4].
        sure: the probability that each value of `raw` stands for.
        chances: how often to draw each row.
        heed: the weight of each kind, more where it is rarely drawn, float [80].
    """

    early: np.ndarray
    raw: np.ndarray
    boxes: np.ndarray
    sure: np.ndarray
    chances: np.ndarray
    heed: np.ndarray


def gather(data: Path, teacher_path: Path, net: Detecting, folder: Path) -> Sights:
    """Ask the teacher about every view; what has been asked is kept in `folder`."""
    views = list_views(data)
    folder.mkdir(parents=True, exist_ok=True)
    known, teacher = kinds(teacher_path), Detector(teacher_path)
    count = folder / "gathered.txt"
    start = int(count.read_text()) if count.exists() else 0
    early, raw, boxes = (
        np.lib.format.open_memmap(folder / name, "r+" if start else "w+", kind, (len(views), *rest))
        for name, kind, rest in (
            ("early.npy", np.float16, EARLY_SHAPE),
            ("raw.npy", np.uint8, (ANCHORS, len(known))),
            ("boxes.npy", np.float16, (ANCHORS, 4)),
        )
    )
    columns = list(known.values())
    for rows, pixels in _batches(views, start):
        early[rows] = net.early(torch.from_numpy(pixels)).permute(0, 2, 3, 1).float().numpy()
        for row, picture in zip(rows, pixels, strict=True):
            raw[row], boxes[row] = teacher.boxes(picture, columns)
        if rows[0] // BATCH % 40 == 0 or rows[-1] == len(views) - 1:
            for kept in (early, raw, boxes):
                kept.flush()
            count.write_text(str(rows[-1] + 1))
            print(f"gathered {rows[-1] + 1}/{len(views)}", flush=True)
    sure = teacher.sureness()
    highest = sure[_highest(raw, folder)]
    chances = _chances(views, highest)
    drawn = chances @ (highest >= 0.5)
    heed = np.sqrt(COMMON / np.maximum(drawn, 1e-6)).clip(1, MOST)
    return Sights(early, raw, boxes, sure, chances, heed)


def _highest(raw: np.ndarray, folder: Path) -> np.ndarray:
    """Return the highest logit of every kind in every view, uint8 [n, 80], found once."""
    path = folder / "highest.npy"
    if not path.exists():
        np.save(path, np.stack([rows.max(0) for rows in raw]))
    return np.load(path)


def _chances(views: list[View], sure: np.ndarray) -> np.ndarray:
    """Show what is rare more often, and less where nothing is seen.

    Args:
        views: What there is.
        sure: How sure the teacher is that each shows each kind, [n, 80].
    """
    weights = np.array([SHARES.get(view.item.set_name, 1.0) for view in views])
    seen = sure >= 0.5
    rarity = np.sqrt(RARE * len(views) / np.maximum(seen.sum(0), 1)).clip(1, MOST)
    weights *= np.where(seen.any(1), (seen * rarity).max(1), np.where(sure.max(1) < 0.3, 0.4, 1.0))
    return weights / weights.sum()


def _batches(views: list[View], start: int) -> Iterator[tuple[list[int], np.ndarray]]:
    for first in range(start, len(views), BATCH):
        rows = list(range(first, min(first + BATCH, len(views))))
        yield rows, np.stack([views[row].pixels() for row in rows])
