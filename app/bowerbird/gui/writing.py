"""Writes new pictures as tasks; taking that back moves what was written to the trash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand

from bowerbird.gui.i18n import tr
from bowerbird.gui.trash import to_trash
from bowerbird.types import Progress

if TYPE_CHECKING:
    from bowerbird.gui.edits import Edits
    from bowerbird.gui.tasks import Task, Tasks


class Writing(QObject):
    """Starts what writes files, and keeps which ones that were.

    Args:
        tasks: Shows it.
        edits: Keeps what can be undone.
        parent: The window.
    """

    def __init__(self, tasks: Tasks, edits: Edits, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._edits = edits

    def start(self, title: str, work: Callable[[list[Path]], Iterator[Progress]]) -> Task:
        """Write files.

        Args:
            title: Says what is done.
            work: Does it, and puts each file that it made into the list that it is given.
        """
        written: list[Path] = []
        task = self._tasks.start(title, lambda: work(written))

        def ended() -> None:
            files = written.copy()
            written.clear()
            if files:
                self._edits.stack.push(_Written(title, lambda: self._take_back(files)))

        task.ended.connect(ended)
        return task

    def _take_back(self, files: list[Path]) -> None:
        def work() -> Iterator[Progress]:
            failed = 0
            for done, file in enumerate(files, 1):
                failed += to_trash(file) is None
                yield Progress("exporting", done, len(files), failed, current=file.name)

        self._tasks.start(tr("Move %n files to the trash", "", len(files)), work)


class _Written(QUndoCommand):
    """Files that were written; writing them once more is asked for anew."""

    def __init__(self, text: str, undo: Callable[[], None]) -> None:
        super().__init__(text)
        self._undo = undo

    def undo(self) -> None:
        """Move them to the trash."""
        self._undo()
        self.setObsolete(True)
