"""Gather pictures with masks for the segmenter: drawn by people, cut out, or the teacher's."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from data import Item, list_items, load_squashed
from PIL import Image
from saliency import SIDE, SaliencyTeacher

CACHE_SIDE = SIDE
# How many pictures of each set the teacher is asked about; ECSSD's are all asked about, too.
ASKED = {
    "ecssd": 500,
    "imagenet-sample": 1000,
    "coco": 1500,
    "flickr8k": 6100,
    "conceptual": 881,
    "tiny-imagenet": 1800,
    "styles": 900,
    "clothing": 600,
    "grocery": 300,
    "fashion": 150,
    "figures": 100,
    "memes": 200,
    "houses": 80,
    "scenes": 150,
}
BATCH = 8


def is_held_out(path: Path) -> bool:
    """Say whether a picture of ECSSD belongs to the fifth that is never trained on."""
    return zlib.crc32(path.stem.encode()) % 5 == 0


def list_asked(root: Path) -> list[Item]:
    """List the pictures to ask the teacher about, mixed, the same ones every time."""
    items = list_items(root, tuple(ASKED))
    found = []
    for name, count in ASKED.items():
        rows = [
            i for i in items if i.set_name == name and not (name == "ecssd" and is_held_out(i.path))
        ]
        keep = np.random.default_rng(3).permutation(len(rows))[:count]
        found += [rows[row] for row in keep]
    return [found[row] for row in np.random.default_rng(4).permutation(len(found))]


def ask(items: Iterable[Item], teacher_path: Path, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures, uint8 [n, side, side, 3], and the teacher's masks, uint8 [n, side, side].

    What has been asked is kept in `folder`, so that an interruption costs little.
    """
    items = list(items)
    folder.mkdir(parents=True, exist_ok=True)
    places = folder / f"pictures-{CACHE_SIDE}.npy", folder / f"saliency-{CACHE_SIDE}.npy"
    count = folder / "asked.txt"
    start = int(count.read_text()) if count.exists() else 0
    shape = (len(items), CACHE_SIDE, CACHE_SIDE)
    mode = "r+" if start else "w+"
    pictures = np.lib.format.open_memmap(places[0], mode, np.uint8, (*shape, 3))
    masks = np.lib.format.open_memmap(places[1], mode, np.uint8, shape)
    teacher = SaliencyTeacher(teacher_path) if start < len(items) else None
    for row in range(start, len(items), BATCH):
        batch = [load_squashed(i.path, SIDE) for i in items[row : row + BATCH]]
        seen = torch.from_numpy(np.stack(batch)).permute(0, 3, 1, 2)
        said = (teacher(seen) * 255).round().byte().cpu().numpy()
        for place, (picture, mask) in enumerate(zip(batch, said, strict=True), row):
            pictures[place], masks[place] = picture, mask
        if row // BATCH % 25 == 0 or row + BATCH >= len(items):
            pictures.flush()
            masks.flush()
            count.write_text(str(row + len(batch)))
            print(f"asked {row + len(batch)}/{len(items)}", flush=True)
    return pictures, masks


def shrunk(pixels: np.ndarray) -> np.ndarray:
    """Return a picture or mask in the size that is kept."""
    size = (CACHE_SIDE, CACHE_SIDE)
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))


def drawn_masks(items: list[Item], folder: Path) -> dict[int, np.ndarray]:
    """Return the masks that people drew, uint8 [side, side], by row of `items`."""
    found = {}
    for row, item in enumerate(items):
        if item.set_name == "ecssd":
            with Image.open(folder / f"{item.path.stem}.png") as mask:
                found[row] = shrunk(np.asarray(mask.convert("L")))
    return found


def cut_out_things(root: Path) -> np.ndarray:
    """Return things with transparent surroundings, uint8 [n, side, side, 4], to paste elsewhere."""
    things = []
    for path in sorted((root / "fashion-cutouts" / "images").iterdir()):
        with (
            Image.open(path) as picture,
            Image.open(root / "fashion-cutouts" / "masks" / f"{path.stem}.png") as mask,
        ):
            whole = picture.convert("RGB")
            whole.putalpha(mask.convert("L").resize(whole.size))
            things.append(whole)
    return np.stack([shrunk(np.asarray(thing)) for thing in things])
