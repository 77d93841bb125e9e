"""Keeps what is fetched within what a network and its hosts are to bear."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Throttle:
    """Lets so many units a second through, from any number of threads; each waits for its turn.

    Args:
        rate: Units a second; 0 for as many as come.
        clock: Seconds that never go back; given by tests.
        sleep: Likewise.
    """

    def __init__(
        self,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = rate
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free_at = clock()

    def take(self, units: float = 1.0) -> None:
        """Wait until `units` may pass; what was not used for a while is not saved up."""
        if self._rate <= 0:
            return
        with self._lock:
            now = self._clock()
            begin = max(now, self._free_at)
            self._free_at = begin + units / self._rate
        if begin > now:
            self._sleep(begin - now)
