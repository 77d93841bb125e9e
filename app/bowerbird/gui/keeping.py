"""Keeps collections true by themselves while the window is open: on change, or by the clock."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from bowerbird.types import Auto, Collection, Keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bowerbird.gui.jobs import Jobs
    from bowerbird.gui.syncing import Syncing
    from bowerbird.library import Library
    from bowerbird.types import Watch

# A source that is away is tried again this often, seconds.
AWAY_S = 600.0
# The clock is looked at this often; a machine that slept catches up then.
FIRST_MS, CLOCK_MS = 5_000, 60_000


class Keeping(QObject):
    """Watches what is to be watched, and asks for the syncs that are due.

    Args:
        library: Whose collections.
        jobs: Runs what asks it.
        syncing: The queue of syncs.
        parent: The window.
    """

    troubled = Signal(str)
    """A collection cannot be watched: a sentence that says why and what to do."""
    _changed = Signal(int, object)
    """Id of a collection whose source changed, and its `Keys`; from any thread."""

    def __init__(self, library: Library, jobs: Jobs, syncing: Syncing, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self._syncing = syncing
        self._watches: dict[tuple[int, bool], Watch] = {}
        self._known: dict[int, Collection] = {}
        self._again: dict[int, Keys] = {}
        self._said: set[int] = set()
        self._tried: dict[int, float] = {}
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._look_at_clock)
        self._changed.connect(self._sync)
        syncing.settled.connect(self._catch_up)

    def start(self) -> None:
        """Look at the clock from now on, for the first time when the start is over."""
        self._clock.start(FIRST_MS)

    def know(self, collections: Sequence[Collection]) -> None:
        """Watch these, as they wish, and no others."""
        self._known = {collection.id: collection for collection in collections}
        # A watch goes by endings: with videos it is another one.
        wanted = {(c.id, c.videos) for c in collections if c.auto is Auto.CHANGE}
        for gone in self._watches.keys() - wanted:
            self._watches.pop(gone).close()
        for new in wanted - self._watches.keys():
            watch = self._library.watch(self._known[new[0]], partial(self._changed.emit, new[0]))
            if watch is not None:
                self._watches[new] = watch

    def close(self) -> None:
        """Stop."""
        self._clock.stop()
        for watch in self._watches.values():
            watch.close()
        self._watches = {}

    def _sync(self, collection_id: int, keys: Keys) -> None:
        collection = self._known.get(collection_id)
        if collection is None:
            return
        current = self._syncing.current
        if current is None or current.id != collection_id:
            self._syncing.add(collection, quiet=True, keys=keys)
            return
        # The sync that runs has perhaps been past what changed.
        before = self._again.get(collection_id, frozenset())
        both = before is not None and keys is not None
        self._again[collection_id] = before | keys if both else None  # type: ignore[operator]

    def _catch_up(self) -> None:
        again, self._again = self._again, {}
        for collection_id, keys in again.items():
            self._sync(collection_id, keys)

    def _look_at_clock(self) -> None:
        self._clock.start(CLOCK_MS)
        for (collection_id, _), watch in self._watches.items():
            if watch.trouble and collection_id not in self._said:
                self._said.add(collection_id)
                self.troubled.emit(watch.trouble)

        def due(collections: list[Collection]) -> None:
            now = time.monotonic()
            for collection in collections:
                away = collection.id in self._syncing.trouble
                if away and now - self._tried.get(collection.id, 0) < AWAY_S:
                    continue
                self._tried[collection.id] = now
                self._syncing.add(collection, quiet=True)

        self._jobs.start(self._library.due, due, lambda _: None)
