"""The main window: places at the left, search and pictures in the middle, details at the right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QIcon,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QMainWindow

from bowerbird import apart, paths
from bowerbird.gui import memory, messages, shortcuts
from bowerbird.gui.browsing import Browsing
from bowerbird.gui.bucket_dialog import BucketDialog
from bowerbird.gui.counting import Counted, Counting
from bowerbird.gui.grid.model import GridModel
from bowerbird.gui.grid.thumbnails import Thumbnails
from bowerbird.gui.hands import Hands
from bowerbird.gui.i18n import tr
from bowerbird.gui.jobs import Jobs
from bowerbird.gui.keeping import Keeping
from bowerbird.gui.layout import build
from bowerbird.gui.places import Place, with_recent
from bowerbird.gui.side_panel import Actions
from bowerbird.gui.syncing import Begin, Syncing
from bowerbird.gui.tasks import Tasks
from bowerbird.gui.terms import files_in, folders_in, shown_in
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import CATALOGUES, Asset, Auto, Collection

if TYPE_CHECKING:
    from collections.abc import Callable

    from bowerbird.library import Library

# While pictures come in, what is shown is looked up anew this often.
REFRESH_MS = 2000
# Points of width under which the details give way to the pictures.
NARROW = 1000


class Window(QMainWindow):
    """Shows itself at once and opens the library behind it.

    Args:
        theme: Colours.
        open_library: Opens the library; called off the GUI thread.
        settings: Where the geometry is remembered; None remembers nothing.
        sync: Whether collections are synced at the start.
        begin_sync: How one is begun: in a process of its own, unless told otherwise.
    """

    def __init__(
        self,
        theme: Theme,
        open_library: Callable[[], Library],
        settings: QSettings | None = None,
        *,
        sync: bool = True,
        begin_sync: Begin = apart.sync,
    ) -> None:
        super().__init__()
        self._begin_sync = begin_sync
        self._theme = theme
        self._settings = settings
        self._sync_at_start = sync
        self._library: Library | None = None
        self._syncing: Syncing | None = None
        self._keeping: Keeping | None = None
        self._gave_way = False
        self._browsing: Browsing | None = None
        self._places: list[Place] = []
        self._hands: Hands | None = None
        self._counting: Counting | None = None
        self._early: list[Path] = []
        # What was opened behind the window's back, when that is closed before it is told.
        self._made: list[Library] = []
        self._jobs = Jobs(2, "rows", self._show_error, self)
        # One thread: questions are answered in the order they were asked, the newest last.
        self._search_jobs = Jobs(1, "search", self._show_error, self)
        # One as well: what is done and undone keeps its order.
        self._edit_jobs = Jobs(1, "edits", self._show_error, self)
        self._thumbnails = Thumbnails(self._thumbnail, self)
        self._model = GridModel(self._jobs, self)
        self._refresh = QTimer(self, interval=REFRESH_MS)
        self._refresh.timeout.connect(self._look_again)
        self._build()
        self._connect()
        self._restore()

        def open_and_note() -> Library:
            self._made.append(open_library())
            return self._made[0]

        self._jobs.start(open_and_note, self._opened)

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setWindowTitle("Bowerbird")
        self.setWindowIcon(QIcon(str(paths.resource("icons/bowerbird.svg"))))
        self.setAcceptDrops(True)
        parts = build(self, self._theme, self._model, self._thumbnails, self._actions_of)
        self._parts, self._panel, self._bar = parts, parts.panel, parts.bar
        self._filters, self._view, self._inspector = parts.filters, parts.view, parts.inspector
        self._empty, self._stack, self._status = parts.empty, parts.stack, parts.status
        self._message, self._remark = parts.message, parts.remark
        self._bar.setFocus()

    def _connect(self) -> None:
        self._theme.changed.connect(self._view.viewport().update)
        self._bar.noted.connect(self._show_places)
        self._bar.save_wanted.connect(self._save_search)
        self._filters.sized.connect(self._view.set_cell)
        self._filters.set_size(self._view.cell_size)
        self._panel.add_wanted.connect(self._ask_for_folder)
        self._panel.sync_wanted.connect(self._sync)
        self._empty.acted.connect(self._ask_for_folder)
        self._view.cell_changed.connect(self._filters.set_size)
        self._view.typed.connect(self._bar.type_on)
        self._inspector.colour_wanted.connect(
            lambda colour: self._filters.narrow(self._filters.narrowing.with_colour(colour))
        )
        shortcuts.install(
            self,
            {
                "search": self._bar.setFocus,
                "clear": self._bar.clear,
                "save": self._save_search,
                "back": lambda: self._step(-1),
                "forward": lambda: self._step(1),
                "sync": self._sync_by_hand,
                "panel": lambda: self._panel.setVisible(self._panel.isHidden()),
                "quit": self.close,
                "sheet": lambda: shortcuts.Sheet(self).exec(),
            },
        )
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self._view)
        paste.setContext(Qt.ShortcutContext.WidgetShortcut)
        paste.activated.connect(self._bar.paste)

    def _actions_of(self, place: Place) -> Actions:
        return () if self._hands is None else self._hands.places.of(place)

    def _restore(self) -> None:
        self.resize(160 * UNIT, 100 * UNIT)
        if self._settings is not None:
            memory.restore(self._settings, self, self._parts)

    # --- the library ----------------------------------------------------------------------------

    def _opened(self, library: Library) -> None:
        self._library = library
        tasks = Tasks(self)
        self._syncing = Syncing(library, self._begin_sync, tasks, self)
        self._syncing.progressed.connect(self._sync_progressed)
        self._syncing.settled.connect(self._look_again)
        self._syncing.idle.connect(self._sync_idle)
        self._syncing.failed.connect(self._show_error)
        self._status.pause_wanted.connect(self._syncing.pause)
        self._status.cancel_wanted.connect(self._syncing.cancel)
        self._counting = Counting(library, self._jobs, self._syncing, self)
        self._counting.counted.connect(self._show_counts)
        self._browsing = Browsing(
            library, self._parts, self._search_jobs, self._counting, self._syncing, self
        )
        self._hands = Hands(
            self._theme,
            library,
            self._parts,
            self._thumbnails,
            self._jobs,
            self._edit_jobs,
            self._syncing,
            tasks,
            self._settings,
            self,
        )
        self._hands.changed.connect(self._changed_by_hand)
        self._hands.pictures.place_wanted.connect(self._browsing.visit)
        self._hands.put_done.connect(self._look_again)
        self._hands.bucket_wanted.connect(self._ask_for_bucket)
        self._hands.imported.connect(self._imported)
        self._hands.model_changed.connect(self._sync_by_hand)
        self._keeping = Keeping(library, self._jobs, self._syncing, self)
        self._keeping.troubled.connect(self._message.show_text)
        if self._sync_at_start:
            self._keeping.start()
        self._browsing.search()
        self._counting.count(self._sync_all if self._sync_at_start else None)
        for folder in self._early:
            self.add_folder(folder)

    def _changed_by_hand(self) -> None:
        """Tags, names or saved searches are others."""
        self._model.forget_facts()
        if self._counting is not None:
            self._counting.count(anew=True)

    def _sync(self, collection: Collection) -> None:
        if self._syncing is not None:
            self._syncing.add(collection)

    def _sync_by_hand(self) -> None:
        if self._counting is not None:
            self._counting.count(lambda places: self._sync_all(places, quiet=False))

    def _sync_all(self, places: list[Place], *, quiet: bool = True) -> None:
        """What changed while the window was closed shows by itself."""
        for place in places:
            if place.collection is not None and self._syncing is not None:
                if quiet and place.collection.auto is Auto.OFF:
                    continue
                self._syncing.add(place.collection, quiet=quiet)

    def _show_counts(self, counted: Counted) -> None:
        self._places = counted.places
        if self._keeping is not None and self._sync_at_start:
            self._keeping.know([p.collection for p in counted.places if p.collection is not None])
        self._show_places()
        self._inspector.know_tags([tag for tag, _ in counted.whole.tags])
        if self._hands is not None:
            self._hands.know_collections(counted.roots)
        if self._browsing is not None:
            self._browsing.know(counted.places, counted.whole)

    def _show_places(self) -> None:
        self._panel.set_places(with_recent(self._places, self._bar.recent))

    def _ask_for_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Add a folder of pictures"))
        if path:
            self.add_folder(Path(path))

    def add_folder(self, path: Path) -> None:
        """Make a collection of a folder and index it."""
        library = self._library
        if library is None:
            self._early.append(path)
            return

        self._jobs.start(lambda: library.add_folder(path), self._added)

    def _ask_for_bucket(self) -> None:
        if self._library is not None:
            BucketDialog(self._library, self._jobs, self._added, self).exec()

    def _imported(self, name: str) -> None:
        library = self._library
        if library is not None:
            self._jobs.start(lambda: library.collection(name), self._added)

    def _added(self, collection: Collection) -> None:
        self._sync(collection)
        if self._counting is not None:
            self._counting.count(anew=True)

    def _sync_progressed(self, name: str, step: object) -> None:
        self._status.follow(name, step)  # type: ignore[arg-type]  # a signal of objects
        if not self._refresh.isActive():
            self._refresh.start()

    def _sync_idle(self) -> None:
        self._refresh.stop()
        self._status.idle()

    def _look_again(self) -> None:
        """Show what came in, without moving what is being looked at."""
        if self._counting is not None:
            self._counting.count(anew=not self._is_syncing)
        self._thumbnails.retry()
        if self._browsing is not None:
            self._browsing.refresh()

    # --- what is shown --------------------------------------------------------------------------

    def _save_search(self) -> None:
        asked = None if self._browsing is None else self._browsing.query()
        if self._hands is not None and asked is not None:
            self._hands.places.save_search(*asked)

    def _step(self, by: int) -> None:
        if self._browsing is not None:
            self._browsing.step(by)

    def _show_error(self, error: Exception) -> None:
        self._message.show_error(error)
        if self._library is None:
            self._empty.show_state(
                "warning", tr("The library could not be opened"), messages.sentence(error)
            )
            self._stack.setCurrentWidget(self._empty)

    def type_query(self, text: str) -> None:
        """Search as if somebody had typed."""
        self._bar.set_text(text)

    @property
    def is_settled(self) -> bool:
        """Whether everything that was asked for is shown."""
        working = (self._jobs, self._search_jobs, self._edit_jobs, self._thumbnails)
        waiting = self._browsing is not None and self._browsing.is_waiting
        return not self._is_syncing and not waiting and not any(each.busy for each in working)

    @property
    def _is_syncing(self) -> bool:
        return self._syncing is not None and self._syncing.current is not None

    def _thumbnail(self, asset: Asset) -> bytes | None:
        return None if self._library is None else self._library.thumbnail(asset)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The mouse's own buttons for it go back and forward."""
        ways = {Qt.MouseButton.BackButton: -1, Qt.MouseButton.ForwardButton: 1}
        if event.button() in ways:
            self._step(ways[event.button()])
        else:
            super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the pictures come first, and the details when they are asked for."""
        super().resizeEvent(event)
        before, now = event.oldSize().width() < NARROW, event.size().width() < NARROW
        if now and not self._inspector.isHidden() and (not before or not self.isVisible()):
            self._inspector.hide()
            self._gave_way = True
        elif not now and self._gave_way:
            self._inspector.show()
            self._gave_way = False

    # --- dropping and closing -------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take folders and pictures."""
        mime = event.mimeData()
        if folders_in(mime) or files_in(mime) or shown_in(mime) is not None:
            event.acceptProposedAction()
            self._empty.set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self._empty.set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Add folders; search by a picture."""
        self._empty.set_over(False)
        event.acceptProposedAction()
        folders, files = folders_in(event.mimeData()), files_in(event.mimeData())
        managed = None if self._browsing is None else self._browsing.managed
        if managed is not None and files and self._hands is not None:
            self._hands.put(managed, files)
            return
        catalogues = [path for path in files if path.suffix.lower() in CATALOGUES]
        if catalogues and self._hands is not None:
            for path in catalogues:
                self._hands.import_catalogue(path)
            return
        for folder in folders:
            self.add_folder(folder)
        shown = None if folders else shown_in(event.mimeData())
        if shown is not None:
            adds = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            (self._bar.add if adds else self._bar.show_picture)(shown)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the geometry, stop the work, and close the library."""
        if self._settings is not None:
            memory.save(self._settings, self, self._parts, inspector=self._gave_way)
        # Gone at once for the eye; the batch in flight ends behind it.
        self.hide()
        self._refresh.stop()
        jobs = (self._thumbnails, self._search_jobs, self._edit_jobs, self._jobs)
        for working in (self._keeping, self._browsing, self._hands, self._syncing, *jobs):
            if working is not None:
                working.close()
        for library in self._made:
            library.close()
        super().closeEvent(event)
