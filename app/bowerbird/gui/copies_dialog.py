"""Sorts out copies: groups at the left, the pictures of one at the right, and what is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bowerbird.gui import messages
from bowerbird.gui.copies_model import MOST_ROWS, Choice, CopiesModel, GroupsModel
from bowerbird.gui.i18n import tr
from bowerbird.gui.sparing import Counted, Spare, counted, find_spare, let_go
from bowerbird.gui.theme import UNIT
from bowerbird.types import Asset, DuplicateGroup

if TYPE_CHECKING:
    from bowerbird.gui.edits import Edits
    from bowerbird.gui.grid.thumbnails import Thumbnails
    from bowerbird.gui.jobs import Jobs, Operation
    from bowerbird.gui.trash import Trash
    from bowerbird.library import Library

_SMALL, _LARGE = 7 * UNIT, 16 * UNIT


class CopiesDialog(QDialog):
    """Lies beside the window, which goes on working; what is ticked is kept.

    Args:
        library: Knows the groups.
        jobs: Asks it.
        thumbnails: Small pictures.
        edits: Changes that can be undone.
        trash: Where copies go.
        look: Looks for copies, or for similar shots.
        parent: The window.
    """

    def __init__(
        self,
        library: Library,
        jobs: Jobs,
        thumbnails: Thumbnails,
        edits: Edits,
        trash: Trash,
        look: Callable[[bool], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self._edits = edits
        self._trash = trash
        self._look = look
        self._shots = False
        self._folders: list[Path] = []
        self._asked: Operation[Counted] | None = None
        self._roots: dict[int, str] = {}
        self._gone: set[int] = set()
        self._files = self._bytes = 0
        self._choice = Choice()
        self._groups = GroupsModel(self._choice, thumbnails.picture, _SMALL)
        self._copies = CopiesModel(
            self._choice, thumbnails.picture, self._where, self._chose, _LARGE
        )
        self.setWindowTitle(tr("Sort out copies"))
        self._kinds = {False: self._mode(False), True: self._mode(True)}
        self._folder = QToolButton()
        self._folder.setObjectName("filter")
        self._folder.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._folder.setToolTip(tr("What lies in these folders is kept before all else."))
        self._folder.setMenu(QMenu(self._folder))
        self._folder.menu().aboutToShow.connect(self._fill_folders)
        self._left, self._right = _list(self._groups, _SMALL), _list(self._copies, _LARGE)
        self._left.setAccessibleName(tr("Groups"))
        self._right.setAccessibleName(tr("Pictures of the group; a tick keeps one"))
        self._said, self._state = QLabel(), QLabel()
        for label in (self._said, self._state):
            label.setObjectName("quiet")
            label.setWordWrap(True)
        self._merge = QCheckBox(tr("Give what is kept the tags of what goes"))
        self._merge.setChecked(True)
        self._find = QPushButton()
        self._find.clicked.connect(lambda: look(self._shots))
        self._one = QPushButton(tr("Trash the rest of this group …"))
        self._one.clicked.connect(lambda: self._clear_groups(self._current()))
        self._all = QPushButton(tr("Trash the rest of all groups …"))
        self._all.clicked.connect(lambda: self._clear_groups(self._groups.groups))
        self._lay_out()
        self._left.selectionModel().currentChanged.connect(lambda _: self._show_group())
        thumbnails.ready.connect(self._draw)
        self.choose_kind(False)
        self._enable()

    def _mode(self, shots: bool) -> QToolButton:
        button = QToolButton()
        button.setObjectName("mode")
        button.setCheckable(True)
        button.setText(tr("Similar shots") if shots else tr("Copies of one shot"))
        button.clicked.connect(lambda: self.choose_kind(shots))
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for widget in (*self._kinds.values(), None, self._folder):
            if widget is None:
                top.addStretch(1)
            else:
                top.addWidget(widget)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(UNIT)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._left)
        self._split.addWidget(self._right)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([36 * UNIT, 76 * UNIT])
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.close)
        bottom = QHBoxLayout()
        bottom.addWidget(self._find)
        bottom.addStretch(1)
        for button in (self._one, self._all, close):
            bottom.addWidget(button)
        for button in (self._find, self._one, self._all, close):
            button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        layout.setSpacing(UNIT + 4)
        layout.addLayout(top)
        layout.addWidget(self._said)
        layout.addWidget(self._split, 1)
        layout.addWidget(self._merge)
        layout.addWidget(self._state)
        layout.addLayout(bottom)
        self.resize(120 * UNIT, 84 * UNIT)

    # --- what is shown --------------------------------------------------------------------------

    def choose_kind(self, shots: bool) -> None:
        """Show copies, or similar shots."""
        self._shots = shots
        for each, button in self._kinds.items():
            button.setChecked(each == shots)
        self._said.setText(
            tr("Other moments of one scene. All are kept until you untick some.")
            if shots
            else tr("What is ticked is kept; the rest goes to the trash once you agreed.")
        )
        self._find.setText(tr("Find similar shots") if shots else tr("Find copies of one shot"))
        self.look_again()

    def look_again(self) -> None:
        """Read the groups anew where somebody sees them; what was chosen stays chosen."""
        if self.isVisible():
            self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what there is now, and trust no memory of what went."""
        super().showEvent(event)
        self._gone.clear()
        self._read()

    def _read(self) -> None:
        library, shots, folders = self._library, self._shots, list(self._folders)

        def groups() -> list[DuplicateGroup]:
            self._roots = {each.id: each.name for each in library.collections()}
            find = library.similar_shots if shots else library.duplicates
            return find(keep=folders)

        self._show_folders()
        self._ask_for(groups)

    def _ask_for(self, groups: Callable[[], Sequence[DuplicateGroup]]) -> None:
        """Show groups, which may be a hundred thousand: a thread counts what is to spare."""
        current = self._current()
        first = current[0].assets[0].id if current else 0
        row, choice, gone = self._left.currentIndex().row(), self._choice, frozenset(self._gone)

        def count() -> Counted:
            return counted(groups(), choice, gone, first, row)

        if self._asked is not None:
            self._asked.drop()
        self._state.setText(tr("Working …"))
        self._asked = self._jobs.start(count, self._show, self._fail)

    def _show(self, found: Counted) -> None:
        self._gone &= found.known
        self._files, self._bytes = found.files, found.bytes
        before = self._groups.show_groups(found.groups)
        self._jobs.start(lambda: let_go(before), lambda _: None)
        row = min(found.row, self._groups.rowCount() - 1)
        self._left.setCurrentIndex(self._groups.index(max(0, row)))
        self._show_group()
        self._say()

    def _fail(self, error: Exception) -> None:
        self._state.setText(messages.sentence(error))

    def _current(self) -> list[DuplicateGroup]:
        row = self._left.currentIndex().row()
        return self._groups.groups[row : row + 1] if row >= 0 else []

    def _show_group(self) -> None:
        current = self._current()
        self._copies.show_group(current[0] if current else None)
        if current:
            select = QItemSelectionModel.SelectionFlag.NoUpdate
            self._right.selectionModel().setCurrentIndex(self._copies.index(0), select)
        self._enable()

    def _chose(self, files: int, size: int) -> None:
        self._files += files
        self._bytes += size
        self._groups.dataChanged.emit(*[self._left.currentIndex()] * 2)
        self._say()

    def _say(self) -> None:
        groups = self._groups.groups
        size = f" · {messages.size(self._bytes)}" if self._files else ""
        if not groups:
            text = (
                tr("No similar shots are known. Looking for them finds new ones.")
                if self._shots
                else tr("No copies are known. Looking for them finds new ones.")
            )
        else:
            text = tr("%n groups", "of copies", len(groups)) + " · "
            text += tr("%n files to spare", "", self._files) + size
            if len(groups) > MOST_ROWS:
                text += " · " + tr("the first {count} are shown").format(
                    count=messages.count(MOST_ROWS)
                )
        self._state.setText(text)
        self._enable()

    def _enable(self) -> None:
        self._split.setEnabled(bool(self._groups.groups))
        self._one.setEnabled(any(self._choice.spare(group) for group in self._current()))
        self._all.setEnabled(self._files > 0)

    def _draw(self, _: int) -> None:
        for view in (self._left, self._right):
            view.viewport().update()

    def _where(self, asset: Asset) -> str:
        name = self._roots.get(asset.collection_id, "")
        return "/".join(filter(None, (name, asset.folder)))

    # --- folders to keep from -------------------------------------------------------------------

    def _show_folders(self) -> None:
        names = ", ".join(folder.name or str(folder) for folder in self._folders)
        title = tr("Keep what lies in")
        self._folder.setText(f"{title}: {names}" if names else f"{title} …")
        self._folder.setProperty("lit", bool(names))
        self._folder.style().polish(self._folder)

    def _fill_folders(self) -> None:
        menu = self._folder.menu()
        menu.clear()
        for folder in self._folders:
            action = menu.addAction(str(folder))
            action.setCheckable(True)
            action.setChecked(True)
            action.triggered.connect(lambda _=False, folder=folder: self._drop_folder(folder))
        menu.addAction(tr("Another folder …")).triggered.connect(self._ask_for_folder)

    def _ask_for_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Keep what lies in"))
        if path and Path(path) not in self._folders:
            self._folders.append(Path(path))
            self._read()

    def _drop_folder(self, folder: Path) -> None:
        self._folders.remove(folder)
        self._read()

    # --- what goes ------------------------------------------------------------------------------

    def _clear_groups(self, groups: Sequence[DuplicateGroup]) -> None:
        library, choice, wanted = self._library, self._choice, list(groups)
        self._state.setText(tr("Working …"))
        self._jobs.start(lambda: find_spare(library, wanted, choice), self._ask, self._fail)

    def _ask(self, spare: Spare) -> None:
        self._say()
        if spare.left:
            text = tr(
                "Something of %n groups stays: a file of theirs is not there now.", "", spare.left
            )
            self._state.setText(text)
        ids = [asset.id for asset in spare.assets]
        if self._trash.ask(ids, spare.assets, self):
            if self._merge.isChecked():
                self._edits.merge_tags(spare.tags)
            # Until a sync has seen it, the library still knows what went.
            self._gone.update(ids)
            groups = self._groups.groups.copy()
            self._ask_for(lambda: groups)


def _list(model: GroupsModel | CopiesModel, side: int) -> QListView:
    view = QListView()
    view.setObjectName("copies")
    view.setModel(model)
    view.setIconSize(QSize(side, side))
    view.setUniformItemSizes(isinstance(model, GroupsModel))
    view.setLayoutMode(QListView.LayoutMode.Batched)
    view.setSpacing(2)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setCurrentIndex(QModelIndex())
    return view
