"""The grid: what keys and the mouse do in it, and which pictures are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QRubberBand, QWidget

from bowerbird.gui.grid.delegate import CellDelegate
from bowerbird.gui.grid.model import GridModel
from bowerbird.gui.grid.thumbnails import Thumbnails
from bowerbird.gui.grid.tiled import TiledView
from bowerbird.gui.grid.tiling import GAP
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme

if TYPE_CHECKING:
    from bowerbird.gui.grid.tiling import Spread
    from bowerbird.library import Library
    from bowerbird.types import Results

STEP = 24
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class GridView(TiledView):
    """The grid as hands know it; selection and focus are positions in the result.

    Args:
        model: What it shows.
        theme: Colours.
        thumbnails: Small pictures.
    """

    opened = Signal(int)
    """Position that was double-clicked, or Enter pressed on."""
    menu_wanted = Signal(QPoint)
    """Global point at which a menu for the selection is asked for."""
    selection_changed = Signal()
    looked = Signal()
    """Space: a quick look is wanted."""
    trash_wanted = Signal()
    dragged = Signal()
    """The selection is being dragged away."""
    typed = Signal(str)
    """A character that means nothing here."""

    def __init__(
        self, model: GridModel, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(model, theme, parent)
        self.current = -1
        self._anchor = 0
        self._selected = np.zeros(0, bool)
        self._pressed: tuple[QPoint, int | None] | None = None
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())
        self._before_band = self._selected
        self.setObjectName("grid")
        self.setAccessibleName(tr("Pictures"))
        self.setItemDelegate(CellDelegate(self, theme, thumbnails))
        self.cell_changed.connect(thumbnails.clear)
        thumbnails.ready.connect(lambda _: self.viewport().update())
        model.dataChanged.connect(self.viewport().update)

    # --- selection ------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Control, else scroll."""
        if event.modifiers() & CONTROL:
            self.set_cell(self._cell + (STEP if event.angleDelta().y() > 0 else -STEP))
            event.accept()
        else:
            super().wheelEvent(event)

    def show_results(
        self,
        library: Library,
        results: Results,
        *,
        spread: Spread | None = None,
        cut: int | None = None,
        again: bool = False,
    ) -> None:
        """Show a result.

        Args:
            library: Knows the pictures.
            results: The hits.
            spread: Their shapes, for filled rows.
            cut: Position of the first that matches badly, or None.
            again: Hands and eyes stay on the pictures that they are on.
        """
        before = self.grid.results.ids
        top = self.first_seen
        scrolled = again and self.verticalScrollBar().value() > 0 and top < len(before)
        chosen = before[self._selected] if again else before[:0]
        current = before[self.current] if again and self.current >= 0 else None
        self.grid.show(library, results)
        self._selected = np.isin(results.ids, chosen)
        self.current = _place(results.ids, current)
        self._anchor = max(0, self.current)
        self.lay_out(spread, cut)
        if scrolled and (place := _place(results.ids, before[top])) >= 0:
            self.scrollTo(self.grid.cell(place), QAbstractItemView.ScrollHint.PositionAtTop)
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

    def select_ids(self, ids: np.ndarray) -> None:
        """Select the pictures of these ids alone, and go to the first of them."""
        everything = self.grid.asset_ids(np.arange(len(self.grid)))
        self._selected[:] = np.isin(np.array(everything, np.int64), ids)
        self._go_to(int(self._selected.argmax()) if self._selected.any() else self.current)

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
            self._pressed = (self.on_paper(point), position)
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
        if (self.on_paper(point) - start).manhattanLength() < QApplication.startDragDistance():
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

    def _draw_band(self, start: QPoint, point: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        if not 0 <= point.y() <= height:
            bar.setValue(bar.value() + (point.y() if point.y() < 0 else point.y() - height))
        area = QRect(start, self.on_paper(point)).normalized()
        self._band.setGeometry(self.seen(area))
        self._band.show()
        inside = self._tiling.within(area)
        kept = bool(modifiers & (SHIFT | CONTROL))
        self._selected = self._before_band.copy() if kept else np.zeros(len(self.grid), bool)
        self._selected[inside] = True
        self.viewport().update()
        self.selection_changed.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is under the pointer."""
        position = self._at(event.position().toPoint())
        if position is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(position)

    def _at(self, point: QPoint) -> int | None:
        """Return the position whose cell is under a point; a cell's margin belongs to none."""
        on_paper = self.on_paper(point)
        position = self._tiling.at(on_paper)
        if position is None:
            return None
        edge = GAP // 2 if self._filled else UNIT // 2
        inner = self._tiling.rect(position).adjusted(edge, edge, -edge, -edge)
        return position if inner.contains(on_paper) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with arrows, Home, End and pages; open with Enter; zoom with Control and + or -."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.opened.emit(self.current)
        elif key == Qt.Key.Key_Space:
            self.looked.emit()
        elif key == Qt.Key.Key_Delete:
            self.trash_wanted.emit()
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
        page = max(1, self.viewport().height() // max(1, self.cell_size))
        rows = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
        }
        forward = -1 if self.isRightToLeft() else 1
        steps = {
            Qt.Key.Key_Left: -forward,
            Qt.Key.Key_Right: forward,
            Qt.Key.Key_Home: -last,
            Qt.Key.Key_End: last,
        }
        if key not in rows and key not in steps:
            return None
        if self.current < 0:
            return last if key == Qt.Key.Key_End else 0
        if key in rows:
            return self.tiling.beside(self.current, rows[key])
        return max(0, min(last, self.current + steps[key]))


def _place(ids: np.ndarray, asset_id: int | None) -> int:
    """Return where an asset is in a result, or -1."""
    found = np.flatnonzero(ids == (0 if asset_id is None else asset_id))  # no asset has id 0
    return int(found[0]) if len(found) else -1
