"""Text is read from the menus, shown where a picture is inspected, and copied from there."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from bowerbird.errors import ModelMissingError
from bowerbird.gui.places import WITH_TEXT
from bowerbird.gui.read_text import MOST_LINES, ReadText
from bowerbird.gui.tasks_panel import TasksPanel
from bowerbird.gui.theme import Theme
from bowerbird.gui.window import Window
from bowerbird.types import Comparison, Query, Reading, Results, TextLine
from helpers.fake_library import FakeLibrary

Open = Callable[[FakeLibrary], Window]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def reading(*lines: str) -> Reading:
    return Reading(tuple(TextLine(line, 0.9, (0, 0, 1, 1)) for line in lines))


def done(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window._hands.tasks.running)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: window.is_settled)


def words(window: Window) -> str:
    panel = window.findChild(TasksPanel)
    return " | ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def entry(menu: QMenu, title: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == title)


def test_the_text_of_a_selected_picture_is_shown_and_copied(
    open_window: Open, qtbot: QtBot
) -> None:
    library = FakeLibrary(3)
    library.texts = {3: reading("Invoice 2023", "Total 5")}
    window = open_window(library)
    shown = window._inspector.read
    assert not shown.isVisible()
    window._view.select(0, NONE)
    qtbot.waitUntil(lambda: shown.text == "Invoice 2023\nTotal 5")
    assert shown.isVisible()
    assert shown._body.isReadOnly()
    shown._copy.click()
    assert QApplication.clipboard().text() == "Invoice 2023\nTotal 5"
    window._view.select(1, NONE)
    qtbot.waitUntil(lambda: not shown.isVisible())
    window._view.select(0, NONE)
    qtbot.waitUntil(shown.isVisible)
    qtbot.waitUntil(lambda: window.is_settled)
    window._view.select(1, CONTROL)
    assert not shown.isVisible(), "two are selected"
    qtbot.waitUntil(lambda: window.is_settled)


def test_escape_leads_back_and_clears_nothing(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    library.texts = {1: reading("Invoice")}
    window = open_window(library)
    window.type_query("dog")
    qtbot.waitUntil(lambda: bool(library.queries[-1].texts))
    qtbot.waitUntil(lambda: window.is_settled)
    window._view.select(0, NONE)
    qtbot.waitUntil(lambda: window._inspector.read.isVisible())
    window._inspector.read._body.setFocus()
    qtbot.keyClick(window._inspector.read._body, Qt.Key.Key_Escape)
    assert window._view.hasFocus()
    assert window._bar.text == "dog"
    qtbot.waitUntil(lambda: window.is_settled)


def test_a_selection_is_read_from_its_menu(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(8)
    window = open_window(library)
    window._view.select(0, NONE)
    window._view.select(1, CONTROL)
    window._view.menu_wanted.emit(QPoint(10, 10))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    entry(menu, "Read text").trigger()
    menu.close()
    done(window, qtbot)
    assert library.read_for == [(None, [8, 7], False)]
    assert "Read text in 2 pictures | Done · 1 failed" in words(window)
    task = window._hands.tasks.all[0]  # type: ignore[union-attr]
    assert task.failures == ["7.jpg: it crashed what reads text"]


def test_one_picture_is_read_whatever_came_of_it_before(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    window._view.select(0, NONE)
    qtbot.waitUntil(lambda: window.is_settled)
    window._hands.pictures.read_wanted.emit()  # type: ignore[union-attr]
    done(window, qtbot)
    assert library.read_for == [(None, [3], True)]
    qtbot.waitUntil(lambda: window._inspector.read.text == "Page 3")
    window._view.clearSelection()
    window._hands.read_text(ids=[])  # type: ignore[union-attr]
    assert len(library.read_for) == 1, "nothing is selected"


def test_all_is_read_from_the_menu_and_has_a_place(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    assert "With text" not in [place.title for place in window._places]
    entry(window._panel.menu, "Read text in all pictures").trigger()
    done(window, qtbot)
    assert library.read_for == [(None, None, False)]
    qtbot.waitUntil(lambda: "With text" in [place.title for place in window._places])
    (place,) = [place for place in window._places if place.title == "With text"]
    assert (place.count, place.filter) == (7, WITH_TEXT)


def test_a_collection_is_read_from_its_menu(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(4)
    window = open_window(library)
    qtbot.waitUntil(lambda: len(window._places) > 1)
    place = next(place for place in window._places if place.collection is not None)
    acts = dict(window._actions_of(place))
    acts["Read text in its pictures"]()
    done(window, qtbot)
    assert library.read_for == [(Comparison("collection", "=", 1), None, False)]


def test_it_can_be_stopped(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(50)
    window = open_window(library)
    library.sync_gate.clear()
    window._hands.read_text()  # type: ignore[union-attr]
    (task,) = window._hands.tasks.running  # type: ignore[union-attr]
    task.cancel()
    library.sync_gate.set()
    done(window, qtbot)
    assert "Stopped" in words(window)
    assert len(library.texts) < 50


def test_what_is_missing_is_said(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    library.fail = ModelMissingError('Run `pip install "bowerbird[ocr]"`.')
    window._hands.read_text()  # type: ignore[union-attr]
    done(window, qtbot)
    assert 'pip install "bowerbird[ocr]"' in words(window)


def test_hits_by_their_words_are_no_bad_matches(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakeLibrary(20)
    library.score = 0.1
    plain = library.search

    def search(query: Query) -> Results:
        found = plain(query)
        by_words = frozenset((1, 2, 9)) if query.texts else frozenset()
        return replace(found, worded=by_words)

    monkeypatch.setattr(library, "search", search)
    window = open_window(library)
    window.type_query("invoice")
    qtbot.waitUntil(lambda: window._view.tiling.divider is not None)
    assert not window._parts.remark.isVisible()
    assert window._view.tiling.starts.tolist()[1] == 2, "the line is below the first two"
    qtbot.waitUntil(lambda: window.is_settled)


def test_long_text_scrolls_and_trouble_is_a_sentence(theme: Theme, qtbot: QtBot) -> None:
    shown = ReadText(theme)
    qtbot.addWidget(shown)
    shown.resize(300, 400)
    shown.show_reading(reading("one"))
    shown.show()
    low = shown._body.height()
    shown.show_reading(reading(*(f"line {number}" for number in range(5))))
    middle = shown._body.height()
    shown.show_reading(reading(*(f"line {number}" for number in range(500))))
    assert low < middle < shown._body.height() < 2 * MOST_LINES * low
    shown.show_reading(Reading(trouble="crashed what reads text"))
    assert shown._trouble.isVisible()
    assert not shown._body.isVisible()
    shown.show_reading(Reading())
    assert not shown.isVisible()
