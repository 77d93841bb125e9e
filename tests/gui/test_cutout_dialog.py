"""Backgrounds removed by hand: the handle, the brush and its way back, what is saved or lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QColorDialog,
    QComboBox,
    QFileDialog,
    QMessageBox,
    QPushButton,
    QSlider,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from bowerbird.gui.corrections import Corrections
from bowerbird.gui.cutout_dialog import CutoutDialog
from bowerbird.gui.theme import Theme
from bowerbird.gui.window import Window
from bowerbird.types import Stroke
from helpers.fake_library import FakeLibrary, user_error

Open = Callable[[FakeLibrary], Window]
Show = Callable[..., CutoutDialog]
# The offscreen plugin has no window manager.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
MIDDLE, NONE = Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
FREE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PRESS, MOVE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove
RELEASE, TWICE = QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick


@pytest.fixture
def show(open_window: Open, theme: Theme, qtbot: QtBot) -> Iterator[Show]:
    """Shows the dialog over a window, and closes it whatever is unsaved."""
    shown: list[CutoutDialog] = []

    def show_one(
        library: FakeLibrary, ids: list[int] | None = None, *, settled: bool = True
    ) -> CutoutDialog:
        window = open_window(library)
        assert window._hands is not None
        dialog = window._hands._sending.cut_out(ids or [2])
        dialog.resize(900, 700)
        shown.append(dialog)
        if settled:
            qtbot.waitUntil(lambda: dialog.is_settled)
        return dialog

    yield show_one
    for dialog in shown:
        if isValid(dialog):
            dialog.done(0)


def at(dialog: CutoutDialog, x: float, y: float) -> QPointF:
    """Return a place of the picture on the canvas."""
    return dialog._canvas.zooming.point((x, y))


def mouse(
    dialog: CutoutDialog,
    kind: QEvent.Type,
    point: QPointF,
    button: Qt.MouseButton = LEFT,
    held: Qt.KeyboardModifier = FREE,
) -> None:
    canvas = dialog._canvas
    down = NONE if kind == RELEASE else button
    button = NONE if kind == MOVE else button
    there = QPointF(canvas.mapToGlobal(point.toPoint()))
    QApplication.sendEvent(canvas, QMouseEvent(kind, point, there, button, down, held))


def paint(
    dialog: CutoutDialog,
    *shares: tuple[float, float],
    button: Qt.MouseButton = LEFT,
    held: Qt.KeyboardModifier = FREE,
) -> None:
    points = [at(dialog, *share) for share in shares]
    mouse(dialog, PRESS, points[0], button, held)
    for point in points[1:]:
        mouse(dialog, MOVE, point, button, held)
    mouse(dialog, RELEASE, points[-1], button, held)


def strokes(dialog: CutoutDialog) -> tuple[Stroke, ...]:
    return dialog._mine.strokes


def seen(dialog: CutoutDialog, x: float, y: float) -> QColor:
    point = at(dialog, x, y).toPoint()
    return QColor(dialog._canvas.grab().toImage().pixel(point))


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
    """Answer the next questions by the button with this text; returns what was asked."""
    asked: list[str] = []

    def run(box: QMessageBox) -> int:
        asked.append(box.text())
        wanted = next(button for button in box.buttons() if button.text() == text)
        monkeypatch.setattr(box, "clickedButton", lambda: wanted, raising=False)
        return 0

    monkeypatch.setattr(QMessageBox, "exec", run)
    return asked


def choose(box: QComboBox, index: int) -> None:
    box.setCurrentIndex(index)
    box.activated.emit(index)


# --- the handle ---------------------------------------------------------------------------------


def test_before_is_left_of_the_handle_and_after_right(show: Show) -> None:
    library = FakeLibrary(3)
    library.subject = 0.0
    dialog = show(library)
    dialog._canvas.leaveEvent(QEvent(QEvent.Type.Leave))
    grey = QColor(120, 120, 120)
    assert seen(dialog, 0.25, 0.5) == grey
    assert seen(dialog, 0.75, 0.5) != grey
    dialog._canvas.set_split(0.9)
    assert seen(dialog, 0.75, 0.5) == grey


def test_the_handle_is_dragged(show: Show) -> None:
    dialog = show(FakeLibrary(3))
    canvas = dialog._canvas
    knob = canvas._knob().center()
    mouse(dialog, PRESS, knob)
    mouse(dialog, MOVE, QPointF(at(dialog, 0.8, 0).x(), knob.y()))
    assert canvas.split == pytest.approx(0.8, abs=0.01)
    mouse(dialog, MOVE, QPointF(-500, 0))
    assert canvas.split == 0
    mouse(dialog, RELEASE, QPointF(-500, 0))
    mouse(dialog, MOVE, at(dialog, 0.5, 0.5), NONE)
    assert canvas.split == 0
    assert strokes(dialog) == ()


def test_a_double_click_on_the_handle_changes_sides(show: Show) -> None:
    dialog = show(FakeLibrary(3))
    canvas = dialog._canvas
    canvas.set_split(0.3)
    for expected in (0.0, 1.0, 0.3):
        mouse(dialog, TWICE, canvas._knob().center())
        assert canvas.split == expected
    mouse(dialog, RELEASE, canvas._knob().center())
    assert strokes(dialog) == ()


def test_the_handle_goes_by_keys(show: Show, qtbot: QtBot) -> None:
    dialog = show(FakeLibrary(3))
    canvas = dialog._canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.split == pytest.approx(0.52)
    qtbot.keyClick(canvas, Qt.Key.Key_Left, SHIFT)
    assert canvas.split == pytest.approx(0.42)
    assert "42 %" in canvas.accessibleDescription()
    for key, expected in ((Qt.Key.Key_Home, 0), (Qt.Key.Key_End, 1)):
        qtbot.keyClick(canvas, key)
        assert canvas.split == expected
    qtbot.keyClick(dialog, Qt.Key.Key_X)
    assert canvas.split == 0.5


# --- the brush ----------------------------------------------------------------------------------


def test_a_stroke_is_drawn_and_looked_at(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    dialog = show(library)
    paint(dialog, (0.2, 0.3), (0.4, 0.5), (0.6, 0.5))
    (stroke,) = strokes(dialog)
    assert stroke.keep
    assert stroke.points[0] == pytest.approx((0.2, 0.3))
    assert stroke.points[-1] == pytest.approx((0.6, 0.5))
    assert stroke.radius == dialog._canvas.radius
    assert stroke.hardness == pytest.approx(0.6)
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert [looked for looked, _ in library.drafts[0].looks] == [(), (stroke,)]


@pytest.mark.parametrize(
    ("keys", "button", "held", "keeps"),
    [
        (Qt.Key.Key_K, LEFT, FREE, True),
        (Qt.Key.Key_K, RIGHT, FREE, False),
        (Qt.Key.Key_K, LEFT, ALT, False),
        (Qt.Key.Key_R, LEFT, FREE, False),
        (Qt.Key.Key_R, RIGHT, FREE, True),
        (Qt.Key.Key_R, LEFT, ALT, True),
    ],
)
def test_keep_or_remove(
    show: Show,
    qtbot: QtBot,
    keys: Qt.Key,
    button: Qt.MouseButton,
    held: Qt.KeyboardModifier,
    keeps: bool,
) -> None:
    dialog = show(FakeLibrary(3))
    qtbot.keyClick(dialog, keys)
    paint(dialog, (0.2, 0.3), button=button, held=held)
    (stroke,) = strokes(dialog)
    assert stroke.keep is keeps
    assert len(stroke.points) == 1
    qtbot.waitUntil(lambda: dialog.is_settled)


def test_a_stroke_shows_before_it_is_worked_in(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    library.subject = 0.0
    dialog = show(library)
    library.look_gate.clear()
    dialog._canvas.set_split(0)
    nothing = seen(dialog, 0.7, 0.4)
    paint(dialog, (0.6, 0.4), (0.8, 0.4))
    dialog._canvas.leaveEvent(QEvent(QEvent.Type.Leave))
    assert seen(dialog, 0.7, 0.4) == QColor(120, 120, 120) != nothing
    library.look_gate.set()
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert seen(dialog, 0.7, 0.4) == nothing, "now the library says what comes of it"


def test_size_and_hardness(show: Show, qtbot: QtBot) -> None:
    dialog = show(FakeLibrary(3))
    canvas = dialog._canvas
    size, hardness = dialog._brush.findChildren(QSlider)
    first, shown = canvas.radius, size.value()
    qtbot.keyClick(dialog, Qt.Key.Key_BracketRight)
    assert canvas.radius == pytest.approx(1.2 * first)
    assert size.value() > shown
    qtbot.keyClick(dialog, Qt.Key.Key_BracketLeft)
    assert canvas.radius == pytest.approx(first)
    size.setValue(100)
    assert canvas.radius == pytest.approx(0.25)
    qtbot.keyClick(dialog, Qt.Key.Key_BracketRight)
    assert canvas.radius == 0.25, "no larger than that"
    hardness.setValue(100)
    assert canvas.hardness == 1
    down = QPoint(0, -120)
    wheel(dialog, QPointF(200, 200), down, SHIFT)
    assert canvas.radius == pytest.approx(0.25 / 1.2)


def wheel(
    dialog: CutoutDialog, point: QPointF, turned: QPoint, held: Qt.KeyboardModifier = FREE
) -> None:
    there = QPointF(dialog._canvas.mapToGlobal(point.toPoint()))
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(point, there, QPoint(), turned, NONE, held, phase, False)
    QApplication.sendEvent(dialog._canvas, event)


def test_strokes_are_undone_and_redone(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    dialog = show(library)
    undo, redo, reset = dialog._brush._undo, dialog._brush._redo, dialog._brush._reset
    assert [b.isEnabled() for b in (undo, redo, reset)] == [False, False, False]
    paint(dialog, (0.2, 0.3))
    paint(dialog, (0.4, 0.3))
    first, second = strokes(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Z, CONTROL)
    assert strokes(dialog) == (first,)
    qtbot.keyClick(dialog, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert strokes(dialog) == (first, second)
    reset.click()
    assert strokes(dialog) == ()
    undo.click()
    assert strokes(dialog) == (first, second)
    undo.click()
    paint(dialog, (0.9, 0.9))
    assert strokes(dialog)[0] == first
    assert not redo.isEnabled(), "another way was taken"
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert library.drafts[0].looks[-1][0] == strokes(dialog)


def test_strokes_by_keys(show: Show, qtbot: QtBot) -> None:
    dialog = show(FakeLibrary(3))
    canvas = dialog._canvas
    canvas.leaveEvent(QEvent(QEvent.Type.Leave))
    qtbot.keyClick(canvas, Qt.Key.Key_Right, CONTROL)
    assert strokes(dialog) == ()
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, CONTROL | SHIFT)
    dab, line = strokes(dialog)
    (start,) = dab.points
    assert start[0] > 0.5
    assert start[1] == pytest.approx(0.5)
    assert line.points[0] == pytest.approx(start)
    assert line.points[1][1] > 0.5
    assert dialog.isVisible(), "Enter paints, and does not save"
    for _ in range(200):
        qtbot.keyClick(canvas, Qt.Key.Key_Left, CONTROL)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert strokes(dialog)[-1].points[0][0] == pytest.approx(0, abs=1e-6), "no farther"
    qtbot.waitUntil(lambda: dialog.is_settled)


def test_escape_lets_a_stroke_be(show: Show, qtbot: QtBot) -> None:
    dialog = show(FakeLibrary(3))
    mouse(dialog, PRESS, at(dialog, 0.3, 0.3))
    mouse(dialog, MOVE, at(dialog, 0.5, 0.3))
    qtbot.keyClick(dialog, Qt.Key.Key_Z, CONTROL)
    qtbot.keyClick(dialog._canvas, Qt.Key.Key_Escape)
    mouse(dialog, RELEASE, at(dialog, 0.5, 0.3))
    assert strokes(dialog) == ()
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: dialog.is_settled)


# --- zoom ---------------------------------------------------------------------------------------


def test_zooming_and_moving(show: Show, qtbot: QtBot) -> None:
    dialog = show(FakeLibrary(3))
    canvas, zooming = dialog._canvas, dialog._canvas.zooming
    fitting = zooming.scale
    point = at(dialog, 0.25, 0.25)
    wheel(dialog, point, QPoint(0, 360))
    assert zooming.scale > fitting
    assert zooming.share(point) == pytest.approx((0.25, 0.25))
    for begin in (MIDDLE, LEFT):
        before = zooming.share(point)
        if begin == LEFT:
            qtbot.keyPress(canvas, Qt.Key.Key_Space)
        mouse(dialog, PRESS, point, begin)
        mouse(dialog, MOVE, point + QPointF(30, 0), begin)
        mouse(dialog, RELEASE, point + QPointF(30, 0), begin)
        assert zooming.share(point + QPointF(30, 0)) == pytest.approx(before)
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert strokes(dialog) == ()
    qtbot.keyClick(dialog, Qt.Key.Key_0)
    assert zooming.fits
    assert zooming.scale == fitting
    qtbot.keyClick(dialog, Qt.Key.Key_1)
    assert zooming.scale == pytest.approx(1 / canvas.devicePixelRatioF())
    assert dialog._scale.text() == "100 %"
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
        qtbot.keyClick(dialog, key)
    assert zooming.scale == pytest.approx(1 / canvas.devicePixelRatioF())
    paint(dialog, (0.1, 0.1))
    assert strokes(dialog)[0].points[0] == pytest.approx((0.1, 0.1))
    qtbot.waitUntil(lambda: dialog.is_settled)


# --- what is behind -----------------------------------------------------------------------------


def test_what_stands_behind_is_looked_at(
    show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakeLibrary(3)
    dialog = show(library)
    box = dialog._target._ground
    for index in (1, 3):
        choose(box, index)
        qtbot.waitUntil(lambda: dialog.is_settled)
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor("#12ab34"))
    choose(box, box.findData("colour"))
    qtbot.waitUntil(lambda: dialog.is_settled)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/pictures/sea.jpg", ""))
    choose(box, box.findData("picture"))
    assert box.currentText() == "sea.jpg"
    qtbot.waitUntil(lambda: dialog.is_settled)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    choose(box, box.findData("picture"))
    assert box.currentText() == "sea.jpg", "nothing else was chosen"
    qtbot.waitUntil(lambda: dialog.is_settled)
    behind = [behind for _, behind in library.drafts[0].looks]
    assert list(dict.fromkeys(behind)) == ["", "#ffffff", "blur", "#12ab34", "/pictures/sea.jpg"]
    assert not dialog._faint.isEnabled()


def test_what_is_removed_shines_through(show: Show) -> None:
    library = FakeLibrary(3)
    library.subject = 0.0
    dialog = show(library)
    hidden = seen(dialog, 0.75, 0.4)
    dialog._faint.click()
    assert seen(dialog, 0.75, 0.4) != hidden


# --- saving -------------------------------------------------------------------------------------


def test_saved_beside_the_picture(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    dialog = show(library)
    paint(dialog, (0.2, 0.3))
    qtbot.waitUntil(lambda: dialog.is_settled)
    qtbot.keyClick(dialog, Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert library.cut == [(2, strokes(dialog), None, "png", "")]
    assert dialog._said.text() == "Saved as 2-cutout.png"
    dialog.reject()
    assert not dialog.isVisible(), "nothing is lost"


def test_saved_into_a_folder_as_webp(
    show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = FakeLibrary(3)
    dialog = show(library)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    choose(dialog._target._folder, 1)
    choose(dialog._target._kind, 1)
    dialog._save.click()
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert library.cut == [(2, (), tmp_path, "webp", "")]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    choose(dialog._target._folder, 2)
    assert dialog._target._folder.currentText() == "Beside the picture"


def test_a_picture_that_cannot_be_written_keeps_its_strokes(
    show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = show(FakeLibrary(3), [1])
    paint(dialog, (0.2, 0.3))
    dialog._save.click()
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert "is not there now" in dialog._said.text()
    asked = answer(monkeypatch, "Go on painting")
    dialog.reject()
    assert asked
    assert dialog.isVisible()


def test_saving_goes_on_to_the_next_picture(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(5)
    dialog = show(library, [4, 3, 2])
    assert dialog._which.text() == "1 of 3"
    assert dialog._rest.text() == "Save all 3"
    dialog._save.click()
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert dialog._which.text() == "2 of 3"
    assert dialog._said.text() == "Saved as 4-cutout.png"
    assert dialog._rest.text() == "Save the other 2"


def test_strokes_stay_with_their_picture(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    library = FakeLibrary(5)
    dialog = show(library, [4, 3, 2])
    paint(dialog, (0.2, 0.3))
    kept = strokes(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_PageDown)
    assert strokes(dialog) == ()
    qtbot.waitUntil(lambda: dialog.is_settled)
    qtbot.keyClick(dialog, Qt.Key.Key_PageUp)
    assert strokes(dialog) == kept
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert library.drafts[-1].looks[-1][0] == kept
    dialog._target._folder.insertItem(0, "out", str(tmp_path))
    dialog._target._folder.setCurrentIndex(0)
    dialog._rest.click()
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: not dialog._writing._tasks.running)
    assert library.cut == [(4, kept, tmp_path, "png", "")]
    assert library.grounds == ["", ""], "the others as they were found"


# --- what goes wrong ----------------------------------------------------------------------------


def test_no_subject_says_what_to_do(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    library.subject = 0.0
    dialog = show(library)
    assert dialog._said.text() == "No subject was found. Paint over what is to be kept."
    paint(dialog, (0.2, 0.3))
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert dialog._said.text() == ""


def test_a_picture_that_cannot_be_read(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    library.unreadable = {3}
    dialog = show(library, [3, 2])
    assert dialog._canvas._drawing.text == "3.jpg cannot be used: it is empty."
    assert not dialog._save.isEnabled()
    paint(dialog, (0.2, 0.3))
    qtbot.keyClick(dialog._canvas, Qt.Key.Key_Return)
    assert strokes(dialog) == ()
    choose(dialog._target._ground, 1)
    assert dialog.is_settled, "nothing will come of it"
    dialog._next.click()
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert dialog._save.isEnabled()
    assert library.drafts[0].looks == [((), "#ffffff")]


def test_a_look_that_fails_is_said_and_the_next_one_comes(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    dialog = show(library)
    library.fail = user_error()
    paint(dialog, (0.2, 0.3))
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert dialog._said.text() == "This cannot be done. Do that instead."
    paint(dialog, (0.4, 0.3))
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert dialog._said.text() == ""
    assert library.drafts[0].looks[-1][0] == strokes(dialog)


def test_a_slow_network_holds_nobody_up(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    library.look_gate.clear()
    dialog = show(library, settled=False)
    qtbot.waitUntil(lambda: dialog._asset is not None)
    assert dialog._said.text() == "Looking for the subject …"
    for x in (0.1, 0.2, 0.3, 0.4):
        paint(dialog, (x, 0.3))
    dialog._canvas.set_split(0.2)
    assert len(strokes(dialog)) == 4
    library.look_gate.set()
    qtbot.waitUntil(lambda: dialog.is_settled)
    looked = [len(each) for each, _ in library.drafts[0].looks]
    assert looked == [0, 4], "only the newest, once the first was through"
    assert all(name.startswith("rows") for name in library.drafts[0].threads)


def test_closing_asks_only_for_what_is_lost(
    show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = show(FakeLibrary(3), [3, 2])
    asked = answer(monkeypatch, "Go on painting")
    paint(dialog, (0.2, 0.3))
    qtbot.waitUntil(lambda: dialog.is_settled)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert asked == ["Your strokes are not saved."]
    assert dialog.isVisible()
    dialog.close()
    assert len(asked) == 2
    assert dialog.isVisible()
    answer(monkeypatch, "Close without saving")
    dialog.close()
    assert not dialog.isVisible()


def test_closing_without_strokes_asks_nothing(
    show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = show(FakeLibrary(3))
    asked = answer(monkeypatch, "Go on painting")
    paint(dialog, (0.2, 0.3))
    qtbot.keyClick(dialog, Qt.Key.Key_Z, CONTROL)
    dialog._close.click()
    assert not asked
    assert not dialog.isVisible()


def test_closing_while_it_works(show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    library = FakeLibrary(3)
    dialog = show(library)
    answer(monkeypatch, "Close without saving")
    library.look_gate.clear()
    paint(dialog, (0.2, 0.3))
    qtbot.waitUntil(lambda: len(library.drafts[0].looks) == 2)
    dialog.close()
    assert not dialog.isVisible()
    library.look_gate.set()
    window = dialog.parent()
    assert isinstance(window, Window)
    qtbot.waitUntil(lambda: window.is_settled)


def test_saving_goes_on_when_the_dialog_is_closed(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    dialog = show(library)
    tasks = dialog._writing._tasks
    paint(dialog, (0.2, 0.3))
    library.save_gate.clear()
    dialog._save.click()
    assert dialog._said.text() == "Saving 2.jpg …"
    dialog.reject()
    assert not dialog.isVisible(), "what is being written is not lost"
    library.save_gate.set()
    qtbot.waitUntil(lambda: not tasks.running)
    assert len(library.cut) == 1


def test_closing_the_window_closes_it(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = show(FakeLibrary(3))
    asked = answer(monkeypatch, "Go on painting")
    paint(dialog, (0.2, 0.3))
    window = dialog.parent()
    assert isinstance(window, Window)
    window.close()
    assert not dialog.isVisible()
    assert not asked, "it is too late"


# --- for everybody ------------------------------------------------------------------------------


def test_everything_has_a_name_and_is_reached_by_tab(show: Show, qtbot: QtBot) -> None:
    dialog = show(FakeLibrary(5), [3, 2])
    dialog.activateWindow()
    named = [*dialog.findChildren(QAbstractButton), *dialog.findChildren(QSlider)]
    named += dialog.findChildren(QComboBox)  # type: ignore[arg-type]
    for widget in (*named, dialog._canvas):
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        assert widget.accessibleName() or text, widget
    paint(dialog, (0.2, 0.3))
    reached = set()
    dialog._canvas.setFocus()
    for _ in range(30):
        reached.add(dialog.focusWidget())
        dialog.focusNextChild()
    wanted = {dialog._canvas, dialog._save, dialog._close, dialog._next, dialog._rest}
    wanted |= set(dialog.findChildren(QSlider)) | {dialog._brush._keep, dialog._brush._undo}
    wanted |= {dialog._target._ground, dialog._target._folder, dialog._faint}
    assert wanted <= reached
    assert isinstance(dialog._save, QPushButton)
    qtbot.waitUntil(lambda: dialog.is_settled)


def test_corrections_go_back_and_forth() -> None:
    mine = Corrections()
    one, two = (Stroke(((x, 0.5),), 0.1, 1.0, True) for x in (0.1, 0.2))
    mine.undo()
    mine.redo()
    mine.reset()
    assert (mine.strokes, mine.can_undo, mine.can_redo) == ((), False, False)
    mine.add(one)
    mine.note_saved(mine.strokes)
    mine.add(two)
    assert mine.unsaved
    mine.undo()
    assert not mine.unsaved
    assert mine.can_redo
    mine.reset()
    assert mine.unsaved, "the file shows what is gone now"
    mine.undo()
    assert mine.strokes == (one,)


def cutters(dialog: CutoutDialog) -> list[str]:
    box = dialog._target.cutters
    return [box.itemText(at) for at in range(box.count())]


def test_what_finds_the_subject_is_a_choice(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    dialog = show(library)
    box = dialog._target.cutters
    assert cutters(dialog) == ["Built-in"]
    assert "under Models" in box.toolTip()
    assert library.cutters == [None], "as in the settings"
    dialog.done(0)
    library.cutter, library.fine = "fine", True
    dialog = show(library)
    box = dialog._target.cutters
    assert (cutters(dialog), box.currentText()) == (["Built-in", "Fine"], "Fine")
    assert box.itemData(1, Qt.ItemDataRole.ToolTipRole) == "Finer edges. MIT."
    assert library.cutters == [None, None]
    paint(dialog, (0.2, 0.2), (0.4, 0.4))
    box.setCurrentIndex(0)
    box.activated.emit(0)
    qtbot.waitUntil(lambda: dialog.is_settled)
    assert library.cutters == [None, None, "builtin"], "it is looked for anew"
    assert len(strokes(dialog)) == 1, "what hands did stays"
    how = dialog._target.how(dialog)
    assert how is not None
    assert how.model == "builtin"


def test_why_the_chosen_model_does_not_do_it_is_said(show: Show, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    library.cutter = "fine"
    dialog = show(library)
    assert cutters(dialog) == ["Built-in"]
    qtbot.waitUntil(lambda: "Fine is chosen, but is not on this machine" in dialog._said.text())
    dialog.done(0)

    def fail() -> list[object]:
        raise user_error()

    library.models = fail  # type: ignore[method-assign, assignment]
    dialog = show(library)
    qtbot.waitUntil(lambda: dialog._said.text() == "This cannot be done. Do that instead.")
