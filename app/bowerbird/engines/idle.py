"""A timer that acts once something has been left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class IdleTimer:
    """Calls `action` when `seconds` have passed since the last `touch`.

    At most one thread waits, and only between a touch and the action. It is a daemon, because an
    ordinary one would keep a program that was not closed properly from ending for `seconds`; being
    a daemon it may only drop references, which `action` must therefore be content with.

    Args:
        seconds: Time without a touch; 0 turns the timer off.
        action: Called on the timer's thread.
    """

    def __init__(self, seconds: float, action: Callable[[], None]) -> None:
        self._seconds = seconds
        self._action = action
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._touched = 0.0
        self._closed = False

    def touch(self) -> None:
        """Say that it is in use now; cheap enough for every batch."""
        with self._lock:
            self._touched = time.monotonic()
            if self._timer is None and self._seconds > 0 and not self._closed:
                self._start(self._seconds)

    def close(self) -> None:
        """Stop the timer and wait for its thread."""
        with self._lock:
            self._closed = True
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            if timer is not threading.current_thread():
                timer.join()

    def _start(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._fire)
        self._timer.daemon = True
        self._timer.name = "bowerbird-idle"
        self._timer.start()

    def _fire(self) -> None:
        with self._lock:
            if self._closed:
                return
            left = self._touched + self._seconds - time.monotonic()
            if left > 0:
                self._start(left)
                return
            self._timer = None
        self._action()
