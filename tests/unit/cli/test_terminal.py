import io
import sys
from collections.abc import Callable

import pytest

from bowerbird.cli.terminal import amount, duration, lines, one_line


def test_control_characters_do_not_reach_a_terminal() -> None:
    assert one_line("a\x1b[31m\nb") == "a\\x1b[31m\\x0ab"
    assert one_line("größe 写真") == "größe 写真"
    assert one_line("\udcff") == "\udcff"


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2_000_000, "2.0 MB"), (5e12, "5000.0 GB")],
)
def test_amounts(count: int, shown: str) -> None:
    assert amount(count) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (3700, "1 h 01 min")],
)
def test_durations(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_lines_are_tab_separated_without_titles() -> None:
    stream = io.StringIO()
    lines(("a", "b"), [("1", "x\ty")], stream)
    assert stream.getvalue() == "1\tx\\x09y\n"


def test_tables_show_names_that_are_not_text(terminal: Callable[[], str]) -> None:
    lines(("name", "n"), [("[bold]\udcff", "1")], sys.stdout)
    assert "[bold]?" in terminal()
