"""Syncs collections one after the other, each as a job that can be paused and cancelled."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from bowerbird.errors import ConflictError, SourceError
from bowerbird.gui.i18n import tr
from bowerbird.gui.tasks import Task, Tasks
from bowerbird.types import Collection, Keys, Progress

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
        keys: Sequence[str] | None = None,
    ) -> Iterator[Progress]:
        """Yield its steps."""


@dataclass(slots=True)
class Wanted:
    """A sync that waits for its turn.

    Attributes:
        collection: Of which.
        quiet: Whether nobody asked for it.
        retry_failed: Whether failed pictures are tried again.
        keys: The pictures to look at; None for all.
    """

    collection: Collection
    quiet: bool
    retry_failed: bool
    keys: Keys


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
        self._queue: deque[Wanted] = deque()
        self._job: Task | None = None
        self._current: Collection | None = None
        self.trouble: dict[int, str] = {}
        """Sentences by collection id, for those whose source was away last time."""

    @property
    def current(self) -> Collection | None:
        """The collection that is being synced."""
        return self._current

    def add(
        self,
        collection: Collection,
        *,
        quiet: bool = False,
        retry_failed: bool = False,
        keys: Keys = None,
    ) -> None:
        """Sync a collection when it is its turn.

        Args:
            collection: Which; one that waits already is not synced twice.
            quiet: Nobody asked for it.
            retry_failed: Try failed pictures again.
            keys: Look at these alone; None for all.
        """
        waiting = next((w for w in self._queue if w.collection.id == collection.id), None)
        if waiting is not None:
            both = waiting.keys is not None and keys is not None
            waiting.keys = waiting.keys | keys if both else None  # type: ignore[operator]
            return
        if self._current is not None and self._current.id == collection.id:
            return
        self._queue.append(Wanted(collection, quiet, retry_failed, keys))
        if self._job is None:
            self._next()

    def _next(self) -> None:
        if not self._queue:
            self._current = self._job = None
            self.idle.emit()
            return
        wanted = self._queue.popleft()
        collection, quiet = wanted.collection, wanted.quiet
        self._current = collection
        keys = None if wanted.keys is None else sorted(wanted.keys)
        task = Task(
            tr("Look for changes in {name}").format(name=collection.name),
            lambda: self._begin(
                self._library,
                collection,
                retry_failed=wanted.retry_failed,
                auto=quiet,
                keys=keys,
            ),
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
