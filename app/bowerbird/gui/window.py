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
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
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
from bowerbird.gui.pages import EmptyPage, MessageBar
from bowerbird.gui.search_bar import SearchBar, Shown, folders_in, shown_in
from bowerbird.gui.searching import Searching, make_query
from bowerbird.gui.status_line import StatusLine
from bowerbird.gui.syncing import Syncing
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import Asset, Collection, Query, Results

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
    """

    def __init__(
        self,
        theme: Theme,
        open_library: Callable[[], Library],
        settings: QSettings | None = None,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings
        self._library: Library | None = None
        self._syncing: Syncing | None = None
        self._searching: Searching | None = None
        self._collection: Collection | None = None
        self._total = 0
        self._asked_again = False
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
        self._jobs.start(open_library, self._opened)

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
        middle = QWidget()
        middle.setObjectName("ground")
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(UNIT, UNIT + 4, 0, 0)
        layout.setSpacing(UNIT)
        top = QVBoxLayout()
        top.setContentsMargins(4, 0, UNIT + 4, 0)
        top.setSpacing(UNIT)
        for line in (self._bar, self._remark):
            top.addWidget(line)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(1)
        for side in (self._panel, middle):
            self._split.addWidget(side)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([28 * UNIT, 130 * UNIT])
        self._split.setCollapsible(1, False)
        whole = QWidget()
        outer = QVBoxLayout(whole)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for widget in (self._message, self._split, self._status):
            outer.addWidget(widget, 1 if widget is self._split else 0)
        self.setCentralWidget(whole)
        self.setMinimumSize(80 * UNIT, 60 * UNIT)
        self._bar.setFocus()

    def _connect(self) -> None:
        self._theme.changed.connect(self._view.viewport().update)
        self._bar.changed.connect(self._search)
        self._bar.left.connect(self._enter_grid)
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
        self._count(self._sync_all)

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
        if self._view.current < 0 and self._view.verticalScrollBar().value() == 0:
            self._search(again=True)

    # --- searching ------------------------------------------------------------------------------

    def _query(self) -> Query:
        return make_query(self._bar.terms(), self._bar.picture(), self._collection)

    def _search(self, *, again: bool = False) -> None:
        if self._searching is not None:
            if not again:
                self._message.hide()
            self._searching.ask(self._query())
            self._asked_again = again

    def _choose(self, collection: Collection | None) -> None:
        self._collection = collection
        self._search()

    def _found(self, query: Query, results: Results) -> None:
        assert self._library is not None
        same = np.array_equal(results.ids, self._model.results.ids)
        if not same:
            self._model.forget_rows()
            self._model.show(self._library, results)
            self._view.start_over(keep_place=self._asked_again)
        self._remark.setVisible(self._is_doubtful(query, results))
        self._say_counts()
        self._show_state(self._total > 0 or len(results) > 0)

    def _is_doubtful(self, query: Query, results: Results) -> bool:
        if self._library is None or results.scores is None or not len(results):
            return False
        plain = len(query.texts) == 1 and not query.images and not query.assets
        threshold = self._library.threshold if plain else None
        return threshold is not None and float(results.scores.max()) < threshold

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
        ranked = self._query().has_terms
        text = tr("%n closest pictures", "", shown) if ranked else tr("%n pictures", "", shown)
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
        elif self._query().has_terms:
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
        for each in (
            self._syncing,
            self._thumbnails,
            self._search_jobs,
            self._jobs,
            self._library,
        ):
            if each is not None:
                each.close()
        super().closeEvent(event)
