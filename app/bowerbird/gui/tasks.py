"""Long work that was asked for, beside the syncs: each can be paused, cancelled, tried again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic

from PySide6.QtCore import QObject, Signal

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.jobs import LongJob
from bowerbird.types import Progress

# Ended tasks that the panel still shows.
_KEPT = 20
MOST_FAILURES = 1000
# What is counted in bytes or in hundredths, which nobody wants to see a second of.
_UNTIMED = ("drawing", "downloading")


class Task(QObject):
    """One piece of work, from its start to what became of it.

    Attributes:
        title: What it does.
        step: Where it stands; None before its first step.
        outcome: What became of it; empty while it runs.
        trouble: Whether it ended badly.
        error: What ended it, if something did.
        failures: Names of what it could not do, the first `MOST_FAILURES` of them.

    Args:
        title: What it does.
        begin: Does it, a step at a time.
        again: Tries it once more; None for beginning anew here.
    """

    changed = Signal()
    ended = Signal()

    def __init__(
        self,
        title: str,
        begin: Callable[[], Iterator[Progress]],
        parent: QObject | None = None,
        again: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.again = again or self.start
        self.error: Exception | None = None
        self.failures: list[str] = []
        self.title = title
        self.step: Progress | None = None
        self.outcome = ""
        self.trouble = False
        self._begin = begin
        self._stopped = False
        self._job: LongJob | None = None

    def start(self) -> None:
        """Begin, or begin again."""
        self.step, self.outcome, self.trouble, self._stopped = None, "", False, False
        self.error, self.failures = None, []
        self._job = LongJob(self.title, self._watched, self)
        self._job.progressed.connect(self._follow)
        self._job.ended.connect(self._end)
        self._job.start()
        self.changed.emit()

    @property
    def running(self) -> bool:
        """Whether it is not done yet."""
        return self._job is not None and not self.outcome

    @property
    def stopped(self) -> bool:
        """Whether hands cancelled it."""
        return self._stopped

    @property
    def paused(self) -> bool:
        """Whether it waits to go on."""
        return self.running and self._job is not None and self._job.paused

    def pause(self, paused: bool) -> None:
        """Stop for a while, or go on."""
        if self._job is not None:
            self._job.pause(paused)
            self.changed.emit()

    def cancel(self) -> None:
        """Stop for good; what is done is kept."""
        if self.running and self._job is not None:
            self._stopped = True
            self._job.cancel()

    def say(self, text: str) -> None:
        """Add to what became of it, once it has ended without trouble."""
        if self.error is None:
            self.outcome += f" · {text}"
            self.changed.emit()

    def wait(self) -> None:
        """Wait until its thread has ended."""
        if self._job is not None:
            self._job.wait()

    def _watched(self) -> Iterator[Progress]:
        """Note what fails on the way; in the job's own thread, which sees every step."""
        failed = 0
        with contextlib.closing(self._begin()) as steps:  # type: ignore[type-var]  # generators
            for step in timed(steps):
                if step.failed > failed and step.current and len(self.failures) < MOST_FAILURES:
                    self.failures.append(step.current)
                failed = step.failed
                yield step

    def _follow(self, step: Progress) -> None:
        self.step = step
        self.changed.emit()

    def _end(self, error: Exception | None) -> None:
        self.error = error
        failed = self.step.failed if self.step is not None else 0
        self.trouble = error is not None or failed > 0
        if error is not None:
            self.outcome = messages.sentence(error)
        elif self._stopped:
            self.outcome = tr("Stopped")
        elif failed:
            self.outcome = tr("Done") + " · " + tr("%n failed", "pictures", failed)
        else:
            self.outcome = tr("Done")
        self.changed.emit()
        self.ended.emit()


def timed(steps: Iterator[Progress]) -> Iterator[Progress]:
    """Yield steps with a rate and the time left where they do not say; pauses are no part of it."""
    spent, first = 0.0, None
    while True:
        start = monotonic()
        step = next(steps, None)
        if step is None:
            return
        if first is None:
            first = step.done  # what was done before, and what is loaded once
        else:
            spent += monotonic() - start
        gone = step.done - first
        told = step.rate > 0 or step.remaining_s is not None
        if told or step.total is None or gone <= 0 or spent <= 0:
            yield step
            continue
        rate = gone / spent
        left = (step.total - step.done) / rate
        yield replace(step, rate=0.0 if step.phase in _UNTIMED else rate, remaining_s=left)


class Tasks(QObject):
    """The tasks of this window, the newest first; several may run at once."""

    changed = Signal()
    """One began, went on, or ended."""
    started = Signal()
    """Somebody asked for one and will want to see it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.all: list[Task] = []

    def start(self, title: str, begin: Callable[[], Iterator[Progress]]) -> Task:
        """Do something long."""
        task = Task(title, begin, self)
        self.follow(task)
        self.started.emit()
        task.start()
        return task

    def follow(self, task: Task) -> None:
        """Show a task that somebody else begins."""
        self.all.insert(0, task)
        for old in [each for each in self.all[_KEPT:] if not each.running]:
            self.all.remove(old)
        task.changed.connect(self.changed)

    @property
    def running(self) -> list[Task]:
        """Those that are not done yet."""
        return [task for task in self.all if task.running]

    def forget(self, task: Task) -> None:
        """Drop one."""
        if task in self.all:
            self.all.remove(task)
            self.changed.emit()

    def forget_ended(self) -> None:
        """Drop those that are done."""
        for task in [each for each in self.all if not each.running]:
            self.all.remove(task)
        self.changed.emit()

    def close(self) -> None:
        """Cancel all, and wait for what is in flight."""
        for task in self.running:
            task.cancel()
        for task in self.all:
            task.wait()
