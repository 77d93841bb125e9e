"""How well hits must match the words: a button with a slider behind it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT

# A hand that drags the slider searches when it rests.
REST_MS = 120


class MatchButton(QToolButton):
    """Says from which likelihood on hits are shown; 0 shows all."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip(tr("Leave out what does not match the words well"))
        self._timer = QTimer(self, interval=REST_MS, singleShot=True)
        self._timer.timeout.connect(self.changed)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 95)
        self._slider.setSingleStep(5)
        self._slider.setPageStep(10)
        self._slider.setTickInterval(25)
        self._slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self._slider.setAccessibleName(tr("How likely pictures match the words"))
        self._slider.setMinimumWidth(28 * UNIT)
        self._slider.valueChanged.connect(self._moved)
        self._said = QLabel()
        board = QWidget()
        layout = QVBoxLayout(board)
        layout.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        layout.addWidget(self._said)
        layout.addWidget(self._slider)
        menu = QMenu(self)
        action = QWidgetAction(menu)
        action.setDefaultWidget(board)
        menu.addAction(action)
        menu.addAction(tr("Good matches")).triggered.connect(lambda: self.set_least(0.5))
        menu.addAction(tr("All pictures, the closest first")).triggered.connect(
            lambda: self.set_least(0.0)
        )
        menu.aboutToShow.connect(self._slider.setFocus)
        self.setMenu(menu)
        self._say()

    @property
    def least(self) -> float:
        """How likely a hit must be a match, 0..1."""
        return self._slider.value() / 100

    def set_least(self, least: float) -> None:
        """Ask for better or worse matches."""
        self._slider.setValue(round(100 * least))

    def _moved(self) -> None:
        self._say()
        self._timer.start()

    def _say(self) -> None:
        value = self._slider.value()
        text = tr("Match") + (f" \N{GREATER-THAN OR EQUAL TO} {value} %" if value else "")
        self.setText(text)
        self.setAccessibleName(text)
        if value:
            self._said.setText(tr("Only what matches with {value} % or more").format(value=value))
        else:
            self._said.setText(tr("All pictures, the closest first"))
