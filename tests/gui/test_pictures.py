"""What hands do with pictures: inspect, tag and undo, look, compare, copy."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from bowerbird.gui import quick_look
from bowerbird.gui.boxes import draw_hint
from bowerbird.gui.facts import facts
from bowerbird.gui.inspector import Inspector
from bowerbird.gui.metadata import read
from bowerbird.gui.quick_look import QuickLook
from bowerbird.gui.shortcuts import Sheet, table
from bowerbird.gui.window import Window
from bowerbird.types import Comparison, Quality, Term
from helpers.fake_library import FakeLibrary

# The offscreen plugin has no window manager.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Open = Callable[[FakeLibrary], Window]
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def inspected(window: Window) -> list[str]:
    return [
        label.text()
        for label in window.findChild(Inspector).findChildren(QLabel)
        if label.isVisible()
    ]


def settle(window: Window, qtbot: QtBot) -> None:
    qtbot.wait(250)  # until the hands rest
    qtbot.waitUntil(lambda: window.is_settled)


def test_inspector_says_what_is_known(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(10))
    assert any("Select a picture" in text for text in inspected(window))
    window._view.select(0, NONE)
    settle(window, qtbot)
    words = inspected(window)
    assert "10.jpg" in words
    assert "64 \N{MULTIPLICATION SIGN} 48" in words
    similar = window._inspector.findChildren(QToolButton, "similar")
    assert [button.toolTip() for button in similar][:2] == ["1.jpg", "2.jpg"]
    window._view.select(2, Qt.KeyboardModifier.ShiftModifier)
    assert "3 pictures" in inspected(window)
    settle(window, qtbot)


def test_tags_are_given_taken_and_undone(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    library.tags[10] = ("sea",)
    window = open_window(library)
    window._view.select(0, NONE)
    window._view.select(1, CONTROL)
    settle(window, qtbot)
    qtbot.keyClick(window._view, Qt.Key.Key_T, CONTROL)
    field = window._inspector._field
    qtbot.keyClicks(field, "Sea, holiday")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: library.tags.get(9) == ("Sea", "holiday"))
    assert library.tags[10] == ("sea", "holiday"), "what it had under another case stays"
    qtbot.waitUntil(lambda: window.is_settled)
    window._hands.edits.stack.undo()
    window._hands.edits.stack.undo()
    qtbot.waitUntil(lambda: library.tags == {10: ("sea",), 9: ()})
    window._hands.edits.stack.redo()
    qtbot.waitUntil(lambda: library.tags[9] == ("Sea",))
    qtbot.waitUntil(lambda: window.is_settled)
    (chip, *_) = window._inspector.findChildren(QToolButton, "tag")
    chip.click()
    qtbot.waitUntil(lambda: library.tags == {10: (), 9: ()})
    settle(window, qtbot)


def test_quick_look_steps_and_closes(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(10))
    look = window.findChild(QuickLook)
    window._view.select(0, NONE)
    qtbot.keyClick(window._view, Qt.Key.Key_Space)
    assert look.isVisible()
    assert look.size() == window.size()
    assert [asset.id for asset in look.assets] == [10]
    qtbot.keyClick(look, Qt.Key.Key_Right)
    assert [asset.id for asset in look.assets] == [9]
    assert window._view.current == 1
    qtbot.keyClick(look, Qt.Key.Key_Left)
    qtbot.keyClick(look, Qt.Key.Key_Left)
    assert window._view.current == 0
    settle(window, qtbot)
    qtbot.keyClick(look, Qt.Key.Key_Space)
    assert not look.isVisible()
    assert look.assets == []


def test_escape_leaves_what_is_in_front_and_not_the_search(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(10))
    window.type_query("dog")
    settle(window, qtbot)
    window._view.select(0, NONE)
    settle(window, qtbot)
    qtbot.keyClick(window._view, Qt.Key.Key_Space)
    qtbot.keyClick(window.findChild(QuickLook), Qt.Key.Key_Escape)
    assert not window.findChild(QuickLook).isVisible()
    field = window._inspector._field
    qtbot.keyClick(window._view, Qt.Key.Key_T, CONTROL)
    qtbot.keyClicks(field, "hol")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert window._bar.text == "dog"
    qtbot.keyClick(window._view, Qt.Key.Key_Escape)
    assert window._bar.text == ""
    settle(window, qtbot)


def test_up_to_four_are_compared_and_zoom_together(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(10))
    look = window.findChild(QuickLook)
    for position in range(4):
        window._view.select(position, CONTROL if position else NONE)
    qtbot.keyClick(window._view, Qt.Key.Key_Space)
    assert len(look.assets) == 4
    settle(window, qtbot)
    before = [look._target(a, look._pictures[a.id], p) for a, p in zip(*panes(look), strict=True)]
    look.zoom(3.0, QPointF(100, 100))
    after = [look._target(a, look._pictures[a.id], p) for a, p in zip(*panes(look), strict=True)]
    assert all(b.width() > 2.9 * a.width() for a, b in zip(before, after, strict=True))
    qtbot.keyClick(look, Qt.Key.Key_0)
    assert look._zoom == 1.0
    window._view.select(4, CONTROL)
    window._hands.pictures.quick_look()
    assert len(look.assets) == 1, "more than four are not compared"
    qtbot.keyClick(look, Qt.Key.Key_Escape)
    settle(window, qtbot)


def panes(look: QuickLook):  # type: ignore[no-untyped-def]
    return look.assets, look._panes()


def test_zooming_keeps_what_is_under_the_pointer(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(10))
    look = window.findChild(QuickLook)
    window._view.select(0, NONE)
    qtbot.keyClick(window._view, Qt.Key.Key_Space)
    settle(window, qtbot)
    (asset,), (pane,) = panes(look)
    at = pane.center() + QPointF(11, -7)

    def share() -> tuple[float, float]:
        room = pane.adjusted(8, 8, -8, -32)
        target = look._target(asset, look._pictures[asset.id], room)
        return (at.x() - target.x()) / target.width(), (at.y() - target.y()) / target.height()

    before = share()
    look.zoom(4.0, at)
    np.testing.assert_allclose(share(), before, atol=0.01)
    look.close_look()


def test_copy_gives_files_and_one_picture_as_an_image(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(10))
    window._view.select(0, NONE)
    window._hands.pictures.copy()
    clipboard = QApplication.clipboard()
    qtbot.waitUntil(lambda: clipboard.mimeData() is not None and clipboard.mimeData().hasImage())
    assert clipboard.mimeData().urls()[0].toLocalFile() == "/pictures/folder/10.jpg"
    window._view.selectAll()
    window._hands.pictures.copy()
    qtbot.waitUntil(lambda: len(clipboard.mimeData().urls()) == 10)
    settle(window, qtbot)


def test_a_band_selects_what_it_touches(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(40))
    view = window._view
    viewport = view.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    to = view.visualRect(view.grid.cell(len(view.tiling.cells(0)) + 1)).center()
    for point in (QPoint(20, 20), to):
        drag(view, point)
    assert view.selected().tolist() == [
        0,
        1,
        len(view.tiling.cells(0)),
        len(view.tiling.cells(0)) + 1,
    ]
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=to)
    assert len(view.selected()) == 4
    assert not view._band.isVisible()
    settle(window, qtbot)


def test_pressing_on_a_selection_keeps_it_for_a_drag(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(40))
    view = window._view
    view.dragged.disconnect()
    for position in (0, 1, 2):
        view.select(position, CONTROL if position else NONE)
    centre = view.visualRect(view.grid.cell(1)).center()
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert len(view.selected()) == 3
    with qtbot.waitSignal(view.dragged):
        drag(view, centre + QPoint(40, 0))
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert len(view.selected()) == 3
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert view.selected().tolist() == [1], "a click that is no drag selects one"
    settle(window, qtbot)


def drag(view, point: QPoint) -> None:  # type: ignore[no-untyped-def]
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    place = view.viewport().mapToGlobal(point)
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(point), QPointF(place), Qt.MouseButton.NoButton, left, NONE
    )
    QApplication.sendEvent(view.viewport(), event)


def test_typing_in_the_grid_searches(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(10))
    window._view.setFocus()
    qtbot.keyClicks(window._view, "d")
    assert window._bar.text == "d"
    assert QApplication.focusWidget() in (window._bar.focusProxy(), None)
    qtbot.waitUntil(lambda: window.is_settled)
    settle(window, qtbot)


def test_the_sheet_names_every_key(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(10))
    sheet = Sheet(window)
    words = [label.text() for label in sheet.findChildren(QLabel)]
    for _, rows in table():
        for _, _, does in rows:
            assert does in words
    sheet.deleteLater()


def test_a_part_that_is_drawn_around_is_looked_for(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    look = window.findChild(QuickLook)
    window._view.select(0, NONE)
    qtbot.keyClick(window._view, Qt.Key.Key_Space)
    settle(window, qtbot)
    (asset,), (pane,) = panes(look)
    target = look._target(asset, look._pictures[asset.id], pane.adjusted(8, 8, -8, -32))
    start, end = target.topLeft() + QPointF(8, 8), target.topLeft() + QPointF(40, 28)
    shift = Qt.KeyboardModifier.ShiftModifier
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(look, left, shift, start.toPoint())
    qtbot.mouseRelease(look, left, shift, start.toPoint())
    assert look.isVisible(), "a click is no region"
    qtbot.mousePress(look, left, shift, start.toPoint())
    qtbot.mouseMove(look, end.toPoint())
    qtbot.mouseRelease(look, left, shift, end.toPoint())
    assert not look.isVisible()
    qtbot.waitUntil(lambda: bool(library.queries[-1].images))
    (term,) = library.queries[-1].images
    part = QImage.fromData(term.value)  # type: ignore[arg-type,union-attr]
    assert abs(part.width() - 32) <= 1
    assert abs(part.height() - 20) <= 1
    settle(window, qtbot)


def test_the_wheel_weighs_the_picture(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    window._view.select(0, NONE)
    qtbot.keyClick(window._view, Qt.Key.Key_G, CONTROL)
    (chip,) = window._bar._chips
    for key in (Qt.Key.Key_Down,) * 6:
        qtbot.keyClick(chip, key)
    qtbot.waitUntil(lambda: library.queries[-1].assets == (Term("uuid-10", -0.75),))
    assert "-0.75" in chip.accessibleName()
    qtbot.keyClick(chip, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not library.queries[-1].assets)
    settle(window, qtbot)


def test_facts_of_ones_own_are_edited_in_place(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    library.metadata[3] = {"price": 12.5, "shop": "Zürich"}
    window = open_window(library)
    window._view.select(0, NONE)
    editor = window._inspector._data
    qtbot.waitUntil(lambda: len(editor._lines) == 6)
    fields = [line for line in editor._lines if isinstance(line, QLineEdit)]
    assert [field.text() for field in fields] == ["12.5", "Zürich"]
    fields[0].setFocus()
    fields[0].selectAll()
    qtbot.keyClicks(fields[0], "14")
    qtbot.keyClick(fields[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: library.metadata[3] == {"price": 14, "shop": "Zürich"})
    settle(window, qtbot)
    qtbot.keyClicks(editor._name, "sizes")
    qtbot.keyClicks(editor._value, '["S", "XL"]')
    qtbot.keyClick(editor._value, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: library.metadata[3].get("sizes") == ["S", "XL"])
    settle(window, qtbot)
    remove = [line for line in editor._lines if isinstance(line, QToolButton)][1]
    assert remove.accessibleName() == "Remove shop"
    remove.click()
    qtbot.waitUntil(lambda: "shop" not in library.metadata[3])
    settle(window, qtbot)
    for _ in range(3):
        qtbot.keyClick(window._view, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: library.metadata[3] == {"price": 12.5, "shop": "Zürich"})
    settle(window, qtbot)
    window._view.select(1, SHIFT)
    assert editor.isHidden(), "of one picture only"


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("1.5", 1.5), ("true", True), ("null", "null"), ("NaN", "NaN"), ("a b", "a b")],
)
def test_facts_are_read_as_they_are_meant(text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_copies_are_badged_and_shown_together(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(6)
    library.copies = 2
    window = open_window(library)
    asset = window._model.asset_at(0)
    assert asset is not None
    assert "2 copies elsewhere" in str(window._model.cell(0).data(Qt.ItemDataRole.ToolTipRole))
    window._view.select(0, NONE)
    window._view.menu_wanted.emit(window._view.rect().center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(a for a in menu.actions() if a.text() == "Show all copies").trigger()
    menu.close()
    same = Comparison("md5", "=", asset.md5)
    qtbot.waitUntil(lambda: library.queries[-1].filter == same)
    settle(window, qtbot)
    plain = window._view.grab().toImage()
    library.copies = 0
    window._model.forget_facts()
    qtbot.waitUntil(lambda: window._model.asset_at(0).copies == 0)  # type: ignore[union-attr]
    settle(window, qtbot)
    assert window._view.grab().toImage() != plain, "the badge shows"


def test_near_duplicates_stand_apart(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(12)
    library.twins = [3, 4]
    window = open_window(library)
    window._view.select(0, NONE)
    qtbot.waitUntil(lambda: window._inspector._twins.isVisible())
    settle(window, qtbot)

    def shown(flow: QWidget) -> list[str]:
        return [button.toolTip() for button in flow.findChildren(QToolButton)]

    assert shown(window._inspector._twins) == ["3.jpg", "4.jpg"]
    assert not {"3.jpg", "4.jpg", "12.jpg"} & set(shown(window._inspector._similar))
    assert "Nearly the same" in inspected(window)
    library.twins = []
    window._view.select(1, NONE)
    settle(window, qtbot)
    assert not window._inspector._twins.isVisible()


def test_a_suggested_tag_is_one_click_away(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    library.tags[3] = ("Sea",)
    window = open_window(library)
    window._view.select(0, Qt.KeyboardModifier.NoModifier)
    inspector = window._inspector

    def offered() -> list[QToolButton]:
        buttons = inspector.findChildren(QToolButton)
        return [one for one in buttons if one.accessibleName().startswith("Add tag")]

    qtbot.waitUntil(lambda: len(offered()) == 1)
    (chip,) = offered()
    assert (chip.text(), chip.toolTip()) == ("dog", "Add this tag (90% sure)")
    assert library.tags[3] == ("Sea",), "nothing is tagged by itself"
    chip.click()
    qtbot.waitUntil(lambda: library.tags[3] == ("Sea", "dog"))
    qtbot.waitUntil(lambda: window.is_settled)
    assert all(one.isHidden() for one in offered())


def test_things_are_shown_and_looked_for(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    look = window.findChild(QuickLook)

    def again() -> QPointF:
        window._view.select(0, NONE)
        qtbot.keyClick(window._view, Qt.Key.Key_Space)
        settle(window, qtbot)
        (asset,), (pane,) = panes(look)
        if not look._boxes.shown:
            qtbot.keyClick(look, Qt.Key.Key_B)
        qtbot.waitUntil(lambda: not look._boxes.said(asset))
        target = look._target(asset, look._pictures[asset.id], pane.adjusted(8, 8, -8, -32))
        look.grab()  # draws them
        return target.topLeft()

    def found() -> tuple[int, int]:
        assert not look.isVisible()
        qtbot.waitUntil(lambda: bool(library.queries[-1].images))
        (term,) = library.queries[-1].images
        part = QImage.fromData(term.value)  # type: ignore[arg-type,union-attr]
        window.type_query("")
        settle(window, qtbot)
        return part.width(), part.height()

    left = Qt.MouseButton.LeftButton
    corner = again()
    qtbot.mouseClick(look, left, NONE, (corner + QPointF(50, 20)).toPoint())
    assert look.isVisible(), "there is nothing at the right"
    qtbot.mouseClick(look, left, NONE, (corner + QPointF(20, 30)).toPoint())
    assert found() == (32, 48)
    corner = again()
    qtbot.mouseClick(look, left, NONE, (corner + QPointF(3, 3)).toPoint())
    assert found() == (8, 6), "the smaller of two"
    again()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Return):
        qtbot.keyClick(look, key)
    assert found() == (8, 6)
    again()
    qtbot.keyClick(look, Qt.Key.Key_B)
    assert not look._boxes.shown
    qtbot.mouseClick(look, left, NONE, (corner + QPointF(3, 3)).toPoint())
    assert look.isVisible()
    qtbot.keyClick(look, Qt.Key.Key_Escape)
    settle(window, qtbot)


def test_trouble_with_things_is_said(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(3)
    library.unreadable = {3}
    window = open_window(library)
    assert window._hands is not None
    look = window._hands.pictures.look
    window._view.select(0, NONE)
    qtbot.keyClick(window._view, Qt.Key.Key_Space)
    qtbot.keyClick(look, Qt.Key.Key_B)
    (asset,) = look.assets
    qtbot.waitUntil(lambda: look._boxes.said(asset) == "3.jpg cannot be used: it is empty.")
    look.grab()
    qtbot.keyClick(look, Qt.Key.Key_B)
    assert look._boxes.said(asset) == ""
    qtbot.keyClick(look, Qt.Key.Key_Escape)
    settle(window, qtbot)


def told(window: Window) -> dict[str, str]:
    """Return the facts that the inspector tells."""
    lines = window._inspector._facts
    texts = [lines.itemAt(at).widget().text() for at in range(lines.count())]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def test_two_pictures_are_compared(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(9))
    settle(window, qtbot)
    window._view.select(1, NONE)
    window._view.select(2, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: told(window).get("Alike") == "very much (1.00)")
    window._view.grid.dataChanged.emit(window._view.grid.cell(0), window._view.grid.cell(0))
    assert "Alike" in told(window), "it stays while the same two are selected"
    window._view.select(1, NONE)
    window._view.select(8, Qt.KeyboardModifier.ControlModifier)
    assert "Alike" not in told(window)
    qtbot.waitUntil(lambda: told(window).get("Alike") == "much (0.76)")
    window._view.select(0, NONE)
    window._view.select(1, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    qtbot.wait(300)
    settle(window, qtbot)
    assert "Alike" not in told(window), "without an embedding it is like nothing"


def test_the_mood_of_colours_and_the_parts_of_quality_are_told(
    open_window: Open, qtbot: QtBot
) -> None:
    window = open_window(FakeLibrary(3))
    window._view.select(0, NONE)
    qtbot.waitUntil(lambda: told(window).get("Mood") == "warm")
    settle(window, qtbot)
    asset = replace(FakeLibrary(3).assets([1])[0], quality=Quality(0.72, 0.8, 0.6, 0.5))
    assert ("Quality", "72% (sharpness 80%, brightness 60%, composition 50%)") in facts(asset)


def test_the_hint_stays_away_from_other_words(qapp: QApplication) -> None:
    image = QImage(1280, 32, QImage.Format.Format_RGB32)
    image.fill(0)
    empty = image.copy()
    painter = QPainter(image)
    line = image.rect()
    assert not draw_hint(painter, line, 800)
    assert not draw_hint(painter, line.adjusted(0, 0, -700, 0), 300)
    painter.end()
    assert image == empty
    painter = QPainter(image)
    assert draw_hint(painter, line, 300)
    painter.end()
    assert image.copy(0, 0, 800, 32) == empty.copy(0, 0, 800, 32)
    assert image != empty


def test_only_one_picture_has_a_hint(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(quick_look, "draw_hint", lambda *_: drawn.append(1))
    window = open_window(FakeLibrary(4))
    assert window._hands is not None
    look = window._hands.pictures.look
    window._view.select(0, NONE)
    window._view.select(1, CONTROL)
    qtbot.keyClick(window._view, Qt.Key.Key_Space)
    settle(window, qtbot)
    look.grab()
    assert drawn == [], "the names of several take the line"
    qtbot.keyClick(look, Qt.Key.Key_Escape)
    window._view.select(0, NONE)
    qtbot.keyClick(window._view, Qt.Key.Key_Space)
    settle(window, qtbot)
    look.grab()
    assert drawn
    qtbot.keyClick(look, Qt.Key.Key_Escape)
    settle(window, qtbot)
