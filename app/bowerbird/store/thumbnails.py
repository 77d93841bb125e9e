"""Thumbnails on disk, named by content hash, with a cap on their sum."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from pathlib import Path

from bowerbird.store.failures import translated

# A use is noted at most daily: a write for every picture looked at would cost more than it tells.
TOUCH_AFTER_S = 86_400
# What an eviction leaves, so that not every new thumbnail starts another one.
KEEP = 0.9
# Shards that stand for all when the sum is first needed, and files in them that make that sound:
# a walk over a million would keep the first picture of a sync waiting.
SAMPLED = ("00", "39", "7c", "a5", "d1", "e8", "f3", "5b")
ENOUGH = 2000
_MD5 = re.compile(r"[0-9a-f]{32}")


class Thumbnails:
    """A folder `ab/<md5>.webp`; the longest unused go first when it outgrows `cap` bytes.

    The folder is a cache: whatever is gone is made anew from its source.
    """

    def __init__(self, folder: Path, cap: int) -> None:
        self._folder = folder
        self._cap = cap
        self._lock = threading.Lock()
        self._total: int | None = None

    def get(self, md5: str) -> bytes | None:
        """Return the encoded thumbnail of the content `md5`, or None when there is none."""
        path = self._path(md5)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > TOUCH_AFTER_S:
                os.utime(path)
        return data

    def put(self, md5: str, data: bytes) -> None:
        """Keep `data`, replacing what was there.

        Raises:
            StorageFullError: No space is left.
            LibraryError: The folder cannot be written.
        """
        path = self._path(md5)
        # The thread's id keeps two writers of one picture apart.
        partial = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.partial")
        with translated(self._folder):
            try:
                before = _size(path)
                try:
                    partial.write_bytes(data)
                except FileNotFoundError:
                    partial.parent.mkdir(parents=True, exist_ok=True)
                    partial.write_bytes(data)
                partial.replace(path)
            finally:
                with contextlib.suppress(OSError):
                    partial.unlink(missing_ok=True)
        self._grow(len(data) - before)

    def total(self) -> int:
        """Bytes of all thumbnails, counted on disk."""
        counted = sum(size for _, size, _ in self._files())
        with self._lock:
            self._total = counted
        return counted

    def _grow(self, added: int) -> None:
        with self._lock:
            if self._total is None:
                self._total = self._estimate()
            else:
                self._total += added
            known = self._total
        if known > self._cap:
            self._evict()

    def _estimate(self) -> int:
        """The sum of all, from a few of the 256 shards where they hold many: md5 is even."""
        sizes: list[int] = []
        for shard in SAMPLED:
            sizes += [size for _, size, _ in _files(self._folder / shard)]
        if len(sizes) >= ENOUGH:
            return sum(sizes) * 256 // len(SAMPLED)
        return sum(size for _, size, _ in self._files())

    def _evict(self) -> None:
        files = sorted(self._files())
        left = sum(size for _, size, _ in files)
        goal = self._cap * KEEP if left > self._cap else left
        for _, size, path in files:
            if left <= goal:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                left -= size
        with self._lock:
            self._total = left

    def _files(self) -> list[tuple[float, int, Path]]:
        """Last use, size and path of every thumbnail."""
        return [file for shard in _scan(self._folder) for file in _files(Path(shard.path))]

    def _path(self, md5: str) -> Path:
        if not _MD5.fullmatch(md5):
            raise ValueError(f"not an md5: {md5!r}")
        return self._folder / md5[:2] / f"{md5}.webp"


def _files(shard: Path) -> list[tuple[float, int, Path]]:
    found: list[tuple[float, int, Path]] = []
    for file in _scan(shard):
        with contextlib.suppress(OSError):
            about = file.stat()
            found.append((about.st_mtime, about.st_size, Path(file.path)))
    return found


def _scan(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
