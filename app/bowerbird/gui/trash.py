"""Moves files to the system's trash, after asking, and back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QObject
from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QMessageBox, QWidget

from bowerbird.gui.i18n import tr
from bowerbird.types import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bowerbird.gui.edits import Edits
    from bowerbird.gui.tasks import Tasks
    from bowerbird.library import Library
    from bowerbird.types import Asset, Collection


class Trash(QObject):
    """Asks, moves, and offers to take it back; nothing is ever deleted.

    Args:
        library: Knows where the files lie.
        tasks: Shows the moving.
        edits: Keeps what can be undone.
        look: Looks for changes in a collection.
        parent: The window.
    """

    def __init__(
        self,
        library: Library,
        tasks: Tasks,
        edits: Edits,
        look: Callable[[Collection], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._library = library
        self._tasks = tasks
        self._edits = edits
        self._look = look

    def ask(
        self, ids: list[int], known: Sequence[Asset] = (), parent: QWidget | None = None
    ) -> bool:
        """Ask whether the files of these pictures are to go, and move them; return the answer.

        Args:
            ids: Which.
            known: Those of them that are at hand: frames of a video are told by these.
            parent: Over what it is asked; None for the window.
        """
        if not ids:
            return False
        frames = [asset for asset in known if asset.time is not None]
        videos = {(asset.collection_id, asset.file_key) for asset in frames}
        count = len(ids) - len(frames) + len(videos)
        question = QMessageBox(parent or self._window)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(tr("Move to the trash"))
        question.setText(tr("Move %n files to the trash?", "", count))
        about = tr(
            "They can be put back from there. Their tags are kept for some time, should they."
        )
        if videos:
            whole = tr("%n of them are whole videos, with all their scenes.", "", len(videos))
            about = f"{whole} {about}"
        question.setInformativeText(about)
        move = question.addButton(tr("Move to the trash"), QMessageBox.ButtonRole.DestructiveRole)
        keep = question.addButton(tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        question.exec()
        agreed = question.clickedButton() is move
        if agreed:
            self._move(ids)
        return agreed

    def _move(self, ids: list[int]) -> None:
        moved: list[tuple[Path, Path]] = []
        touched: set[int] = set()
        files: set[tuple[int, str]] = set()

        def work() -> Iterator[Progress]:
            failed = 0
            for done, asset_id in enumerate(ids, 1):
                name = ""
                for asset in self._library.assets([asset_id]):
                    name = asset.name
                    # Frames of a video share its file.
                    if (file := (asset.collection_id, asset.file_key)) in files:
                        continue
                    files.add(file)
                    path = self._library.locate(asset)
                    target = None if path is None else to_trash(path)
                    if path is None or target is None:
                        failed += 1
                    else:
                        moved.append((path, target))
                        touched.add(asset.collection_id)
                yield Progress("exporting", done, len(ids), failed, current=name)

        task = self._tasks.start(tr("Move %n files to the trash", "", len(ids)), work)
        task.ended.connect(lambda: self._moved(moved, touched))

    def _moved(self, moved: list[tuple[Path, Path]], touched: set[int]) -> None:
        if moved:
            self._look_into(touched)
            self._edits.stack.push(_Moved(moved, lambda: self._put_back(moved, touched)))

    def _put_back(self, moved: list[tuple[Path, Path]], touched: set[int]) -> None:
        def work() -> Iterator[Progress]:
            failed = 0
            for done, (path, target) in enumerate(moved, 1):
                failed += not put_back(target, path)
                yield Progress("exporting", done, len(moved), failed, current=path.name)

        task = self._tasks.start(tr("Put %n files back", "", len(moved)), work)
        task.ended.connect(lambda: self._look_into(touched))

    def _look_into(self, touched: set[int]) -> None:
        for collection in self._library.collections():
            if collection.id in touched:
                self._look(collection)


class _Moved(QUndoCommand):
    """Files that went to the trash; going there once more is asked for anew."""

    def __init__(self, moved: list[tuple[Path, Path]], undo: Callable[[], None]) -> None:
        super().__init__(tr("Move %n files to the trash", "", len(moved)))
        self._undo = undo

    def undo(self) -> None:
        """Put them back; only once, since another time they are not there."""
        self._undo()
        self.setObsolete(True)


def to_trash(path: Path) -> Path | None:
    """Move a file to the system's trash and return where it is now; None where it cannot."""
    file = QFile(str(path))
    return Path(file.fileName()) if file.moveToTrash() else None


def put_back(target: Path, path: Path) -> bool:
    """Move a file from the trash to where it was; never over another one."""
    if path.exists() or not target.exists():
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(target, path)
    except OSError:
        return False
    # What the trash of freedesktop.org notes beside it would be of a file that is not there.
    note = target.parent.parent / "info" / f"{target.name}.trashinfo"
    note.unlink(missing_ok=True)
    return True
