"""The grid: cells, keys, selection, and that a million is as quick as ten."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bowerbird.gui.grid import model as model_module
from bowerbird.gui.grid.hover import Hover
from bowerbird.gui.grid.model import ASSET, GridModel
from bowerbird.gui.grid.thumbnails import Thumbnails
from bowerbird.gui.grid.tiling import Spread
from bowerbird.gui.grid.view import GridView
from bowerbird.gui.jobs import Jobs
from bowerbird.gui.theme import Theme
from bowerbird.types import Asset, Results
from helpers.fake_library import FakeLibrary

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class Grid:
    def __init__(self, theme: Theme) -> None:
        self.errors: list[Exception] = []
        self.library = FakeLibrary(1)
        self.jobs = Jobs(1, "rows", self.errors.append)
        self.thumbnails = Thumbnails(self.library.thumbnail)
        self.model = GridModel(self.jobs)
        self.view = GridView(self.model, theme, self.thumbnails)
        self.view.resize(720, 500)
        self.view.show()

    def fill(self, count: int) -> None:
        ids = np.arange(1, count + 1, dtype=np.int64)
        self.view.show_results(self.library, Results(ids, None, count))  # type: ignore[arg-type]

    @property
    def busy(self) -> bool:
        return self.jobs.busy or self.thumbnails.busy


def columns(grid: Grid) -> int:
    """How many pictures stand side by side."""
    return len(grid.view.tiling.cells(0))


@pytest.fixture
def grid(qtbot: QtBot, theme: Theme):  # type: ignore[no-untyped-def]
    made = Grid(theme)
    yield made
    made.jobs.close()
    made.thumbnails.close()
    made.view.close()
    made.view.deleteLater()
    assert made.errors == []


def test_rows_are_fetched_when_they_are_looked_at(grid: Grid, qtbot: QtBot) -> None:
    grid.fill(1000)
    first = grid.model.cell(0)
    qtbot.waitUntil(lambda: first.data() == "1.jpg")
    qtbot.waitUntil(lambda: not grid.busy)
    assert first.data(ASSET).id == 1
    far = grid.model.cell(900)
    assert far.data() is None
    qtbot.waitUntil(lambda: grid.model.cell(900).data() == "901.jpg")


def test_nothing_lies_past_the_end(grid: Grid) -> None:
    grid.fill(100)
    grid.fill(columns(grid) + 1)
    assert len(grid.view.tiling.heights) == 2
    beyond = grid.view.visualRect(grid.model.cell(columns(grid))).center() + QPoint(400, 0)
    assert not grid.view.indexAt(beyond).isValid()
    grid.view.select(len(grid.model), NONE)
    assert grid.view.current == -1
    assert grid.model.asset_at(-1) is None, "nothing is current, not the last one"
    assert grid.model.asset_at(len(grid.model)) is None


def test_a_million_asks_for_what_is_seen_alone(
    grid: Grid, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    answer = GridModel.data
    monkeypatch.setattr(GridModel, "data", lambda self, *of: asked.append(1) or answer(self, *of))
    grid.fill(1_000_000)
    QApplication.processEvents()
    grid.view.resize(1400, 900)
    QApplication.processEvents()
    grid.view.selectAll()
    qtbot.keyClick(grid.view, Qt.Key.Key_End)
    QApplication.processEvents()
    assert grid.view.current == 999_999
    assert len(grid.view.selected()) == 1
    qtbot.waitUntil(lambda: not grid.busy)
    # A layout that visits every item asks a million times.
    assert 0 < len(asked) < 5000
    assert len(grid.model._assets) <= 4 * model_module.PAGE


def test_columns_follow_the_width(grid: Grid) -> None:
    grid.fill(100)
    before = columns(grid)
    grid.view.resize(1400, 500)
    QApplication.processEvents()
    assert columns(grid) > before
    grid.view.set_cell(300)
    assert columns(grid) == round(grid.view.viewport().width() / 300)
    grid.view.set_cell(10_000)
    assert columns(grid) >= 1


def test_keys_move_in_reading_order(grid: Grid, qtbot: QtBot) -> None:
    grid.fill(50)
    across = columns(grid)
    assert across > 1
    moves = [
        (Qt.Key.Key_Right, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 1 + across),
        (Qt.Key.Key_Left, across),
        (Qt.Key.Key_Left, across - 1),
        (Qt.Key.Key_Up, across - 1),
        (Qt.Key.Key_End, 49),
        (Qt.Key.Key_Right, 49),
        (Qt.Key.Key_Down, 49),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
    ]
    for key, wanted in moves:
        qtbot.keyClick(grid.view, key)
        assert grid.view.current == wanted, key
        assert grid.view.selected().tolist() == [wanted]
    qtbot.keyClick(grid.view, Qt.Key.Key_PageDown)
    assert grid.view.current >= across


def test_down_enters_a_short_last_row_at_its_end(grid: Grid, qtbot: QtBot) -> None:
    grid.fill(100)
    across = columns(grid)
    grid.fill(across + 1)
    grid.view.select(across - 1, NONE)
    qtbot.keyClick(grid.view, Qt.Key.Key_Down)
    assert grid.view.current == across
    qtbot.keyClick(grid.view, Qt.Key.Key_Down)
    assert grid.view.current == across


def test_selection_is_linear(grid: Grid, qtbot: QtBot) -> None:
    grid.fill(50)
    grid.view.select(3, NONE)
    grid.view.select(20, SHIFT)
    assert grid.view.selected().tolist() == list(range(3, 21))
    grid.view.select(1, SHIFT)
    assert grid.view.selected().tolist() == [1, 2, 3]
    grid.view.select(30, CONTROL)
    grid.view.select(2, CONTROL)
    assert grid.view.selected().tolist() == [1, 3, 30]
    qtbot.keyClick(grid.view, Qt.Key.Key_Right, SHIFT)
    assert grid.view.selected().tolist() == [2, 3]
    qtbot.keyClick(grid.view, Qt.Key.Key_A, CONTROL)
    assert len(grid.view.selected()) == 50


def test_mouse_selects_and_opens(grid: Grid, qtbot: QtBot) -> None:
    grid.fill(50)
    QApplication.processEvents()
    opened: list[int] = []
    grid.view.opened.connect(opened.append)
    port = grid.view.viewport()
    middle = grid.view.visualRect(grid.model.cell(1)).center()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=middle)
    assert grid.view.selected().tolist() == [1]
    qtbot.mouseDClick(port, Qt.MouseButton.LeftButton, pos=middle)
    assert opened == [1]
    qtbot.keyClick(grid.view, Qt.Key.Key_Return)
    assert opened == [1, 1]
    grid.view.select(4, SHIFT)
    menus: list[object] = []
    grid.view.menu_wanted.connect(menus.append)
    qtbot.mouseClick(port, Qt.MouseButton.RightButton, pos=middle)
    assert len(menus) == 1
    assert grid.view.selected().tolist() == [1, 2, 3, 4]


def test_thumbnails_arrive_scaled_and_are_bounded(
    grid: Grid, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bowerbird.gui.grid import thumbnails

    monkeypatch.setattr(thumbnails, "CACHE_BYTES", 32 * 24 * 4 * 3)
    assets = grid.library.assets(range(1, 11))
    size = QSize(32, 32)
    for asset in assets:
        assert grid.thumbnails.picture(asset, size) is None
    qtbot.waitUntil(lambda: not grid.thumbnails.busy)
    kept = [number for number, _ in grid.thumbnails._pictures]
    assert len(kept) == 3
    shown = grid.thumbnails.picture(assets[kept[0] - 1], size)
    assert shown is not None
    assert (shown.width(), shown.height()) == (32, 24)


def test_bad_thumbnail_is_an_empty_picture_and_not_asked_for_again(
    grid: Grid, qtbot: QtBot
) -> None:
    asked: list[int] = []

    def load(asset: object) -> bytes:
        asked.append(1)
        return b"no picture"

    thumbnails = Thumbnails(load)  # type: ignore[arg-type]
    (asset,) = grid.library.assets([5])
    assert thumbnails.picture(asset, QSize(10, 10)) is None
    qtbot.waitUntil(lambda: not thumbnails.busy)
    picture = thumbnails.picture(asset, QSize(10, 10))
    assert picture is not None
    assert picture.isNull()
    assert asked == [1]
    thumbnails.close()


@pytest.mark.logs_expected
def test_thumbnail_that_raises_is_empty_and_can_be_had_later(grid: Grid, qtbot: QtBot) -> None:
    broken = [True]

    def load(asset: Asset) -> bytes | None:
        if broken:
            raise OSError("asleep")
        return grid.library.thumbnail(asset)

    thumbnails = Thumbnails(load)
    (asset,) = grid.library.assets([5])
    thumbnails.picture(asset, QSize(100, 100))
    qtbot.waitUntil(lambda: not thumbnails.busy)
    assert thumbnails.picture(asset, QSize(100, 100)).isNull()  # type: ignore[union-attr]
    broken.clear()
    thumbnails.retry()
    assert thumbnails.picture(asset, QSize(100, 100)) is None
    qtbot.waitUntil(lambda: not thumbnails.busy)
    assert not thumbnails.picture(asset, QSize(100, 100)).isNull()  # type: ignore[union-attr]
    changed = replace(asset, md5="0" * 32)
    assert thumbnails.picture(changed, QSize(100, 100)) is None
    qtbot.waitUntil(lambda: not thumbnails.busy)
    thumbnails.close()


def test_filled_rows_keep_hands_and_eyes_where_they_are(grid: Grid, qtbot: QtBot) -> None:
    ids = np.arange(1, 301, dtype=np.int64)
    results = Results(ids, None, 300)
    spread = Spread(grid.library.shapes(ids))
    grid.view.set_filled(True)
    grid.view.show_results(grid.library, results, spread=spread)  # type: ignore[arg-type]
    widths = {grid.view.visualRect(grid.model.cell(at)).width() for at in range(40)}
    assert len(widths) > 1, "pictures keep their shape"
    grid.view.select(150, NONE)
    grid.view.scrollTo(grid.model.cell(150), GridView.ScrollHint.PositionAtTop)
    before = grid.view.first_seen
    grid.view.resize(1100, 500)
    QApplication.processEvents()
    assert grid.view.tiling.row(before) == grid.view.tiling.row(grid.view.first_seen)
    for key, by in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_Up, -1)):
        row = grid.view.tiling.row(grid.view.current)
        qtbot.keyClick(grid.view, key)
        assert grid.view.tiling.row(grid.view.current) == row + by
    point = grid.view.visualRect(grid.model.cell(grid.view.current)).center()
    assert grid.view.indexAt(point).row() == grid.view.current
    qtbot.waitUntil(lambda: not grid.busy)
    grid.view.set_filled(False)
    assert grid.view.tiling.across is None


def test_right_to_left_mirrors_the_grid(grid: Grid, qtbot: QtBot) -> None:
    grid.view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    grid.fill(20)
    first, second = (grid.view.visualRect(grid.model.cell(at)) for at in (0, 1))
    assert first.left() > second.left()
    assert grid.view.indexAt(first.center()).row() == 0
    grid.view.select(0, NONE)
    qtbot.keyClick(grid.view, Qt.Key.Key_Left)
    assert grid.view.current == 1


def move(port: QWidget, point: QPoint) -> None:
    """Move the pointer; Qt's own helper does not where it thinks that it is there already."""
    none = Qt.MouseButton.NoButton
    spot, whole = QPointF(point), QPointF(port.mapToGlobal(point))
    QApplication.sendEvent(port, QMouseEvent(QEvent.Type.MouseMove, spot, whole, none, none, NONE))


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_resting_pointer_shows_more(grid: Grid, qtbot: QtBot) -> None:
    grid.fill(50)
    qtbot.waitUntil(lambda: grid.model.asset_at(3) is not None and not grid.busy)
    hover = Hover(grid.view, grid.library.thumbnail)
    grid.view.activateWindow()
    port = grid.view.viewport()
    middle = grid.view.visualRect(grid.model.cell(3)).center()
    move(port, middle)
    qtbot.waitUntil(lambda: hover.is_shown)
    assert hover._name.text() == "4.jpg\n64 \N{MULTIPLICATION SIGN} 48"
    grid.view.verticalScrollBar().setValue(20)
    assert not hover.is_shown
    move(port, middle + QPoint(1, 1))
    qtbot.waitUntil(lambda: hover.is_shown)
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=middle)
    assert not hover.is_shown
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=middle)
    grid.view.set_cell(320)
    move(port, middle)
    assert not hover._timer.isActive(), "it is large enough"
