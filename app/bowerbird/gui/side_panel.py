"""The panel at the left: collections with their folders, saved searches, tags, trouble."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.places import Place
from bowerbird.gui.theme import UNIT, Theme

PLACE = Qt.ItemDataRole.UserRole
Actions = Sequence[tuple[str, Callable[[], object]]]


class SidePanel(QWidget):
    """A tree of places; choosing one shows what belongs to it.

    Args:
        theme: Colours.
        actions: Gives what can be done with a place, for its menu.
    """

    chosen = Signal(object)
    """A Place."""
    add_wanted = Signal()
    sync_wanted = Signal(object)
    """A Collection that was double-clicked, or Enter pressed on."""

    def __init__(
        self, theme: Theme, actions: Callable[[Place], Actions], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions = actions
        self._shape: list[object] = []
        self._places: list[Place] = []
        self._guest: Place | None = None
        self._model = QStandardItemModel(self)
        self._tree = _Tree(theme, self)
        self._tree.setObjectName("places")
        self._tree.setAccessibleName(tr("Places"))
        self._tree.setModel(self._model)
        self._tree.setItemDelegate(PlaceDelegate(theme, self))
        self._tree.setHeaderHidden(True)
        self._tree.setMouseTracking(True)
        self._tree.setUniformRowHeights(True)
        self._tree.setIndentation(2 * UNIT)
        self._tree.setExpandsOnDoubleClick(False)
        self._tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self._tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._tree.customContextMenuRequested.connect(self._show_menu)
        self._tree.selectionModel().currentChanged.connect(self._choose)
        self._tree.activated.connect(self._activate)
        self._add = QPushButton(tr("Add folder …"), self)
        self._add.setShortcut("Ctrl+O")
        self._add.setToolTip(tr("Add a folder of pictures (Ctrl+O)"))
        self._add.clicked.connect(self.add_wanted)
        more = QToolButton(self)
        more.setIcon(theme.icon("more", "text", 16))
        theme.changed.connect(lambda: more.setIcon(theme.icon("more", "text", 16)))
        more.setToolTip(tr("More"))
        more.setAccessibleName(tr("More"))
        more.setObjectName("filter")
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(more)
        more.setMenu(self.menu)
        below = QHBoxLayout()
        below.addWidget(self._add, 1)
        below.addWidget(more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        layout.setSpacing(UNIT)
        layout.addWidget(self._tree, 1)
        layout.addLayout(below)
        self.setMinimumWidth(23 * UNIT)

    def set_places(self, places: Sequence[Place]) -> None:
        """Show places; what is chosen and unfolded stays so, and something is always chosen."""
        self._places = list(places)
        if self._guest is not None and places:
            # Behind all pictures, where an eye that looks for the way back is.
            places = [places[0], self._guest, *places[1:]]
        shape: list[object] = [_shape(place) for place in places]
        if shape == self._shape:
            self._update(self._model.invisibleRootItem(), places)
            return
        unfolded = {item.data(PLACE).key for item in self._items() if self._is_open(item)}
        folded = {item.data(PLACE).key for item in self._items()} - unfolded
        before = self._tree.currentIndex().data(PLACE)
        self._shape = shape
        selection = self._tree.selectionModel()
        selection.blockSignals(True)
        self._model.clear()
        for place in places:
            self._model.appendRow(_item(place))
        for item in self._items():
            place = item.data(PLACE)
            heading = place.is_heading and place.key not in folded
            self._tree.setExpanded(item.index(), place.key in unfolded or heading)
        kept = self._find(before.key) if before is not None else None
        if kept is not None:
            self._tree.setCurrentIndex(kept.index())
        selection.blockSignals(False)
        self._tree.viewport().update()
        if kept is None and places:
            self._tree.setCurrentIndex(self._model.index(0, 0))

    def choose(self, key: tuple[str, ...]) -> None:
        """Choose a place, if it is there."""
        if (item := self._find(key)) is not None:
            self._tree.setCurrentIndex(item.index())

    def visit(self, place: Place) -> None:
        """Choose a place; one that is in no list gets a line, in place of the one before."""
        if self._places and self._find(place.key) is None:
            self._guest = place
            self.set_places(self._places)
        self.choose(place.key)

    def _update(self, parent: QStandardItem, places: Sequence[Place]) -> None:
        for row, place in enumerate(places):
            item = parent.child(row)
            if item.data(PLACE) != place:
                _describe(item, place)
            self._update(item, place.children)

    def _items(self) -> list[QStandardItem]:
        found, waiting = [], [self._model.invisibleRootItem()]
        while waiting:
            item = waiting.pop()
            children = [item.child(row) for row in range(item.rowCount())]
            found += children
            waiting += children
        return found

    def _find(self, key: tuple[str, ...]) -> QStandardItem | None:
        return next((item for item in self._items() if item.data(PLACE).key == key), None)

    def _is_open(self, item: QStandardItem) -> bool:
        return self._tree.isExpanded(item.index())

    def _choose(self, index: QModelIndex) -> None:
        place: Place | None = index.data(PLACE)
        if place is not None and not place.is_heading:
            self.chosen.emit(place)

    def _activate(self, index: QModelIndex) -> None:
        place: Place = index.data(PLACE)
        if place.collection is not None:
            self.sync_wanted.emit(place.collection)
        elif self._model.hasChildren(index):
            self._tree.setExpanded(index, not self._tree.isExpanded(index))

    def _show_menu(self, point: QPoint) -> None:
        place: Place | None = self._tree.indexAt(point).data(PLACE)
        actions = self._actions(place) if place is not None else ()
        if not actions:
            return
        menu = QMenu(self)
        for text, act in actions:
            menu.addAction(text).triggered.connect(lambda _=False, act=act: act())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._tree.viewport().mapToGlobal(point))


class _Tree(QTreeView):
    """A tree whose arrows are the theme's."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def drawBranches(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw an arrow beside what can be unfolded."""
        if not index.model().hasChildren(index):
            return
        mirrored = self.isRightToLeft()
        side = 12
        icon = "fold" if self.isExpanded(index) else "unfold-left" if mirrored else "unfold"
        left = rect.left() + 1 if mirrored else rect.right() - side - 1
        drawn = self._theme.pixmap(icon, "quiet", side)
        painter.drawPixmap(left, rect.center().y() - side // 2, drawn)


class PlaceDelegate(QStyledItemDelegate):
    """Draws an icon for the state, the name, and the count at the far side."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One height for all."""
        return QSize(0, 4 * UNIT - 2)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one line."""
        place: Place = index.data(PLACE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if place.is_heading:
            self._heading(painter, option, place)
        else:
            self._line(painter, option, place)
        painter.restore()

    def _heading(self, painter: QPainter, option: QStyleOptionViewItem, place: Place) -> None:
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self._theme.colour("quiet"))
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(option.rect.adjusted(4, 4, -4, 0), side, place.title)

    def _line(self, painter: QPainter, option: QStyleOptionViewItem, place: Place) -> None:
        rect = option.rect
        state = QStyle.StateFlag
        if option.state & (state.State_Selected | state.State_MouseOver):
            path = QPainterPath()
            path.addRoundedRect(rect, 6, 6)
            chosen = bool(option.state & state.State_Selected)
            painter.fillPath(path, self._theme.colour("accent_soft" if chosen else "hover"))
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        tint = "danger" if place.trouble or place.icon == "warning" else "quiet"
        left = rect.right() - 4 - 18 if mirrored else rect.left() + 4
        painter.drawPixmap(left, rect.center().y() - 8, self._theme.pixmap(place.icon, tint, 18))
        room = rect.adjusted(UNIT, 0, -28, 0) if mirrored else rect.adjusted(28, 0, -UNIT, 0)
        count = "" if place.count is None else messages.count(place.count)
        count += " …" if place.syncing else ""
        metrics = QFontMetrics(option.font)
        side = metrics.horizontalAdvance(count) + UNIT
        # The painter mirrors left and right by itself.
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self._theme.colour("quiet"))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, count)
        painter.setPen(self._theme.colour("text"))
        names = room.adjusted(side, 0, 0, 0) if mirrored else room.adjusted(0, 0, -side, 0)
        name = metrics.elidedText(place.title, Qt.TextElideMode.ElideMiddle, names.width())
        painter.drawText(names, middle | Qt.AlignmentFlag.AlignLeft, name)


def _item(place: Place) -> QStandardItem:
    item = QStandardItem()
    _describe(item, place)
    item.setSelectable(not place.is_heading)
    for child in place.children:
        item.appendRow(_item(child))
    return item


def _describe(item: QStandardItem, place: Place) -> None:
    item.setText(place.title)
    item.setData(place, PLACE)
    if place.collection is not None:
        item.setToolTip("\n".join(filter(None, (place.collection.location, place.trouble))))
    count = "" if place.count is None else f", {messages.count(place.count)}"
    item.setAccessibleText(place.title + count)


def _shape(place: Place) -> object:
    return place.key, [_shape(child) for child in place.children]
