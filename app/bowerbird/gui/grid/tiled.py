"""A view of very many pictures: laid out by arithmetic, painted where it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from bowerbird.gui.grid.model import GridModel
from bowerbird.gui.grid.tiling import DIVIDER, Spread, Tiling, justified, squares
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme

if TYPE_CHECKING:
    from PySide6.QtCore import QPersistentModelIndex

    Index = QModelIndex | QPersistentModelIndex

SMALLEST, LARGEST = 96, 336


class TiledView(QTableView):
    """Shows a model as squares or filled rows.

    For those who listen to it, it is a table with one row a picture; where a picture is drawn
    comes from a `Tiling`, since Qt's own lists visit each of a million on every resize.

    Args:
        model: What it shows.
        theme: Colours.
    """

    cell_changed = Signal(int)
    """About how large pictures are, points."""

    def __init__(self, model: GridModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = model
        self._theme = theme
        self._cell = 176
        self._filled = False
        self._spread: Spread | None = None
        self._cut: int | None = None
        self._tiling = squares(0, 1, self._cell)
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        for part in (
            self.horizontalHeader(),
            self.verticalHeader(),
            *self.findChildren(QAbstractButton),  # the corner where headers would meet
        ):
            part.hide()

    def lay_out(self, spread: Spread | None, cut: int | None) -> None:
        """Lay out another result, from its beginning.

        Args:
            spread: Their shapes, for filled rows.
            cut: Position of the first that matches badly, or None.
        """
        self._spread, self._cut = spread, cut
        self.verticalScrollBar().setValue(0)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the width anew, with the same picture at the upper edge."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def set_cell(self, size: int) -> None:
        """Set about how large pictures are, in points."""
        size = max(SMALLEST, min(LARGEST, size))
        if size != self._cell:
            self._cell = size
            self.cell_changed.emit(size)
            self._lay_out()

    @property
    def cell_size(self) -> int:
        """About how large pictures are, points."""
        return self._cell

    def set_filled(self, filled: bool) -> None:
        """Fill rows with pictures of one height, or stand them in squares with their names."""
        if filled != self._filled:
            self._filled = filled
            self._lay_out()

    def is_laid_out(self, spread: Spread | None) -> bool:
        """Whether that is what it is laid out by."""
        if spread is None or self._spread is None:
            return spread is self._spread
        return np.array_equal(self._spread.across, spread.across)

    @property
    def is_filled(self) -> bool:
        """Whether rows are filled, so that names are not shown."""
        return self._filled

    @property
    def tiling(self) -> Tiling:
        """Where everything lies."""
        return self._tiling

    def _lay_out(self) -> None:
        top = self.first_seen
        width = self.viewport().width()
        count = len(self.grid)
        if self._filled and self._spread is not None and len(self._spread) == count:
            self._tiling = justified(self._spread, width, self._cell, self._cut)
        else:
            self._tiling = squares(count, width, self._cell, self._cut)
        self.updateGeometries()
        if 0 < top < count:
            self.verticalScrollBar().setValue(self._tiling.rect(top).top())
        self.viewport().update()

    @property
    def first_seen(self) -> int:
        """The position at the upper left."""
        rows = self._tiling.rows(self.verticalOffset(), self.verticalOffset())
        return int(self._tiling.starts[rows.start]) if len(rows) else 0

    def updateGeometries(self) -> None:
        """Let the scroll bar reach the end."""
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self._tiling.height - seen))
        bar.setPageStep(seen)
        bar.setSingleStep(max(1, self._cell // 3))

    def verticalOffset(self) -> int:
        """How far it is scrolled, points."""
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        """It is as wide as the window."""
        return 0

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is drawn."""
        self.viewport().scroll(0, dy)

    def visualRect(self, index: Index) -> QRect:
        """Return where a picture is drawn in the viewport."""
        if not index.isValid() or index.row() >= self._tiling.count:
            return QRect()
        return self.seen(self._tiling.rect(index.row()))

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the picture at a point of the viewport."""
        position = self._tiling.at(self.on_paper(point))
        return QModelIndex() if position is None else self.grid.cell(position)

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll as little as shows a picture, or so far that it is at the upper edge."""
        if not index.isValid() or index.row() >= self._tiling.count:
            return
        rect, bar = self._tiling.rect(index.row()), self.verticalScrollBar()
        below = rect.bottom() - self.viewport().height() + 1
        if hint == QAbstractItemView.ScrollHint.PositionAtTop or rect.top() < bar.value():
            bar.setValue(rect.top())
        elif below > bar.value():
            bar.setValue(below)

    def seen(self, rect: QRect) -> QRect:
        """Return where a rectangle of the tiling is in the viewport."""
        seen = rect.translated(0, -self.verticalOffset())
        if self.isRightToLeft():
            seen.moveLeft(self.viewport().width() - seen.left() - seen.width())
        return seen

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that show."""
        painter = QPainter(self.viewport())
        delegate, option = self.itemDelegate(), QStyleOptionViewItem()
        self.initViewItemOption(option)
        area, offset = event.rect(), self.verticalOffset()
        for row in self._tiling.rows(offset + area.top(), offset + area.bottom()):
            for position, rect in zip(
                self._tiling.cells(row), self._tiling.rects(row), strict=True
            ):
                option.rect = self.seen(rect)
                if option.rect.intersects(area):
                    delegate.paint(painter, option, self.grid.cell(position))
        if self._tiling.divider is not None:
            top = self._tiling.divider - offset
            if -DIVIDER < top < self.viewport().height():
                self._draw_divider(painter, top)
        painter.end()

    def _draw_divider(self, painter: QPainter, top: int) -> None:
        text = tr("No good match below this line")
        room = QRect(0, top, self.viewport().width(), DIVIDER)
        wide = self.fontMetrics().horizontalAdvance(text) // 2 + 2 * UNIT
        middle = room.center()
        painter.setPen(self._theme.colour("line"))
        painter.drawLine(UNIT, middle.y(), middle.x() - wide, middle.y())
        painter.drawLine(middle.x() + wide, middle.y(), room.right() - UNIT, middle.y())
        painter.setPen(self._theme.colour("quiet"))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def on_paper(self, point: QPoint) -> QPoint:
        """Where a point of the viewport is in the tiling."""
        x = self.viewport().width() - 1 - point.x() if self.isRightToLeft() else point.x()
        return QPoint(x, point.y() + self.verticalOffset())
