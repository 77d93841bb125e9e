"""The main window: collections at the left, search and pictures in the middle, status below."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QIcon,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QMainWindow,
    QStackedWidget,
)

from bowerbird import paths
from bowerbird.gui import messages
from bowerbird.gui.collections_panel import CollectionsPanel, Row, read_rows
from bowerbird.gui.files import Files
from bowerbird.gui.grid.model import GridModel
from bowerbird.gui.grid.thumbnails import Thumbnails
from bowerbird.gui.grid.view import GridView
from bowerbird.gui.i18n import tr
from bowerbird.gui.jobs import Jobs
from bowerbird.gui.layout import lay_out
from bowerbird.gui.pages import EmptyPage, MessageBar
from bowerbird.gui.search_bar import SearchBar, Shown, folders_in, shown_in
from bowerbird.gui.searching import Found, Searching
from bowerbird.gui.status_line import StatusLine
from bowerbird.gui.syncing import Syncing
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import Asset, Collection

if TYPE_CHECKING:
    from collections.abc import Callable

    from bowerbird.library import Library

# While pictures come in, what is shown is looked up anew this often.
REFRESH_MS = 2000


class Window(QMainWindow):
    """Shows itself at once and opens the library behind it.

    Args:
        theme: Colours.
        open_library: Opens the library; called off the GUI thread.
        settings: Where the geometry is remembered; None remembers nothing.
        sync: Whether collections are synced at the start.
    """

    def __init__(
        self,
        theme: Theme,
        open_library: Callable[[], Library],
        settings: QSettings | None = None,
        *,
        sync: bool = True,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings
        self._sync_at_start = sync
        self._library: Library | None = None
        self._syncing: Syncing | None = None
        self._searching: Searching | None = None
        self._collection: Collection | None = None
        self._total = 0
        self._ranked = False
        self._enter_next = False
        self._early: list[Path] = []
        # What was opened behind the window's back, when that is closed before it is told.
        self._made: list[Library] = []
        self._jobs = Jobs(2, "rows", self._show_error, self)
        # One thread: questions are answered in the order they were asked, the newest last.
        self._search_jobs = Jobs(1, "search", self._show_error, self)
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
        self._panel = CollectionsPanel(self._theme)
        self._bar = SearchBar(self._theme)
        self._message = MessageBar(self._theme)
        self._remark = QLabel(tr("No picture matches well. These come closest."))
        self._remark.setObjectName("quiet")
        self._remark.hide()
        self._view = GridView(self._model, self._theme, self._thumbnails)
        self._empty = EmptyPage(self._theme)
        self._stack = QStackedWidget()
        for page in (self._view, self._empty):
            self._stack.addWidget(page)
        self._status = StatusLine(self._theme)
        self._split = lay_out(
            self,
            panel=self._panel,
            top=(self._bar, self._remark),
            pages=self._stack,
            message=self._message,
            status=self._status,
        )
        self._bar.setFocus()

    def _connect(self) -> None:
        self._theme.changed.connect(self._view.viewport().update)
        self._bar.changed.connect(self._search)
        self._bar.left.connect(self._enter_grid)
        self._bar.entered.connect(self._enter_when_found)
        self._panel.chosen.connect(self._choose)
        self._panel.add_wanted.connect(self._ask_for_folder)
        self._panel.sync_wanted.connect(self._sync)
        self._empty.acted.connect(self._ask_for_folder)
        self._view.opened.connect(self._open_file)
        self._view.menu_wanted.connect(self._show_menu)
        self._view.selection_changed.connect(self._say_counts)
        for keys, act in (
            ("Ctrl+L", self._bar.setFocus),
            ("Ctrl+F", self._bar.setFocus),
            ("Escape", self._bar.clear),
        ):
            QShortcut(QKeySequence(keys), self, act)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self._view)
        paste.setContext(Qt.ShortcutContext.WidgetShortcut)
        paste.activated.connect(self._bar.paste)

    def _restore(self) -> None:
        self.resize(160 * UNIT, 100 * UNIT)
        if self._settings is not None:
            if geometry := self._settings.value("geometry"):
                self.restoreGeometry(geometry)
            if split := self._settings.value("split"):
                self._split.restoreState(split)

    # --- the library ----------------------------------------------------------------------------

    def _opened(self, library: Library) -> None:
        self._library = library
        self._searching = Searching(library, self._search_jobs, self)
        self._searching.found.connect(self._found)
        self._syncing = Syncing(library, self)
        self._syncing.progressed.connect(self._sync_progressed)
        self._syncing.settled.connect(self._look_again)
        self._syncing.idle.connect(self._sync_idle)
        self._syncing.failed.connect(self._show_error)
        self._status.pause_wanted.connect(self._syncing.pause)
        self._status.cancel_wanted.connect(self._syncing.cancel)
        self._files = Files(library, self._jobs, self._message.show_text, self)
        self._search()
        self._searching.warm()
        self._count(self._sync_all if self._sync_at_start else None)
        for folder in self._early:
            self.add_folder(folder)

    def _sync(self, collection: Collection) -> None:
        if self._syncing is not None:
            self._syncing.add(collection)

    def _sync_all(self, rows: list[Row]) -> None:
        """What changed while the window was closed shows by itself."""
        for row in rows:
            if row.collection is not None and self._syncing is not None:
                self._syncing.add(row.collection, quiet=True)

    def _count(self, then: Callable[[list[Row]], None] | None = None) -> None:
        """Count what the collections hold and show it."""
        library, syncing = self._library, self._syncing
        if library is None or syncing is None:
            return

        def counted(rows: list[Row]) -> None:
            self._total = rows[0].counts.ok if rows else 0
            self._panel.set_rows(rows)
            self._show_state(bool(rows))
            if then is not None:
                then(rows)

        current, trouble = syncing.current, dict(syncing.trouble)
        self._jobs.start(lambda: read_rows(library, current, trouble), counted)

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

        def added(collection: Collection) -> None:
            self._sync(collection)
            self._count()

        self._jobs.start(lambda: library.add_folder(path), added)

    def _sync_progressed(self, name: str, step: object) -> None:
        self._status.follow(name, step)  # type: ignore[arg-type]  # a signal of objects
        if not self._refresh.isActive():
            self._refresh.start()

    def _sync_idle(self) -> None:
        self._refresh.stop()
        self._status.idle()

    def _look_again(self) -> None:
        """Show what came in, without moving what is being looked at."""
        self._count()
        self._thumbnails.retry()
        self._search(again=True)

    # --- searching ------------------------------------------------------------------------------

    def _search(self, *, again: bool = False) -> None:
        if self._searching is not None:
            if not again:
                self._message.hide()
            bar = self._bar
            self._searching.ask(bar.terms(), bar.picture(), self._collection, again=again)

    def _choose(self, collection: Collection | None) -> None:
        if (collection and collection.id) != (self._collection and self._collection.id):
            self._collection = collection
            self._search()

    def _found(self, found: Found) -> None:
        assert self._library is not None
        self._ranked = found.query.has_terms
        if not (found.again and np.array_equal(found.results.ids, self._model.results.ids)):
            self._view.show_results(self._library, found.results, again=found.again)
        self._remark.setVisible(found.doubtful)
        self._say_counts()
        self._show_state(self._total > 0 or len(found.results) > 0)
        if self._enter_next and not found.again:
            self._enter_next = False
            self._enter_grid()

    def _enter_when_found(self) -> None:
        self._enter_next = True

    def _show_error(self, error: Exception) -> None:
        self._message.show_error(error)
        if self._library is None:
            self._empty.show_state(
                "warning", tr("The library could not be opened"), messages.sentence(error)
            )
            self._stack.setCurrentWidget(self._empty)

    def _say_counts(self) -> None:
        chosen = len(self._view.selected())
        shown = len(self._model)
        text = (
            tr("%n closest pictures", "", shown) if self._ranked else tr("%n pictures", "", shown)
        )
        if chosen:
            text += " · " + tr("%n selected", "pictures", chosen)
        self._status.say(text)

    def _show_state(self, has_collections: bool) -> None:
        """Show pictures, or what to do when there are none."""
        if len(self._model):
            self._stack.setCurrentWidget(self._view)
            return
        if self._library is None:
            return
        busy = self._is_syncing
        if not has_collections and not busy:
            self._empty.ask_for_folder()
        elif busy and not self._total:
            self._empty.say_looking()
        elif self._ranked:
            self._empty.say_nothing_found()
        else:
            self._empty.say_no_pictures()
        self._stack.setCurrentWidget(self._empty)

    def type_query(self, text: str) -> None:
        """Search as if somebody had typed."""
        self._bar.set_text(text)

    @property
    def is_settled(self) -> bool:
        """Whether everything that was asked for is shown."""
        working = (self._jobs, self._search_jobs, self._thumbnails)
        return not self._is_syncing and not any(each.busy for each in working)

    @property
    def _is_syncing(self) -> bool:
        return self._syncing is not None and self._syncing.current is not None

    # --- pictures -------------------------------------------------------------------------------

    def _thumbnail(self, asset: Asset) -> bytes | None:
        return None if self._library is None else self._library.thumbnail(asset)

    def _enter_grid(self) -> None:
        if len(self._model):
            self._view.setFocus()
            if self._view.current < 0:
                self._view.select(0, Qt.KeyboardModifier.NoModifier)

    def _show_menu(self, point: QPoint) -> None:
        asset = self._model.asset_at(self._view.current)
        if asset is not None:
            self._files.menu(asset, lambda: self._find_similar(self._view.current)).popup(point)

    def _open_file(self, position: int) -> None:
        asset = self._model.asset_at(position)
        if asset is not None:
            self._files.open(asset)

    def _find_similar(self, position: int) -> None:
        asset = self._model.asset_at(position)
        if asset is not None:
            picture = self._thumbnails.picture(asset, QSize(320, 320))
            self._bar.show_picture(Shown(uuid=asset.uuid, name=asset.name), picture)

    # --- dropping and closing -------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take folders and pictures."""
        if folders_in(event.mimeData()) or shown_in(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._empty.set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self._empty.set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Add folders; search by a picture."""
        self._empty.set_over(False)
        event.acceptProposedAction()
        folders = folders_in(event.mimeData())
        for folder in folders:
            self.add_folder(folder)
        shown = None if folders else shown_in(event.mimeData())
        if shown is not None:
            self._bar.show_picture(shown)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the geometry, stop the work, and close the library."""
        if self._settings is not None:
            self._settings.setValue("geometry", self.saveGeometry())
            self._settings.setValue("split", self._split.saveState())
        # Gone at once for the eye; the batch in flight ends behind it.
        self.hide()
        self._refresh.stop()
        for working in (self._syncing, self._thumbnails, self._search_jobs, self._jobs):
            if working is not None:
                working.close()
        for library in self._made:
            library.close()
        super().closeEvent(event)
