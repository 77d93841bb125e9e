"""Tables, sizes and times as a terminal shows them."""

from __future__ import annotations

import sys
from collections.abc import Collection as Several, Sequence
from typing import TextIO


def is_terminal(stream: TextIO) -> bool:
    """Return whether a person reads this stream now."""
    return stream.isatty()


def one_line(text: str) -> str:
    """Return text with its control characters shown, so that no file name steers a terminal."""
    return "".join(
        character
        if character.isprintable() or "\udc80" <= character <= "\udcff"
        else f"\\x{ord(character):02x}"
        for character in text
    )


def complain(sentence: str) -> None:
    """Say on stderr what went wrong; a file's name in it does not steer the terminal."""
    print(f"bowerbird: {one_line(sentence)}", file=sys.stderr, flush=True)


def table(
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Several[int] = (),
    whole: Several[int] = (),
) -> None:
    """Print a table to a terminal.

    Args:
        titles: What stands over the columns.
        rows: Their cells.
        right: Numbers of the columns set to the right.
        whole: Numbers of those whose cells stay on one line.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, title in enumerate(titles):
        shown.add_column(
            title,
            justify="right" if number in right else "left",
            overflow="fold",
            no_wrap=number in whole,
        )
    for row in rows:
        shown.add_row(*(Text(_text(cell)) for cell in row))
    Console().print(shown)


def lines(titles: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    """Print a table on a terminal, and tab-separated lines without titles elsewhere."""
    if is_terminal(stream):
        table(titles, rows)
    else:
        tabbed(rows, stream)


def tabbed(rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    """Print a line a row, its cells parted by tabs."""
    for row in rows:
        print("\t".join(one_line(cell) for cell in row), file=stream)


def amount(count: int) -> str:
    """Return bytes in a unit that is easy to read."""
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def several(count: int, one: str, more: str = "") -> str:
    """Return a count with its noun, whose plural ends in s where `more` is not given."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def duration(seconds: float) -> str:
    """Return a time in words that are short and never more exact than they are true."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def _text(cell: str) -> str:
    return one_line(cell).encode("utf-8", "replace").decode()
