"""How good pictures must be: a button with a slider for each part of their quality."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from bowerbird.gui.filtering import QUALITIES, Narrowing
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT

# A hand that drags a slider searches when it rests.
REST_MS = 120


class QualityButton(QToolButton):
    """Says from which quality on pictures are shown; 0 shows all."""

    narrowed = Signal(object)
    """Another Narrowing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip(tr("Leave out what is blurred, dark or badly framed"))
        self._narrowing = Narrowing()
        self._timer = QTimer(self, interval=REST_MS, singleShot=True)
        self._timer.timeout.connect(self._choose)
        self._sliders: dict[str, QSlider] = {}
        self._values: dict[str, QLabel] = {}
        menu = QMenu(self)
        board = QWidget()
        grid = QGridLayout(board)
        grid.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        grid.setHorizontalSpacing(UNIT + 4)
        for row, (name, title) in enumerate(_titles().items()):
            self._add(grid, row, name, title)
        action = QWidgetAction(menu)
        action.setDefaultWidget(board)
        menu.addAction(action)
        menu.addAction(tr("Any quality")).triggered.connect(
            lambda: self.narrowed.emit(self._narrowing.with_least({}))
        )
        menu.aboutToShow.connect(self._sliders[QUALITIES[0]].setFocus)
        self.setMenu(menu)
        self.show_narrowing(Narrowing())

    def _add(self, grid: QGridLayout, row: int, name: str, title: str) -> None:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 95)
        slider.setSingleStep(5)
        slider.setPageStep(10)
        slider.setMinimumWidth(20 * UNIT)
        slider.setAccessibleName(title)
        slider.valueChanged.connect(self._moved)
        value = QLabel()
        value.setObjectName("quiet")
        value.setMinimumWidth(6 * UNIT)
        self._sliders[name], self._values[name] = slider, value
        for column, widget in enumerate((QLabel(title), slider, value)):
            grid.addWidget(widget, row, column)

    def show_narrowing(self, narrowing: Narrowing) -> None:
        """Show what is chosen."""
        self._narrowing = narrowing
        for name, slider in self._sliders.items():
            slider.blockSignals(True)
            slider.setValue(round(100 * narrowing.least.get(name, 0)))
            slider.blockSignals(False)
        self._say()

    @property
    def is_lit(self) -> bool:
        """Whether it narrows."""
        return bool(self._narrowing.least)

    def _moved(self) -> None:
        self._say()
        self._timer.start()

    def _say(self) -> None:
        words = []
        for name, title in _titles().items():
            value = self._sliders[name].value()
            self._values[name].setText(
                f"\N{GREATER-THAN OR EQUAL TO} {value} %" if value else tr("any")
            )
            if value:
                shown = "" if name == QUALITIES[0] else f"{title} "
                words.append(f"{shown}\N{GREATER-THAN OR EQUAL TO} {value} %")
        self.setText(tr("Quality") + (f": {', '.join(words)}" if words else ""))

    def _choose(self) -> None:
        least = {name: s.value() / 100 for name, s in self._sliders.items() if s.value()}
        self.narrowed.emit(self._narrowing.with_least(least))


def _titles() -> dict[str, str]:
    titles = (tr("All in all"), tr("Sharpness"), tr("Brightness"), tr("Composition"))
    return dict(zip(QUALITIES, titles, strict=True))
