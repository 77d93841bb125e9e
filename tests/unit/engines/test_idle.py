from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from bowerbird.engines import idle
from bowerbird.engines.idle import IdleTimer

if TYPE_CHECKING:
    import pytest


def test_acts_once_left_alone() -> None:
    acted = threading.Event()
    timer = IdleTimer(0.01, acted.set)
    timer.touch()
    assert acted.wait(5)
    acted.clear()
    timer.touch()
    assert acted.wait(5)
    timer.close()


def test_a_touch_puts_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    fires = []

    class Timer:
        def __init__(self, seconds: float, fire: object) -> None:
            waits.append(seconds)
            fires.append(fire)

        def start(self) -> None:
            pass

        def cancel(self) -> None:
            pass

        def join(self) -> None:
            pass

    now = [100.0]
    monkeypatch.setattr(idle.threading, "Timer", Timer)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    acted: list[float] = []
    timer = IdleTimer(10, lambda: acted.append(now[0]))
    timer.touch()
    now[0] = 107
    timer.touch()
    assert waits == [10]  # a touch starts no second thread
    now[0] = 110
    fires[-1]()
    assert waits == [10, 7]
    assert acted == []
    now[0] = 117
    fires[-1]()
    assert acted == [117]
    timer.touch()
    assert waits == [10, 7, 10]
    timer.close()
    fires[-1]()
    assert acted == [117]


def test_zero_is_never_and_close_is_final() -> None:
    before = threading.active_count()
    never = IdleTimer(0, lambda: None)
    never.touch()
    closed = IdleTimer(1, lambda: None)
    closed.close()
    closed.touch()
    assert threading.active_count() == before


def test_close_ends_the_thread() -> None:
    before = threading.active_count()
    timer = IdleTimer(600, lambda: None)
    timer.touch()
    assert threading.active_count() == before + 1
    timer.close()
    timer.close()
    assert threading.active_count() == before
