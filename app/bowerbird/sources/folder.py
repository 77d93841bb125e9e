"""A local folder as a source: listed with `os.scandir`, never written to."""

from __future__ import annotations

import heapq
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from bowerbird.errors import SourceDeniedError, SourceError, SourceOfflineError
from bowerbird.sources.picking import Picker
from bowerbird.types import Entry, Unreadable

# Windows: the bytes are in a cloud, and reading them would fetch them one by one.
_CLOUD = getattr(stat, "FILE_ATTRIBUTE_OFFLINE", 0x1000) | 0x400000 | 0x40000


class FolderSource:
    """All pictures below a folder.

    Keys are the names as the file system gives them, joined by `/`. Links are followed; a folder
    that was walked already is not walked again, whichever name it has.

    Args:
        root: The folder.
        picker: Chooses by names.
    """

    readers = 0

    def __init__(self, root: Path, picker: Picker) -> None:
        self._root = root
        self._picker = picker

    def check(self) -> None:
        """Raise SourceOfflineError or SourceDeniedError unless the root can be listed now."""
        try:
            os.scandir(self._root).close()
        except PermissionError as error:
            raise SourceDeniedError(
                f"{self._root} may not be read. Change its permissions and sync again."
            ) from error
        except (FileNotFoundError, NotADirectoryError) as error:
            raise SourceOfflineError(
                f"The folder {self._root} is not there. Connect its drive, or remove the "
                "collection if it is gone for good."
            ) from error
        except OSError as error:
            raise SourceOfflineError(
                f"The folder {self._root} does not answer ({error.strerror}). "
                "Check its drive or network and sync again."
            ) from error

    def entries(self) -> Iterator[Entry | Unreadable]:
        """Yield every picture and what could not be read, folder by folder.

        Raises:
            SourceError: The root itself cannot be listed.
        """
        self.check()
        walked: set[tuple[int, int]] = set()
        folders = [""]
        links: list[str] = []
        while folders or links:
            # Real folders first, so that a picture's key does not depend on the order of links.
            prefix = folders.pop() if folders else heapq.heappop(links)
            try:
                # A handle is closed before anything below is opened: depth costs no descriptors.
                with os.scandir(self._path(prefix)) as found:
                    here = list(found) if self._first_visit(prefix, walked) else []
            except OSError as error:
                yield Unreadable(prefix.rstrip("/") or ".", _why(error, "folder"))
                continue
            for item in here:
                yield from self._entry(item, prefix, folders, links)

    def entries_at(self, keys: Iterable[str]) -> Iterator[Entry | Unreadable]:
        """Yield those of some pictures that are there, as `entries` would.

        Raises:
            SourceError: The root itself cannot be listed, or a key leads out of it.
        """
        self.check()
        by_folder: dict[str, set[str]] = {}
        for key in keys:
            self._inside(key)
            prefix, _, name = key.rpartition("/")
            by_folder.setdefault(f"{prefix}/" if prefix else "", set()).add(name)
        for prefix, names in by_folder.items():
            parts = prefix.split("/")[:-1]
            above = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
            if any(self._picker.is_ignored(key.rpartition("/")[2], key) for key in above):
                continue
            try:
                with os.scandir(self._path(prefix)) as found:
                    here = [item for item in found if item.name in names]
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                yield Unreadable(prefix.rstrip("/") or ".", _why(error, "folder"))
                continue
            for item in here:
                yield from self._entry(item, prefix, [], [])

    def _first_visit(self, prefix: str, walked: set[tuple[int, int]]) -> bool:
        """Whether this folder is not one that was walked under another name."""
        facts = os.stat(self._path(prefix))  # noqa: PTH116  # on the hot path
        mark = (facts.st_dev, facts.st_ino)
        # File systems without inodes give zero for all.
        if mark[1] and mark in walked:
            return False
        walked.add(mark)
        return True

    def _entry(
        self, item: os.DirEntry[str], prefix: str, folders: list[str], links: list[str]
    ) -> Iterator[Entry | Unreadable]:
        name = item.name
        key = prefix + name
        if self._picker.is_ignored(name, key):
            return
        try:
            if item.is_dir():
                if item.is_symlink():
                    heapq.heappush(links, key + "/")
                else:
                    folders.append(key + "/")
                return
            if not self._picker.is_picture(name):
                return
            facts = item.stat()
        except OSError as error:
            yield Unreadable(_storable(key), _why(error, "file"))
            return
        if not stat.S_ISREG(facts.st_mode):
            return  # a pipe or a device by a picture's name would hang its reader
        if getattr(facts, "st_file_attributes", 0) & _CLOUD:
            yield Unreadable(key, "is kept in the cloud; make it available offline first")
        elif _storable(key) != key:
            yield Unreadable(_storable(key), "has a name that is not valid text; rename it")
        else:
            yield Entry(key, facts.st_size, facts.st_mtime_ns)

    def open(self, key: str) -> BinaryIO:
        """Open one file for reading.

        Raises:
            SourceError: The key leads out of the root, or to something that is no file.
            OSError: The file cannot be read.
        """
        path = self._inside(key)
        # Asked first: to open a pipe would wait for its writer, and to open a device may act on it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise SourceError("it is not a regular file")
        return path.open("rb", buffering=1 << 16)

    def glance(self, entry: Entry) -> BinaryIO:
        """Open one file for reading; a disk gives what is asked for and no more."""
        return self.open(entry.key)

    def link(self, key: str, expires_s: int) -> str | None:
        """There is no address on the web."""
        return None

    def locate(self, key: str) -> Path | None:
        """Return the path of `key`, whether or not it exists."""
        return self._inside(key)

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"

    def _inside(self, key: str) -> Path:
        parts = key.split("/")
        if ".." in parts or "\0" in key or Path(key).is_absolute() or _leaves(key, os.sep):
            raise SourceError(f"{key!r} leads out of the collection's folder")
        return self._root.joinpath(*parts)


def _leaves(key: str, separator: str) -> bool:
    """Whether `key` has a drive, or parts that only Windows would tell apart."""
    return separator == "\\" and ("\\" in key or ":" in key)


def _storable(key: str) -> str:
    """Return `key` as text that UTF-8 can hold; names in a foreign encoding lose some letters."""
    return key.encode("utf-8", "replace").decode("utf-8")


def _why(error: OSError, what: str) -> str:
    if isinstance(error, PermissionError):
        return f"may not be read; change the {what}'s permissions"
    if isinstance(error, FileNotFoundError):
        return f"leads nowhere: the {what} is gone, or a link is broken"
    return f"cannot be read: {error.strerror or error}"
