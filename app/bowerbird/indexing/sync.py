"""Brings one collection up to date with its source: scan, changes, decode, embed, store."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bowerbird.indexing.changes import Scan
from bowerbird.indexing.judging import judge_missing
from bowerbird.indexing.meter import Meter
from bowerbird.indexing.pipeline import run
from bowerbird.types import Collection, Progress, Record, Source

if TYPE_CHECKING:
    from bowerbird.engines.encoder import Encoder
    from bowerbird.settings import Settings
    from bowerbird.store.store import Store

log = logging.getLogger(__name__)

# Embeddings between two saves of the vector index: what a crash makes the next start add anew.
SAVE_EVERY = 10_000


def sync(
    store: Store,
    source: Source,
    collection: Collection,
    encoder: Encoder,
    settings: Settings,
    *,
    retry_failed: bool = False,
    keys: Sequence[str] | None = None,
    source_of: Callable[[int], Source] | None = None,
) -> Iterator[Progress]:
    """Sync `collection`, yielding `Progress`; not iterating pauses it, closing it cancels it.

    Whatever was written stays written, so a later sync goes on where this one stopped. With `keys`,
    only those are looked at, and it does not count as a sync of the collection. `source_of` opens
    the source of another collection by its id: a picture that moved here from there stays the same.

    Raises:
        ConflictError: The collection is being synced already, here or in another process.
        SourceError: The source is away; nothing was marked missing.
        StorageFullError: No space is left; what was written stays.
    """
    with (
        store.sync_lock(collection.id),
        store.diff(collection.id, encoder.id, retry_failed=retry_failed) as diff,
    ):
        scan = Scan(store, source, collection, diff, keys, source_of)
        yield from scan.listing()
        meter = Meter("indexing", diff.total)
        yield (last := meter.add(0))

        index = store.vectors(encoder.id, encoder.dim)

        def write(records: list[Record]) -> None:
            store.write(records, encoder.id)

        handled = 0
        for records in run(scan.jobs(), source, encoder, settings, write):
            failures = [record for record in records if record.reason is not None]
            for record in failures:
                log.info("%s %s", record.entry.key, record.reason)
            before, handled = handled, handled + len(records)
            if handled // SAVE_EVERY > before // SAVE_EVERY:
                index.refresh()
                index.save()
            current = records[-1].entry.key
            yield (last := meter.add(len(records), failed=len(failures), current=current))
        if moved := (diff.total - handled):
            yield (last := meter.add(moved))
        if keys is None:
            yield from judge_missing(store, collection.id)
        yield replace(last, phase="finishing", current="")
        scan.sweep()
        now = datetime.now(UTC)
        store.purge_missing(now - timedelta(days=settings.grace_days))
        index.refresh()
        index.save()
        if keys is None:
            store.finish_sync(collection.id, now)
