"""Shows the progress of something long: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, TextIO, cast

from bowerbird.cli.terminal import amount, duration, is_terminal, one_line

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.progress import Progress as Bar

    from bowerbird.types import Progress

# In a log, a line every few seconds shows life and does not fill it.
LINE_EVERY_S = 5.0
_IN_BYTES = ("downloading", "checking")
_IN_PERCENT = "drawing"


def follow(
    events: Iterator[Progress],
    label: str,
    *,
    stream: TextIO | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Progress | None:
    """Do the work behind `events` while showing it on stderr; returns the last event.

    Args:
        events: A generator of the library; it is closed, which cancels it, when this is left.
        label: What is being worked on.
        stream: stderr unless a test gives another.
        clock: Seconds that never go back.
    """
    stream = stream or sys.stderr
    with closing(cast("Generator[Progress]", events)):
        if is_terminal(stream):
            return _bar(events, label, stream)
        return _lines(events, label, stream, clock)


def line(progress: Progress) -> str:
    """Return one event in words: `indexing 120 of 1,000 (3 failed), 45.1/s, 20 s left`."""
    in_bytes, in_percent = progress.phase in _IN_BYTES, progress.phase == _IN_PERCENT
    done = amount(progress.done) if in_bytes else f"{progress.done:,}"
    words = f"{progress.phase} {done}{' %' if in_percent else ''}"
    if progress.total is not None and not in_percent:
        words += f" of {amount(progress.total) if in_bytes else format(progress.total, ',')}"
    if progress.failed:
        words += f" ({progress.failed:,} failed)"
    if progress.rate > 0:
        words += f", {amount(int(progress.rate)) if in_bytes else format(progress.rate, '.1f')}/s"
    if progress.remaining_s is not None:
        words += f", {duration(progress.remaining_s)} left"
    return words


def _lines(
    events: Iterator[Progress], label: str, stream: TextIO, clock: Callable[[], float]
) -> Progress | None:
    last: Progress | None = None
    printed = clock()
    for last in events:
        if clock() - printed >= LINE_EVERY_S:
            printed = clock()
            print(f"{one_line(label)}: {line(last)}", file=stream, flush=True)
    return last


def _bar(events: Iterator[Progress], label: str, stream: TextIO) -> Progress | None:
    from rich.console import Console
    from rich.progress import BarColumn, Progress as Bar, TextColumn

    columns = (
        TextColumn("{task.fields[label]}", markup=False),
        BarColumn(),
        TextColumn("{task.description}", markup=False),
    )
    last: Progress | None = None
    with Bar(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("", total=None, label=one_line(label))
        for last in events:
            _advance(bar, task, last)
    return last


def _advance(bar: Bar, task: int, progress: Progress) -> None:
    from rich.progress import TaskID

    bar.update(
        TaskID(task), total=progress.total, completed=progress.done, description=line(progress)
    )
