"""Chooses where new pictures go: beside the old ones, or into a folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from bowerbird.gui.i18n import tr

_ASK = "ask"


class FolderBox(QComboBox):
    """A folder that was chosen stays in the box.

    Args:
        title: Of the dialog that asks for one.
        parent: What it lies in.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.addItem(tr("Beside the picture"), "")
        self.addItem(tr("In a folder …"), _ASK)
        self.activated.connect(self._follow)

    @property
    def folder(self) -> Path | None:
        """What is chosen; None for beside the picture."""
        chosen = self.currentData()
        return Path(chosen) if chosen and chosen != _ASK else None

    def settle(self, window: QWidget) -> bool:
        """Ask for a folder where that is still to be done; False without an answer."""
        return self.currentData() != _ASK or self._ask(window)

    def _follow(self, at: int) -> None:
        if self.itemData(at) == _ASK and not self._ask(self):
            self.setCurrentIndex(0)

    def _ask(self, window: QWidget) -> bool:
        """Ask for a folder, which is then the chosen one."""
        path = QFileDialog.getExistingDirectory(window, self._title)
        if path:
            # Before the last, which asks again.
            at = self.findData(path)
            if at < 0:
                at = self.count() - 1
                self.insertItem(at, Path(path).name or path, path)
            self.setCurrentIndex(at)
        return bool(path)
