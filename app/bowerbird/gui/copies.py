"""What can be done about copies and similar shots: look for them, select them, sort them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from bowerbird.gui.copies_dialog import CopiesDialog
from bowerbird.gui.i18n import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from bowerbird.gui.edits import Edits
    from bowerbird.gui.grid.thumbnails import Thumbnails
    from bowerbird.gui.grid.view import GridView
    from bowerbird.gui.jobs import Jobs
    from bowerbird.gui.syncing import Syncing
    from bowerbird.gui.tasks import Tasks
    from bowerbird.gui.trash import Trash
    from bowerbird.library import Library


class Copies(QObject):
    """Looks for copies as a task, and shows them in a dialog beside the window.

    Args:
        library: Knows them.
        jobs: Asks it.
        tasks: Shows the looking.
        view: The grid, where they can be selected.
        parent: The window.
    """

    changed = Signal()
    """Others are known."""

    def __init__(
        self, library: Library, jobs: Jobs, tasks: Tasks, view: GridView, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._library = library
        self._jobs = jobs
        self._tasks = tasks
        self._view = view
        self.dialog: CopiesDialog | None = None

    def look(self, shots: bool) -> None:
        """Look for copies of one shot, or also for similar shots; they have places of their own."""
        library = self._library
        task = self._tasks.start(
            tr("Find similar shots") if shots else tr("Find copies of one shot"),
            lambda: library.find_duplicates(similar_shots=shots),
        )
        task.ended.connect(self.changed)

    def sort_out(
        self, thumbnails: Thumbnails, edits: Edits, trash: Trash, syncing: Syncing, *, shots: bool
    ) -> None:
        """Show the groups, and what of each is to be kept."""
        if self.dialog is None:
            self.dialog = CopiesDialog(
                self._library, self._jobs, thumbnails, edits, trash, self.look, self._window
            )
            for others in (self.changed, edits.done, syncing.settled):
                others.connect(self.dialog.look_again)
        self.dialog.choose_kind(shots)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def select_spare(self) -> None:
        """Select all copies in the grid but the best of each group."""
        library = self._library

        def spare() -> np.ndarray:
            groups = library.duplicates()
            return np.array([one.id for group in groups for one in group.assets[1:]], np.int64)

        self._jobs.start(spare, self._view.select_ids)

    def select_best(self) -> None:
        """Select the best of each group of similar shots."""
        library = self._library

        def best() -> np.ndarray:
            return np.array([group.assets[0].id for group in library.similar_shots()], np.int64)

        self._jobs.start(best, self._view.select_ids)
