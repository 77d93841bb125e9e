import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from bowerbird.cli.sync import Daemon
from bowerbird.cli.terminal import amount, duration, lines, one_line, several
from bowerbird.library import Library
from bowerbird.types import Auto

Run = Callable[..., int]
HOSTILE = "photo\x1b[31m\nbowerbird: all is well"


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


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_no_name_steers_the_terminal(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever made a folder, a file or a row of a catalogue does not speak in our name."""
    folder, other = tmp_path / HOSTILE, tmp_path / "other"
    for each in (folder, other):
        each.mkdir()
        Image.new("RGB", (9, 9), "white").save(each / "white.png")
    (folder / f"{HOSTILE}.png").write_bytes(b"no picture")
    table = tmp_path / f"{HOSTILE}.tsv"
    table.write_text(f"id\timage\n1\t{other / 'white.png'}\n2\ts3://x\x1b[2J\n")
    assert run("index", folder) == 0
    assert run("failures") == 0
    assert run("import", table, "--name", "rows\x1b[2J") == 1
    assert run("index", other) == 0
    shutil.move(folder, tmp_path / "unplugged")
    assert run("index") == 1
    assert run("sync") == 1
    assert run("index", folder) == 1
    with Library.open() as library:
        for collection in library.collections():
            library.set_auto(collection, Auto.OFF)
        daemon = Daemon(library)
        daemon._sync(library.collection(HOSTILE))
        shutil.move(tmp_path / "unplugged", folder)
        Image.new("RGB", (9, 9), "black").save(folder / "black.png")
        daemon._sync(library.collection(HOSTILE))
    said = capsys.readouterr()
    printed = (said.out + said.err).splitlines()
    assert sum(one_line(HOSTILE) in line for line in printed) >= 8

    assert "\x1b" not in said.out + said.err
    assert not [line for line in printed if line.startswith("bowerbird: all")]


def test_counts_have_their_noun() -> None:
    assert several(1, "group") == "1 group"
    assert several(1200, "group") == "1,200 groups"
    assert several(0, "copy", "copies") == "0 copies"
