"""A part of the search as a chip: what it is, how much it counts, and a way to take it away."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from bowerbird.gui.i18n import tr
from bowerbird.gui.terms import Shown
from bowerbird.gui.theme import Theme

SIDE, NAME_WIDTH = 24, 120
STEP, HEAVIEST = 0.25, 2.0
_KEEP = Qt.AspectRatioMode.KeepAspectRatio


class Chip(QFrame):
    """One picture or set of words that is searched by; wheel and keys weigh it."""

    removed = Signal()
    weighed = Signal()
    """It counts more or less than before."""

    def __init__(self, theme: Theme, shown: Shown, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.shown = shown
        self._theme = theme
        self._picture = QLabel(self)
        self._name = QLabel(self)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._remove = QToolButton(self)
        self._remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        name = tr("Remove from the search")
        self._remove.setAccessibleName(name)
        self._remove.setToolTip(name)
        self._remove.setIconSize(QSize(14, 14))
        self._remove.clicked.connect(self.removed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3, 0, 3, 0)
        layout.setSpacing(6)
        for widget in (self._picture, self._name, self._remove):
            layout.addWidget(widget)
        self._picture.setHidden(bool(shown.text))
        theme.changed.connect(self._draw)
        self._draw()
        self._say()

    def weigh(self, weight: float) -> None:
        """Let it count more or less; it never counts nothing."""
        step = STEP if weight > self.shown.weight else -STEP
        weight = max(-HEAVIEST, min(HEAVIEST, weight)) or step
        if weight != self.shown.weight:
            self.shown = replace(self.shown, weight=weight)
            self._say()
            self.weighed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn it up or down."""
        self.weigh(self.shown.weight + (STEP if event.angleDelta().y() > 0 else -STEP))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down weigh, Delete takes it away."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Plus):
            self.weigh(self.shown.weight + STEP)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Minus):
            self.weigh(self.shown.weight - STEP)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            event.ignore()

    def _say(self) -> None:
        shown = self.shown
        times = "" if shown.weight == 1.0 else f" \N{MULTIPLICATION SIGN} {shown.weight:g}"
        whole = shown.text or shown.name
        middle = Qt.TextElideMode.ElideMiddle
        self._name.setText(self.fontMetrics().elidedText(whole, middle, NAME_WIDTH) + times)
        hint = tr("Wheel, Up and Down: how much it counts; below 0, what to avoid")
        self.setToolTip(f"{whole}\n{hint}")
        self.setAccessibleName(tr("Searching by {name}").format(name=whole) + times)
        self.setProperty("avoid", shown.weight < 0)
        self.style().polish(self)

    def _draw(self) -> None:
        self._remove.setIcon(self._theme.icon("close", "text", 14))
        thumbnail = self.shown.thumbnail
        if thumbnail is None and isinstance(self.shown.image, QImage):
            thumbnail = QPixmap.fromImage(self.shown.image.scaled(64, 64, _KEEP))
        if thumbnail is None or thumbnail.isNull():
            self._picture.setPixmap(self._theme.pixmap("pictures", "accent"))
            return
        ratio = self.devicePixelRatioF()
        smooth = Qt.TransformationMode.SmoothTransformation
        small = thumbnail.scaled(QSize(SIDE, SIDE) * ratio, _KEEP, smooth)
        small.setDevicePixelRatio(ratio)
        self._picture.setPixmap(small)
