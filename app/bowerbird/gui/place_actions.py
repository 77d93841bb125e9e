"""What can be done with a place of the side panel: sync, rename, forget."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.types import Auto, Collection, Query, SourceKind

if TYPE_CHECKING:
    from bowerbird.gui.edits import Edits
    from bowerbird.gui.jobs import Jobs
    from bowerbird.gui.places import Place
    from bowerbird.gui.side_panel import Actions
    from bowerbird.gui.syncing import Syncing
    from bowerbird.library import Library


class PlaceActions(QObject):
    """Offers and does what a place allows.

    Args:
        library: What is changed.
        jobs: Runs it.
        syncing: The queue of syncs.
        edits: Changes that can be undone.
        changed: Called when the places are others.
        parent: The window.
    """

    spare_wanted = Signal()
    """The copies that need not be kept are to be selected."""
    read_wanted = Signal(object)
    """A Filter: the text in the pictures that match is to be read."""
    sorting_wanted = Signal(bool)
    """Copies are to be sorted out, or similar shots."""
    best_wanted = Signal()
    """The best of each group of similar shots are to be selected."""

    def __init__(
        self,
        library: Library,
        jobs: Jobs,
        syncing: Syncing,
        edits: Edits,
        changed: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._library = library
        self._jobs = jobs
        self._syncing = syncing
        self._edits = edits
        self._changed = changed

    def of(self, place: Place) -> Actions:
        """Return what can be done with a place."""
        if place.collection is not None:
            collection = place.collection
            found: list[tuple[str, Callable[[], object]]] = [
                (tr("Look for changes"), lambda: self._syncing.add(collection)),
                (tr("Try failed pictures again"), lambda: self._retry(collection)),
                (tr("Read text in its pictures"), lambda: self.read_wanted.emit(place.filter)),
                (tr("Look by itself …"), lambda: self._set_auto(collection)),
                (tr("Rename …"), lambda: self._rename(collection)),
                (tr("Remove from the library …"), lambda: self._remove(place, collection)),
            ]
            if collection.kind is SourceKind.FOLDER:
                url = QUrl.fromLocalFile(str(Path(collection.location)))
                found.insert(2, (tr("Show folder"), lambda: QDesktopServices.openUrl(url)))
                wanted = not collection.videos
                text = tr("Look into videos") if wanted else tr("Pass over videos")
                found.insert(4, (text, lambda: self._set_videos(collection, wanted)))
            return found
        if place.key == ("duplicates",):
            return [
                (tr("Sort out …"), lambda: self.sorting_wanted.emit(False)),
                (tr("Select all but the best of each"), self.spare_wanted.emit),
            ]
        if place.key == ("shots",):
            return [
                (tr("Sort out …"), lambda: self.sorting_wanted.emit(True)),
                (tr("Select the best of each"), self.best_wanted.emit),
            ]
        if place.saved is not None and place.key[0] == "saved":
            name, query = place.title, place.saved
            return [(tr("Forget this search"), lambda: self._edits.forget_search(name, query))]
        return ()

    def make(self) -> None:
        """Ask for a name and make a collection that lies in the library itself."""
        name, agreed = QInputDialog.getText(
            self._window,
            tr("New collection"),
            tr("Pictures that are dropped on it are copied into the library. Its name:"),
        )
        if agreed and name.strip():
            library = self._library
            self._jobs.start(lambda: library.add_managed(name), lambda _: self._changed())

    def save_search(self, suggestion: str, query: Query) -> None:
        """Ask for a name and keep the search."""
        name, agreed = QInputDialog.getText(
            self._window, tr("Save this search"), tr("Name"), text=suggestion
        )
        if agreed and name.strip():
            self._edits.save_search(name.strip(), query)

    def _retry(self, collection: Collection) -> None:
        self._syncing.add(collection, retry_failed=True)

    def _set_auto(self, collection: Collection) -> None:
        choices = {
            tr("When something changes"): Auto.CHANGE,
            tr("Every hour"): Auto.HOURLY,
            tr("Every day"): Auto.DAILY,
            tr("Every week"): Auto.WEEKLY,
            tr("Every month"): Auto.MONTHLY,
            tr("Only when asked"): Auto.OFF,
        }
        chosen, agreed = QInputDialog.getItem(
            self._window,
            tr("Look by itself"),
            tr("Look for changes in “{name}”").format(name=collection.name),
            list(choices),
            list(choices.values()).index(collection.auto),
            editable=False,
        )
        if agreed:
            self._edits.set_auto(collection, choices[chosen])

    def _set_videos(self, collection: Collection, wanted: bool) -> None:
        """Choose whether videos are looked into, and look anew."""
        library = self._library

        def change() -> Collection:
            library.set_videos(collection, wanted=wanted)
            return library.collection(collection.id)

        def changed(now: Collection) -> None:
            self._changed()
            self._syncing.add(now)

        self._jobs.start(change, changed)

    def _rename(self, collection: Collection) -> None:
        name, agreed = QInputDialog.getText(
            self._window, tr("Rename collection"), tr("Name"), text=collection.name
        )
        if agreed and name.strip() and name.strip() != collection.name:
            self._edits.rename(collection, name.strip())

    def _remove(self, place: Place, collection: Collection) -> None:
        question = QMessageBox(self._window)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(tr("Remove from the library"))
        question.setText(
            tr("Remove “{name}” with its {count} pictures from the library?").format(
                name=collection.name, count=messages.count(place.count or 0)
            )
        )
        where = tr("The files stay where they are. Tags given to these pictures are forgotten.")
        if collection.kind is SourceKind.MANAGED:
            where = tr(
                "Its pictures stay in the library's folder “managed” until you delete them there. "
                "Export them first if you want them elsewhere."
            )
        question.setInformativeText(where)
        remove = question.addButton(tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        keep = question.addButton(tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        question.exec()
        if question.clickedButton() is remove:
            library = self._library
            self._jobs.start(
                lambda: library.remove_collection(collection), lambda _: self._changed()
            )
