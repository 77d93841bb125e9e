"""Groups of copies and what is to be kept of each, as Qt's lists show them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from bowerbird.gui import messages
from bowerbird.gui.facts import titled
from bowerbird.gui.i18n import tr
from bowerbird.types import Asset, DuplicateGroup

Index = QModelIndex | QPersistentModelIndex
Small = Callable[[Asset, QSize], QPixmap | None]
_TOP = QModelIndex()
# Groups that have a row: to lay out a hundred thousand would hold the window up, and nobody goes
# through them. The others move up when these are sorted out.
MOST_ROWS = 1000


def why(reason: str) -> str:
    """Return in the user's words why a copy is suggested; what is not known stays as it is."""
    return {
        "most pixels": tr("most pixels"),
        "a format without loss": tr("a format without loss"),
        "largest file": tr("largest file"),
        "knows when it was taken": tr("knows when it was taken"),
        "most tags": tr("most tags"),
        "best quality": tr("best quality"),
        "oldest": tr("oldest"),
        "first found": tr("first found"),
        "lies where you keep pictures": tr("lies where you keep pictures"),
    }.get(reason, reason)


class Choice:
    """What of each group is to be kept: what hands chose, else what is suggested."""

    def __init__(self) -> None:
        self._chosen: dict[int, bool] = {}

    def keeps(self, group: DuplicateGroup, asset: Asset) -> bool:
        """Whether one picture of a group stays; of similar shots all do unless hands say so."""
        suggested = group.kind == "similar" or asset is group.assets[0]
        return self._chosen.get(asset.id, suggested)

    def kept(self, group: DuplicateGroup) -> list[Asset]:
        """Return what stays of a group."""
        return [asset for asset in group.assets if self.keeps(group, asset)]

    def spare(self, group: DuplicateGroup) -> list[Asset]:
        """Return what can go of a group."""
        return [asset for asset in group.assets if not self.keeps(group, asset)]

    def choose(self, group: DuplicateGroup, asset: Asset, *, kept: bool) -> bool:
        """Keep a picture or let it go; False where nothing of the group would be left."""
        if not kept and self.kept(group) == [asset]:
            return False
        # The whole group is noted, so that another suggestion does not change what hands chose.
        for each in group.assets:
            self._chosen[each.id] = self.keeps(group, each)
        self._chosen[asset.id] = kept
        return True

    def forget(self) -> None:
        """Go by the suggestions again."""
        self._chosen.clear()


class GroupsModel(QAbstractListModel):
    """A row a group: its first picture, how many there are, and what could be saved.

    Args:
        choice: What is kept.
        small: Gives pictures.
        side: Of the icons, points.
    """

    def __init__(self, choice: Choice, small: Small, side: int) -> None:
        super().__init__()
        self._choice = choice
        self._small = small
        self._side = side
        self.groups: list[DuplicateGroup] = []

    def show_groups(self, groups: list[DuplicateGroup]) -> list[DuplicateGroup]:
        """Hold other groups, and return those before."""
        self.beginResetModel()
        before, self.groups = self.groups, groups
        self.endResetModel()
        return before

    def rowCount(self, parent: Index = _TOP) -> int:
        """Groups that have a row."""
        return 0 if parent.isValid() else min(MOST_ROWS, len(self.groups))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row says."""
        group = self.groups[index.row()]
        first = group.assets[0]
        if role == Qt.ItemDataRole.DisplayRole:
            spare = self._choice.spare(group)
            lines = [_ltr(titled(first)), tr("%n pictures", "", len(group.assets))]
            if spare:
                size = messages.size(sum(asset.size for asset in spare))
                lines[1] += " · " + tr("{size} to spare").format(size=size)
            return "\n".join(lines)
        if role == Qt.ItemDataRole.DecorationRole:
            return framed(self._small, first, self._side)
        return None


class CopiesModel(QAbstractListModel):
    """A row a picture of one group; its tick says whether it is kept.

    Args:
        choice: What is kept.
        small: Gives pictures.
        where: Tells where a picture lies.
        changed: Called with how many files and bytes more can go, when hands chose.
        side: Of the icons, points.
    """

    def __init__(
        self,
        choice: Choice,
        small: Small,
        where: Callable[[Asset], str],
        changed: Callable[[int, int], None],
        side: int,
    ) -> None:
        super().__init__()
        self._choice = choice
        self._small = small
        self._where = where
        self._changed = changed
        self._side = side
        self.group: DuplicateGroup | None = None

    def show_group(self, group: DuplicateGroup | None) -> None:
        """Hold another group."""
        self.beginResetModel()
        self.group = group
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        """Pictures."""
        return 0 if parent.isValid() or self.group is None else len(self.group.assets)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be ticked."""
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row says, shows, and whether it is ticked."""
        if self.group is None:
            return None
        asset = self.group.assets[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return "\n".join(self._lines(self.group, asset))
        if role == Qt.ItemDataRole.DecorationRole:
            return framed(self._small, asset, self._side)
        if role == Qt.ItemDataRole.CheckStateRole:
            kept = self._choice.keeps(self.group, asset)
            return Qt.CheckState.Checked if kept else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._where(asset)
        return None

    def _lines(self, group: DuplicateGroup, asset: Asset) -> list[str]:
        sides = f"{asset.width} \N{MULTIPLICATION SIGN} {asset.height}"
        facts = [_ltr(sides), (asset.format or "").upper(), messages.size(asset.size)]
        if asset.exif.taken is not None:
            facts.append(messages.moment(asset.exif.taken))
        lines = [_ltr(titled(asset)), _ltr(self._where(asset)), " · ".join(filter(None, facts))]
        if asset.tags:
            lines.append(tr("Tags") + ": " + ", ".join(asset.tags))
        if asset is group.assets[0]:
            text = tr("Best: {reason}") if group.kind == "similar" else tr("To keep: {reason}")
            lines.append(text.format(reason=why(group.reason)) if group.reason else "")
        return [line for line in lines if line]

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick a row; the last one that is kept stays so."""
        if role != Qt.ItemDataRole.CheckStateRole or self.group is None:
            return False
        kept = Qt.CheckState(value) == Qt.CheckState.Checked
        asset = self.group.assets[index.row()]
        if kept == self._choice.keeps(self.group, asset):
            return False
        done = self._choice.choose(self.group, asset, kept=kept)
        if done:
            self.dataChanged.emit(index, index)
            more = -1 if kept else 1
            self._changed(more, more * asset.size)
        return done


def _ltr(text: str) -> str:
    """A name is no sentence: it runs from left to right, whatever is around it."""
    return f"\N{LEFT-TO-RIGHT ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def framed(small: Small, asset: Asset, side: int) -> QIcon:
    """Return a picture in the middle of a square, so that names stand below each other."""
    picture = small(asset, QSize(side, side) * 2)
    ratio = 1.0 if picture is None or picture.isNull() else max(1.0, picture.devicePixelRatio())
    made = QPixmap(QSize(side, side) * 2)
    made.setDevicePixelRatio(2)
    made.fill(Qt.GlobalColor.transparent)
    if picture is None or picture.isNull():
        return QIcon(made)
    size = picture.size() / ratio
    if size.width() > side or size.height() > side:
        size = size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    left, top = (side - size.width()) // 2, (side - size.height()) // 2
    painter.drawPixmap(left, top, size.width(), size.height(), picture)
    painter.end()
    icon = QIcon(made)
    # What is selected keeps its colours.
    icon.addPixmap(made, QIcon.Mode.Selected)
    return icon
