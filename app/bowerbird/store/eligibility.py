"""Remembers which assets match a filter, as long as nothing in the library changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from bowerbird.store import filters, queries
from bowerbird.types import Filter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bowerbird.store.connection import Database

    Ids = NDArray[np.int64]

# Filters that are asked for again and again are few: the collection that a client searches.
MOST = 16
MOST_IDS = 4_000_000


class Eligibility:
    """Answers as `queries.eligible`; the same filter is not looked up twice in one state."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        # Its data_version changes whenever another connection, of any process, has committed.
        self._witness = database.private()
        self._version = -1
        self._known: OrderedDict[tuple[str, tuple[Any, ...]], Ids] = OrderedDict()

    def get(self, wanted: Filter | None) -> Ids:
        """Return the ids of the assets that match, ascending, int64 [n]; not to be written to."""
        condition, values = filters.where(wanted)
        key = (condition, tuple(values))
        with self._lock:
            version = self._look()
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        with self._database.reading() as connection:
            found = queries.eligible(connection, wanted)
        found.setflags(write=False)
        with self._lock:
            if self._look() == version:
                self._known[key] = found
                while len(self._known) > MOST or sum(map(len, self._known.values())) > MOST_IDS:
                    self._known.popitem(last=False)
        return found

    def _look(self) -> int:
        version = int(self._witness.execute("PRAGMA data_version").fetchone()[0])
        if version != self._version:
            self._known.clear()
            self._version = version
        return version

    def close(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._known.clear()
            self._witness.close()
