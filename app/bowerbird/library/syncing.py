"""Brings collections up to date with their sources, now or when it is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bowerbird.library.base import Base, endings_of
from bowerbird.types import Collection, Progress

if TYPE_CHECKING:
    from bowerbird.types import Keys, Watch


class Syncing(Base):
    """How a library follows its sources."""

    def is_syncing(self, collection: Collection) -> bool:
        """Whether a sync of a collection runs now, here or in another process."""
        return self._store.is_syncing(collection.id)

    def due(self, now: datetime | None = None) -> list[Collection]:
        """Return the collections that are to be looked at by themselves now."""
        from bowerbird.indexing.schedule import is_due

        moment = now or datetime.now(UTC)
        return [collection for collection in self.collections() if is_due(collection, moment)]

    def watch(self, collection: Collection, changed: Callable[[Keys], None]) -> Watch | None:
        """Watch a collection's source; None where its kind cannot be watched.

        Args:
            collection: Which.
            changed: Called from a thread when a sync is due, with the keys that changed, or None
                where that is not known.
        """
        from bowerbird.sources.kinds import watch

        endings = endings_of(collection)
        return watch(collection, changed, self.settings, endings, exclude=(self.path,))

    def sync(
        self,
        collection: Collection,
        *,
        retry_failed: bool = False,
        auto: bool = False,
        keys: Sequence[str] | None = None,
    ) -> Iterator[Progress]:
        """Bring a collection up to date with its source.

        Args:
            collection: Which.
            retry_failed: Try pictures again that failed before.
            auto: Nobody asked for it; noted apart, when it is done.
            keys: Look at these alone, because a watch told of them; None for all.

        A generator: the work is done while it is iterated. Not iterating pauses it, `close()`
        cancels it, and the next sync goes on where this one stopped.

        Raises:
            ConflictError: It is being synced already, here or in another process.
            SourceError: The source is away; nothing is forgotten for that.
        """
        from bowerbird.indexing.serving import promote, wanted_model
        from bowerbird.indexing.sync import sync

        model_id = wanted_model(self._store)
        encoder = self._models.encoder(model_id)
        # Keys that were corrected meanwhile are read again.
        source = self._source(collection, anew=True)
        yield from sync(
            self._store,
            source,
            collection,
            encoder,
            self.settings,
            retry_failed=retry_failed,
            keys=keys,
            source_of=lambda other: self._source(self.collection(other)),
        )
        promote(self._store, model_id, encoder.id)
        if auto or keys is None:
            noted = "last_auto_sync" if auto else "last_manual_sync"
            self._store.configure(collection.id, {noted: datetime.now(UTC).isoformat()})
