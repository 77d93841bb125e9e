"""Rate and time left, on a clock that the test turns."""

import pytest

from bowerbird.indexing.meter import WINDOW_S, Meter


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_counts_rate_and_time_left() -> None:
    clock = Clock()
    meter = Meter("indexing", 100, clock)
    clock.now += 2
    progress = meter.add(10, failed=1, current="a.jpg")
    assert (progress.done, progress.total, progress.failed) == (10, 100, 1)
    assert progress.current == "a.jpg"
    assert progress.rate == pytest.approx(5.0)
    assert progress.remaining_s == pytest.approx(18.0)


def test_rate_is_that_of_the_last_while() -> None:
    clock = Clock()
    meter = Meter("indexing", None, clock)
    for _ in range(100):
        clock.now += 1
        meter.add(100)
    for _ in range(int(WINDOW_S) + 1):
        clock.now += 1
        progress = meter.add(1)
    assert progress.rate == pytest.approx(1.0, rel=0.1)
    assert progress.remaining_s is None


def test_no_time_passed_is_no_rate() -> None:
    progress = Meter("indexing", 10, Clock()).add(1)
    assert progress.rate == 0.0
    assert progress.remaining_s is None
