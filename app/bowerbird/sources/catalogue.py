"""The pictures of a catalogue as a source: each where its record says, on the web or on a disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from bowerbird.errors import SourceError
from bowerbird.sources.web import READERS, Web, is_address
from bowerbird.types import Entry, Unreadable

# What comes before the key of a picture that is kept in the library itself.
KEPT = "kept:"


class Records(Protocol):
    """Where the records are kept."""

    def entries(self) -> Iterator[Entry]:
        """Yield all that have a picture."""

    def entries_at(self, keys: Iterable[str]) -> Iterator[Entry]:
        """Yield those of some that are there."""

    def image(self, key: str) -> str | None:
        """Return where the picture of a record lies."""

    def is_foreign(self, key: str) -> bool:
        """Whether somebody else than the user named it."""


class CatalogueSource:
    """All pictures that records speak of.

    What somebody else than the user named is only read from `kept`, from `roots`, and from the
    public web.

    Args:
        records: The records.
        web: Fetches what lies on the web.
        public: Fetches what lies on the public web alone.
        kept: The folder of pictures that came with their records.
        roots: Folders that others may name files of.
    """

    readers = READERS

    def __init__(
        self, records: Records, web: Web, public: Web, kept: Path, roots: Sequence[Path] = ()
    ) -> None:
        self._records = records
        self._web = web
        self._public = public
        self._kept = kept
        self._roots = tuple(root.resolve() for root in roots)

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
            SourceError: It cannot be had; without the path, which others may be told of.
            OSError: The file cannot be read.
        """
        image = self._records.image(key)
        if image is None:
            raise SourceError("its record is gone")
        foreign = self._records.is_foreign(key)
        if is_address(image):
            return (self._public if foreign else self._web).open(image)
        path = self._path(image)
        if foreign and not self._may_be_named(path):
            raise SourceError("its record names a file outside of what it may")
        if not path.exists():
            raise SourceError(f"there is no file {path.name} where its record says")
        if not path.is_file():
            raise SourceError(f"{path.name} is not a regular file")
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
        if image is None or is_address(image):
            return None
        path = self._path(image)
        return path if not self._records.is_foreign(key) or self._may_be_named(path) else None

    def _path(self, image: str) -> Path:
        if image.startswith(KEPT):
            return self._kept.joinpath(*image.removeprefix(KEPT).split("/"))
        return Path(image)

    def _may_be_named(self, path: Path) -> bool:
        resolved = path.resolve()
        return any(resolved.is_relative_to(root) for root in (self._kept.resolve(), *self._roots))
