"""Syncs collections one after the other, each as a job that can be paused and cancelled."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from bowerbird.errors import ConflictError, SourceError
from bowerbird.gui.i18n import tr
from bowerbird.gui.tasks import Task, Tasks
from bowerbird.types import Collection, Progress

if TYPE_CHECKING:
    from bowerbird.library import Library


class Begin(Protocol):
    """Starts a sync, here or in another process."""

    def __call__(
        self,
        library: Library,
        collection: Collection,
        *,
        retry_failed: bool = False,
        auto: bool = False,
    ) -> Iterator[Progress]:
        """Yield its steps."""


class Syncing(QObject):
    """The queue of syncs; on the GUI thread, the work is not.

    Args:
        library: Whose collections.
        begin: Starts one.
        tasks: Where they are shown.
    """

    progressed = Signal(str, object)
    """A collection's name and its `Progress`."""
    idle = Signal()
    """Nothing is left to do."""
    settled = Signal()
    """One sync ended, so that counts and pictures may be others."""
    failed = Signal(object)
    """An exception that the user should know of."""

    def __init__(
        self, library: Library, begin: Begin, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._begin = begin
        self._tasks = tasks
        self._queue: deque[tuple[Collection, bool, bool]] = deque()
        self._job: Task | None = None
        self._current: Collection | None = None
        self.trouble: dict[int, str] = {}
        """Sentences by collection id, for those whose source was away last time."""

    @property
    def current(self) -> Collection | None:
        """The collection that is being synced."""
        return self._current

    def add(
        self, collection: Collection, *, quiet: bool = False, retry_failed: bool = False
    ) -> None:
        """Sync a collection when it is its turn; `quiet` for what nobody asked for."""
        waiting = [queued.id for queued, _, _ in self._queue]
        running = self._current is not None and self._current.id == collection.id
        if collection.id in waiting or running:
            return
        self._queue.append((collection, quiet, retry_failed))
        if self._job is None:
            self._next()

    def _next(self) -> None:
        if not self._queue:
            self._current = self._job = None
            self.idle.emit()
            return
        collection, quiet, retry = self._queue.popleft()
        self._current = collection
        task = Task(
            tr("Look for changes in {name}").format(name=collection.name),
            lambda: self._begin(self._library, collection, retry_failed=retry, auto=quiet),
            self,
            again=lambda: self.add(collection, retry_failed=True),
        )
        self._job = task
        task.changed.connect(lambda: self._follow(task))
        task.ended.connect(lambda: self._ended(collection, task, quiet))
        self._tasks.follow(task)
        task.start()

    def _follow(self, task: Task) -> None:
        if task.step is not None and self._current is not None:
            self.progressed.emit(self._current.name, task.step)

    def _ended(self, collection: Collection, task: Task, quiet: bool) -> None:
        task.wait()
        error = task.error
        self.trouble.pop(collection.id, None)
        if isinstance(error, SourceError):
            self.trouble[collection.id] = str(error)
        # Another process that syncs already does what nobody asked for here.
        expected = quiet and isinstance(error, ConflictError | SourceError)
        if error is not None and not expected:
            self.failed.emit(error)
        idle = error is None and not task.trouble and not (task.step and task.step.done)
        if expected or (quiet and idle):
            # Nobody asked, nothing came of it: nothing to tell.
            self._tasks.forget(task)
        self._next()
        self.settled.emit()

    def pause(self, paused: bool) -> None:
        """Pause or resume what runs."""
        if self._job is not None:
            self._job.pause(paused)

    def cancel(self) -> None:
        """Stop what runs and forget what waits; what is done is kept."""
        self._queue.clear()
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        """Cancel, and wait for the batch in flight."""
        self.cancel()
        if self._job is not None:
            self._job.wait()
