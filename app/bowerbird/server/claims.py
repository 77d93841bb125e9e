"""Names that somebody is about to give, so that nobody else gives them meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager


class Claims:
    """Who comes first has a name until the work is done; who comes meanwhile goes without."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: set[Hashable] = set()

    @contextmanager
    def on(self, names: Iterable[Hashable]) -> Iterator[set[Hashable]]:
        """Hold those names that are free, and lend them."""
        with self._lock:
            mine = set(names) - self._held
            self._held |= mine
        try:
            yield mine
        finally:
            with self._lock:
                self._held -= mine
