"""One encoder's usearch index as a file: built, checked, mapped into memory, never trusted.

usearch's own removal and update have had bugs (USearch #399, #728), so a graph is only ever added
to; its keys are ids of embeddings, which SQLite never gives twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import uuid
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bowerbird.store.failures import translated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.types import Vector

    Ids = NDArray[np.int64]
    Halves = NDArray[np.float16]

# Measured on 100,000 vectors: around CLIP's (512 dimensions) recall@10 is 0.9995 from an expansion
# of 48 on, at 256 dimensions 0.9985 (0.9995 with 96); around the built-in model's, recall@20 is
# 0.9954 with 48, in half the time of 96 with 0.9970. Larger libraries are harder. 16 links lose far
# more on those. i8 would halve the time, but CLIP's few large components clip, and recall falls
# under 0.994.
CONNECTIVITY = 32
EXPANSION_ADD = 128
EXPANSION_SEARCH, EXPANSION_LARGE = 48, 96
LARGE = 250_000
_BLOCK = 1 << 16
_BLOCKS = 64


@dataclass(frozen=True, slots=True)
class Saved:
    """What SQLite records of an index file, to tell it from a damaged or foreign one.

    Attributes:
        file: Its name in the index folder.
        bytes: Its size.
        digest: See `digest`.
        count: Vectors in it.
        last: The highest id of an embedding in it.
    """

    file: str
    bytes: int
    digest: str
    count: int
    last: int

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | None) -> Saved | None:
        """Read it back; None for nothing, or for what another version wrote."""
        try:
            return cls(**json.loads(text)) if text else None
        except (ValueError, TypeError):
            return None


def digest(path: Path, dim: int, count: int) -> str:
    """Return a checksum of an index file of `count` float16 vectors.

    All of the graph is read, since a wrong link in it could crash the program; of the vectors in
    front of it, blocks spread evenly: they are ranked anew from SQLite anyway.
    """
    graph_at = 8 + count * dim * 2
    check = zlib.crc32(f"{dim} {count}".encode())
    with path.open("rb") as stream:
        for block in range(_BLOCKS):
            stream.seek(graph_at * block // _BLOCKS)
            check = zlib.crc32(stream.read(_BLOCK // 16), check)
        stream.seek(graph_at)
        while part := stream.read(_BLOCK * 16):
            check = zlib.crc32(part, check)
    return f"{check:08x}"


class Graph:
    """An index file mapped into memory; searched by any thread, never changed."""

    def __init__(self, index: Any, saved: Saved) -> None:
        self.saved = saved
        self._index = index
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, saved: Saved | None, dim: int) -> Graph | None:
        """Map the file that `saved` speaks of; None when it is not there or not that file."""
        if saved is None:
            return None
        path = folder / saved.file
        try:
            if path.stat().st_size != saved.bytes:
                return None
            if digest(path, dim, saved.count) != saved.digest:
                return None
            index = _empty(dim)
            index.view(os.fspath(path))
            if saved.count > LARGE:
                index.expansion_search = EXPANSION_LARGE
        except (OSError, RuntimeError, ValueError):
            return None
        return cls(index, saved) if len(index) == saved.count else None

    def search(self, vector: Vector, count: int) -> Ids:
        """Return the ids of about the `count` nearest, nearest first, [at most count]."""
        # One query at a time: usearch gives each search of a single vector the same scratch space.
        with self._lock:
            matches = self._index.search(vector.astype(np.float16), count)
        found: Ids = np.asarray(matches.keys).astype(np.int64)
        return found


def build(
    folder: Path,
    encoder_id: str,
    dim: int,
    base: Saved | None,
    chunks: Iterable[tuple[Ids, Halves]],
) -> Saved:
    """Write a new index file: the one of `base`, if given, and the vectors of `chunks` in order.

    It gets a name of its own, since a file that is mapped cannot be replaced on Windows.

    Raises:
        StorageFullError: No space is left; the old file is as it was.
        LibraryError: The folder cannot be written.
    """
    index = _empty(dim)
    last = 0
    if base is not None:
        index.load(os.fspath(folder / base.file))
        last = base.last
    for ids, vectors in chunks:
        index.add(ids.astype(np.uint64), vectors)
        last = int(ids[-1])
    name = f"{_stem(encoder_id)}-{uuid.uuid4().hex[:8]}.usearch"
    target = folder / name
    partial = target.with_suffix(".partial")
    with translated(folder / name):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _save(index, partial)
            size = partial.stat().st_size
            mark = digest(partial, dim, len(index))
            partial.replace(target)
        finally:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
    return Saved(name, size, mark, len(index), last)


def _save(index: Any, path: Path) -> None:
    try:
        index.save(os.fspath(path))
    except RuntimeError as error:
        # usearch says "Failed to write" for a full disk; the free space tells why.
        raise OSError(_cause(path), str(error), os.fspath(path)) from error
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _cause(path: Path) -> int:
    import errno
    import shutil

    return errno.ENOSPC if shutil.disk_usage(path.parent).free < _BLOCK * 16 else errno.EIO


def sweep(folder: Path, encoder_id: str, keep: Saved) -> None:
    """Remove older files of an encoder; one that is still mapped on Windows goes next time."""
    for path in folder.glob(f"{_stem(encoder_id)}-*"):
        if path.name != keep.file:
            with contextlib.suppress(OSError):
                path.unlink()


def _stem(encoder_id: str) -> str:
    """A file name for an encoder's id, which may hold slashes and colons."""
    return hashlib.sha256(encoder_id.encode()).hexdigest()[:12]


def _empty(dim: int) -> Any:
    from usearch.index import Index

    return Index(
        ndim=dim,
        metric="ip",
        dtype="f16",
        connectivity=CONNECTIVITY,
        expansion_add=EXPANSION_ADD,
        expansion_search=EXPANSION_SEARCH,
    )
