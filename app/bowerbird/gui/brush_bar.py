"""What a hand takes to correct a cut-out: the brush, its size and hardness, and the way back."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QWidget,
)

from bowerbird.gui.corrections import Corrections
from bowerbird.gui.cutout_canvas import LEAST, MOST, Canvas
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme

_SIZES = 100


class BrushBar(QWidget):
    """Sets the brush of a canvas.

    Args:
        theme: Colours.
        canvas: Whose brush it is.
        parent: What it lies in.
    """

    undo_wanted = Signal()
    redo_wanted = Signal()
    reset_wanted = Signal()

    def __init__(self, theme: Theme, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._canvas = canvas
        self._keep = self._mode(tr("Keep"), tr("Paint over what is to be kept (K)"))
        self._remove = self._mode(tr("Remove"), tr("Paint over what is to be removed (R)"))
        self._keep.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self._keep)
        group.addButton(self._remove)
        self._keep.toggled.connect(self._choose)
        self._size = self._slider(tr("Size of the brush"), tr("Smaller with [, larger with ]"))
        self._size.valueChanged.connect(self._resize)
        self._hardness = self._slider(
            tr("Hardness of the brush"),
            tr("The hard core counts as it is painted; around it the edges of the picture hold."),
        )
        self._hardness.setValue(round(100 * canvas.hardness))
        self._hardness.valueChanged.connect(lambda value: canvas.set_hardness(value / 100))
        self._undo = self._act("undo", tr("Undo the last stroke (Ctrl+Z)"))
        self._undo.clicked.connect(self.undo_wanted)
        self._redo = self._act("redo", tr("Draw it again (Ctrl+Shift+Z)"))
        self._redo.clicked.connect(self.redo_wanted)
        self._reset = QToolButton()
        self._reset.setText(tr("Reset"))
        self._reset.setToolTip(tr("Take all strokes away"))
        self._reset.clicked.connect(self.reset_wanted)
        canvas.radius_changed.connect(self._follow)
        theme.changed.connect(self._draw)
        self._lay_out()
        self._draw()
        self._follow()

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(UNIT)
        layout.addWidget(self._keep)
        layout.addWidget(self._remove)
        layout.addSpacing(UNIT)
        for title, slider in ((tr("Size"), self._size), (tr("Hardness"), self._hardness)):
            label = QLabel(title)
            label.setBuddy(slider)
            layout.addWidget(label)
            layout.addWidget(slider, 1)
        layout.addSpacing(UNIT)
        for button in (self._undo, self._redo, self._reset):
            layout.addWidget(button)
        layout.addStretch(1)

    def show_corrections(self, corrections: Corrections) -> None:
        """Offer what can be done with these strokes."""
        self._undo.setEnabled(corrections.can_undo)
        self._redo.setEnabled(corrections.can_redo)
        self._reset.setEnabled(bool(corrections.strokes))

    def choose(self, *, keep: bool) -> None:
        """Take the brush that keeps, or the one that removes."""
        (self._keep if keep else self._remove).setChecked(True)

    def _choose(self, keep: bool) -> None:
        self._canvas.keeps = keep
        self._canvas.update()

    def _resize(self, value: int) -> None:
        # Each step makes the brush larger by the same share of itself.
        self._canvas.set_radius(LEAST * (MOST / LEAST) ** (value / _SIZES))

    def _follow(self) -> None:
        value = _SIZES * math.log(self._canvas.radius / LEAST) / math.log(MOST / LEAST)
        self._size.blockSignals(True)
        self._size.setValue(round(value))
        self._size.blockSignals(False)

    def _mode(self, title: str, help_: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("mode")
        button.setText(title)
        button.setToolTip(help_)
        button.setAccessibleDescription(help_)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _slider(self, name: str, help_: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, _SIZES)
        slider.setAccessibleName(name)
        slider.setToolTip(help_)
        slider.setMinimumWidth(10 * UNIT)
        slider.setMaximumWidth(20 * UNIT)
        return slider

    def _act(self, icon: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setIconSize(QSize(18, 18))
        button.setProperty("icon_name", icon)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _draw(self) -> None:
        for button in (self._undo, self._redo):
            icon = self._theme.icon(button.property("icon_name"), "text", 18)
            # Qt's own pale version is hardly paler on a dark ground.
            pale = self._theme.pixmap(button.property("icon_name"), "line", 18)
            icon.addPixmap(pale, QIcon.Mode.Disabled)
            button.setIcon(icon)
