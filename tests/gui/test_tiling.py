"""Where pictures lie: no gap, no overlap, and the line under which nothing matches well."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect

from bowerbird.gui.grid.tiling import DIVIDER, GAP, Spread, Tiling, justified, squares


def check(tiling: Tiling, count: int, width: int) -> None:
    """Every cell is in one row, rows do not overlap, and points lead back to their cells."""
    assert tiling.starts.tolist()[-1] == count
    seen = [position for row in range(len(tiling.heights)) for position in tiling.cells(row)]
    assert seen == list(range(count))
    bottom = 0
    for row in range(len(tiling.heights)):
        rects = tiling.rects(row)
        assert rects, "a row without a picture"
        assert rects[0].left() == 0
        for before, after in itertools.pairwise(rects):
            assert before.right() + 1 == after.left()
        # One very wide picture in a narrow window is the only one that may reach beyond.
        assert rects[-1].right() < width or len(rects) == 1
        assert rects[0].top() in (bottom, bottom + DIVIDER)
        bottom = rects[0].bottom() + 1
        for position, rect in zip(tiling.cells(row), rects, strict=True):
            assert tiling.rect(position) == rect
            assert tiling.at(rect.center()) == position
    assert tiling.height == bottom


@pytest.mark.parametrize("seed", range(40))
def test_everything_is_held_once(seed: int) -> None:
    chance = np.random.default_rng(seed)
    count = int(chance.integers(0, 60)) if seed else 0
    width, cell = int(chance.integers(60, 2000)), int(chance.integers(96, 336))
    cut = int(chance.integers(1, count)) if count > 1 and seed % 2 else None
    shapes = chance.choice([0.1, 0.5, 0.75, 1.0, 1.5, 1.8, 9.0], count).astype(np.float32)
    check(justified(Spread(shapes), width, cell, cut), count, width)
    check(squares(count, width, cell, cut), count, width)


def test_full_rows_reach_from_edge_to_edge() -> None:
    shapes = np.random.default_rng(0).choice([0.66, 1.0, 1.5], 500).astype(np.float32)
    tiling = justified(Spread(shapes), 1000, 180)
    rights = [tiling.rects(row)[-1].right() + 1 for row in range(len(tiling.heights) - 1)]
    assert min(rights) >= 999
    assert max(rights) <= 1000
    for row in range(len(tiling.heights) - 1):
        for position, rect in zip(tiling.cells(row), tiling.rects(row), strict=True):
            shape = (rect.width() - GAP) / (rect.height() - GAP)
            assert shape == pytest.approx(shapes[position], rel=0.03), "pictures keep their shape"


def test_what_matches_badly_begins_below_a_line() -> None:
    tiling = squares(10, 400, 100, cut=2)
    assert [tiling.row(position) for position in range(10)] == [0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    assert tiling.divider == tiling.rect(0).bottom() + 1
    assert tiling.rect(2).top() == tiling.divider + DIVIDER
    assert tiling.at(QPoint(50, tiling.divider + 5)) is None
    assert squares(10, 400, 100, cut=10).divider is None


def test_a_band_touches_what_it_crosses() -> None:
    tiling = squares(10, 400, 100)
    first, last = tiling.rect(1), tiling.rect(6)
    assert tiling.within(first.united(last).adjusted(5, 5, -5, -5)).tolist() == [1, 2, 5, 6]
    assert tiling.within(QRect(0, 10_000, 10, 10)).tolist() == []


def test_up_and_down_keep_their_place_across() -> None:
    tiling = justified(Spread(np.array([1, 1, 1, 3, 1, 1, 1], np.float32)), 300, 100)
    assert [len(tiling.cells(row)) for row in range(3)] == [3, 1, 3]
    assert tiling.beside(0, 1) == 3
    assert tiling.beside(3, 1) == 5, "from the middle to the middle"
    assert tiling.beside(5, 1) == 5
    assert tiling.beside(5, -9) == 1
