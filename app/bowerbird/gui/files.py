"""What can be done with a picture's file: open it, show where it lies, copy its path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from bowerbird.gui.i18n import tr
from bowerbird.types import Asset

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.library import Library


class Files(QObject):
    """Finds files off the GUI thread, since a drive may be asleep, and hands them on.

    Args:
        library: Knows where they lie.
        jobs: Runs what looks for them.
        say: Shows a sentence when one is not there.
        parent: The window.
    """

    def __init__(
        self, library: Library, jobs: Jobs, say: Callable[[str], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._library = library
        self._jobs = jobs
        self._say = say

    def open(self, asset: Asset) -> None:
        """Open the file with the program that the system has for it."""
        self._with_path(asset, lambda path: _hand_to_system(path))

    def show_in_folder(self, asset: Asset) -> None:
        """Open the folder that the file lies in."""
        self._with_path(asset, lambda path: _hand_to_system(path.parent))

    def copy_path(self, asset: Asset) -> None:
        """Put the file's path into the clipboard."""
        self._with_path(asset, lambda path: QApplication.clipboard().setText(str(path)))

    def copy_link(self, asset: Asset) -> None:
        """Put an address into the clipboard under which the picture can be fetched for an hour."""

        def made(link: str | None) -> None:
            if link is None:
                text = tr("{name} lies on this machine and has no address.")
                self._say(text.format(name=asset.name))
            else:
                QApplication.clipboard().setText(link)
                self._say(tr("The link was copied. A bucket's link works for an hour."))

        self._jobs.start(lambda: self._library.link(asset), made)

    def menu(self, asset: Asset, more: Sequence[tuple[str, Callable[[], None]] | None]) -> QMenu:
        """Return a menu of all that can be done with `asset`, with `more` in its middle.

        Args:
            asset: Whose file is meant.
            more: Names and acts; None for a line between them.
        """
        menu = QMenu(self._window)
        first = ((tr("Open"), lambda: self.open(asset)),)
        last = (
            (tr("Show in folder"), lambda: self.show_in_folder(asset)),
            (tr("Copy path"), lambda: self.copy_path(asset)),
        )
        for line in (*first, *more, *last):
            if line is None:
                menu.addSeparator()
            else:
                menu.addAction(line[0]).triggered.connect(lambda _=False, act=line[1]: act())
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _with_path(self, asset: Asset, act: Callable[[Path], object]) -> None:
        def located(path: Path | None) -> None:
            if path is None:
                text = tr("{name} is not there now. Connect its drive, or sync the collection.")
                self._say(text.format(name=asset.name))
            else:
                act(path)

        self._jobs.start(lambda: self._library.fetch(asset), located)


def _hand_to_system(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
