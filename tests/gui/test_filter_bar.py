"""The filter bar: what is chosen becomes a filter, and shows."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bowerbird.gui.filter_bar import FilterBar
from bowerbird.gui.filtering import Narrowing, tree
from bowerbird.gui.theme import Theme
from bowerbird.gui.window import Window
from bowerbird.types import AllOf, AnyOf, Comparison, Facets
from helpers.fake_library import FakeLibrary

# The offscreen plugin has no window manager.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Open = Callable[[FakeLibrary], Window]
FACETS = Facets(
    formats=(("jpeg", 7), ("png", 2)), years=(("2024", 5),), tags=(("R&D", 1),), cameras=()
)


def test_values_widen_and_facets_narrow() -> None:
    chosen = Narrowing().toggled("format", "jpeg").toggled("format", "png").toggled("tag", "sea")
    place = Comparison("collection", "=", 1)
    jpeg, png = Comparison("format", "=", "jpeg"), Comparison("format", "=", "png")
    assert tree(place, chosen) == AllOf(
        (place, AnyOf((jpeg, png)), AnyOf((Comparison("tag", "=", "sea"),)))
    )
    assert tree(None, Narrowing()) is None
    assert chosen.toggled("format", "jpeg").values("format") == ("png",)
    assert chosen.only("format", ()).only("tag", ()).is_empty


def test_a_year_is_a_range_of_dates() -> None:
    found = tree(None, Narrowing().toggled("year", "2024"))
    assert found == AnyOf(
        (
            AllOf(
                (
                    Comparison("date", ">=", "2024-01-01"),
                    Comparison("date", "<", "2025-01-01"),
                )
            ),
        )
    )


def menu_of(bar: FilterBar, name: str) -> list[str]:
    menu = bar._buttons[name].menu()
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions()]


def test_menus_offer_what_is_there(theme: Theme, qtbot: QtBot) -> None:
    bar = FilterBar(theme)
    qtbot.addWidget(bar)
    bar.set_facets(FACETS)
    bar.show()
    assert menu_of(bar, "format") == ["JPEG\t7", "PNG\t2"]
    assert menu_of(bar, "tag") == ["R&&D\t1"]
    assert not bar._buttons["camera"].isVisible()
    with qtbot.waitSignal(bar.changed):
        bar._buttons["format"].menu().actions()[1].trigger()
    assert bar.narrowing.values("format") == ("png",)
    assert bar._buttons["format"].text() == "Format: PNG"
    bar.set_facets(Facets())
    assert "PNG\t0" in menu_of(bar, "format"), "what is chosen stays in reach"


def test_filters_order_and_colour_reach_the_library(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(10)
    window = open_window(library)
    bar = window._filters
    bar.set_sort("-size")
    qtbot.waitUntil(lambda: library.queries[-1].sort == "-size")
    grid = window._view
    grid.select(0, Qt.KeyboardModifier.NoModifier)
    qtbot.waitUntil(lambda: len(window._inspector.assets) == 1)
    window._inspector.colour_wanted.emit("#c82828")
    qtbot.waitUntil(lambda: library.queries[-1].filter == Comparison("colour", "=", "#c82828"))
    assert bar._clear.isVisible()
    bar._clear.click()
    qtbot.waitUntil(lambda: library.queries[-1].filter is None)
    qtbot.waitUntil(lambda: window.is_settled)
