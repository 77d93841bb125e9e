"""List the pictures and texts to learn from, decode them once, and say what is held out."""

from __future__ import annotations

import io
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile

SETS = (
    "flickr8k",
    "coco",
    "conceptual",
    "figures",
    "screenshots",
    "imagenet-sample",
    "tiny-imagenet",
    "styles",
    "scenes",
    "fashion",
    "fashion-cutouts",
    "clothing",
    "grocery",
    "houses",
    "emoji",
    "memes",
    "ecssd",
)
# Classes whose pictures and names are never trained on, so that zero-shot figures are honest.
HELD_OUT_WORDNET = frozenset(
    """n02129165 n02480495 n02504458 n02769748 n02802426 n02906734 n02917067 n03085013 n03179701
    n03637318 n03977966 n04070727 n04118538 n04254777 n04285008 n04398044 n04507155 n07583066
    n07720875 n07747607 n07753592 n07873807 n07920052""".split()
)
# How much of the training each set gets; a set's pictures share its part equally.
SHARES = {
    "flickr8k": 30.0,
    "coco": 10.0,
    "conceptual": 6.0,
    "figures": 2.0,
    "screenshots": 1.5,
    "imagenet-sample": 10.0,
    "tiny-imagenet": 14.0,
    "styles": 5.0,
    "scenes": 4.0,
    "fashion": 4.0,
    "fashion-cutouts": 1.0,
    "clothing": 2.5,
    "grocery": 2.5,
    "houses": 2.0,
    "emoji": 2.5,
    "memes": 1.0,
    "ecssd": 4.0,
}
HELD_OUT_WORDS = frozenset({"lemon", "mango", "kiwi", "carrots", "pineapple"})
CACHE_SIZE = 224


@dataclass(frozen=True)
class Item:
    """One picture with its texts."""

    set_name: str
    path: Path
    texts: tuple[str, ...]
    wordnet: str = ""
    held_out: bool = False


def read_tsv(path: Path) -> list[tuple[Path, tuple[str, ...]]]:
    """Read a TSV of picture paths, tab, texts joined by " | "."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, texts = line.partition("\t")
        found = tuple(" ".join(t.split()) for t in texts.split(" | ") if t.strip())
        rows.append((path.parent / name, found))
    return rows


def list_items(root: Path, sets: tuple[str, ...] = SETS) -> list[Item]:
    """List every picture for training, the held-out ones marked; flickr8k/dev is never listed."""
    items: list[Item] = []
    for name in sets:
        folder = root / name
        if name == "imagenet-sample":
            items += [_imagenet_item(p) for p in sorted(folder.glob("*.jpg"))]
        elif name == "ecssd":
            items += [Item(name, p, ()) for p in sorted((folder / "images").iterdir())]
        else:
            tsv = folder / ("train.tsv" if name == "flickr8k" else "items.tsv")
            items += [_labelled_item(name, path, texts) for path, texts in read_tsv(tsv)]
    return items


def draw_weights(items: list[Item]) -> np.ndarray:
    """Return how often to draw each picture, none of the held-out ones."""
    counts = Counter(i.set_name for i in items if not i.held_out)
    return np.array([0.0 if i.held_out else SHARES[i.set_name] / counts[i.set_name] for i in items])


def list_dev(root: Path) -> list[Item]:
    """List flickr8k/dev, which is for choosing and measuring only."""
    return [Item("dev", p, t) for p, t in read_tsv(root / "flickr8k" / "dev.tsv")]


def _imagenet_item(path: Path) -> Item:
    wordnet, _, label = path.stem.partition("_")
    text = label.replace("_", " ")
    return Item("imagenet-sample", path, (text,), wordnet, wordnet in HELD_OUT_WORDNET)


def _labelled_item(name: str, path: Path, texts: tuple[str, ...]) -> Item:
    wordnet = path.stem.partition("_")[0] if name == "tiny-imagenet" else ""
    held_out = wordnet in HELD_OUT_WORDNET
    if name == "grocery":
        held_out = bool(HELD_OUT_WORDS & set(texts))
    return Item(name, path, texts, wordnet, held_out)


def load_squashed(source: Path | bytes, size: int) -> np.ndarray:
    """Decode a picture and resize the whole of it to size x size, as the engine does."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # here, since it holds for the whole process
    with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
        rgb = _on_white(image)
    return np.asarray(rgb.resize((size, size), Image.Resampling.BICUBIC, reducing_gap=3.0))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(ground, image).convert("RGB")
    return image.convert("RGB")


def pixel_cache(items: list[Item], folder: Path, size: int = CACHE_SIZE) -> np.ndarray:
    """Return uint8 [n, size, size, 3] of all pictures, decoded once and kept in a file."""
    folder.mkdir(parents=True, exist_ok=True)
    key = zlib.crc32("\n".join(str(i.path) for i in items).encode())
    path = folder / f"pixels-{size}-{key:08x}.npy"
    if not path.exists():
        part = path.with_suffix(".part.npy")
        shape = (len(items), size, size, 3)
        pixels = np.lib.format.open_memmap(part, "w+", np.uint8, shape)
        with ThreadPoolExecutor(4) as pool:
            for row, array in enumerate(pool.map(lambda i: load_squashed(i.path, size), items)):
                pixels[row] = array
        pixels.flush()
        part.rename(path)
    return np.load(path)
