"""The window as hands use it, on a library in memory."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from bowerbird.errors import LibraryCorruptError
from bowerbird.gui.grid.view import GridView
from bowerbird.gui.pages import EmptyPage, MessageBar
from bowerbird.gui.theme import Theme
from bowerbird.gui.window import Window
from bowerbird.types import Query, Term
from helpers.fake_library import FakeLibrary, UnexpectedError, user_error

Open = Callable[[FakeLibrary], Window]


def grid(window: Window) -> GridView:
    return window.findChild(GridView)  # type: ignore[no-any-return]


def message(window: Window) -> MessageBar:
    return window.findChild(MessageBar)  # type: ignore[no-any-return]


def said(window: Window) -> str:
    """Every word that the window shows."""
    return "\n".join(
        widget.text()
        for kind in (QLabel, QPushButton, QToolButton)
        for widget in window.findChildren(kind)
        if widget.isVisible()
    )


def drop(window: Window, mime: QMimeData) -> None:
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def urls(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_empty_library_says_what_to_do(open_window: Open, library: FakeLibrary) -> None:
    window = open_window(library)
    assert "Drop a folder of pictures here" in said(window)
    assert not grid(window).isVisible()


def test_pictures_show_newest_first_without_a_query(open_window: Open) -> None:
    window = open_window(FakeLibrary(100))
    assert grid(window).isVisible()
    assert window._model.asset_at(0).name == "100.jpg"  # type: ignore[union-attr]
    assert "100 pictures" in said(window)


def test_dropped_folder_is_added_and_indexed(
    open_window: Open, library: FakeLibrary, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(library)
    drop(window, urls(tmp_path))
    qtbot.waitUntil(lambda: library.synced == [tmp_path.name])
    qtbot.waitUntil(lambda: window.is_settled)
    assert grid(window).isVisible()
    assert "40 pictures" in said(window)


def test_search_works_while_indexing_and_progress_shows(
    open_window: Open, library: FakeLibrary, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(library)
    library.sync_gate.clear()
    library.count = 5
    drop(window, urls(tmp_path))
    qtbot.waitUntil(lambda: "0 of 40" in said(window))
    window.type_query("a dog")
    qtbot.waitUntil(lambda: library.queries[-1:] != [] and library.queries[-1].has_terms)
    qtbot.waitUntil(lambda: len(grid(window).grid) == 5)
    library.sync_gate.set()
    qtbot.waitUntil(lambda: window.is_settled)


def test_pause_and_cancel(
    open_window: Open, library: FakeLibrary, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(library)
    library.sync_gate.clear()
    drop(window, urls(tmp_path))
    qtbot.waitUntil(lambda: "0 of 40" in said(window))
    window._status.pause_wanted.emit(True)
    library.sync_gate.set()
    qtbot.wait(50)
    paused_at = library.count
    qtbot.wait(50)
    assert library.count == paused_at < 40
    window._status.cancel_wanted.emit()
    qtbot.waitUntil(lambda: window.is_settled)
    assert library.synced == []
    assert library.count < 40


def test_typing_searches_once_after_the_last_key(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    before = len(library.queries)
    qtbot.keyClicks(window._bar.focusProxy(), "red shoe -blue")
    qtbot.waitUntil(lambda: len(library.queries) > before)
    qtbot.waitUntil(lambda: window.is_settled)
    last = library.queries[-1]
    assert last.texts == (Term("red shoe"), Term("blue", -1.0))
    assert len(library.queries) - before <= 3


def test_newest_question_wins(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    library.gate.clear()
    for text in ("a", "ab", "nothing"):
        window.type_query(text)
    library.gate.set()
    qtbot.waitUntil(lambda: window.is_settled)
    texts = [query.texts[0].value for query in library.queries if query.texts]  # type: ignore[union-attr]
    # What runs cannot be stopped; what waits is never begun.
    assert texts in (["a", "nothing"], ["nothing"])
    assert len(grid(window).grid) == 0
    assert "Nothing was found" in said(window)


def test_escape_clears(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    window.type_query("dog")
    qtbot.waitUntil(lambda: window.is_settled)
    qtbot.keyClick(window._bar.focusProxy(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not library.queries[-1].has_terms)
    qtbot.waitUntil(lambda: window.is_settled)


def test_no_good_match_is_said(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    library.score = 0.1
    window.type_query("quantum chromodynamics")
    qtbot.waitUntil(lambda: "No picture matches well" in said(window))
    assert "Did you mean" not in said(window)
    library.score = 0.9
    window.type_query("dog")
    qtbot.waitUntil(lambda: "No picture matches well" not in said(window))


def test_what_was_meant_is_one_click_away(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    library.score, library.meant = 0.1, "dogs & cats"
    window.type_query("dosg & cats")
    qtbot.waitUntil(lambda: "Did you mean" in said(window))
    remark = window._parts.remark
    remark.setFocus()
    qtbot.keyClick(remark, Qt.Key.Key_Tab)
    qtbot.keyClick(remark, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window._bar.text == "dogs & cats")
    qtbot.waitUntil(lambda: window.is_settled)
    assert [text.value for text in library.queries[-1].texts] == ["dogs & cats"]


def test_dropped_picture_is_searched_by(open_window: Open, tmp_path: Path, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    picture = tmp_path / "shoe.jpg"
    picture.touch()
    drop(window, urls(picture))
    qtbot.waitUntil(lambda: library.queries[-1] == Query(images=(Term(picture),), limit=200))
    assert "shoe.jpg" in said(window)
    qtbot.keyClick(window._bar.focusProxy(), Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: not library.queries[-1].has_terms)
    qtbot.waitUntil(lambda: window.is_settled)


def test_pasted_bitmap_is_searched_by(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    image = QImage(20, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    QApplication.clipboard().setImage(image)
    qtbot.keyClick(window._bar.focusProxy(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(library.queries[-1].images))
    (term,) = library.queries[-1].images
    assert isinstance(term, Term)
    assert isinstance(term.value, bytes)
    assert QImage.fromData(term.value).size() == image.size()
    qtbot.waitUntil(lambda: window.is_settled)


def test_pasted_text_stays_text(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    QApplication.clipboard().setText("a red bicycle")
    qtbot.keyClick(window._bar.focusProxy(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: library.queries[-1].texts == (Term("a red bicycle"),))
    qtbot.waitUntil(lambda: window.is_settled)


def test_find_similar_asks_by_the_asset(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    grid(window).select(2, Qt.KeyboardModifier.NoModifier)
    qtbot.keyClick(grid(window), Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: library.queries[-1].assets == (Term("uuid-8"),))
    qtbot.waitUntil(lambda: window.is_settled)


def test_chosen_collection_filters(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    window._panel.choose(("collection", "1"))
    qtbot.waitUntil(lambda: library.queries[-1].filter is not None)
    assert library.queries[-1].filter.value == 1  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: window.is_settled)


def test_user_errors_are_sentences(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    library.fail = user_error()
    window.type_query("dog")
    qtbot.waitUntil(lambda: message(window).isVisible())
    assert message(window).text == "This cannot be done. Do that instead."
    assert "Copy details" not in said(window)
    window.type_query("cat")
    qtbot.waitUntil(lambda: not message(window).isVisible())
    qtbot.waitUntil(lambda: window.is_settled)


@pytest.mark.logs_expected
def test_faults_of_ours_can_be_copied_and_show_no_traceback(
    open_window: Open, qtbot: QtBot
) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    library.fail = UnexpectedError("boom")
    window.type_query("dog")
    qtbot.waitUntil(lambda: message(window).isVisible())
    assert "Traceback" not in said(window)
    message(window)._copy.click()
    assert "Traceback" in QApplication.clipboard().text()
    assert "boom" in QApplication.clipboard().text()


def test_library_that_does_not_open_is_said(theme: Theme, qtbot: QtBot) -> None:
    def fail() -> None:
        raise LibraryCorruptError("The library is damaged. Put back a backup.")

    window = Window(theme, fail, begin_sync=FakeLibrary.sync)  # type: ignore[arg-type]
    window.show()
    qtbot.waitUntil(lambda: window.findChild(EmptyPage).isVisible())
    assert "Put back a backup" in said(window)
    window.close()


def test_offline_source_keeps_its_pictures_and_is_marked(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    library.offline = True
    window = open_window(library)
    assert window._syncing is not None
    assert window._syncing.trouble == {1: "The folder is not there. Connect its drive."}
    assert len(grid(window).grid) == 10
    # At the start nobody asked for a sync; asked for, its failure is said.
    assert not message(window).isVisible()
    window._sync(library.found[0])
    qtbot.waitUntil(lambda: message(window).isVisible())
    qtbot.waitUntil(lambda: window.is_settled)


def test_closing_while_indexing_stops_everything(
    open_window: Open, library: FakeLibrary, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(library)
    library.sync_gate.clear()
    drop(window, urls(tmp_path))
    qtbot.waitUntil(lambda: "0 of 40" in said(window))
    library.sync_gate.set()
    window.close()
    assert library.closed
    assert not window.isVisible()


def test_library_is_never_asked_on_the_gui_thread(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(300)
    window = open_window(library)
    window.type_query("dog")
    qtbot.waitUntil(lambda: window.is_settled)
    grid(window).select(0, Qt.KeyboardModifier.NoModifier)
    qtbot.keyClick(grid(window), Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    qtbot.wait(300)
    window._hands.pictures.files.copy_path(window._model.asset_at(3))
    qtbot.waitUntil(lambda: window.is_settled)
    assert "MainThread" not in library.threads


def test_copy_path_and_missing_file(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    window._hands.pictures.files.copy_path(window._model.asset_at(0))
    qtbot.waitUntil(lambda: QApplication.clipboard().text() == "/pictures/folder/10.jpg")
    window._hands.pictures.files.copy_path(window._model.asset_at(9))
    qtbot.waitUntil(lambda: message(window).isVisible())
    assert "1.jpg is not there now" in message(window).text


def test_new_pictures_show_without_moving_hands_and_eyes(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(300)
    window = open_window(library)
    grid(window).select(250, Qt.KeyboardModifier.NoModifier)
    chosen = window._model.asset_ids(grid(window).selected())
    scroll = grid(window).verticalScrollBar().value()
    assert scroll > 0
    library.count = 320
    window._look_again()
    qtbot.waitUntil(lambda: len(window._model) == 320)
    assert window._model.asset_ids(grid(window).selected()) == chosen
    assert grid(window).current == 270
    assert grid(window).verticalScrollBar().value() >= scroll
    qtbot.waitUntil(lambda: window.is_settled)


def test_enter_goes_to_the_answer_of_this_very_search(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    library.gate.clear()
    qtbot.keyClicks(window._bar.focusProxy(), "dog")
    qtbot.keyClick(window._bar.focusProxy(), Qt.Key.Key_Return)
    assert grid(window).current == -1
    library.gate.set()
    qtbot.waitUntil(lambda: grid(window).current == 0)
    assert library.queries[-1].texts == (Term("dog"),)
    qtbot.waitUntil(lambda: window.is_settled)


def test_folder_given_before_the_library_is_open_is_added(
    theme: Theme, tmp_path: Path, qtbot: QtBot
) -> None:
    library = FakeLibrary()
    opening = threading.Event()

    def slowly() -> FakeLibrary:
        opening.wait()
        return library

    window = Window(theme, slowly, begin_sync=FakeLibrary.sync)  # type: ignore[arg-type,return-value]
    window.add_folder(tmp_path)
    opening.set()
    qtbot.waitUntil(lambda: library.synced == [tmp_path.name])
    qtbot.waitUntil(lambda: window.is_settled)
    window.close()
    assert library.closed


def test_window_closed_while_the_library_opens_closes_it(theme: Theme, qtbot: QtBot) -> None:
    library = FakeLibrary()
    started, opening = threading.Event(), threading.Event()

    def slowly() -> FakeLibrary:
        started.set()
        opening.wait(0.2)
        return library

    window = Window(theme, slowly, begin_sync=FakeLibrary.sync)  # type: ignore[arg-type,return-value]
    started.wait()
    window.close()
    assert library.closed


def test_chosen_collection_stays_chosen_when_another_is_added(
    open_window: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    panel = window._panel
    panel.choose(("collection", "1"))
    qtbot.waitUntil(lambda: library.queries[-1].filter is not None)
    window.add_folder(tmp_path)
    qtbot.waitUntil(lambda: panel._model.rowCount() == 3)
    assert panel._tree.currentIndex().row() == 1
    qtbot.waitUntil(lambda: window.is_settled)
    assert library.queries[-1].filter is not None


def test_start_asks_once(open_window: Open) -> None:
    library = FakeLibrary(10)
    open_window(library)
    # Once at the start, and once when the sync is done.
    assert len(library.queries) <= 2


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_menu_offers_what_can_be_done(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    grid(window).select(0, Qt.KeyboardModifier.NoModifier)
    grid(window).menu_wanted.emit(QPoint(10, 10))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == [
        "Open",
        "Quick look\tSpace",
        "",
        "Find similar\tCtrl+G",
        "Find the same shape",
        "Also like this",
        "Not like this",
        "",
        "Edit tags …\tCtrl+T",
        "Add suggested tags",
        "Read attributes",
        "Read text",
        "",
        "Remove background …\tCtrl+B",
        "Reimagine …\tCtrl+Shift+B",
        "",
        "Export …\tCtrl+E",
        "Move to the trash …\tDelete",
        "",
        "Show in folder",
        "Copy path",
    ]
    menu.close()


def test_details_give_way_in_a_narrow_window(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(3))
    assert window._inspector.isVisible()
    window.resize(900, 700)
    assert not window._inspector.isVisible()
    qtbot.keyClick(grid(window), Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert window._inspector.isVisible(), "asked for, they are there"
    window.resize(880, 700)
    assert window._inspector.isVisible()
    window.resize(1200, 700)
    assert window._inspector.isVisible()
