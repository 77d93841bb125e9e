"""Many pictures get tags and attributes at once, and give them back."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from bowerbird.gui.describing import with_attributes
from bowerbird.gui.tasks import timed
from bowerbird.gui.window import Window
from bowerbird.types import Attribute, Progress
from helpers.fake_library import FakeLibrary

Open = Callable[[FakeLibrary], Window]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def settle(window: Window, qtbot: QtBot) -> None:
    qtbot.wait(250)  # until the hands rest
    assert window._hands is not None
    tasks = window._hands.tasks
    qtbot.waitUntil(lambda: window.is_settled and not tasks.running)


def choose(window: Window, qtbot: QtBot, title: str) -> None:
    """Choose a line of the menu of the pictures."""
    assert window._hands is not None
    window._hands.pictures._show_menu(window.mapToGlobal(window.rect().center()))
    (menu,) = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    next(action for action in menu.actions() if action.text() == title).trigger()
    menu.close()
    settle(window, qtbot)


def test_all_that_is_selected_gets_its_tags_in_one_step(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(70)
    library.tags = {70: ("Dog",)}
    window = open_window(library)
    assert window._hands is not None
    window._view.select(0, Qt.KeyboardModifier.NoModifier)
    window._view.selectAll()
    choose(window, qtbot, "Add suggested tags")
    assert library.tags[70] == ("Dog", "sea"), "what the user gave stays as it is"
    assert all(library.tags[each] == ("dog", "sea") for each in range(1, 70))
    (task,) = [one for one in window._hands.tasks.all if "tags" in one.title]
    assert task.outcome == "Done · 70 pictures changed"
    window._hands.edits.stack.undo()
    settle(window, qtbot)
    assert library.tags[70] == ("Dog",)
    assert not any(library.tags[each] for each in range(1, 70))
    window._hands.edits.stack.redo()
    settle(window, qtbot)
    assert library.tags[1] == ("dog", "sea")


def test_attributes_are_noted_where_nothing_was(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(5)
    library.metadata = {
        5: {"Title": "Summer dress", "description": "Of silk", "colour": "blue"},
        4: {"name": "bad"},
    }
    window = open_window(library)
    assert window._hands is not None
    window._view.select(0, Qt.KeyboardModifier.NoModifier)
    window._view.selectAll()
    choose(window, qtbot, "Read attributes")
    assert library.metadata[5] == {
        "Title": "Summer dress",
        "description": "Of silk",
        "colour": "blue",
        "category": "dress",
    }
    assert library.metadata[3] == {"colour": "red", "guessed": ["colour"]}
    assert library.metadata[4] == {"name": "bad"}
    (first, *_) = library.products
    assert (first.title, first.description) == ("Summer dress", "Of silk")
    assert first.picture is not None
    (task,) = [one for one in window._hands.tasks.all if "attributes" in one.title]
    assert task.outcome == "Done · 1 failed · 4 pictures changed"
    assert task.failures == ["4.jpg: This cannot be done. Do that instead."]
    window._hands.edits.stack.undo()
    settle(window, qtbot)
    assert library.metadata[3] == {}
    assert library.metadata[5] == {
        "Title": "Summer dress",
        "description": "Of silk",
        "colour": "blue",
    }


def test_what_is_guessed_twice_is_named_beside_what_was() -> None:
    found = {"fit": Attribute("slim", 0.6, "embedding"), "colour": Attribute("red", 0.9)}
    before = {"guessed": ["category"], "category": "jeans"}
    assert with_attributes(before, found) == {
        **before,
        "fit": "slim",
        "colour": "red",
        "guessed": ["category", "fit"],
    }
    own = {"guessed": "by my aunt"}
    assert with_attributes(own, found)["guessed"] == "by my aunt"


def test_tasks_say_how_fast_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("bowerbird.gui.tasks.monotonic", lambda: now)

    def work() -> Iterator[Progress]:
        nonlocal now
        for done in range(1, 5):
            now += 0.5
            yield Progress("exporting", done, 10)
        yield Progress("drawing", 5, 10)
        yield Progress("indexing", 6, 10, rate=3.0)

    found = []
    for step in timed(work()):
        found.append((step.rate, step.remaining_s))
        now += 100  # somebody paused
    assert found[0] == (0.0, None), "nobody knows yet"
    assert found[3] == (2.0, 3.0)
    assert found[4] == (0.0, 1.875), "a share has no rate that means anything"
    assert found[5] == (3.0, None)
