"""A table of cells that re-columns on resize, with a linear selection like a list's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QRubberBand,
    QTableView,
    QWidget,
)

from bowerbird.gui.grid.delegate import NAME_HEIGHT, CellDelegate
from bowerbird.gui.grid.model import GridModel
from bowerbird.gui.grid.thumbnails import Thumbnails
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Results

SMALLEST, LARGEST, STEP = 96, 336, 24
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class GridView(QTableView):
    """The grid; selection and focus are positions in the result, not table cells.

    A table with fixed sections lays a million cells out by arithmetic, where a list view would
    visit each of them on every resize.
    """

    opened = Signal(int)
    """Position that was double-clicked, or Enter pressed on."""
    menu_wanted = Signal(QPoint)
    """Global point at which a menu for the selection is asked for."""
    selection_changed = Signal()
    looked = Signal()
    """Space: a quick look is wanted."""
    dragged = Signal()
    """The selection is being dragged away."""
    cell_changed = Signal(int)
    """Side of a cell, points."""
    typed = Signal(str)
    """A character that means nothing here."""

    def __init__(
        self, model: GridModel, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.grid = model
        self.current = -1
        self._anchor = 0
        self._selected = np.zeros(0, bool)
        self._cell = 176
        self._pressed: tuple[QPoint, int | None] | None = None
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())
        self._before_band = self._selected
        self._thumbnails = thumbnails
        self.setObjectName("grid")
        self.setAccessibleName(tr("Pictures"))
        self.setModel(model)
        self.setItemDelegate(CellDelegate(self, theme, thumbnails))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.hide()
        thumbnails.ready.connect(lambda _: self.viewport().update())
        model.dataChanged.connect(self.viewport().update)

    # --- layout ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit as many columns as there is room for."""
        super().resizeEvent(event)
        self._lay_out()

    def set_cell(self, size: int) -> None:
        """Set the side of a cell, in points."""
        size = max(SMALLEST, min(LARGEST, size))
        if size != self._cell:
            self._cell = size
            self._thumbnails.clear()
            self._lay_out()
            self.cell_changed.emit(size)

    @property
    def cell_size(self) -> int:
        """Side of a cell, points."""
        return self._cell

    def _lay_out(self) -> None:
        width = self.viewport().width()
        columns = max(1, width // self._cell)
        top = self.indexAt(QPoint(1, 1))
        position = self.grid.position(top) if top.isValid() else 0
        side = max(1, width // columns)
        self.horizontalHeader().setDefaultSectionSize(side)
        self.verticalHeader().setDefaultSectionSize(side - UNIT + NAME_HEIGHT)
        if columns != self.grid.columns:
            self.grid.set_columns(columns)
            if len(self.grid):
                cell = self.grid.cell(min(position, len(self.grid) - 1))
                self.scrollTo(cell, QAbstractItemView.ScrollHint.PositionAtTop)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Control, else scroll."""
        if event.modifiers() & CONTROL:
            self.set_cell(self._cell + (STEP if event.angleDelta().y() > 0 else -STEP))
            event.accept()
        else:
            super().wheelEvent(event)

    # --- selection ------------------------------------------------------------------------------

    def show_results(self, library: Library, results: Results, *, again: bool = False) -> None:
        """Show a result; `again` keeps hands and eyes on the pictures that they are on."""
        before = self.grid.results.ids
        top = self.grid.position(self.indexAt(QPoint(1, 1)))
        scrolled = again and self.verticalScrollBar().value() > 0 and top < len(before)
        chosen = before[self._selected] if again else before[:0]
        current = before[self.current] if again and self.current >= 0 else None
        self.grid.show(library, results)
        self._selected = np.isin(results.ids, chosen)
        self.current = _place(results.ids, current)
        self._anchor = max(0, self.current)
        if scrolled and (place := _place(results.ids, before[top])) >= 0:
            self.scrollTo(self.grid.cell(place), QAbstractItemView.ScrollHint.PositionAtTop)
        elif not scrolled:
            self.scrollToTop()
        self.selection_changed.emit()

    def is_selected(self, position: int) -> bool:
        """Whether the asset at a position is selected."""
        return position < len(self._selected) and bool(self._selected[position])

    def selected(self) -> np.ndarray:
        """Return the selected positions in order, int64 [n]."""
        return np.flatnonzero(self._selected)

    def select(self, position: int, modifiers: Qt.KeyboardModifier) -> None:
        """Go to a position: alone, with Shift from the anchor to it, with Control as well."""
        if not 0 <= position < len(self.grid):
            return
        if modifiers & SHIFT:
            low, high = sorted((self._anchor, position))
            if not modifiers & CONTROL:
                self._selected[:] = False
            self._selected[low : high + 1] = True
        elif modifiers & CONTROL:
            self._selected[position] = not self._selected[position]
            self._anchor = position
        else:
            self._selected[:] = False
            self._selected[position] = True
            self._anchor = position
        self._go_to(position)

    def _go_to(self, position: int) -> None:
        self.current = position
        self.setCurrentIndex(self.grid.cell(position))
        self.viewport().update()
        self.selection_changed.emit()

    def selectAll(self) -> None:
        """Select the whole result."""
        self._select_all(True)

    def _select_all(self, chosen: bool) -> None:
        self._selected[:] = chosen
        self.viewport().update()
        self.selection_changed.emit()

    # --- hands ----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what is under the pointer; a right click keeps a selection that it is in."""
        point = event.position().toPoint()
        position = self._at(point)
        right = event.button() == Qt.MouseButton.RightButton
        if not right:
            self._pressed = (self._on_paper(point), position)
            self._before_band = self._selected.copy()
        if position is None:
            if not right and not event.modifiers() & (SHIFT | CONTROL):
                self._select_all(False)
        elif self.is_selected(position) and (right or not event.modifiers()):
            # A selection that is pressed on may be dragged away; it is left when the hand lifts.
            self._go_to(position)
        else:
            self.select(position, event.modifiers())
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if right and position is not None:
            self.menu_wanted.emit(event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag pictures away, or draw a band around some from where there is none."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        start, position = self._pressed
        point = event.position().toPoint()
        if (self._on_paper(point) - start).manhattanLength() < QApplication.startDragDistance():
            return
        if position is None or self._band.isVisible():
            self._draw_band(start, point, event.modifiers())
        else:
            self._pressed = None
            self.dragged.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that was no drag leaves what it was on."""
        was_band = self._band.isVisible()
        self._band.hide()
        pressed, self._pressed = self._pressed, None
        if pressed is None or was_band or event.button() != Qt.MouseButton.LeftButton:
            return
        position = pressed[1]
        if position is not None and not event.modifiers() and self.is_selected(position):
            self.select(position, event.modifiers())

    def _on_paper(self, point: QPoint) -> QPoint:
        """Where a point of the viewport is in the whole grid."""
        return point + QPoint(0, self.verticalScrollBar().value())

    def _draw_band(self, start: QPoint, point: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        if not 0 <= point.y() <= height:
            bar.setValue(bar.value() + (point.y() if point.y() < 0 else point.y() - height))
        area = QRect(start, self._on_paper(point)).normalized()
        self._band.setGeometry(area.translated(0, -bar.value()))
        self._band.show()
        side, high = max(1, self.columnWidth(0)), max(1, self.rowHeight(0))
        columns, count = self.grid.columns, len(self.grid)
        across = np.arange(max(0, area.left() // side), min(columns - 1, area.right() // side) + 1)
        last = (count - 1) // columns if count else -1
        down = np.arange(max(0, area.top() // high), min(last, area.bottom() // high) + 1)
        inside = (down[:, None] * columns + across).ravel()
        kept = bool(modifiers & (SHIFT | CONTROL))
        self._selected = self._before_band.copy() if kept else np.zeros(count, bool)
        self._selected[inside[inside < count]] = True
        self.viewport().update()
        self.selection_changed.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is under the pointer."""
        position = self._at(event.position().toPoint())
        if position is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(position)

    def _at(self, point: QPoint) -> int | None:
        """Return the position whose cell is under a point; a cell's margin belongs to none."""
        index: QModelIndex = self.indexAt(point)
        position = self.grid.position(index) if index.isValid() else len(self.grid)
        if position >= len(self.grid):
            return None
        inner = self.visualRect(index).adjusted(UNIT // 2, UNIT // 2, -UNIT // 2, -UNIT // 2)
        return position if inner.contains(point) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with arrows, Home, End and pages; open with Enter; zoom with Control and + or -."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.opened.emit(self.current)
        elif key == Qt.Key.Key_Space:
            self.looked.emit()
        elif key == Qt.Key.Key_A and event.modifiers() & CONTROL:
            self.selectAll()
        elif event.modifiers() & CONTROL and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.set_cell(self._cell + STEP)
        elif event.modifiers() & CONTROL and key == Qt.Key.Key_Minus:
            self.set_cell(self._cell - STEP)
        elif (to := self._target(Qt.Key(key))) is not None:
            self.select(to, event.modifiers() & SHIFT)
        elif key == Qt.Key.Key_Menu and self.current >= 0:
            corner = self.visualRect(self.grid.cell(self.current)).center()
            self.menu_wanted.emit(self.viewport().mapToGlobal(corner))
        elif event.text().isalnum() and not event.modifiers() & CONTROL:
            self.typed.emit(event.text())
        else:
            event.ignore()

    def _target(self, key: Qt.Key) -> int | None:
        """Where a key leads, within the result; None for keys that lead nowhere."""
        last = len(self.grid) - 1
        if last < 0:
            return None
        columns = self.grid.columns
        page = max(1, self.viewport().height() // max(1, self.rowHeight(0))) * columns
        forward = -1 if self.isRightToLeft() else 1
        steps = {
            Qt.Key.Key_Left: -forward,
            Qt.Key.Key_Right: forward,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -last,
            Qt.Key.Key_End: last,
        }
        if key not in steps:
            return None
        if self.current < 0:
            return last if key == Qt.Key.Key_End else 0
        to = self.current + steps[key]
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not 0 <= to <= last:
            # A short last row is entered at its end; beyond the edges there is nothing.
            return last if to > last and self.current // columns < last // columns else self.current
        return max(0, min(last, to))


def _place(ids: np.ndarray, asset_id: int | None) -> int:
    """Return where an asset is in a result, or -1."""
    found = np.flatnonzero(ids == (0 if asset_id is None else asset_id))  # no asset has id 0
    return int(found[0]) if len(found) else -1
