"""The side panel: what stands in it, what choosing does, and what can be done with a line."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from bowerbird.gui.places import Kept, Place, read_kept, read_places, with_recent
from bowerbird.gui.side_panel import PLACE
from bowerbird.gui.window import Window
from bowerbird.types import (
    AllOf,
    CollectionCounts,
    Comparison,
    Facets,
    Progress,
    Query,
    Term,
)
from helpers.fake_library import FakeLibrary

# The offscreen plugin has no window manager.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Open = Callable[[FakeLibrary], Window]


def find(places: list[Place], *key: str) -> Place:
    waiting = list(places)
    while waiting:
        place = waiting.pop()
        if place.key == key:
            return place
        waiting += place.children
    raise AssertionError(f"no place {key}")


def test_folders_form_a_tree_that_counts_what_lies_below() -> None:
    library = FakeLibrary(9)
    folders = (("", 1), ("a", 2), ("a/b/c", 3), ("d", 3))
    places = read_places(library, Kept({1: folders}, Facets()), None, {})  # type: ignore[arg-type]
    assert find(places, "folder", "1", "a").count == 5
    assert find(places, "folder", "1", "a/b").count == 3
    assert find(places, "folder", "1", "a/b/c").title == "c"
    assert [child.title for child in find(places, "collection", "1").children] == ["a", "d"]
    assert find(places, "folder", "1", "d").filter == AllOf(
        (Comparison("collection", "=", 1), Comparison("folder", "=", "d"))
    )


def test_trouble_is_listed_only_where_there_is_some(monkeypatch: pytest.MonkeyPatch) -> None:
    library = FakeLibrary(9)
    kept = read_kept(library)  # type: ignore[arg-type]
    places = read_places(library, kept, None, {})  # type: ignore[arg-type]
    assert ("troubles",) not in [place.key for place in places]
    monkeypatch.setattr(library, "counts", lambda _=None: CollectionCounts(9, failed=2))
    places = read_places(library, kept, None, {})  # type: ignore[arg-type]
    failed = find(places, "status", "failed")
    assert (failed.count, failed.filter) == (2, Comparison("status", "=", "failed"))


def test_an_empty_library_has_no_places() -> None:
    library = FakeLibrary()
    assert read_places(library, read_kept(library), None, {}) == []  # type: ignore[arg-type]


def test_a_saved_search_is_a_live_folder(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    window.type_query("dog -cat")
    qtbot.waitUntil(lambda: window.is_settled)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Dogs", True))
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "Dogs" in library.saved)
    assert library.saved["Dogs"].texts == (Term("dog"), Term("cat", -1.0))
    qtbot.waitUntil(lambda: window._panel._find(("saved", "Dogs")) is not None)
    window._bar.clear()
    window._panel.choose(("saved", "Dogs"))
    qtbot.waitUntil(lambda: library.queries[-1].texts == (Term("dog"), Term("cat", -1.0)))
    window.type_query("brown")
    qtbot.waitUntil(lambda: Term("brown") in library.queries[-1].texts)
    assert Term("dog") in library.queries[-1].texts
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window._hands.edits.stack.undo()
    qtbot.waitUntil(lambda: not library.saved)
    qtbot.waitUntil(lambda: window.is_settled)


def test_renaming_a_collection_can_be_undone(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Holidays", True))
    do(window, ("collection", "1"), "Rename …")
    qtbot.waitUntil(lambda: library.found[0].name == "Holidays")
    window._hands.edits.stack.undo()
    qtbot.waitUntil(lambda: library.found[0].name == "pictures")
    qtbot.waitUntil(lambda: window.is_settled)


@pytest.mark.parametrize("agreed", [True, False])
def test_removing_a_collection_asks_and_counts(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, agreed: bool
) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    asked: list[str] = []

    def answer(box: QMessageBox) -> int:
        asked.append(box.text())
        box.buttons()[0 if (box.buttons()[0].text() == "Remove") == agreed else 1].click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    do(window, ("collection", "1"), "Remove from the library …")
    assert "10 pictures" in asked[0]
    qtbot.waitUntil(lambda: window.is_settled)
    assert len(library.found) == (0 if agreed else 1)


def do(window: Window, key: tuple[str, ...], title: str) -> None:
    item = window._panel._find(key)
    assert item is not None
    dict(window._actions_of(item.data(Qt.ItemDataRole.UserRole)))[title]()


def test_queries_of_saved_searches_keep_their_own_filter(
    open_window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    library = FakeLibrary(10)
    wide = Comparison("orientation", "=", "landscape")
    library.saved["Wide"] = Query(texts=("sea",), filter=wide, sort="-date")
    window = open_window(library)
    window._panel.choose(("saved", "Wide"))
    qtbot.waitUntil(lambda: library.queries[-1].filter == wide)
    assert library.queries[-1].sort == "-date"
    qtbot.waitUntil(lambda: window.is_settled)


def test_recent_searches_are_asked_again(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    for text in ("a dog", "a dog on grass", "cat"):
        window.type_query(text)
        qtbot.waitUntil(lambda: window.is_settled)
    assert window._bar.recent == ["cat", "a dog on grass"], "half a search is none"
    window._bar.clear()
    qtbot.waitUntil(lambda: window.is_settled)
    window._panel.choose(("recent", "a dog on grass"))
    qtbot.waitUntil(lambda: window._bar.text == "a dog on grass")
    qtbot.waitUntil(lambda: window.is_settled)
    assert [t.value for t in library.queries[-1].texts] == ["a dog on grass"]
    assert window._bar.recent[0] == "a dog on grass"
    titles = [item.data(PLACE).title for item in window._panel._items()]
    assert "Recent searches" in titles


def test_no_line_seems_to_be_of_the_heading_above_it() -> None:
    library = FakeLibrary(9)
    kept = Kept({}, Facets(tags=(("red", 2),)), copies=2, duplicates=3, texts=4, shots=5)
    library.save_search("dogs", Query(texts=(Term("a dog"),)))
    places = with_recent(read_places(library, kept, None, {}), ["a cat"])  # type: ignore[arg-type]
    headings = [place.is_heading for place in places]
    assert headings == sorted(headings)
    assert [place.key[0] for place in places if place.is_heading] == ["searches", "recents", "tags"]
    assert {"copies", "duplicates", "read", "shots"} <= {place.key[0] for place in places}


def test_a_collection_in_the_library_takes_what_is_dropped(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Uploads", True))
    assert window._hands is not None
    window._hands.places.make()
    qtbot.waitUntil(lambda: window._panel._find(("collection", "2")) is not None)
    window._panel.choose(("collection", "2"))
    qtbot.waitUntil(lambda: window.is_settled)
    (tmp_path / "a.png").write_bytes(b"good")
    (tmp_path / "b.png").write_bytes(b"bad")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("a.png", "b.png")])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    copy = Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(QPointF(300, 300), copy, mime, left, none))
    qtbot.waitUntil(lambda: library.put_in == [("Uploads", "a.png")])
    tasks = window._hands.tasks
    qtbot.waitUntil(lambda: not tasks.running)
    assert tasks.all[0].failures == ["b.png"]
    assert window._bar.shown == (), "it is no search"
    qtbot.waitUntil(lambda: window.is_settled)


def test_copies_of_one_shot_have_a_place(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(9)
    window = open_window(library)
    keys = [place.key for place in window._places]
    assert ("duplicates",) not in keys
    assert window._hands is not None
    window._hands.copies.look(False)
    qtbot.waitUntil(lambda: ("duplicates",) in [place.key for place in window._places])
    place = find(window._places, "duplicates")
    assert (place.title, place.count) == ("Copies of one shot", 5)
    window._panel.choose(("duplicates",))
    qtbot.waitUntil(lambda: len(window._view.grid) == 5)
    (_, (title, act)) = window._hands.places.of(place)
    assert title == "Select all but the best of each"
    act()
    qtbot.waitUntil(lambda: len(window._view.selected()) == 3)
    assert window._view.grid.asset_ids(window._view.selected()) == [3, 5, 6]
    qtbot.waitUntil(lambda: window.is_settled)


def test_similar_shots_are_a_place_of_their_own(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(9))
    assert window._hands is not None
    window._hands.copies.look(False)
    qtbot.waitUntil(lambda: ("duplicates",) in [place.key for place in window._places])
    assert ("shots",) not in [place.key for place in window._places]
    window._hands.copies.look(True)
    qtbot.waitUntil(lambda: ("shots",) in [place.key for place in window._places])
    place = find(window._places, "shots")
    assert (place.title, place.count) == ("Similar shots", 4)
    window._panel.choose(("shots",))
    qtbot.waitUntil(lambda: len(window._view.grid) == 4)
    (_, (title, act)) = window._hands.places.of(place)
    assert title == "Select the best of each"
    act()
    qtbot.waitUntil(lambda: len(window._view.selected()) == 2)
    assert window._view.grid.asset_ids(window._view.selected()) == [7, 8]
    qtbot.waitUntil(lambda: window.is_settled)


def test_pictures_of_one_shape_are_shown(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(9)
    window = open_window(library)
    asset = window._view.grid.asset_at(0)
    assert asset is not None
    assert window._hands is not None
    window._hands.pictures.shape_wanted.emit(asset)
    qtbot.waitUntil(lambda: len(library.queries[-1].shape) == 256)
    qtbot.waitUntil(lambda: window.is_settled)
    assert [task.title for task in window._hands.tasks.all if "shape" in task.title]


def test_a_place_in_no_list_gets_a_line_and_a_way_back(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(9)
    window = open_window(library)
    asset = window._view.grid.asset_at(0)
    assert asset is not None
    assert window._hands is not None
    window._hands.pictures.shape_wanted.emit(asset)
    qtbot.waitUntil(lambda: bool(library.queries[-1].shape))
    qtbot.waitUntil(lambda: window.is_settled)
    tree = window._panel._tree
    assert tree.currentIndex().data(PLACE).title == "Shaped like 9.jpg"
    assert tree.currentIndex().row() == 1, "behind all pictures"
    window._panel.choose(("all",))
    qtbot.waitUntil(lambda: not library.queries[-1].shape)
    qtbot.waitUntil(lambda: window.is_settled)
    window._step(-1)
    qtbot.waitUntil(lambda: bool(library.queries[-1].shape))
    assert tree.currentIndex().data(PLACE).title == "Shaped like 9.jpg"
    qtbot.waitUntil(lambda: window.is_settled)


def test_who_stops_the_look_at_shapes_stays_where_he_is(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakeLibrary(9)
    window = open_window(library)
    going = threading.Event()

    def slowly() -> Iterator[Progress]:
        yield Progress("looking", 0, 9)
        going.wait(20)
        yield Progress("looking", 1, 9)

    monkeypatch.setattr(library, "find_shapes", slowly)
    asset = window._view.grid.asset_at(0)
    assert window._hands is not None
    window._hands.pictures.shape_wanted.emit(asset)
    (task,) = window._hands.tasks.running
    task.cancel()
    going.set()
    qtbot.waitUntil(lambda: not task.running)
    qtbot.waitUntil(lambda: window.is_settled)
    assert task.outcome == "Stopped"
    assert not library.queries[-1].shape
