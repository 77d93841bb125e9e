"""Where pictures come from: sources, what they list, and the collections they fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeAlias, runtime_checkable

# Between the key of a video and the time of a frame: a media fragment (W3C, Media Fragments URI).
_FRAGMENT = "#t="


def fragment(time: float) -> str:
    """Return what a key or name of a frame has behind that of its video: `#t=12.480`."""
    return f"{_FRAGMENT}{time:.3f}"


def frame_time(name: str) -> float | None:
    """Return the time of a frame, seconds, by its key or name; None where it is none."""
    written = name.rpartition(_FRAGMENT)[2] if _FRAGMENT in name else ""
    whole, point, rest = written.partition(".")
    return float(written) if point and whole.isdecimal() and rest.isdecimal() else None


class SourceKind(StrEnum):
    """Where a collection's bytes live."""

    FOLDER = "folder"
    S3 = "s3"
    MANAGED = "managed"
    CATALOGUE = "catalogue"


class Auto(StrEnum):
    """When a collection is looked at without being asked for."""

    CHANGE = "change"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or object as a source lists it.

    Attributes:
        key: Path below the root, with `/` between its parts; the id of a catalogue's item.
        size: Bytes; negative where a source cannot say before it is opened.
        mtime_ns: Time of last change, nanoseconds since the epoch.
        etag: The source's own version mark, if it has one; never taken for an md5.
    """

    key: str
    size: int
    mtime_ns: int
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something a source could not list: a folder without rights, an entry that vanished."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of a listing, and how far it came.

    Attributes:
        entries: The entries.
        part: The part of the listing that they are of.
        after: The last key of the part that was seen; None when all were.
    """

    entries: tuple[Entry, ...]
    part: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a catalogue, as its file has it.

    Attributes:
        id: What whoever made the catalogue calls it.
        image: Where its picture lies: an http(s) address or a path; empty where it does not say.
        metadata: All else that is said of it.
    """

    id: str
    image: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Source(Protocol):
    """Lists entries and opens them.

    Attributes:
        readers: How many entries are worth opening at once; 0 for as many as there are processors.
    """

    readers: int

    def check(self) -> None:
        """Raise SourceOfflineError or SourceDeniedError unless the root can be listed now."""

    def entries(self) -> Iterator[Entry | Unreadable]:
        """Yield everything that may be a picture; an Unreadable folder says what was skipped.

        Raises:
            SourceError: The listing broke off, so that it must not count as complete.
        """

    def entries_at(self, keys: Iterable[str]) -> Iterator[Entry | Unreadable]:
        """Yield those of some entries that are there.

        Raises:
            SourceError: The root is away.
        """

    def open(self, key: str) -> BinaryIO:
        """Open one entry for reading; the stream can seek.

        Raises:
            SourceError: It cannot be opened.
        """

    def glance(self, entry: Entry) -> BinaryIO:
        """Open one entry for reading a little of it; what is not read is not fetched.

        Raises:
            SourceError: It cannot be opened; also while it is read.
        """

    def locate(self, key: str) -> Path | None:
        """Return the local file behind `key`, or None where there is none."""

    def link(self, key: str, expires_s: int) -> str | None:
        """Return an http address that gives the bytes for a while, or None where there is none.

        Raises:
            SourceError: It cannot be made.
        """


@runtime_checkable
class PagedSource(Source, Protocol):
    """A source whose listing takes long enough to be worth going on with."""

    def pages(self, marks: Mapping[str, str | None]) -> Iterator[Page]:
        """Yield all entries in pages, on from where an earlier listing stopped.

        Args:
            marks: How far each part came, as its last page said.

        Raises:
            SourceError: The listing broke off, so that it must not count as complete.
        """


@dataclass(frozen=True, slots=True)
class Collection:
    """A named set of assets with one source; `location` is a folder path or a bucket URL."""

    id: int
    uuid: str
    name: str
    kind: SourceKind
    location: str
    config: Mapping[str, Any] = field(default_factory=dict)
    last_sync: datetime | None = None

    @property
    def videos(self) -> bool:
        """Whether videos are looked into."""
        return bool(self.config.get("videos", False))

    @property
    def auto(self) -> Auto:
        """When it is looked at by itself."""
        return Auto(self.config.get("auto", Auto.CHANGE))

    @property
    def created(self) -> datetime | None:
        """When it was made; None for those that are older than this note."""
        made = self.config.get("created")
        return None if made is None else datetime.fromisoformat(made)

    @property
    def last_auto_sync(self) -> datetime | None:
        """When it was last looked at by itself, to the end."""
        return self._noted("last_auto_sync")

    @property
    def last_manual_sync(self) -> datetime | None:
        """When it was last looked at because somebody asked, to the end."""
        return self._noted("last_manual_sync")

    def _noted(self, what: str) -> datetime | None:
        last = self.config.get(what)
        return None if last is None else datetime.fromisoformat(last)


# What changed in a source: keys, or None where that is not known.
Keys: TypeAlias = "frozenset[str] | None"


class Watch(Protocol):
    """Tells of changes until it is closed.

    Attributes:
        trouble: Why it only asks for a look now and then, and what to do; empty where it watches.
    """

    trouble: str

    def close(self) -> None:
        """Stop."""


@dataclass(frozen=True, slots=True)
class CollectionCounts:
    """How many assets of a collection are in which state, and the sum of the bytes of all files.

    `frames` are those of the `ok` ones that share the file of another: all but one of a video's.

    Those whose pictures are still to be fetched are `pending`, or, while a sync runs that has them
    before it, `processing`.
    """

    ok: int = 0
    failed: int = 0
    missing: int = 0
    bytes: int = 0
    pending: int = 0
    processing: int = 0
    frames: int = 0


# Endings of the files that records of catalogues come in.
CATALOGUES = (".tsv", ".tab", ".csv", ".jsonl", ".ndjson", ".parquet")
