"""Collections that stay true by themselves while the window is open."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from bowerbird.gui.window import Window
from bowerbird.types import Auto
from helpers.fake_library import FakeLibrary

Open = Callable[[FakeLibrary], Window]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_what_changes_is_synced(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    assert library.synced == ["pictures"], "once at the start"
    library.watched[1](frozenset({"b.jpg", "a.jpg"}))
    qtbot.waitUntil(lambda: library.synced == ["pictures"] * 2)
    assert library.looked_at == [None, ["a.jpg", "b.jpg"]]
    qtbot.waitUntil(lambda: window.is_settled)
    assert not window._message.isVisible()


def test_a_change_during_a_sync_is_not_missed(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    library.sync_gate.clear()
    library.watched[1](None)
    qtbot.waitUntil(lambda: window._is_syncing)
    library.watched[1](frozenset({"a"}))
    library.watched[1](frozenset({"b"}))
    qtbot.wait(50)
    library.sync_gate.set()
    qtbot.waitUntil(lambda: library.synced == ["pictures"] * 3)
    assert library.looked_at[1:] == [None, ["a", "b"]]
    qtbot.waitUntil(lambda: window.is_settled)


def test_the_clock_asks_for_what_is_due(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    asked: list[int] = []

    def hourly(*arguments: object, **_: object) -> tuple[str, bool]:
        items, current = arguments[3], arguments[4]
        asked.append(current)  # type: ignore[arg-type]
        return items[1], True  # type: ignore[index]

    monkeypatch.setattr(QInputDialog, "getItem", hourly)
    place = next(p for p in window._places if p.collection is not None)
    act = dict(window._hands.places.of(place))["Look by itself …"]  # type: ignore[union-attr]
    act()
    qtbot.waitUntil(lambda: library.found[0].auto is Auto.HOURLY)
    qtbot.waitUntil(lambda: window.is_settled)
    assert asked == [0], "it was looked at on change"
    assert window._keeping is not None
    before = len(library.synced)
    window._keeping._look_at_clock()
    qtbot.waitUntil(lambda: len(library.synced) == before + 1)
    qtbot.waitUntil(lambda: window.is_settled)
    qtbot.keyClick(window._view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: library.found[0].auto is Auto.CHANGE)
    qtbot.waitUntil(lambda: window.is_settled)


def test_a_collection_that_is_off_is_not_synced_at_the_start(
    open_window: Open, qtbot: QtBot
) -> None:
    library = FakeLibrary(10)
    library.set_auto(library.found[0], Auto.OFF)
    window = open_window(library)
    assert library.synced == []
    assert library.watched == {}
    qtbot.keyClick(window._view, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: library.synced == ["pictures"])
    qtbot.waitUntil(lambda: window.is_settled)


def test_what_cannot_be_watched_is_said_once(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    library.untold = "This drive does not tell. Press F5."
    window = open_window(library)
    assert window._keeping is not None
    window._keeping._look_at_clock()
    assert window._message.text == "This drive does not tell. Press F5."
    window._message.hide()
    window._keeping._look_at_clock()
    assert not window._message.isVisible()
    qtbot.waitUntil(lambda: window.is_settled)


def test_a_source_that_is_away_is_not_asked_every_minute(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    library.set_auto(library.found[0], Auto.HOURLY)
    library.offline = True
    window = open_window(library)
    before = len(library.looked_at)
    assert window._keeping is not None
    for _ in range(3):
        window._keeping._look_at_clock()
        qtbot.wait(50)
        qtbot.waitUntil(lambda: window.is_settled)
    assert len(library.looked_at) == before + 1
