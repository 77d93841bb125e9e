"""Makes entries and records for tests of the store, without files or models."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from bowerbird.types import Colour, Decoded, Entry, Exif, Fingerprint, Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENCODER = "test/encoder:1"
DIM = 16


def unit(rng: np.random.Generator, count: int, dim: int = DIM) -> NDArray[np.float32]:
    """Return random unit vectors, float32 [count, dim]."""
    rows = rng.standard_normal((count, dim)).astype(np.float32)
    scaled: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return scaled


def entry(key: str, size: int = 1000, mtime_ns: int = 1_700_000_000_000_000_000) -> Entry:
    return Entry(key, size, mtime_ns)


def success(
    collection_id: int,
    listed: Entry,
    vector: NDArray[np.float32],
    *,
    asset_id: int | None = None,
    content: str | None = None,
    width: int = 640,
    height: int = 480,
    taken: datetime | None = None,
    camera: str | None = None,
) -> Record:
    """Return the record of a picture whose content is named by `content` (its key)."""
    md5 = hashlib.md5((content or listed.key).encode(), usedforsecurity=False).hexdigest()
    decoded = Decoded(
        width,
        height,
        "jpeg",
        np.zeros((2, 2, 3), np.uint8),
        b"thumbnail of " + md5.encode(),
        (1 << 64) - 1,
        7,
        (Colour(250, 10, 20, 0.75), Colour(0, 0, 255, 0.25)),
        Exif(taken, camera),
    )
    marks = Fingerprint(md5, "head-tail-" + md5)
    return Record(collection_id, listed, asset_id, marks, decoded, vector)


def failure(collection_id: int, listed: Entry, *, asset_id: int | None = None) -> Record:
    return Record(collection_id, listed, asset_id, reason="is truncated")
