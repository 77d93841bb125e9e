"""Indexes a few entries at once, also beside a sync of their collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bowerbird.indexing.pipeline import Job, run
from bowerbird.types import Collection, Entry, Record, Source

if TYPE_CHECKING:
    from bowerbird.engines.encoder import Encoder
    from bowerbird.settings import Settings
    from bowerbird.store.store import Store


def index_now(
    store: Store,
    source: Source,
    collection: Collection,
    encoder: Encoder,
    settings: Settings,
    keys: Sequence[str],
    at_hand: Mapping[str, bytes],
) -> dict[str, str]:
    """Index those of some entries that are there, so that they can be searched when this returns.

    Nothing is concluded of any other entry, and no sync is waited for: what a sync finds besides
    it writes as well, and whoever comes last writes the same.

    Args:
        store: Where they are kept.
        source: Lists and opens them.
        collection: Theirs.
        encoder: The one that answers searches.
        settings: For the limits.
        keys: Which.
        at_hand: The bytes of some, by their entries' etags; these are not opened.

    Returns:
        Why an entry could not be indexed, by its key.

    Raises:
        SourceError: The source is away.
        StorageFullError: No space is left; what was written stays.
    """

    def write(records: list[Record]) -> None:
        store.write(records, encoder.id)

    found = [entry for entry in source.entries_at(keys) if isinstance(entry, Entry)]
    jobs = (
        Job(collection.id, entry, videos=collection.videos, data=at_hand.get(entry.etag))
        for entry in found
    )
    return {
        record.entry.key: record.reason
        for records in run(jobs, source, encoder, settings, write)
        for record in records
        if record.reason is not None
    }
