"""The line of filters above the pictures: what narrows them, their order, and their size."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from bowerbird.gui import messages
from bowerbird.gui.colour_button import ColourButton
from bowerbird.gui.date_chart import DateChart, written
from bowerbird.gui.facts_button import FactsButton
from bowerbird.gui.filtering import FIELDS, Narrowing
from bowerbird.gui.flow import FlowLayout
from bowerbird.gui.grid.tiled import LARGEST, SMALLEST
from bowerbird.gui.i18n import tr
from bowerbird.gui.match_button import MatchButton
from bowerbird.gui.quality_button import QualityButton
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import PIXEL_CLASSES, Facets

# Points of width from which on there is room for everything.
ROOMY = 640


def _titles() -> dict[str, str]:
    return {
        "format": tr("Format"),
        "orientation": tr("Shape"),
        "pixels": tr("Size"),
        "camera": tr("Camera"),
        "tag": tr("Tag", "a word given to pictures"),
    }


def _orders() -> tuple[tuple[str, str | None], ...]:
    return (
        (tr("Best match"), None),
        (tr("Newest first"), "-date"),
        (tr("Oldest first"), "date"),
        (tr("Colour"), "colour"),
        (tr("Name"), "name"),
        (tr("Folder"), "folder"),
        (tr("Best quality"), "-quality"),
        (tr("Worst quality"), "quality"),
        (tr("Largest file"), "-size"),
        (tr("Most pixels"), "-pixels"),
    )


def shown_value(name: str, value: str) -> str:
    """Return how a value of a facet is written for people."""
    shapes = {"landscape": tr("wide"), "portrait": tr("tall"), "square": tr("square")}
    if name == "pixels":
        above = next((bound for bound in PIXEL_CLASSES if bound > int(value)), None)
        if above is None:
            return tr("{size} MP and more").format(size=int(value) // 1_000_000)
        if value == "0":
            return tr("below {size} MP").format(size=above // 1_000_000)
        return f"{int(value) // 1_000_000} \N{EN DASH} {above // 1_000_000} MP"
    if name == "orientation":
        return shapes.get(value, value)
    return value.upper() if name == "format" else value


class FilterBar(QWidget):
    """Buttons with menus that fill with what is there; a lit one narrows."""

    changed = Signal()
    """The filters or the order are others."""
    filled = Signal(bool)
    """Whether rows are to be filled."""
    histogram_wanted = Signal()
    """The colours of what is shown are to be counted."""
    sized = Signal(int)
    """Side of a cell, points."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._narrowing = Narrowing()
        self._facets = Facets()
        self._buttons = {name: self._menu_button(name) for name in FIELDS}
        self._colour = ColourButton(theme)
        self._colour.narrowed.connect(self.narrow)
        self._colour.histogram_wanted.connect(self.histogram_wanted)
        self._quality = QualityButton()
        self._quality.narrowed.connect(self.narrow)
        self._chart = DateChart(theme)
        self._chart.chosen.connect(lambda span: self.narrow(self._narrowing.with_span(span)))
        self._date = self._date_button()
        self._facts = FactsButton()
        self._facts.narrowed.connect(self.narrow)
        self._match = MatchButton()
        self._match.changed.connect(self._set_match)
        self._clear = QToolButton(self)
        self._clear.setText(tr("Clear filters"))
        self._clear.clicked.connect(lambda: self.narrow(Narrowing()))
        self._order = QComboBox(self)
        self._order.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._order.setAccessibleName(tr("Order"))
        self._order.setToolTip(tr("Order of the pictures"))
        for title, sort in _orders():
            self._order.addItem(title, sort)
        self._order.currentIndexChanged.connect(lambda _: self.changed.emit())
        self._size = QSlider(Qt.Orientation.Horizontal, self)
        self._size.setRange(SMALLEST, LARGEST)
        self._size.setSingleStep(24)
        self._size.setPageStep(48)
        self._size.setFixedSize(14 * UNIT, 28)  # as high as the buttons beside it
        self._size.setAccessibleName(tr("Size of the pictures"))
        self._size.setToolTip(tr("Size of the pictures (Ctrl and the wheel)"))
        self._size.valueChanged.connect(self.sized)
        self._filled = QToolButton(self)
        self._filled.setCheckable(True)
        self._filled.setIconSize(QSize(18, 18))
        self._filled.toggled.connect(self._show_filled)
        self._filled.toggled.connect(self.filled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        # What does not fit goes on in a second line.
        filters = QWidget(self)
        lines = FlowLayout(filters, 4)
        for widget in (
            self._colour,
            self._date,
            *self._buttons.values(),
            self._quality,
            self._facts,
            self._match,
            self._clear,
        ):
            lines.addWidget(widget)
        layout.addWidget(filters, 1)
        top = Qt.AlignmentFlag.AlignTop
        for control in (self._order, self._filled, self._size):
            layout.addWidget(control, 0, top)
        theme.changed.connect(self._draw)
        self._draw()

    # --- what is chosen -------------------------------------------------------------------------

    @property
    def narrowing(self) -> Narrowing:
        """What is chosen."""
        return self._narrowing

    @property
    def sort(self) -> str | None:
        """The order, as `Query.sort` takes it."""
        chosen: str | None = self._order.currentData()
        return chosen

    @property
    def least(self) -> float:
        """How likely a hit must be a match, 0..1."""
        return self._match.least

    def set_least(self, least: float) -> None:
        """Ask for better or worse matches."""
        self._match.set_least(least)

    @property
    def is_filled(self) -> bool:
        """Whether rows are to be filled."""
        return self._filled.isChecked()

    def set_filled(self, filled: bool) -> None:
        """Fill rows, or stand pictures in squares."""
        self._filled.setChecked(filled)

    def narrow(self, narrowing: Narrowing) -> None:
        """Choose other filters."""
        if narrowing != self._narrowing:
            self._narrowing = narrowing
            self._draw()
            self.changed.emit()

    def set_sort(self, sort: str | None) -> None:
        """Choose an order."""
        self._order.setCurrentIndex(max(0, self._order.findData(sort)))

    def set_size(self, size: int) -> None:
        """Show the side of a cell without saying that it changed."""
        self._size.blockSignals(True)
        self._size.setValue(size)
        self._size.blockSignals(False)

    def set_facets(self, facets: Facets) -> None:
        """Fill the menus with what there is to choose from."""
        self._facets = facets
        self._draw()

    def show_histogram(self, shares: Sequence[tuple[str, float]]) -> None:
        """Show the colours of the result, and their shares."""
        self._colour.show_histogram(shares)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, keys and wheel size the pictures."""
        super().resizeEvent(event)
        self._size.setVisible(event.size().width() >= ROOMY)

    # --- buttons --------------------------------------------------------------------------------

    def _menu_button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("filter")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._fill(menu, name))
        button.setMenu(menu)
        return button

    def _fill(self, menu: QMenu, name: str) -> None:
        menu.clear()
        chosen = self._narrowing.values(name)
        values = self._values(name)
        # What is chosen stays in reach, also where nothing of it is left.
        values += tuple((value, 0) for value in chosen if value not in dict(values))
        for value, count in values:
            title = shown_value(name, value).replace("&", "&&")
            action = menu.addAction(f"{title}\t{messages.count(count)}")
            action.setCheckable(True)
            action.setChecked(value in chosen)
            action.triggered.connect(
                lambda _=False, value=value: self.narrow(self._narrowing.toggled(name, value))
            )
        if chosen:
            menu.addSeparator()
            menu.addAction(tr("Any")).triggered.connect(
                lambda: self.narrow(self._narrowing.only(name, ()))
            )

    def _values(self, name: str) -> tuple[tuple[str, int], ...]:
        facets = self._facets
        return {
            "format": facets.formats,
            "orientation": facets.orientations,
            "pixels": facets.pixels,
            "camera": facets.cameras,
            "tag": facets.tags,
        }[name]

    def _date_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("filter")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        action = QWidgetAction(menu)
        action.setDefaultWidget(self._chart)
        menu.addAction(action)
        menu.addAction(tr("Any time")).triggered.connect(
            lambda: self.narrow(self._narrowing.with_span(None))
        )
        menu.aboutToShow.connect(self._fill_chart)
        menu.aboutToShow.connect(self._chart.setFocus)
        button.setMenu(menu)
        return button

    def _fill_chart(self) -> None:
        self._chart.show_months(self._facets.months, self._narrowing.span)

    def _draw(self) -> None:
        for (name, button), title in zip(self._buttons.items(), _titles().values(), strict=True):
            chosen = self._narrowing.values(name)
            words = ", ".join(shown_value(name, value) for value in chosen)
            button.setText(f"{title}: {words}" if chosen else title)
            button.setVisible(bool(chosen or self._values(name)))
            self._light(button, bool(chosen))
        self._facts.show_facts(self._facets.facts, self._narrowing)
        self._light(self._facts, self._facts.is_lit)
        span = self._narrowing.span
        times = "" if span is None else ": " + " \N{EN DASH} ".join(map(written, sorted({*span})))
        self._date.setText(tr("Date") + times)
        self._date.setVisible(bool(span or self._facets.months))
        self._light(self._date, span is not None)
        self._colour.show_narrowing(self._narrowing)
        self._light(self._colour, bool(self._narrowing.colours))
        self._quality.show_narrowing(self._narrowing)
        self._light(self._quality, self._quality.is_lit)
        self._clear.setVisible(not self._narrowing.is_empty)
        self._show_filled()

    def _set_match(self) -> None:
        self._light(self._match, self.least > 0)
        self.changed.emit()

    def _show_filled(self) -> None:
        filled = self.is_filled
        name = tr("Squares with names") if filled else tr("Rows filled with pictures")
        self._filled.setIcon(self._theme.icon("squares" if filled else "rows", "quiet", 18))
        self._filled.setToolTip(name)
        self._filled.setAccessibleName(name)

    def _light(self, button: QToolButton, lit: bool) -> None:
        button.setAccessibleName(button.text())
        button.setProperty("lit", lit)
        button.style().polish(button)
