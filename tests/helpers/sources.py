"""A source in memory that can be changed, broken and taken away by a test."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bowerbird.errors import SourceDeniedError, SourceOfflineError
from bowerbird.types import Entry, Unreadable


class MemorySource:
    """Holds files as bytes by key; `mtime_ns` of each is given or counts up."""

    readers = 0

    def __init__(self) -> None:
        self.files: dict[str, tuple[bytes, int]] = {}
        self.unreadable: dict[str, str] = {}
        self.denied: set[str] = set()
        self.offline = False
        self.opened: list[str] = []
        self.fail_listing_after: int | None = None
        self.offline_after_opens: int | None = None

    def put(self, key: str, data: bytes, mtime_ns: int | None = None) -> None:
        self.files[key] = (data, len(self.files) + 1 if mtime_ns is None else mtime_ns)

    def move(self, old: str, new: str) -> None:
        self.files[new] = self.files.pop(old)

    def check(self) -> None:
        if self.offline:
            raise SourceOfflineError("The source is not there. Connect it.")

    def entries(self) -> Iterator[Entry | Unreadable]:
        for number, (key, (data, mtime_ns)) in enumerate(self.files.items()):
            if self.fail_listing_after is not None and number >= self.fail_listing_after:
                raise SourceOfflineError("The listing broke off. Sync again.")
            yield Entry(key, len(data), mtime_ns)
        for key, reason in self.unreadable.items():
            yield Unreadable(key, reason)

    def open(self, key: str) -> BinaryIO:
        self.opened.append(key)
        if self.offline_after_opens is not None and len(self.opened) > self.offline_after_opens:
            self.offline = True
        self.check()
        if key in self.denied:
            raise SourceDeniedError("permission denied")
        return io.BytesIO(self.files[key][0])

    def glance(self, entry: Entry) -> BinaryIO:
        return self.open(entry.key)

    def link(self, key: str, expires_s: int) -> str | None:
        return None

    def locate(self, key: str) -> Path | None:
        return None
