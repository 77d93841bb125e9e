import io
from collections.abc import Callable, Iterator

import pytest

from bowerbird.cli.progress import follow, line
from bowerbird.errors import DownloadError
from bowerbird.types import Progress


def events(count: int, closed: list[bool]) -> Iterator[Progress]:
    try:
        for done in range(1, count + 1):
            yield Progress("indexing", done, count, rate=2.0, current="x.jpg")
    finally:
        closed.append(True)


def test_words() -> None:
    progress = Progress("indexing", 1200, 5000, 3, 45.12, 84.0)
    assert line(progress) == "indexing 1,200 of 5,000 (3 failed), 45.1/s, 1 min 24 s left"
    assert line(Progress("scanning", 7)) == "scanning 7"
    assert line(Progress("drawing", 34, 100, remaining_s=84.0)) == "drawing 34 %, 1 min 24 s left"
    download = Progress("downloading", 1_500_000, 3_000_000, rate=1000.0)
    assert line(download) == "downloading 1.5 MB of 3.0 MB, 1.0 kB/s"


def test_a_line_every_few_seconds() -> None:
    stream, closed = io.StringIO(), []
    ticks = iter(range(0, 100))
    last = follow(events(20, closed), "photos", stream=stream, clock=lambda: float(next(ticks)))
    assert last is not None
    assert last.done == 20
    shown = stream.getvalue().splitlines()
    assert 2 <= len(shown) <= 5
    assert all(row.startswith("photos: indexing ") for row in shown)
    assert closed == [True]


def test_a_bar_for_a_person(terminal: Callable[[], str]) -> None:
    closed: list[bool] = []
    last = follow(events(3, closed), "photos")
    assert last == Progress("indexing", 3, 3, rate=2.0, current="x.jpg")
    assert "photos" in terminal()


def test_nothing_to_do() -> None:
    assert follow(iter(events(0, [])), "photos", stream=io.StringIO()) is None


def test_errors_pass_and_close() -> None:
    closed: list[bool] = []

    def broken() -> Iterator[Progress]:
        try:
            yield Progress("downloading", 1)
            raise DownloadError("The line is dead.")
        finally:
            closed.append(True)

    with pytest.raises(DownloadError):
        follow(broken(), "model", stream=io.StringIO())
    assert closed == [True]
