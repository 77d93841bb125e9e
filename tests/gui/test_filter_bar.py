"""The filter bar: what is chosen becomes a filter, and shows."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from bowerbird.gui.date_chart import DateChart
from bowerbird.gui.filter_bar import FilterBar
from bowerbird.gui.filtering import Narrowing, tree
from bowerbird.gui.theme import Theme
from bowerbird.gui.window import Window
from bowerbird.types import AllOf, AnyOf, Comparison, Facets, Swatch
from helpers.fake_library import FakeLibrary

# The offscreen plugin has no window manager.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Open = Callable[[FakeLibrary], Window]
FACETS = Facets(
    formats=(("jpeg", 7), ("png", 2)),
    months=(("2023-12", 5), ("2024-02", 1)),
    tags=(("R&D", 1),),
    cameras=(),
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


@pytest.mark.parametrize(
    ("span", "end"),
    [
        (("2023", "2024"), "2025-01-01"),
        (("2023-02", "2023-12"), "2024-01-01"),
        (("2023-02", "2023-02"), "2023-03-01"),
    ],
)
def test_a_span_of_time_is_a_range_of_dates(span: tuple[str, str], end: str) -> None:
    assert tree(None, Narrowing().with_span(span)) == AllOf(
        (Comparison("date", ">=", span[0]), Comparison("date", "<", end))
    )


def test_sizes_are_classes(theme: Theme, qtbot: QtBot) -> None:
    assert tree(None, Narrowing().toggled("pixels", "1000000")) == AnyOf(
        (AllOf((Comparison("pixels", ">=", 1_000_000), Comparison("pixels", "<", 4_000_000))),)
    )
    assert tree(None, Narrowing().toggled("pixels", "40000000")) == AnyOf(
        (Comparison("pixels", ">=", 40_000_000),)
    )
    bar = FilterBar(theme)
    qtbot.addWidget(bar)
    bar.set_facets(Facets(pixels=(("0", 3), ("12000000", 2), ("40000000", 1))))
    assert [text.split("\t")[0] for text in menu_of(bar, "pixels")] == [
        "below 1 MP",
        "12 \N{EN DASH} 40 MP",
        "40 MP and more",
    ]


def test_the_chart_chooses_months(theme: Theme, qtbot: QtBot) -> None:
    bar = FilterBar(theme)
    qtbot.addWidget(bar)
    bar.set_facets(FACETS)
    bar._date.menu().aboutToShow.emit()
    chart = bar._chart
    assert [name for name, _ in chart._bars] == ["2023-12", "2024-01", "2024-02"]
    chart.resize(400, 112)

    def at(bar_number: int) -> QPoint:
        return QPoint(round(sum(chart._edges(bar_number)) / 2), 40)

    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(chart, left, pos=at(1))
    qtbot.mouseMove(chart, at(2))
    qtbot.mouseRelease(chart, left, pos=at(2))
    assert bar.narrowing.span == ("2024-01", "2024-02")
    assert "Jan 2024" in bar._date.text()
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert bar.narrowing.span == ("2023-12", "2023-12")
    qtbot.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert bar.narrowing.span == ("2023-12", "2024-01")
    drawn = chart.grab().toImage()
    qtbot.keyClick(chart, Qt.Key.Key_Delete)
    assert bar.narrowing.span is None
    assert chart.grab().toImage() != drawn
    qtbot.mouseDClick(chart, left, pos=at(0))
    assert bar.narrowing.span is None
    bar.narrow(bar.narrowing.with_span(("2023-12", "2024-01")))
    bar._date.menu().aboutToShow.emit()
    assert chart._span == (0, 1)


def test_many_months_are_drawn_as_years(theme: Theme, qtbot: QtBot) -> None:
    chart = DateChart(theme)
    qtbot.addWidget(chart)
    chart.show_months((("1999-05", 1), ("1999-07", 2), ("2024-01", 3)), ("2000", "2024"))
    assert chart._bars[0] == ("1999", 3)
    assert len(chart._bars) == 26
    assert chart._span == (1, 25)


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


def colours_of(library: FakeLibrary) -> tuple[Swatch, ...]:
    return library.queries[-1].colours


def amounts(button: QWidget) -> list[QSpinBox]:
    return [box for box in button.findChildren(QSpinBox) if not box.isHidden()]


def test_several_colours_rank_with_their_amounts(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakeLibrary(9)
    window = open_window(library)
    button = window._filters._colour
    button._pick("#d03030")
    qtbot.waitUntil(lambda: library.queries[-1].filter == Comparison("colour", "=", "#d03030"))
    assert colours_of(library) == ()
    held = Qt.KeyboardModifier.ControlModifier
    monkeypatch.setattr(QApplication, "keyboardModifiers", lambda: held)
    button._pick("#3a78c9")
    both = (Swatch("#d03030"), Swatch("#3a78c9"))
    qtbot.waitUntil(lambda: colours_of(library) == both)
    assert library.queries[-1].filter is None
    (first, _) = amounts(button)
    first.setValue(60)
    qtbot.waitUntil(lambda: colours_of(library) == (Swatch("#d03030", 0.6), both[1]))
    assert amounts(button)[0] is first, "what is typed into stays"
    button._pick("#3a78c9")
    qtbot.waitUntil(lambda: colours_of(library) == (Swatch("#d03030", 0.6),))
    window._filters.narrow(Narrowing())
    qtbot.waitUntil(lambda: colours_of(library) == ())
    qtbot.waitUntil(lambda: window.is_settled)


def test_the_menu_shows_the_colours_of_the_result(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(9)
    window = open_window(library)
    button = window._filters._colour
    button.menu().aboutToShow.emit()
    strip = button._strip
    qtbot.waitUntil(lambda: not strip.isHidden())
    assert strip.toolTip() == "#c82828 75%, #141414 25%"
    strip.resize(100, 24)
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(90, 10))
    assert window._filters.narrowing.colour == "#141414"
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(strip, key)
    assert window._filters.narrowing.colour == "#c82828"
    strip.grab()
    qtbot.waitUntil(lambda: window.is_settled)


def test_an_open_menu_grows_with_what_it_shows(theme: Theme, qtbot: QtBot) -> None:
    bar = FilterBar(theme)
    qtbot.addWidget(bar)
    bar.show()
    menu = bar._colour.menu()
    menu.popup(bar.pos())
    heights = [menu.height()]
    bar.show_histogram([("#ff0000", 0.5), ("#00ff00", 0.5)])
    heights.append(menu.height())
    bar.narrow(Narrowing().with_colours((Swatch("#ff0000"), Swatch("#0000ff", 0.4))))
    heights.append(menu.height())
    menu.close()
    assert heights == sorted(set(heights)), "nothing is squeezed"


def test_parts_of_quality_have_bounds(open_window: Open, qtbot: QtBot) -> None:
    library = FakeLibrary(9)
    window = open_window(library)
    button = window._filters._quality
    button._sliders["quality"].setValue(60)
    button._sliders["sharpness"].setValue(30)
    wanted = (Comparison("quality", ">=", 0.6), Comparison("sharpness", ">=", 0.3))
    qtbot.waitUntil(lambda: library.queries[-1].filter == AllOf(wanted))
    assert (
        button.text()
        == "Quality: \N{GREATER-THAN OR EQUAL TO} 60 %, Sharpness \N{GREATER-THAN OR EQUAL TO} 30 %"
    )
    assert button.property("lit")
    window._filters._clear.click()
    qtbot.waitUntil(lambda: library.queries[-1].filter is None)
    assert button._sliders["quality"].value() == 0
    qtbot.waitUntil(lambda: window.is_settled)
