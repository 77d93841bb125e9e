"""Splits separated text into rows; a quote that nobody closes costs one line, not the rest."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# A row that is longer, or spans more lines, is a mistake or malice.
MOST_CHARACTERS, MOST_LINES = 1 << 22, 1000
# Lines that are read again in all: a text can be such that each opens a quote for very many.
MOST_AGAIN = 2_000_000


@dataclass(frozen=True, slots=True)
class Split:
    """A row, or why there is none.

    Attributes:
        line: Where it begins, from 1.
        cells: What it holds.
        fault: Why it cannot be read; empty where it can.
        doubtful: Whether it may be the inside of a row that could not be read.
    """

    line: int
    cells: list[str] = field(default_factory=list)
    fault: str = ""
    doubtful: bool = False


def split(lines: Iterable[str], separator: str) -> Iterator[Split]:
    """Yield the rows of a text.

    What follows a line that cannot be read is read again from the next line on: it may be rows
    that a stray quote holds together.
    """
    csv.field_size_limit(MOST_CHARACTERS)
    rest = iter(lines)
    again: deque[str] = deque()
    line, repeated = 1, 0
    while True:
        doubtful = bool(again)
        taken: list[str] = []
        try:
            cells = next(csv.reader(_feed(again, rest, taken), delimiter=separator, strict=True))
        except StopIteration:
            return
        except csv.Error as error:
            loose = _loose(taken[0], separator)
            again.extendleft(reversed(taken[1:]))
            repeated += len(taken) - 1
            if repeated > MOST_AGAIN:
                yield Split(line, fault="is one of too many with open quotes; no more is read")
                return
            if loose is None:
                yield Split(line, fault=_fault(error, taken))
            else:
                yield Split(line, loose, doubtful=doubtful)
            line += 1
        else:
            yield Split(line, cells, doubtful=doubtful)
            line += len(taken)


def _feed(again: deque[str], rest: Iterator[str], taken: list[str]) -> Iterator[str]:
    """Yield lines as long as they can be of one row, and note them."""
    size = 0
    while len(taken) < MOST_LINES and size <= MOST_CHARACTERS:
        line = again.popleft() if again else next(rest, None)
        if line is None:
            return
        size += len(line)
        taken.append(line)
        yield line


def _loose(line: str, separator: str) -> list[str] | None:
    """Return the cells of a line with text behind a closed quote; None where one stays open."""
    asked: list[str] = []
    reader = csv.reader(_feed(deque((line, "")), iter(()), asked), delimiter=separator)
    try:
        cells = next(reader)
    except csv.Error:
        return None
    return cells if len(asked) == 1 else None


def _fault(error: csv.Error, taken: list[str]) -> str:
    if len(taken) == 1 and "end of data" not in str(error):
        return f"cannot be read: {error}"
    return (
        'begins a text with a quote (") that is not closed where a row can end; double the quotes '
        "that belong to the text"
    )
