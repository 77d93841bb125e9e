"""Where every picture lies in the grid: squares in columns, or rows filled from edge to edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QRect

from bowerbird.gui.theme import UNIT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.types import Vector

    Places = NDArray[np.int64]

NAME_HEIGHT = 3 * UNIT
# Between pictures in rows.
GAP = 6
# Height of the line under which nothing matches well.
DIVIDER = 5 * UNIT
# Shapes beyond these are shown within them: a panorama is no row of its own, a banner no hair.
NARROWEST, WIDEST = 0.4, 3.0
# A row that is not full keeps its pictures about as large as the others'.
TALLEST = 1.25


@dataclass(frozen=True, slots=True)
class Tiling:
    """Rows of cells by arithmetic alone, so that a million are laid out between two frames.

    Attributes:
        count: Cells.
        starts: Position of the first cell of every row and, last, `count`; int64 [rows + 1].
        tops: Upper edge of every row and, last, the whole height; int64 [rows + 1].
        heights: Of the rows, int64 [rows].
        across: Sum of the shapes before each cell, float64 [count + 1]; None for squares.
        scales: What a shape of one is wide in every row, points, float64 [rows]; in squares, the
            width of a cell.
        divider: Upper edge of the line under which nothing matches well, or None.
    """

    count: int
    starts: Places
    tops: Places
    heights: Places
    across: NDArray[np.float64] | None
    scales: NDArray[np.float64]
    divider: int | None

    @property
    def height(self) -> int:
        """Of everything."""
        return int(self.tops[-1])

    def row(self, position: int) -> int:
        """Return the row of a cell."""
        return int(np.searchsorted(self.starts, position, "right")) - 1

    def cells(self, row: int) -> range:
        """Return the positions in a row."""
        return range(int(self.starts[row]), int(self.starts[row + 1]))

    def rect(self, position: int) -> QRect:
        """Return where a cell lies."""
        row = self.row(position)
        left, right = self._edges(row, position, position + 1)
        top = int(self.tops[row])
        return QRect(int(left[0]), top, int(right[0] - left[0]), int(self.heights[row]))

    def rects(self, row: int) -> list[QRect]:
        """Return where the cells of a row lie."""
        cells = self.cells(row)
        lefts, rights = self._edges(row, cells.start, cells.stop)
        top, height = int(self.tops[row]), int(self.heights[row])
        return [
            QRect(left, top, right - left, height)
            for left, right in zip(lefts.tolist(), rights.tolist(), strict=True)
        ]

    def rows(self, top: int, bottom: int) -> range:
        """Return the rows that show between two heights."""
        first = int(np.searchsorted(self.tops[:-1], top, "right")) - 1
        last = int(np.searchsorted(self.tops[:-1], bottom, "right"))
        return range(max(0, first), last)

    def at(self, point: QPoint) -> int | None:
        """Return the cell at a point; None where there is none."""
        for row in self.rows(point.y(), point.y()):
            for position, rect in zip(self.cells(row), self.rects(row), strict=True):
                if rect.contains(point):
                    return position
        return None

    def within(self, area: QRect) -> Places:
        """Return the cells that an area touches, ascending."""
        found = []
        for row in self.rows(area.top(), area.bottom()):
            cells = self.cells(row)
            if self.tops[row] + self.heights[row] <= area.top():
                continue
            lefts, rights = self._edges(row, cells.start, cells.stop)
            touched = (lefts <= area.right()) & (rights > area.left())
            found.append(cells.start + np.flatnonzero(touched))
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def beside(self, position: int, rows: int) -> int:
        """Return the cell that is so many rows below, nearest to the same place across."""
        to = self.row(position) + rows
        to = max(0, min(len(self.heights) - 1, to))
        if to == self.row(position):
            return position
        middle = self.rect(position).center().x()
        cells = self.cells(to)
        lefts, rights = self._edges(to, cells.start, cells.stop)
        return cells.start + int(np.abs((lefts + rights) / 2 - middle).argmin())

    def _edges(self, row: int, first: int, end: int) -> tuple[Places, Places]:
        start, scale = int(self.starts[row]), self.scales[row]
        places = np.arange(first - start, end - start + 1)
        if self.across is None:
            edges = places * scale
        else:
            edges = (self.across[first : end + 1] - self.across[start]) * scale + places * GAP
        rounded = np.round(edges).astype(np.int64)
        return rounded[:-1], rounded[1:]


def squares(count: int, width: int, cell: int, cut: int | None = None) -> Tiling:
    """Lay cells out in columns of about `cell` points.

    Args:
        count: Cells.
        width: Points to fill.
        cell: About the side of one.
        cut: The first cell that matches badly; it begins a row, below a divider.
    """
    columns = max(1, round(width / cell))
    side = max(1, width // columns)
    blocks = _blocks(count, cut)
    starts = np.concatenate([np.arange(a, b, columns, dtype=np.int64) for a, b in blocks])
    scales = np.full(len(starts), side, np.float64)
    return _stacked(count, starts, scales - UNIT + NAME_HEIGHT, None, scales, cut)


class Spread:
    """How far across pictures of one height reach, and what rows need of that at every width.

    Args:
        shapes: Width over height of every picture, float32 [n].
    """

    def __init__(self, shapes: Vector) -> None:
        bounded = np.clip(shapes, NARROWEST, WIDEST)
        self.across = np.concatenate(([0.0], np.cumsum(bounded, dtype=float)))
        self._height = 0
        self._middles = self.across

    def __len__(self) -> int:
        return len(self.across) - 1

    def middles(self, height: int) -> NDArray[np.float64]:
        """Return how far across the middle of each picture is in one endless row, points."""
        if height != self._height:
            self._height = height
            self._middles = (self.across[:-1] + self.across[1:]) * (height / 2)
            self._middles += np.arange(0.5, len(self)) * GAP
        return self._middles


def justified(spread: Spread, width: int, cell: int, cut: int | None = None) -> Tiling:
    """Lay cells out in rows about `cell` high, each as wide as the window.

    Args:
        spread: The pictures.
        width: Points to fill.
        cell: About the height of a row.
        cut: The first cell that matches badly; it begins a row, below a divider.
    """
    count, height, across = len(spread), max(1, cell - GAP), spread.across
    found = []
    for begin, end in _blocks(count, cut):
        # A row takes what has its middle in it, so that no row is much fuller than another.
        middles = spread.middles(height)[begin:end] * (1 / width)
        if begin:
            middles -= (across[begin] * height + begin * GAP) / width
        row = middles.astype(np.int32)
        is_first = np.ones(len(row), bool)
        np.not_equal(row[1:], row[:-1], out=is_first[1:])
        found.append(begin + np.flatnonzero(is_first))
    starts = np.concatenate(found)
    every = np.append(starts, count)
    inner = (width - np.diff(every) * GAP) / np.maximum(np.diff(across[every]), NARROWEST)
    scales = np.clip(inner, 1, TALLEST * cell)
    return _stacked(count, starts, scales + GAP, across, scales, cut)


def _blocks(count: int, cut: int | None) -> Sequence[tuple[int, int]]:
    return [(0, count)] if cut is None or not 0 < cut < count else [(0, cut), (cut, count)]


def _stacked(
    count: int,
    starts: Places,
    heights: NDArray[np.float64],
    across: NDArray[np.float64] | None,
    scales: NDArray[np.float64],
    cut: int | None,
) -> Tiling:
    """Put rows below each other, with room for the divider before `cut`."""
    tops = np.concatenate(([0], np.round(np.cumsum(heights)))).astype(np.int64)
    whole = np.diff(tops)
    divider = None
    if cut is not None and 0 < cut < count:
        row = int(np.searchsorted(starts, cut))
        divider = int(tops[row])
        tops[row:] += DIVIDER
    return Tiling(count, np.append(starts, count), tops, whole, across, scales, divider)
