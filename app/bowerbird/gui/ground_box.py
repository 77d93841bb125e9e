"""Chooses what stands behind a subject: nothing, a colour, the own background, a picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QColorDialog, QComboBox, QFileDialog, QWidget

from bowerbird.gui.i18n import tr

_COLOUR, _PICTURE = "colour", "picture"


class GroundBox(QComboBox):
    """Offers what is usual; a colour or a picture of one's own joins the list."""

    chosen = Signal(str)
    """What is to stand behind, as the library takes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(tr("What is to stand behind"))
        for title, behind in (
            (tr("Nothing: transparent"), ""),
            (tr("White"), "#ffffff"),
            (tr("Black"), "#000000"),
            (tr("The own background, out of focus"), "blur"),
        ):
            self.addItem(title, behind)
        self._own = self.count()
        self.addItem(tr("Another colour …"), _COLOUR)
        self.addItem(tr("A picture …"), _PICTURE)
        self._last = 0
        self.activated.connect(self._follow)

    @property
    def behind(self) -> str:
        """What is to stand behind, as the library takes it."""
        return str(self.itemData(self._last))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel alone: it would ask for colours and files on its way."""
        event.ignore()

    def _follow(self, at: int) -> None:
        asked = self.itemData(at)
        if asked in (_COLOUR, _PICTURE):
            title, behind = self._ask_colour() if asked == _COLOUR else self._ask_picture()
            if behind:
                self.insertItem(self._own, title, behind)
                self._last = self._own
        else:
            self._last = at
        self.setCurrentIndex(self._last)
        self.chosen.emit(self.behind)

    def _ask_colour(self) -> tuple[str, str]:
        colour = QColorDialog.getColor(QColor("#808080"), self, tr("Behind the subject"))
        return (colour.name(), colour.name()) if colour.isValid() else ("", "")

    def _ask_picture(self) -> tuple[str, str]:
        path, _ = QFileDialog.getOpenFileName(self, tr("Behind the subject"))
        return Path(path).name, path
