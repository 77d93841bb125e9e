"""Facts of catalogues narrow what is shown."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from bowerbird.gui.facts_button import FactsButton
from bowerbird.gui.filtering import Narrowing, tree
from bowerbird.gui.window import Window
from bowerbird.types import AllOf, AnyOf, Comparison, Facets, Fact
from helpers.fake_library import FakeLibrary

# The offscreen plugin has no window manager.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
FACTS = (
    Fact("category", 9, values=(("R&D", 7), ("shoes", 2))),
    Fact("price", 9, least=5, most=99.5),
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English))
    yield
    QLocale.setDefault(before)


def parts(button: FactsButton) -> dict[str, QMenu]:
    button.menu().aboutToShow.emit()
    return {action.text(): action.menu() for action in button.menu().actions()}  # type: ignore[misc]


def test_values_and_ranges_become_a_filter(qtbot: QtBot) -> None:
    button = FactsButton()
    qtbot.addWidget(button)
    said: list[Narrowing] = []
    button.narrowed.connect(said.append)
    button.show_facts(FACTS, Narrowing())
    assert button.text() == "Facts"
    assert not button.is_lit
    menus = parts(button)
    assert list(menus) == ["category", "price"]
    menus["category"].actions()[0].trigger()
    assert said[-1].values("meta.category") == ("R&D",)
    button.show_facts(FACTS, said[-1])
    assert button.text() == "Facts: category R&D"
    price = parts(button)["price"]
    low, high = price.actions()[0].defaultWidget().findChildren(QLineEdit)  # type: ignore[attr-defined]
    assert (low.placeholderText(), high.placeholderText()) == ("5", "99.5")
    high.setText("20.5")
    price.actions()[0].defaultWidget().findChild(QPushButton).click()  # type: ignore[attr-defined]
    assert said[-1].ranges == {"price": (None, 20.5)}
    button.show_facts(FACTS, said[-1])
    assert button.text() == "Facts: category R&D, price ≤ 20.5"
    assert tree(None, said[-1]) == AllOf(
        (
            AnyOf((Comparison("meta.category", "=", "R&D"),)),
            Comparison("meta.price", "<=", 20.5),
        )
    )
    parts(button)["price"].actions()[1].trigger()
    assert said[-1].ranges == {}


def test_truths_are_found_as_such() -> None:
    assert tree(None, Narrowing().toggled("meta.new", "true")) == AnyOf(
        (AnyOf((Comparison("meta.new", "=", "true"), Comparison("meta.new", "=", True))),)
    )


def test_what_is_chosen_stays_in_reach(qtbot: QtBot) -> None:
    button = FactsButton()
    qtbot.addWidget(button)
    button.show_facts((), Narrowing())
    assert button.isHidden()
    chosen = Narrowing().toggled("meta.gone", "x").with_range("price", 1, 2)
    button.show_facts((), chosen)
    assert not button.isHidden()
    assert list(parts(button)) == ["gone", "price"]
    said: list[Narrowing] = []
    button.narrowed.connect(said.append)
    parts(button)["gone"].actions()[0].trigger()
    assert said[-1].facts == ("price",)


def test_the_window_narrows_by_facts(
    open_window: Callable[[FakeLibrary], Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakeLibrary(9)
    monkeypatch.setattr(library, "facets", lambda _=None: Facets(facts=FACTS))
    window = open_window(library)
    bar = window.findChild(FactsButton)
    assert isinstance(bar, FactsButton)
    qtbot.waitUntil(lambda: not bar.isHidden())
    parts(bar)["category"].actions()[1].trigger()
    wanted = AnyOf((Comparison("meta.category", "=", "shoes"),))
    qtbot.waitUntil(lambda: library.queries[-1].filter == wanted)
    assert bar.property("lit")
