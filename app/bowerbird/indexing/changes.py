"""Finds what a source changed since the last sync: new, changed, moved, gone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bowerbird.decode.fingerprint import fingerprint, head_tail
from bowerbird.errors import BowerbirdError, SourceOfflineError
from bowerbird.indexing.meter import Meter
from bowerbird.indexing.pipeline import Job
from bowerbird.types import (
    AllOf,
    Collection,
    Comparison,
    Entry,
    PagedSource,
    Progress,
    Source,
    Status,
    Unreadable,
)

if TYPE_CHECKING:
    from bowerbird.store.diff import Candidate, Diff, Work
    from bowerbird.store.store import Store

# Entries a transaction; a listing is never held whole.
BATCH = 5000


@dataclass(slots=True)
class Scan:
    """One comparison of a source with what the store knows of its collection.

    Use it in order: iterate `listing()` to its end, then `jobs()`, then call `sweep()`. With
    `keys`, only those are looked at, and nothing is concluded of any other. `source_of` opens the
    source of another collection, where a new picture may have come from.
    """

    store: Store
    source: Source
    collection: Collection
    diff: Diff
    keys: Sequence[str] | None = None
    source_of: Callable[[int], Source] | None = None
    unreadable: dict[str, str] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)

    def listing(self) -> Iterator[Progress]:
        """Stream the source's listing into the diff.

        Raises:
            SourceError: The root is not there, or the listing broke off; nothing was concluded.
        """
        self.source.check()
        meter = Meter("scanning")
        for batch in self._batches():
            self.diff.add(batch)
            yield meter.add(len(batch), current=batch[-1].key)
        # A root that vanished half-way lists as empty folders, not as an error.
        self.source.check()
        self._refuse_emptiness()
        self.diff.finish(self.keys)
        self._refuse_others()

    def _batches(self) -> Iterator[list[Entry]]:
        if self.keys is None and isinstance(self.source, PagedSource):
            with self.store.listing(self.collection.id) as listing:
                yield from listing.entries()
                for page in self.source.pages(listing.marks()):
                    listing.add(page)
                    if page.entries:
                        yield list(page.entries)
            return
        found = self.source.entries() if self.keys is None else self.source.entries_at(self.keys)
        entries = map(self._entry, found)
        while batch := list(itertools.islice(entries, BATCH)):
            yield batch

    def _entry(self, found: Entry | Unreadable) -> Entry:
        """Take what cannot be read for an entry without content, so that its failure is listed."""
        if isinstance(found, Entry):
            return found
        self.unreadable[found.key] = found.reason
        return Entry(found.key, 0, 0)

    def _refuse_emptiness(self) -> None:
        """An unmounted drive leaves an empty folder: that is no reason to forget pictures."""
        nothing = not self.diff.listed
        if nothing and self.keys is not None:
            nothing = next(iter(self.source.entries()), None) is None
        if nothing and (known := self._known()):
            raise SourceOfflineError(
                f"{self.collection.location} is empty, but {known:,} pictures were there. "
                "Connect the drive and sync again; or, if they are gone for good, "
                f"remove the collection {self.collection.name!r}."
            )

    def _refuse_others(self) -> None:
        """A stray picture under an unmounted drive is no reason either.

        It is not added: the next sync would know it, and take the folder for the right one.
        """
        if self.keys is not None or not self.diff.is_other or self._known() <= self.diff.listed:
            return
        for work in itertools.chain.from_iterable(self.diff.work()):
            if self._moved(work):
                self.settled.add(work.entry.key)
                if not self.diff.is_other:
                    return
        raise SourceOfflineError(
            f"{self.collection.location} holds other pictures than before; nothing was added or "
            "forgotten. Connect the right drive; or, if the others are gone for good, "
            f"remove the collection {self.collection.name!r} and add it again."
        )

    def _known(self) -> int:
        """How many files of the collection were read, of those that are still looked for."""
        if self.collection.videos:
            counts = self.store.counts(self.collection.id)
            return counts.ok - counts.frames
        here = Comparison("collection", "=", self.collection.id)
        return len(self.store.eligible(AllOf((here, Comparison("kind", "=", "picture")))))

    def jobs(self) -> Iterator[Job]:
        """Yield what must be indexed, newest first; moved files are settled on the way."""
        for page in self.diff.work():
            for work in page:
                if work.entry.key not in self.settled and not self._moved(work):
                    entry = work.entry
                    reason = self.unreadable.get(entry.key)
                    videos = self.collection.videos
                    yield Job(self.collection.id, entry, work.asset_id, reason, videos)

    def _moved(self, work: Work) -> bool:
        """Whether the entry is an asset that lay elsewhere before; if so, carry it over.

        Head and tail are compared first, since they are cheap to read; the full hash confirms.
        """
        if not work.candidates or work.entry.key in self.unreadable:
            return False
        try:
            with self.source.glance(work.entry) as stream:
                mark = head_tail(stream)
            likely = [row for row in work.candidates if row.head_tail == mark and self._left(row)]
            # A bucket that copies an object keeps its mark: that is as good as reading it all.
            same = [row for row in likely if row.etag and row.etag == work.entry.etag]
            if likely and not same:
                with self.source.open(work.entry.key) as stream:
                    md5 = fingerprint(stream).md5
                same = [row for row in likely if row.md5 == md5]
        except (OSError, BowerbirdError):
            return False  # the pipeline reads it again and reports what is wrong
        here = self.collection.id
        for row in same:
            if row.collection_id != here or self.diff.claim(row.asset_id):
                self.store.move(row.asset_id, work.entry, here)
                return True
        return False

    def _left(self, row: Candidate) -> bool:
        """Whether an asset is not where it was any more."""
        if row.status is Status.MISSING:
            return True
        if self.source_of is None:
            return False
        source = self.source_of(row.collection_id)
        source.check()
        return next(iter(source.entries_at([row.key])), None) is None

    def sweep(self) -> None:
        """Mark missing what the source no longer lists, but nothing under an unread folder.

        What never was a picture carries no knowledge worth a grace time and is forgotten.
        """
        blind = tuple(key + "/" for key in self.unreadable)
        for page in self.diff.gone():
            rows = [row for row in page if not (blind and row.key.startswith(blind))]
            # Another collection may have taken some over meanwhile.
            here = self.collection.id
            self.store.mark_missing([r.asset_id for r in rows if r.status is Status.OK], here)
            unknown = (Status.FAILED, Status.PENDING)
            self.store.forget([r.asset_id for r in rows if r.status in unknown])
