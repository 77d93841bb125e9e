"""The one bridge to threads: work goes off the GUI thread, and what comes of it comes back."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from bowerbird.types import Progress

log = logging.getLogger(__name__)
T = TypeVar("T")

# Seconds between two progress events: what an eye can follow.
SHOW_EVERY_S = 0.1


class Operation(Generic[T]):
    """Something asked for once; dropped, its result is never delivered."""

    def __init__(
        self,
        work: Callable[[], T],
        on_success: Callable[[T], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        self.work = work
        self.on_success = on_success
        self.on_failure = on_failure
        self.dropped = False

    def drop(self) -> None:
        """Forget about it: it does not begin any more, or its result is thrown away."""
        self.dropped = True


class Jobs(QObject):
    """Runs operations in a pool and delivers their results on the GUI thread.

    Args:
        threads: Size of the pool; 1 keeps operations in order.
        name: Of the threads, for those who look at them.
        on_failure: What is done with an error that an operation does not handle itself.
    """

    _delivered = Signal(object)

    def __init__(
        self,
        threads: int,
        name: str,
        on_failure: Callable[[Exception], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._on_failure = on_failure
        self._closed = False
        self._in_flight = 0
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        work: Callable[[], T],
        on_success: Callable[[T], None],
        on_failure: Callable[[Exception], None] | None = None,
    ) -> Operation[T]:
        """Run `work` in the pool, then one of the others on the GUI thread."""
        operation = Operation(work, on_success, on_failure or self._on_failure)
        if not self._closed:
            self._in_flight += 1
            self._pool.submit(self._run, operation)
        return operation

    @property
    def busy(self) -> bool:
        """Whether anything was started and not delivered yet."""
        return self._in_flight > 0

    def _run(self, operation: Operation[Any]) -> None:
        if self._closed:
            return
        try:
            result = None if operation.dropped else operation.work()
        except Exception as error:  # noqa: BLE001  # delivered, and shown or logged there
            self._hand_over(operation, operation.on_failure, error)
        else:
            self._hand_over(operation, operation.on_success, result)

    def _hand_over(
        self, operation: Operation[Any], then: Callable[[Any], None], value: object
    ) -> None:
        if not self._closed:
            self._delivered.emit((operation, then, value))

    def _deliver(self, parcel: tuple[Operation[Any], Callable[[Any], None], object]) -> None:
        operation, then, value = parcel
        self._in_flight -= 1
        if not operation.dropped and not self._closed:
            then(value)

    def close(self) -> None:
        """Let go of what has not begun and wait for what has; nothing is delivered any more."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)


class LongJob(QObject):
    """Drives a generator of `Progress` in a thread of its own: pause, resume, cancel.

    Pausing stops iterating, cancelling closes the generator, as the library promises.
    """

    progressed = Signal(object)
    """A `Progress`, ten times a second at most."""
    ended = Signal(object)
    """None, or the exception that ended it."""

    def __init__(
        self, title: str, begin: Callable[[], Iterator[Progress]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.title = title
        self._begin = begin
        self._going = threading.Event()
        self._going.set()
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"job {title}")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def paused(self) -> bool:
        """Whether it waits to be resumed."""
        return not self._going.is_set()

    def pause(self, paused: bool) -> None:
        """Stop after the step that runs now, or go on."""
        if paused:
            self._going.clear()
        else:
            self._going.set()

    def cancel(self) -> None:
        """Stop for good after the step that runs now; what is done is kept."""
        self._cancelled.set()
        self._going.set()

    def wait(self) -> None:
        """Wait until the thread has ended."""
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            self._drive(self._begin())
        except Exception as error:  # noqa: BLE001  # shown or logged by who listens
            self.ended.emit(error)
        else:
            self.ended.emit(None)

    def _drive(self, steps: Iterator[Progress]) -> None:
        shown = 0.0
        phase = ""
        unsaid: Progress | None = None
        try:
            for step in steps:
                now = time.monotonic()
                unsaid = step
                if step.phase != phase or now - shown >= SHOW_EVERY_S:
                    shown, phase, unsaid = now, step.phase, None
                    self.progressed.emit(step)
                self._going.wait()
                if self._cancelled.is_set():
                    return
        finally:
            if unsaid is not None:
                # How it ended counts more than how it went.
                self.progressed.emit(unsaid)
            steps.close()  # type: ignore[attr-defined]  # generators have it
