"""An encoder without weights, whose vectors follow from what it sees."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bowerbird.types import PixelSpec

if TYPE_CHECKING:
    from bowerbird.errors import ModelError
    from bowerbird.types import Pixels, Vector

# Words that look like a plain picture of their colour.
COLOURS = {
    "red": (220, 30, 30),
    "green": (30, 180, 40),
    "blue": (30, 60, 220),
    "yellow": (235, 220, 30),
    "white": (250, 250, 250),
    "black": (5, 5, 5),
    "grey": (128, 128, 128),
    "orange": (240, 140, 20),
    "purple": (130, 30, 160),
}


class FakeEncoder:
    """Maps a picture to its mean colour and layout, and colour words to the same place.

    "red" finds red pictures best. Other words add a little noise that is always the same for the
    same text. Equal pictures have equal vectors, different ones all but never do.

    Attributes:
        images: How many pictures were encoded.
        texts: How many texts were encoded.
        batches: The size of each image batch, in order.
        fail: When set, raised by the next calls.
    """

    def __init__(self, id: str = "fake-1", dim: int = 64, size: int = 32) -> None:  # noqa: A002
        if dim < 16:
            raise ValueError("dim must be at least 16")
        self.id = id
        self.dim = dim
        self.spec = PixelSpec(size)
        self.threshold: float | None = 0.3
        self.known: tuple[str, ...] = ()
        self.images = 0
        self.texts = 0
        self.batches: list[int] = []
        self.loaded = False
        self.fail: ModelError | None = None
        self._lock = threading.Lock()

    def encode_images(self, batch: Pixels) -> Vector:
        if batch.dtype != np.uint8 or batch.shape[1:] != (self.spec.size, self.spec.size, 3):
            raise ValueError(f"wrong pixels: {batch.dtype} {batch.shape}")
        with self._lock:
            self._count()
            self.images += len(batch)
            self.batches.append(len(batch))
        return self._unit([self._see(pixels) for pixels in batch])

    def encode_texts(self, texts: Sequence[str]) -> Vector:
        with self._lock:
            self._count()
            self.texts += len(texts)
        return self._unit([self._read(text) for text in texts])

    def relevance(self, score: float) -> float:
        return min(1.0, max(0.0, score))

    def words(self) -> Sequence[str]:
        return self.known

    def unload(self, *, keep_text: bool = False) -> None:
        self.loaded = keep_text and self.loaded

    def _count(self) -> None:
        if self.fail is not None:
            raise self.fail
        self.loaded = True

    def _see(self, pixels: Pixels) -> Vector:
        half = self.spec.size // 2
        mean = pixels.reshape(-1, 3).mean(axis=0)
        quarters = [
            pixels[y : y + half, x : x + half].reshape(-1, 3).mean(axis=0) - mean
            for y in (0, half)
            for x in (0, half)
        ]
        return self._row(mean, np.concatenate(quarters) / 255, pixels.tobytes())

    def _read(self, text: str) -> Vector:
        words = text.lower().split()
        named = [COLOURS[word] for word in words if word in COLOURS]
        mean = np.mean(named, axis=0) if named else np.full(3, 128.0)
        return self._row(mean, np.zeros(12), text.encode())

    def _row(self, mean: np.ndarray, layout: np.ndarray, content: bytes) -> Vector:
        # Three numbers say the colour, twelve the layout, one keeps grey from having no direction;
        # over all lies a little noise.
        seed = int.from_bytes(hashlib.sha256(content).digest()[:8], "little")
        row = np.random.default_rng(seed).normal(scale=0.02, size=self.dim)
        row[:3] += (mean - 127.5) / 127.5
        row[3:15] += layout
        row[15] += 0.5
        return row.astype(np.float32)

    def _unit(self, rows: list[Vector]) -> Vector:
        if not rows:
            return np.empty((0, self.dim), np.float32)
        stacked = np.stack(rows)
        unit: Vector = stacked / np.linalg.norm(stacked, axis=1, keepdims=True)
        return unit
