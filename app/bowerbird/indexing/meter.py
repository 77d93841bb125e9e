"""Counts what is done and says how fast it goes and how long it will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from bowerbird.types import Progress

# Long enough to smooth batches, short enough to follow a laptop that is unplugged.
WINDOW_S = 20.0


class Meter:
    """Makes `Progress` events; the rate is that of the last 20 seconds.

    Args:
        phase: Word for what is going on.
        total: Items in all, if known.
        clock: Seconds that never go back; given by tests.
    """

    def __init__(
        self, phase: str, total: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._phase = phase
        self._total = total
        self._clock = clock
        self._done = 0
        self._failed = 0
        self._marks = deque([(clock(), 0)])

    def add(self, done: int, *, failed: int = 0, current: str = "") -> Progress:
        """Count `done` more items, `failed` of them failures, and say where things stand."""
        self._done += done
        self._failed += failed
        now = self._clock()
        self._marks.append((now, self._done))
        while len(self._marks) > 2 and now - self._marks[1][0] >= WINDOW_S:
            self._marks.popleft()
        return self._progress(current)

    def _progress(self, current: str) -> Progress:
        (begun, before), (now, done) = self._marks[0], self._marks[-1]
        rate = (done - before) / (now - begun) if now > begun else 0.0
        left = None
        if self._total is not None and rate > 0:
            left = max(0, self._total - self._done) / rate
        return Progress(self._phase, self._done, self._total, self._failed, rate, left, current)
