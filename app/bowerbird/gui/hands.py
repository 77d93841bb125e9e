"""Joins the open library with all that hands can do to it: keys, menus, edits, similar pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from bowerbird import paths, settings
from bowerbird.gui import shortcuts
from bowerbird.gui.api_dialog import ApiDialog
from bowerbird.gui.copies import Copies
from bowerbird.gui.describing import Describing
from bowerbird.gui.edits import Edits
from bowerbird.gui.grid.hover import Hover
from bowerbird.gui.i18n import tr
from bowerbird.gui.models_dialog import ModelsDialog
from bowerbird.gui.pictures import Pictures
from bowerbird.gui.place_actions import PlaceActions
from bowerbird.gui.places import Place
from bowerbird.gui.sending import Sending
from bowerbird.gui.serving import Serving
from bowerbird.gui.settings_dialog import SCHEMES, SettingsDialog
from bowerbird.gui.tasks import Tasks
from bowerbird.gui.tasks_panel import TasksPanel
from bowerbird.gui.terms import Shown
from bowerbird.gui.trash import Trash
from bowerbird.gui.writing import Writing
from bowerbird.settings import Settings
from bowerbird.types import CATALOGUES, Asset, Collection, Filter, Query

if TYPE_CHECKING:
    from bowerbird.gui.grid.thumbnails import Thumbnails
    from bowerbird.gui.jobs import Jobs
    from bowerbird.gui.layout import Parts
    from bowerbird.gui.syncing import Syncing
    from bowerbird.gui.theme import Theme
    from bowerbird.library import Library

_STEP = 24


class Hands(QObject):
    """What becomes possible once a library is open.

    Args:
        theme: Colours.
        library: The library.
        parts: The window's parts.
        thumbnails: Small pictures.
        jobs: Runs what takes time.
        edit_jobs: Runs changes, one after the other.
        syncing: The queue of syncs.
        tasks: All that takes long.
        kept: What the window remembers, or None.
        parent: The window.
    """

    changed = Signal()
    """Tags, names or saved searches are others."""
    bucket_wanted = Signal()
    imported = Signal(str)
    """Records were taken into the catalogue of this name."""
    put_done = Signal()
    """Pictures were taken into the library."""
    model_changed = Signal()
    """Another model is to look at all pictures."""

    def __init__(
        self,
        theme: Theme,
        library: Library,
        parts: Parts,
        thumbnails: Thumbnails,
        jobs: Jobs,
        edit_jobs: Jobs,
        syncing: Syncing,
        tasks: Tasks,
        kept: QSettings | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._kept = kept
        self._library = library
        self._parts = parts
        self._thumbnails = thumbnails
        self._jobs = jobs
        self.edits = Edits(library, edit_jobs, self)
        self.edits.done.connect(self.changed)
        self.places = PlaceActions(library, jobs, syncing, self.edits, self.changed.emit, parent)
        self._syncing = syncing
        self.pictures = Pictures(
            library,
            jobs,
            parts.view,
            parts.inspector,
            thumbnails,
            self.edits,
            parts.message.show_text,
            parent,
        )
        self.tasks = tasks
        self._serving = Serving(library, jobs, kept, self)
        self.copies = Copies(library, jobs, tasks, parts.view, parent)
        self.copies.changed.connect(self.changed)
        self.places.spare_wanted.connect(self.copies.select_spare)
        self.places.best_wanted.connect(self.copies.select_best)
        self.places.sorting_wanted.connect(lambda shots: self.sort_out(shots=shots))
        self._tasks_panel = TasksPanel(theme, tasks, parent)
        parts.status.tasks_wanted.connect(self._tasks_panel.toggle)
        writing = Writing(tasks, self.edits, self)
        self._sending = Sending(theme, library, jobs, tasks, writing, parent)
        self.pictures.export_wanted.connect(self._export)
        self.pictures.cutout_wanted.connect(self._cut_out)
        self.pictures.read_wanted.connect(lambda: self.read_text(ids=self.pictures.ids()))
        self.places.read_wanted.connect(self.read_text)
        self.describing = Describing(library, tasks, self.edits, self)
        self.pictures.tags_wanted.connect(self.describing.add_tags)
        self.pictures.attributes_wanted.connect(self.describing.add_attributes)
        self.pictures.shape_wanted.connect(self._find_shape)
        self.pictures.reimagine_wanted.connect(self._sending.reimagine)
        self._trash = Trash(library, tasks, self.edits, syncing.add, parent)
        self.pictures.trash_wanted.connect(
            lambda: self._trash.ask(self.pictures.ids(), self.pictures.selected())
        )
        self.pictures.similar_wanted.connect(self._find_similar)
        self.pictures.chip_wanted.connect(self._add)
        self.pictures.look.region_drawn.connect(self._find_region)
        parts.inspector.similar_wanted.connect(self._find_similar_to)
        parts.inspector.offer(
            (
                (tr("Find similar"), "picture-search", self._find_similar_to_current),
                (tr("Remove background …"), "cutout", self._cut_out),
                (tr("Export …"), "export", self._export),
            )
        )
        # Only what is kept here: a drive that sleeps is not woken for a pointer that rests.
        self._hover = Hover(parts.view, library.kept_thumbnail)
        self._install(parent)
        self._fill(parts.panel.menu, parent)

    def put(self, collection: Collection, files: list[Path]) -> None:
        """Copy pictures into a managed collection."""
        self._sending.put(collection, files).ended.connect(self.put_done)

    def ask_for_catalogue(self, window: QWidget) -> None:
        """Ask for a file of records, and take them in."""
        endings = " ".join(f"*{ending}" for ending in CATALOGUES)
        path, _ = QFileDialog.getOpenFileName(
            window, tr("Import a catalogue"), filter=f"{tr('Catalogues')} ({endings})"
        )
        if path:
            self.import_catalogue(Path(path))

    def import_catalogue(self, path: Path) -> None:
        """Take the records of a file in, and fetch their pictures."""
        self._sending.take_in(path, self.imported.emit)

    def sort_out(self, *, shots: bool = False) -> None:
        """Show groups of copies, and what of each is to be kept."""
        self.copies.sort_out(self._thumbnails, self.edits, self._trash, self._syncing, shots=shots)

    def read_text(self, wanted: Filter | None = None, *, ids: list[int] | None = None) -> None:
        """Read the text in pictures, so that searches find them by it; None for all there are."""
        if ids is not None and not ids:
            return
        # Who points at one picture wants it read, whatever came of it before.
        again = ids is not None and len(ids) == 1
        task = self.tasks.start(
            tr("Read text") if ids is None else tr("Read text in %n pictures", "", len(ids)),
            lambda: self._library.read_all(wanted, ids=ids, again=again),
        )
        task.ended.connect(self.changed)
        task.ended.connect(self.pictures.show_read)

    def _find_shape(self, asset: Asset) -> None:
        """Look at the shapes that were not looked at, then show those like this one's."""
        library, title = self._library, tr("Shaped like {name}").format(name=asset.name)

        def show(shape: tuple[float, ...]) -> None:
            query = Query(shape=shape, limit=None)
            place = Place(("shape", asset.uuid), title, "cutout", saved=query)
            self.pictures.place_wanted.emit(place)

        def looked() -> None:
            if task.error is None and not task.stopped:
                self._jobs.start(lambda: library.shape(asset), show)

        task = self.tasks.start(tr("Look at shapes"), library.find_shapes)
        task.ended.connect(looked)

    def know_collections(self, roots: dict[int, Path]) -> None:
        """Learn where the collections lie."""
        self.pictures.know_collections(roots)

    def _fill(self, menu: QMenu, window: QWidget) -> None:
        """Fill the menu of what has no place of its own."""
        stack = self.edits.stack
        undo = stack.createUndoAction(menu, tr("Undo"))
        redo = stack.createRedoAction(menu, tr("Redo"))
        menu.addActions([undo, redo])
        menu.addSeparator()
        menu.addAction(tr("Add a bucket …")).triggered.connect(self.bucket_wanted)
        take_in = menu.addAction(tr("Import a catalogue …"))
        take_in.triggered.connect(lambda: self.ask_for_catalogue(window))
        menu.addAction(tr("New collection …")).triggered.connect(self.places.make)
        menu.addSeparator()
        copies = self.copies
        menu.addAction(tr("Find copies of one shot")).triggered.connect(lambda: copies.look(False))
        menu.addAction(tr("Find similar shots")).triggered.connect(lambda: copies.look(True))
        sort_out = menu.addAction(shortcuts.keyed(tr("Sort out copies …"), "copies"))
        sort_out.triggered.connect(lambda: self.sort_out())
        menu.addAction(tr("Read text in all pictures")).triggered.connect(lambda: self.read_text())
        menu.addSeparator()
        menu.addAction(tr("Models …")).triggered.connect(lambda: self._choose_model(window))
        menu.addAction(tr("Other programs …")).triggered.connect(
            lambda: ApiDialog(self._library, self._serving, self._jobs, window).exec()
        )
        keys = menu.addAction(shortcuts.keyed(tr("Keys …"), "sheet"))
        keys.triggered.connect(lambda: shortcuts.Sheet(window).exec())
        edit = menu.addAction(shortcuts.keyed(tr("Settings …"), "settings"))
        edit.triggered.connect(self._edit_settings)

    def _choose_model(self, window: QWidget) -> None:
        ModelsDialog(self._library, self._jobs, self.tasks, self.model_changed.emit, window).exec()

    def _edit_settings(self) -> None:
        window = self.parent()
        assert isinstance(window, QWidget)
        held = self._kept.value("scheme", SCHEMES[0]) if self._kept is not None else SCHEMES[0]
        scheme = held if held in SCHEMES else SCHEMES[0]

        def save(changed: Settings, scheme: str) -> None:
            settings.save(paths.config_file(), changed)
            if self._kept is not None:
                self._kept.setValue("scheme", scheme)

        # Another program may have written them since this one began.
        now = settings.load(paths.config_file())
        SettingsDialog(now, scheme, save, window).exec()

    def close(self) -> None:
        """Stop what waits."""
        self._hover.hide()
        self._sending.close()
        self._serving.close()
        self.pictures.close()
        self.tasks.close()

    def _install(self, window: QWidget) -> None:
        view, stack = self._parts.view, self.edits.stack
        shortcuts.install(
            window,
            {
                "undo": stack.undo,
                "redo": stack.redo,
                "tag": self.pictures.edit_tags,
                "similar": self._find_similar_to_current,
                "filled": lambda: self._parts.filters.set_filled(not view.is_filled),
                "larger": lambda: view.set_cell(view.cell_size + _STEP),
                "smaller": lambda: view.set_cell(view.cell_size - _STEP),
                "settings": self._edit_settings,
                "tasks": self._tasks_panel.toggle,
                "inspector": self._toggle_inspector,
                "export": self._export,
                "cutout": self._cut_out,
                "copies": self.sort_out,
                "reimagine": lambda: self._sending.reimagine(self.pictures.ids()),
            },
        )
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), view)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.pictures.copy)
        view.trash_wanted.connect(self.pictures.trash_wanted)

    def _export(self) -> None:
        view = self._parts.view
        self._sending.export(view.grid.results, view.selected())

    def _cut_out(self) -> None:
        if ids := self.pictures.ids():
            self._sending.cut_out(ids)

    def _toggle_inspector(self) -> None:
        inspector = self._parts.inspector
        inspector.setVisible(inspector.isHidden())
        self.pictures.inspect()

    def _find_similar(self, asset: Asset) -> None:
        self._parts.bar.show_picture(self._chip(asset))

    def _add(self, asset: Asset, weight: float) -> None:
        """Search also by a picture, or by avoiding it."""
        self._parts.bar.add(self._chip(asset, weight))

    def _chip(self, asset: Asset, weight: float = 1.0) -> Shown:
        picture = self._thumbnails.picture(asset, QSize(320, 320))
        return Shown(uuid=asset.uuid, name=asset.name, weight=weight, thumbnail=picture)

    def _find_region(self, name: str, part: QImage) -> None:
        self.pictures.look.close_look()
        shown = Shown(image=part, name=tr("Part of {name}").format(name=name))
        self._parts.bar.show_picture(shown)

    def _find_similar_to_current(self) -> None:
        view = self._parts.view
        asset = view.grid.asset_at(view.current) if view.current >= 0 else None
        if asset is not None:
            self._find_similar(asset)

    def _find_similar_to(self, uuid: str) -> None:
        """Look for what is like a picture that is perhaps not in the grid."""
        library = self._library
        self._jobs.start(lambda: library.asset(uuid), self._find_similar)
