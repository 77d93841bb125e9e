"""Exports and cut-outs from the window: asked for once, done behind it, seen to their end."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from bowerbird.gui.cutout_dialog import CutoutDialog
from bowerbird.gui.reimagine_dialog import How, ReimagineDialog
from bowerbird.gui.sending import ExportDialog, part_of
from bowerbird.gui.tasks import Task
from bowerbird.gui.tasks_panel import Failures, TasksPanel
from bowerbird.gui.window import Window
from bowerbird.types import Hit, Results
from helpers.fake_library import FakeLibrary, user_error

Open = Callable[[FakeLibrary], Window]
# The offscreen plugin has no window manager.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CONTROL = Qt.KeyboardModifier.ControlModifier


def words(window: Window) -> str:
    panel = window.findChild(TasksPanel)
    return " | ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def agree(monkeypatch: pytest.MonkeyPatch, form: str, target: Path) -> list[ExportDialog]:
    """Answer the dialogs: this form, to there."""
    asked: list[ExportDialog] = []

    def accept(dialog: ExportDialog) -> QDialog.DialogCode:
        asked.append(dialog)
        dialog._form.setCurrentIndex(dialog._form.findData(form))
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(ExportDialog, "exec", accept)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(target))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    return asked


def done(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window._hands.tasks.running)  # type: ignore[union-attr]
    qtbot.wait(250)
    qtbot.waitUntil(lambda: window.is_settled)


def test_a_part_says_of_its_hits_what_the_whole_does() -> None:
    scores, good = np.array([0.5, 0.2, 0.1], np.float32), np.array([True, False, False])
    whole = Results(np.array([7, 5, 3]), scores, 3, frozenset({3}), good)
    assert list(part_of(whole, np.array([0, 2]))) == [whole[0], whole[2]]
    browsed = part_of(Results(np.array([7, 5]), None, 2), np.array([1]))
    assert list(browsed) == [Hit(5, None)]


def test_the_selection_is_exported(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(6)
    window = open_window(library)
    (asked,) = (agree(monkeypatch, "zip", tmp_path / "all.zip"),)
    window._view.select(0, Qt.KeyboardModifier.NoModifier)
    window._view.select(2, CONTROL)
    qtbot.keyClick(window._view, Qt.Key.Key_E, CONTROL)
    assert asked[0]._which.itemText(0) == "2 selected pictures"
    done(window, qtbot)
    assert library.exported == [([6, 4], tmp_path / "all.zip", "zip", "{name}")]
    assert "Export to all.zip | Done" in words(window)


def test_without_a_selection_all_is_exported(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(6)
    window = open_window(library)
    asked = agree(monkeypatch, "copy", tmp_path)
    qtbot.keyClick(window._view, Qt.Key.Key_E, CONTROL)
    assert [asked[0]._which.itemText(at) for at in range(asked[0]._which.count())] == [
        "All 6 pictures shown"
    ]
    done(window, qtbot)
    assert library.exported[0][0] == [6, 5, 4, 3, 2, 1]


def test_failures_are_counted_and_tried_again(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    agree(monkeypatch, "copy", tmp_path)
    library.fail = user_error()
    qtbot.keyClick(window._view, Qt.Key.Key_E, CONTROL)
    done(window, qtbot)
    assert "This cannot be done. Do that instead." in words(window)
    panel = window.findChild(TasksPanel)
    (again,) = [
        b for b in panel.findChildren(QPushButton) if b.text() == "Try again" and b.isVisible()
    ]
    again.click()
    done(window, qtbot)
    assert "Done · 1 failed" in words(window)
    panel._clear.click()
    assert not panel.isVisible()


def test_a_task_pauses_and_stops_while_search_goes_on(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    agree(monkeypatch, "copy", tmp_path)
    library.sync_gate.clear()
    qtbot.keyClick(window._view, Qt.Key.Key_E, CONTROL)
    (task,) = window._hands.tasks.running  # type: ignore[union-attr]
    task.pause(True)
    assert "paused" in words(window)
    window.type_query("dog")
    qtbot.waitUntil(lambda: window.is_settled)
    assert library.queries[-1].texts
    task.cancel()
    library.sync_gate.set()
    done(window, qtbot)
    assert "Stopped" in words(window)


def test_closing_stops_a_task(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(1000)
    window = open_window(library)
    agree(monkeypatch, "copy", tmp_path)
    qtbot.keyClick(window._view, Qt.Key.Key_E, CONTROL)
    window.close()
    assert not any(task._job._thread.is_alive() for task in window._hands.tasks.all)  # type: ignore[union-attr]


def test_backgrounds_are_removed_into_a_folder(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    agree(monkeypatch, "copy", tmp_path)
    window._view.selectAll()
    qtbot.keyClick(window._view, Qt.Key.Key_B, CONTROL)
    dialog = window.findChild(CutoutDialog)
    qtbot.waitUntil(lambda: dialog.is_settled)
    grounds, folders = dialog._target._ground, dialog._target._folder
    grounds.setCurrentIndex(grounds.findData("blur"))
    grounds.activated.emit(grounds.currentIndex())
    folders.setCurrentIndex(1)
    folders.activated.emit(1)
    assert folders.currentText() == tmp_path.name
    dialog._rest.click()
    assert not dialog.isVisible()
    done(window, qtbot)
    assert library.grounds == ["blur", "blur"]
    assert set(library.cutters) == {None}
    # The file of the last one is gone.
    assert "Remove background of 3 pictures | Done · 1 failed" in words(window)


def open_dialog(window: Window, qtbot: QtBot) -> ReimagineDialog:
    hands = window._hands
    assert hands is not None
    dialog = ReimagineDialog(hands._library, window._jobs, window)
    dialog.show()
    qtbot.waitUntil(lambda: window.is_settled)
    return dialog


def test_what_a_dialog_cannot_ask_is_said_in_it(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    window = open_window(library)

    def fail() -> list[object]:
        raise user_error()

    library.models = fail  # type: ignore[method-assign, assignment]
    dialog = open_dialog(window, qtbot)
    assert dialog._hint.text() == "This cannot be done. Do that instead."
    dialog.reject()


def test_reimagine_offers_what_can_run(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    dialog = open_dialog(window, qtbot)
    assert dialog._model.count() == 1
    assert "download it under Models (6.4 GB)" in dialog._hint.text()
    assert dialog.how == How()
    dialog.reject()
    library.dream, library.needs = True, "It needs diffusers. Install it."
    dialog = open_dialog(window, qtbot)
    assert dialog._model.count() == 1
    assert "Dream: It needs diffusers. Install it." in dialog._hint.text()
    dialog.reject()
    library.needs = ""
    dialog = open_dialog(window, qtbot)
    dialog._model.setCurrentIndex(1)
    assert dialog._hint.text() == "Finer edges. MIT."
    dialog._strength.setValue(80)
    dialog._seed.setValue(7)
    dialog._count.setValue(2)
    assert dialog.how == How(2, 7, 0.8, "dream")
    dialog.reject()


def reimagine(
    window: Window, monkeypatch: pytest.MonkeyPatch, folder: Path | None, ids: list[int]
) -> Task:
    """Ask for two variations of each of some pictures, and return the task."""

    def two(dialog: ReimagineDialog) -> QDialog.DialogCode:
        dialog._count.setValue(2)
        dialog._folder.setCurrentIndex(0 if folder is None else dialog._folder.count() - 1)
        dialog.accept()
        return QDialog.DialogCode(dialog.result())

    monkeypatch.setattr(ReimagineDialog, "exec", two)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    assert window._hands is not None
    window._hands.pictures.reimagine_wanted.emit(ids)
    return next(one for one in window._hands.tasks.all if one.title.startswith("Reimagine"))


def test_variations_are_made_into_a_folder_and_taken_back(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    task = reimagine(window, monkeypatch, tmp_path, [3])
    done(window, qtbot)
    assert task.outcome == "Done"
    assert task.step is not None
    assert (task.step.phase, task.step.done, task.step.total) == ("drawing", 100, 100)
    how = {"count": 2, "seed": 0, "strength": 0.35, "model": "patches", "folder": tmp_path}
    assert library.reimagined == [how]
    gone: list[Path] = []
    monkeypatch.setattr("bowerbird.gui.writing.to_trash", lambda path: gone.append(path) or path)
    assert window._hands is not None
    window._hands.edits.stack.undo()
    done(window, qtbot)
    assert [path.name for path in gone] == ["3-variation-0.png", "3-variation-1.png"]
    assert not window._hands.edits.stack.canRedo(), "only what was written goes, and only once"


def test_variations_of_many_are_made_beside_them(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakeLibrary(4)
    window = open_window(library)
    task = reimagine(window, monkeypatch, None, [4, 1, 3])
    done(window, qtbot)
    assert [each["folder"] for each in library.reimagined] == [None, None]
    assert task.outcome == "Done · 1 failed"
    assert task.failures == ["1.jpg is not there now. Connect its drive, or sync."]
    alone = reimagine(window, monkeypatch, None, [1])
    done(window, qtbot)
    assert alone.outcome == "1.jpg is not there now. Connect its drive, or sync."


def test_cut_outs_are_taken_back(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = open_window(FakeLibrary(4))
    hands = window._hands
    assert hands is not None
    dialog = hands._sending.cut_out([4, 3, 1])
    qtbot.waitUntil(lambda: dialog.is_settled)
    dialog._target._folder.insertItem(0, "out", str(tmp_path))
    dialog._target._folder.setCurrentIndex(0)
    dialog._save_rest()
    done(window, qtbot)
    gone: list[Path] = []
    monkeypatch.setattr("bowerbird.gui.writing.to_trash", lambda path: gone.append(path) or path)
    hands.edits.stack.undo()
    done(window, qtbot)
    assert [path.name for path in gone] == ["4-cutout.png", "3-cutout.png"]


def test_syncs_are_tasks_as_well(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    panel = window.findChild(TasksPanel)
    assert not panel.isVisible(), "nobody asked for it"
    qtbot.keyClick(window._view, Qt.Key.Key_J, CONTROL)
    assert panel.isVisible()
    assert "Look for changes in pictures | Done" in words(window)
    library.sync_gate.clear()
    qtbot.keyClick(window._view, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "0 of 40" in words(window))
    assert window._hands is not None
    (task,) = window._hands.tasks.running
    task.cancel()
    library.sync_gate.set()
    qtbot.waitUntil(lambda: window.is_settled)
    assert "Stopped" in words(window)
    qtbot.keyClick(window._view, Qt.Key.Key_J, CONTROL)
    assert not panel.isVisible()


def test_what_failed_is_named(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(20)
    window = open_window(library)
    agree(monkeypatch, "copy", tmp_path)
    qtbot.keyClick(window._view, Qt.Key.Key_E, CONTROL)
    done(window, qtbot)
    shown: list[str] = []

    def run(dialog: Failures) -> int:
        shown.append(dialog.findChild(QPlainTextEdit).toPlainText())
        return 0

    monkeypatch.setattr(Failures, "exec", run)
    panel = window.findChild(TasksPanel)
    buttons = panel.findChildren(QPushButton)
    (what,) = [b for b in buttons if b.text() == "What failed" and b.isVisible()]
    what.click()
    assert shown == ["14.jpg\n7.jpg"]


def test_a_catalogue_is_taken_in_and_fetched(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    path = tmp_path / "shop.csv"
    path.write_text("id,image")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, text: (f"{text} 1 ", True))
    assert window._hands is not None
    window._hands.ask_for_catalogue(window)
    qtbot.waitUntil(lambda: bool(library.synced) and library.synced[-1] == "shop 1")
    done(window, qtbot)
    (task,) = (one for one in window._hands.tasks.all if one.title == "Import shop.csv")
    assert task.failures == ["row 2 names no id", "row 3 names no picture"]
    assert "2 failed" in task.outcome


def test_a_dropped_list_is_a_catalogue(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    path = tmp_path / "bad.tsv"
    path.touch()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, text: (text, True))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    both = Qt.KeyboardModifier.NoModifier
    action, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(9, 9), action, mime, left, both))
    done(window, qtbot)
    assert window._hands is not None
    (task,) = (one for one in window._hands.tasks.all if one.title == "Import bad.tsv")
    assert "holds no records" in task.outcome
    assert [one.name for one in library.found] == ["pictures"]
    assert library.queries[-1].images == ()


def test_a_link_is_copied(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(3))
    assert window._hands is not None
    asset = window._view.grid.asset_at(0)
    assert asset is not None
    window._hands.pictures.files.copy_link(asset)
    clipboard = QApplication.clipboard()
    qtbot.waitUntil(lambda: clipboard.text().startswith("https://pictures/"))
