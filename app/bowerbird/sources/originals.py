"""Local copies of pictures that lie elsewhere, within a limit, for programs that want files."""

from __future__ import annotations

import contextlib
import errno
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from bowerbird.errors import StorageFullError


class Originals:
    """Files by content; the longest unused go first when there are too many bytes.

    Args:
        folder: Where they lie; made when it is needed.
        most_bytes: Their sum; the newest stays, however large.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._lock = threading.Lock()

    def get(self, md5: str, name: str, fetch: Callable[[], BinaryIO]) -> Path:
        """Return the file of a content, fetched when it is not here.

        Args:
            md5: The content.
            name: How the file is called; it lies in a folder of its own.
            fetch: Opens it where it lies.

        Raises:
            StorageFullError: No space is left; nothing is kept of it.
            SourceError: It cannot be fetched.
        """
        target = self._folder / md5 / Path(name).name
        with self._lock:
            if not target.exists():
                self._fetch(target, fetch)
                self._evict(target)
            target.touch()
        return target

    def _fetch(self, target: Path, fetch: Callable[[], BinaryIO]) -> None:
        partial = target.with_name(f".{target.name}.partial")
        try:
            with fetch() as stream:
                target.parent.mkdir(parents=True, exist_ok=True)
                with partial.open("wb") as copy:
                    shutil.copyfileobj(stream, copy, 1 << 20)
            partial.replace(target)
        except OSError as error:
            with contextlib.suppress(OSError):
                partial.unlink()
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFullError(
                    f"There is no space left in {self._folder} for {target.name}. Free some."
                ) from error
            raise

    def _evict(self, kept: Path) -> None:
        files = [path for path in self._folder.glob("*/*") if path.is_file() and path != kept]
        facts = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in files)
        total = sum(size for _, size, _ in facts) + kept.stat().st_size
        for _, size, path in facts:
            if total <= self._most_bytes:
                return
            with contextlib.suppress(OSError):  # somebody has it open
                path.unlink()
                path.parent.rmdir()
                total -= size
