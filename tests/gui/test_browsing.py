"""Searches of several parts, and the way back to those before."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from bowerbird.gui import history
from bowerbird.gui.history import History
from bowerbird.gui.searching import Wish
from bowerbird.gui.window import Window
from bowerbird.types import Term
from helpers.fake_library import FakeLibrary

Open = Callable[[FakeLibrary], Window]
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def settle(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.is_settled)


def choose(window: Window, position: int, text: str) -> None:
    """Pick an entry of a picture's menu."""
    window._view.select(position, NONE)
    window._view.menu_wanted.emit(window._view.rect().center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text().split("\t")[0] == text).trigger()
    menu.close()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_pictures_add_up(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    choose(window, 0, "Find similar")
    qtbot.waitUntil(lambda: library.queries[-1].assets == (Term("uuid-10"),))
    settle(window, qtbot)
    choose(window, 4, "Also like this")
    both = (Term("uuid-10"), Term("uuid-5"))
    qtbot.waitUntil(lambda: library.queries[-1].assets == both)
    settle(window, qtbot)
    choose(window, 1, "Not like this")
    qtbot.waitUntil(lambda: library.queries[-1].assets == (*both, Term("uuid-2", -0.5)))
    assert [chip.property("avoid") for chip in window._bar._chips] == [False, False, True]
    settle(window, qtbot)
    choose(window, 2, "Find similar")
    qtbot.waitUntil(lambda: library.queries[-1].assets == (Term("uuid-3"),))
    settle(window, qtbot)


def test_words_are_set_aside_and_weighed(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    field = window._bar.focusProxy()
    qtbot.keyClicks(field, "beach -people")
    qtbot.keyClick(field, Qt.Key.Key_Return, CONTROL)
    qtbot.keyClicks(field, "dog")
    wanted = (Term("dog"), Term("beach"), Term("people", -1.0))
    qtbot.waitUntil(lambda: library.queries[-1].texts == wanted)
    beach, people = window._bar._chips
    assert people.property("avoid") is True
    qtbot.keyClick(beach, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: library.queries[-1].texts[1] == Term("beach", 1.25))
    assert "1.25" in beach.accessibleName()
    for _ in range(6):
        window._bar.add(replace(beach.shown, text="more"))
        window._bar.add(replace(people.shown, text="less"))
    assert len(window._bar.shown) == 4, "the same is not added twice"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not library.queries[-1].has_terms)
    settle(window, qtbot)


def test_back_and_forward(open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "SETTLED_S", 0.0)
    library = FakeLibrary(10)
    window = open_window(library)
    window.type_query("dog")
    qtbot.waitUntil(lambda: [t.value for t in library.queries[-1].texts] == ["dog"])
    settle(window, qtbot)
    window._filters.set_sort("name")
    settle(window, qtbot)
    window._panel.choose(("collection", "1"))
    settle(window, qtbot)
    window._view.select(2, NONE)
    qtbot.keyClick(window._view, Qt.Key.Key_G, CONTROL)
    qtbot.waitUntil(lambda: bool(library.queries[-1].assets))
    settle(window, qtbot)

    def at() -> tuple[str, int, str | None, str]:
        settle(window, qtbot)
        assert window._browsing is not None
        bar, filters = window._bar, window._filters
        return bar.text, len(bar.shown), filters.sort, window._browsing._place.key[0]

    path = [at()]
    for _ in range(5):
        qtbot.keyClick(window._view, Qt.Key.Key_Left, ALT)
        path.append(at())
    assert path == [
        ("dog", 1, "name", "collection"),
        ("dog", 0, "name", "collection"),
        ("dog", 0, "name", "all"),
        ("dog", 0, None, "all"),
        ("", 0, None, "all"),
        ("", 0, None, "all"),
    ]
    for _ in range(4):
        qtbot.keyClick(window._view, Qt.Key.Key_Right, ALT)
    assert at() == path[0]
    qtbot.mouseClick(window, Qt.MouseButton.BackButton, pos=QPoint(5, 5))
    assert at() == path[1]


def test_half_typed_words_are_no_stops_on_the_way() -> None:
    way = History()
    for text in ("", "d", "dog", "dogs"):
        way.note(Wish(text))
    assert way.step(-1) == Wish("")
    assert way.step(-1) is None
    assert way.step(1) == Wish("dogs")
    assert way.step(1) is None
    way.step(-1)
    way.note(Wish("cat"))
    assert way.step(1) is None, "another way was taken"


def test_more_hits_follow_when_hands_rest(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(500)
    window = open_window(library)
    window.type_query("dog")
    qtbot.waitUntil(lambda: len(window._model) == 200)
    window._view.select(7, NONE)
    qtbot.waitUntil(lambda: len(window._model) == 500)
    assert window._view.selected().tolist() == [7]
    assert [query.limit for query in library.queries if query.texts] == [200, 2000]
    settle(window, qtbot)
