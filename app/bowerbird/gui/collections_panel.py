"""The panel of collections: what is there, how much, and in which state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath
from PySide6.QtWidgets import (
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import Collection, CollectionCounts

if TYPE_CHECKING:
    from bowerbird.library import Library

ROW = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the panel; `collection` is None for all pictures together."""

    collection: Collection | None
    counts: CollectionCounts
    syncing: bool = False
    trouble: str = ""

    def same(self, other: Row) -> bool:
        """Whether both lines are of one collection."""
        return (self.collection and self.collection.id) == (
            other.collection and other.collection.id
        )

    @property
    def title(self) -> str:
        """The name shown."""
        return tr("All pictures") if self.collection is None else self.collection.name


def read_rows(library: Library, syncing: Collection | None, trouble: dict[int, str]) -> list[Row]:
    """Count what the collections hold, off the GUI thread; no lines without collections."""
    rows = [
        Row(
            collection,
            library.counts(collection),
            syncing=syncing is not None and syncing.id == collection.id,
            trouble=trouble.get(collection.id, ""),
        )
        for collection in library.collections()
    ]
    return [Row(None, library.counts()), *rows] if rows else []


class CollectionsModel(QAbstractListModel):
    """The lines of the panel."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def set_rows(self, rows: list[Row]) -> None:
        """Replace the lines, keeping what is selected when only their facts changed."""
        same = [r.collection and r.collection.id for r in rows] == [
            r.collection and r.collection.id for r in self._rows
        ]
        if same:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def rowCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008
    ) -> int:
        """Lines."""
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a line, its title, or what a screen reader says of it."""
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole and row.collection is not None:
            return "\n".join(filter(None, (row.collection.location, row.trouble)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.title}, {messages.count(row.counts.ok)}"
        return None


class RowDelegate(QStyledItemDelegate):
    """Draws an icon for the state, the name, and the count at the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One height for all."""
        return QSize(0, 4 * UNIT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one line."""
        row: Row = index.data(ROW)
        rect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = QStyle.StateFlag
        if option.state & (state.State_Selected | state.State_MouseOver):
            path = QPainterPath()
            path.addRoundedRect(rect, 6, 6)
            chosen = bool(option.state & state.State_Selected)
            painter.fillPath(path, self._theme.colour("accent_soft" if chosen else "hover"))
        icon = "pictures" if row.collection is None else "offline" if row.trouble else "folder"
        painter.drawPixmap(
            rect.left() + UNIT,
            rect.center().y() - 9,
            self._theme.pixmap(icon, "danger" if row.trouble else "quiet", 18),
        )
        count = messages.count(row.counts.ok) + (" …" if row.syncing else "")
        metrics = QFontMetrics(option.font)
        side = metrics.horizontalAdvance(count)
        room = rect.adjusted(UNIT + 26, 0, -UNIT, 0)
        painter.setPen(self._theme.colour("quiet"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)
        painter.setPen(self._theme.colour("text"))
        name_room = room.adjusted(0, 0, -side - UNIT, 0)
        name = metrics.elidedText(row.title, Qt.TextElideMode.ElideMiddle, name_room.width())
        painter.drawText(name_room, Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()


class CollectionsPanel(QWidget):
    """The left side of the window."""

    chosen = Signal(object)
    """A Collection, or None for all pictures."""
    add_wanted = Signal()
    sync_wanted = Signal(object)
    """A Collection that was double-clicked, or Enter pressed on."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        heading = QLabel(tr("Collections"), self)
        heading.setObjectName("heading")
        self._model = CollectionsModel(self)
        self._list = QListView(self)
        self._list.setObjectName("collections")
        self._list.setAccessibleName(tr("Collections"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(RowDelegate(theme, self))
        self._list.setMouseTracking(True)
        self._list.setUniformItemSizes(True)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.selectionModel().currentChanged.connect(self._choose)
        self._list.activated.connect(self._activate)
        self._add = QPushButton(tr("Add folder …"), self)
        self._add.setShortcut("Ctrl+O")
        self._add.setToolTip(tr("Add a folder of pictures (Ctrl+O)"))
        self._add.clicked.connect(self.add_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(UNIT, 2 * UNIT, UNIT, UNIT)
        layout.setSpacing(UNIT)
        heading.setContentsMargins(UNIT, 0, 0, 0)
        layout.addWidget(heading)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._add)
        self.setMinimumWidth(18 * UNIT)

    def set_rows(self, rows: list[Row]) -> None:
        """Show the collections; the first line is chosen when none is."""
        chosen: Row | None = self._list.currentIndex().data(ROW)
        self._model.set_rows(rows)
        if rows and not self._list.currentIndex().isValid():
            place = next((at for at, row in enumerate(rows) if chosen and row.same(chosen)), 0)
            self._list.setCurrentIndex(self._model.index(place))

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            row: Row = index.data(ROW)
            self.chosen.emit(row.collection)

    def _activate(self, index: QModelIndex) -> None:
        row: Row = index.data(ROW)
        if row.collection is not None:
            self.sync_wanted.emit(row.collection)
