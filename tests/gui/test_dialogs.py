"""Dialogs: models, and what is said when something of ours breaks."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bowerbird.gui.bucket_dialog import BucketDialog
from bowerbird.gui.crash import Catcher, CrashDialog, report
from bowerbird.gui.models_dialog import ModelsDialog
from bowerbird.gui.window import Window
from helpers.fake_library import FakeLibrary, user_error

Open = Callable[[FakeLibrary], Window]
# The offscreen plugin has no window manager.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def buttons(dialog: ModelsDialog) -> dict[str, QPushButton]:
    return {b.text(): b for b in dialog.findChildren(QPushButton) if not b.isHidden()}


def shown(dialog: ModelsDialog) -> str:
    return " | ".join(label.text() for label in dialog.findChildren(QLabel))


def named(dialog: ModelsDialog, name: str) -> QPushButton:
    (found,) = (
        b
        for b in dialog.findChildren(QPushButton)
        if b.accessibleName() == name and not b.isHidden()
    )
    return found


def open_models(window: Window, qtbot: QtBot, changed: list[bool]) -> ModelsDialog:
    hands = window._hands
    assert hands is not None
    dialog = ModelsDialog(
        hands._library, window._jobs, hands.tasks, lambda: changed.append(True), window
    )
    dialog.show()
    qtbot.waitUntil(lambda: window.is_settled)
    return dialog


def test_a_model_is_downloaded_and_used(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    changed: list[bool] = []
    dialog = open_models(window, qtbot, changed)
    assert "ships with Bowerbird" in shown(dialog)
    assert "400" in shown(dialog)
    buttons(dialog)["Measure the speed here"].click()
    qtbot.waitUntil(lambda: "123 pictures a second here" in buttons(dialog))
    named(dialog, "Download: Big").click()
    qtbot.waitUntil(lambda: library.got)
    qtbot.waitUntil(lambda: not window._hands.tasks.running)  # type: ignore[union-attr]
    dialog = open_models(window, qtbot, changed)
    library.fail = user_error()
    named(dialog, "Use: Big").click()
    qtbot.waitUntil(lambda: dialog._trouble.text() == "This cannot be done. Do that instead.")
    named(dialog, "Use: Big").click()
    qtbot.waitUntil(lambda: changed == [True])
    assert library.model == "big"
    qtbot.waitUntil(lambda: window.is_settled)
    dialog.close()


def test_other_kinds_of_models_stand_apart(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    changed: list[bool] = []
    dialog = open_models(window, qtbot, changed)
    heads = [h.text() for h in dialog.findChildren(QLabel) if h.objectName() == "heading"]
    assert heads == ["Searching", "Removing backgrounds", "Finding things", "Making variations"]
    library.needs = "It needs diffusers. Install it."
    for name in ("Fine", "Dream"):
        named(dialog, f"Download: {name}").click()
        qtbot.waitUntil(lambda: not window._hands.tasks.running)  # type: ignore[union-attr]
        dialog = open_models(window, qtbot, changed)
    assert library.fine
    assert library.dream
    assert "On this machine" in shown(dialog)
    assert "It needs diffusers. Install it." in shown(dialog)
    named(dialog, "Use: Fine").click()
    qtbot.waitUntil(lambda: library.cutter == "fine")
    qtbot.waitUntil(lambda: window.is_settled)
    assert named(dialog, "Use: Built-in").isEnabled()
    named(dialog, "Use: Sharp").click()
    qtbot.waitUntil(lambda: library.finder == "sharp")
    qtbot.waitUntil(lambda: window.is_settled)
    library.fine = False  # somebody deleted it
    dialog = open_models(window, qtbot, changed)
    assert named(dialog, "Download: Fine").isEnabled()
    assert changed == [], "no picture has to be looked at anew for it"
    assert library.model == "builtin"
    dialog.close()


def test_only_good_matches(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    window._filters.set_least(0.5)
    window.type_query("dog")
    qtbot.waitUntil(lambda: library.queries[-1].min_score == pytest.approx(0.5, abs=1e-6))
    window.type_query("dog -cat")
    qtbot.waitUntil(lambda: len(library.queries[-1].texts) == 2)
    assert library.queries[-1].min_score is None, "the line is drawn for one text"
    qtbot.waitUntil(lambda: window.is_settled)
    window._filters.set_least(0)
    qtbot.waitUntil(lambda: window._filters.least == 0 and not library.queries[-1].min_score)
    qtbot.wait(200)


@pytest.mark.logs_expected
def test_a_fault_is_shown_once_and_can_be_copied(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[CrashDialog] = []

    def run(dialog: CrashDialog) -> int:
        opened.append(dialog)
        catcher.catch(ValueError, ValueError("another"), None)
        return 0

    monkeypatch.setattr(CrashDialog, "exec", run)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    catcher = Catcher()
    catcher.install()
    try:
        raise ZeroDivisionError("a fault")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: bool(opened))
    qtbot.wait(50)
    assert len(opened) == 1
    copy = next(b for b in opened[0].findChildren(QPushButton) if b.text() == "Copy report")
    copy.click()
    copied = QApplication.clipboard().text()
    assert "ZeroDivisionError: a fault" in copied
    assert copied.startswith("Bowerbird ")
    assert report(ValueError("x")).endswith("ValueError: x\n")
    opened[0].deleteLater()


def test_the_line_of_good_matches_and_filled_rows(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(32)
    library.falling = True
    window = open_window(library)
    window.type_query("dog")
    qtbot.waitUntil(lambda: window._view.tiling.divider is not None)
    # Scores fall from 0.9; the line is drawn under 0.3.
    assert len(window._view.tiling.cells(window._view.tiling.row(21) + 1)) > 0
    assert window._view.tiling.starts.tolist().count(21) == 1
    qtbot.keyClick(window._view, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window._view.tiling.across is not None)
    assert window._view.tiling.divider is not None
    window._filters.set_sort("name")
    qtbot.waitUntil(lambda: window._view.tiling.divider is None)
    qtbot.waitUntil(lambda: window.is_settled)


def test_what_is_left_out_moves_no_line(open_window: Open, qtbot: QtBot) -> None:
    """What is unwanted pushes good ones down, so that they end nowhere; none is said so."""
    library = FakeLibrary(32)
    library.falling = True
    window = open_window(library)
    window.type_query("dog")
    qtbot.waitUntil(lambda: window._view.tiling.divider is not None)
    window.type_query("dog -cat")
    qtbot.waitUntil(lambda: window._view.tiling.divider is None)
    assert not window._parts.remark.isVisible()
    library.score = 0.1
    window.type_query("owl -cat")
    qtbot.waitUntil(window._parts.remark.isVisible)
    qtbot.waitUntil(lambda: window.is_settled)


def test_a_bucket_is_tried_and_added(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    window = open_window(library)
    dialog = BucketDialog(library, window._jobs, window._added, window)  # type: ignore[arg-type]
    dialog.show()
    assert not dialog._go.isEnabled()
    qtbot.keyClicks(dialog._url, "denied/pics")
    dialog._go.click()
    qtbot.waitUntil(lambda: "s3:ListBucket" in dialog._said.text())
    assert dialog.isVisible()
    dialog._url.setText("shop/pics")
    dialog._endpoint.setText(" http://nas:9000 ")
    dialog._path_style.click()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    (url, how) = library.buckets[0]
    assert url == "s3://shop/pics"
    assert {name: value for name, value in how.items() if value} == {
        "endpoint": "http://nas:9000",
        "path_style": True,
    }
    qtbot.waitUntil(lambda: library.synced[-1] == "bucket")
    qtbot.waitUntil(lambda: window.is_settled)
