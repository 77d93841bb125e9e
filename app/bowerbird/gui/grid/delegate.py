"""Draws one cell: the picture, its name, and whether it is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from bowerbird.gui.grid.model import ASSET
from bowerbird.gui.grid.tiling import GAP, NAME_HEIGHT
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import Asset, Status

if TYPE_CHECKING:
    from bowerbird.gui.grid.thumbnails import Thumbnails
    from bowerbird.gui.grid.view import GridView

RADIUS = 6
# Formats that most pictures have say nothing.
COMMON = ("jpeg", "png")


class CellDelegate(QStyledItemDelegate):
    """Paints cells of the grid; asks for pictures of those that are on the screen only."""

    def __init__(self, view: GridView, theme: Theme, thumbnails: Thumbnails) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._thumbnails = thumbnails

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        view = self._view
        position = index.row()
        asset: Asset | None = index.data(ASSET)
        edge = GAP // 2 if view.is_filled else UNIT // 2
        rect = option.rect.adjusted(edge, edge, -edge, -edge)
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        selected = view.is_selected(position)
        if view.is_filled:
            self._filled(painter, rect, asset, selected, position == view.current)
            painter.restore()
            return
        if selected or position == view.current:
            self._ring(painter, rect, selected=selected, current=position == view.current)
        inner = rect.adjusted(UNIT // 2, UNIT // 2, -UNIT // 2, 0)
        picture_room = QRect(inner.topLeft(), QSize(inner.width(), inner.height() - NAME_HEIGHT))
        if asset is None:
            self._empty(painter, picture_room)
        else:
            self._picture(painter, picture_room, asset)
            self._name(painter, inner, asset)
        painter.restore()

    def _ring(self, painter: QPainter, rect: QRect, *, selected: bool, current: bool) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), RADIUS + 2, RADIUS + 2)
        if selected:
            painter.fillPath(path, self._theme.colour("accent_soft"))
        if selected or (current and self._view.hasFocus()):
            width = 2.0 if current else 1.0
            painter.setPen(QPen(self._theme.colour("accent"), width))
            painter.drawPath(path)

    def _filled(
        self, painter: QPainter, rect: QRect, asset: Asset | None, selected: bool, current: bool
    ) -> None:
        """Paint a cell of a filled row: the picture alone, its ring over it."""
        if asset is None:
            self._empty(painter, rect)
        else:
            self._picture(painter, rect, asset)
        if selected or (current and self._view.hasFocus()):
            path = QPainterPath()
            path.addRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
            if selected:
                tint = self._theme.colour("accent")
                tint.setAlphaF(0.12)
                painter.fillPath(path, tint)
            painter.setPen(QPen(self._theme.colour("accent"), 3.0 if current else 2.0))
            painter.drawPath(path)

    def _empty(self, painter: QPainter, room: QRect) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(room), RADIUS, RADIUS)
        painter.fillPath(path, self._theme.colour("cell"))

    def _picture(self, painter: QPainter, room: QRect, asset: Asset) -> None:
        ratio = painter.device().devicePixelRatioF()
        picture = self._thumbnails.picture(asset, room.size() * ratio)
        if picture is None or picture.isNull():
            self._empty(painter, _fitted(room, asset))
            if picture is not None or asset.status is not Status.OK:
                self._badge(painter, room)
            return
        target = room if self._view.is_filled else _centred(room, picture, ratio)
        path = QPainterPath()
        path.addRoundedRect(QRectF(target), RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(path)
        if asset.status is not Status.OK:
            painter.setOpacity(0.5)
        painter.drawPixmap(target, picture, _covering(picture, target))
        painter.restore()
        if asset.status is not Status.OK:
            self._badge(painter, target)
        painter.save()
        self._labels(painter, target, asset)
        painter.restore()

    def _labels(self, painter: QPainter, target: QRect, asset: Asset) -> None:
        """Say in a corner what is not like with most: a time, a rare format, copies elsewhere."""
        texts = [] if asset.format in COMMON or not asset.format else [asset.format.upper()]
        if asset.timecode:
            texts = [asset.timecode]
        if asset.copies:
            texts.append(f"\N{MULTIPLICATION SIGN}{asset.copies + 1}")
        text = " ".join(texts)
        if not text:
            return
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.8)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        size = QSize(metrics.horizontalAdvance(text) + UNIT, metrics.height() + 2)
        if size.width() + UNIT > target.width() or size.height() + UNIT > target.height():
            return
        room = QRect(target.bottomRight() - QPoint(size.width() + 3, size.height() + 3), size)
        path = QPainterPath()
        path.addRoundedRect(QRectF(room), 4, 4)
        ground = self._theme.colour("ground")
        ground.setAlphaF(0.85)
        painter.fillPath(path, ground)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _badge(self, painter: QPainter, room: QRect) -> None:
        size = 3 * UNIT
        icon = self._theme.pixmap("warning", "quiet", size)
        painter.drawPixmap(room.center().x() - size // 2, room.center().y() - size // 2, icon)

    def _name(self, painter: QPainter, inner: QRect, asset: Asset) -> None:
        room = QRect(inner.left(), inner.bottom() - NAME_HEIGHT + 1, inner.width(), NAME_HEIGHT)
        painter.setPen(self._theme.colour("quiet"))
        # A file's name is no sentence: its ending stays at its end.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        metrics = QFontMetrics(painter.font())
        # A name's end tells more than its middle: 'IMG_2034.jpg' and 'IMG_2035.jpg'.
        name = metrics.elidedText(asset.name, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, name)


def _fitted(room: QRect, asset: Asset) -> QRect:
    """Where the picture will be once it is here, so that nothing jumps."""
    if not asset.width or not asset.height:
        return room
    size = QSize(asset.width, asset.height).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    fitted = QRect(room.topLeft(), size)
    fitted.moveCenter(room.center())
    return fitted


def _covering(picture: QPixmap, target: QRect) -> QRect:
    """Return the middle of a picture that has the shape of where it goes."""
    size = target.size().scaled(picture.size(), Qt.AspectRatioMode.KeepAspectRatio)
    part = QRect(picture.rect().topLeft(), size)
    part.moveCenter(picture.rect().center())
    # Within a pixel it is the whole picture.
    loose = max(picture.width() - size.width(), picture.height() - size.height())
    return picture.rect() if loose <= 2 else part


def _centred(room: QRect, picture: QPixmap, ratio: float) -> QRect:
    size = QSize(round(picture.width() / ratio), round(picture.height() / ratio))
    if size.width() > room.width() or size.height() > room.height():
        size = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(room.topLeft(), size)
    target.moveCenter(room.center())
    return target
