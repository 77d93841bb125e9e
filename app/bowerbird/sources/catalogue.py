"""The pictures of a catalogue as a source: each where its record says, on the web or on a disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from bowerbird.errors import SourceError
from bowerbird.sources.web import READERS, Web, is_address
from bowerbird.types import Entry, Unreadable


class Records(Protocol):
    """Where the records are kept."""

    def entries(self) -> Iterator[Entry]:
        """Yield all that have a picture."""

    def entries_at(self, keys: Iterable[str]) -> Iterator[Entry]:
        """Yield those of some that are there."""

    def image(self, key: str) -> str | None:
        """Return where the picture of a record lies."""


class CatalogueSource:
    """All pictures that records speak of.

    Args:
        records: The records.
        web: Fetches what lies on the web.
    """

    readers = READERS

    def __init__(self, records: Records, web: Web) -> None:
        self._records = records
        self._web = web

    def check(self) -> None:
        """Do nothing: each picture has a place of its own."""

    def entries(self) -> Iterator[Entry | Unreadable]:
        """Yield every record that has a picture."""
        yield from self._records.entries()

    def entries_at(self, keys: Iterable[str]) -> Iterator[Entry | Unreadable]:
        """Yield those of some records that are there."""
        yield from self._records.entries_at(keys)

    def open(self, key: str) -> BinaryIO:
        """Open the picture of a record.

        Raises:
            SourceError: It cannot be had.
            OSError: The file cannot be read.
        """
        image = self._records.image(key)
        if image is None:
            raise SourceError("its record is gone")
        if is_address(image):
            return self._web.open(image)
        path = Path(image)
        if not path.exists():
            raise SourceError(f"there is no file {path}")
        if not path.is_file():
            raise SourceError(f"{path} is not a regular file")
        return path.open("rb", buffering=1 << 16)

    def glance(self, entry: Entry) -> BinaryIO:
        """Open the picture of a record, as `open`."""
        return self.open(entry.key)

    def link(self, key: str, expires_s: int) -> str | None:
        """Return the address of a record's picture; it lasts as long as its host lets it."""
        image = self._records.image(key)
        return image if image is not None and is_address(image) else None

    def locate(self, key: str) -> Path | None:
        """Return the file of a record, or None where its picture is on the web."""
        image = self._records.image(key)
        return None if image is None or is_address(image) else Path(image)
