"""Draws a picture beside its cut-out: what lies behind, strokes at once, the handle, the brush."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPixmap,
)

from bowerbird.gui.corrections import Strokes
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme

if TYPE_CHECKING:
    from bowerbird.gui.cutout_canvas import Canvas
    from bowerbird.types import Stroke

KNOB = 2 * UNIT  # radius of the handle, points
_SQUARE = UNIT  # of the board that stands for nothing
_FAINT = 0.3  # of what is removed, when it shines through
_TINT = 110  # alpha of a stroke on the picture as it was
_UNDER, _OVER = QColor(18, 18, 19, 150), QColor(255, 255, 255)
_CRISP = 4.0  # points a pixel from which on pixels are squares


class Drawing:
    """What one canvas shows; whole layers are kept until something of them changes.

    Attributes:
        before: The picture as it is; null for none.
        after: Its cut-out; null while there is none.
        pending: Strokes that the cut-out does not know yet.
        behind: What stands behind the subject, as the library takes it.
        faint: Whether what is removed shines through.
        rough: Whether it moves, and need not be smooth.
        text: What is said in place of a picture.

    Args:
        theme: Colours.
        canvas: Where it is drawn.
    """

    def __init__(self, theme: Theme, canvas: Canvas) -> None:
        self._theme = theme
        self._canvas = canvas
        self.before, self.after = QImage(), QImage()
        self.pending: Strokes = ()
        self.behind = ""
        self.faint = False
        self.rough = False
        self.text = ""
        self._layers: dict[str, QPixmap] = {}

    def forget(self) -> None:
        """Draw all anew the next time."""
        self._layers.clear()

    @property
    def shown(self) -> QRectF:
        """The part of the room that the picture takes."""
        zooming = self._canvas.zooming
        return zooming.target.intersected(zooming.room)

    def draw(self, painter: QPainter, part: QRect, line: float, way: Stroke | None) -> None:
        """Draw both sides of the line, and a stroke that is being drawn."""
        painter.fillRect(part, self._theme.colour("panel"))
        if self.before.isNull():
            painter.setPen(self._theme.colour("quiet"))
            room = QRectF(self._canvas.rect()).adjusted(4 * UNIT, 0, -4 * UNIT, 0)
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(centred), self.text)
            return
        strokes = self.pending if way is None else (*self.pending, way)
        shown = self.shown
        left = QRectF(shown.left(), shown.top(), line - shown.left(), shown.height())
        right = QRectF(line, shown.top(), shown.right() - line, shown.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if right.width() > 0:
            self._draw_after(painter, right, strokes)
        if left.width() > 0:
            painter.setClipRect(left)
            painter.drawPixmap(0, 0, self._layer("before"))
            for stroke in strokes:
                painter.fillPath(self._covered(stroke), self._tint(stroke.keep))
        painter.setClipping(False)

    def _draw_after(self, painter: QPainter, part: QRectF, strokes: Strokes) -> None:
        """Draw the cut-out with what strokes will bring back or take away."""
        painter.setClipRect(part)
        painter.drawPixmap(0, 0, self._layer("before" if self.after.isNull() else "after"))
        for stroke in () if self.after.isNull() else strokes:
            painter.setClipRect(part)
            painter.setClipPath(self._covered(stroke), Qt.ClipOperation.IntersectClip)
            painter.drawPixmap(0, 0, self._layer("before" if stroke.keep else "ground"))

    def draw_handle(self, painter: QPainter, knob: QRectF, split: float, focused: bool) -> None:
        """Draw the line between both sides, its knob, and what each side is."""
        shown, middle = self.shown, knob.center()
        painter.setPen(QPen(_UNDER, 3))
        painter.drawLine(QPointF(middle.x(), shown.top()), QPointF(middle.x(), shown.bottom()))
        painter.setPen(QPen(_OVER, 1.5))
        painter.drawLine(QPointF(middle.x(), shown.top()), QPointF(middle.x(), shown.bottom()))
        accent = self._theme.colour("accent")
        painter.setPen(QPen(accent if focused else _UNDER, 3 if focused else 1))
        painter.setBrush(_OVER)
        painter.drawEllipse(knob.adjusted(2, 2, -2, -2))
        painter.setPen(QPen(QColor(40, 40, 42), 1.8, c=Qt.PenCapStyle.RoundCap))
        for way in (-1, 1):
            tip = middle + QPointF(way * 0.42 * KNOB, 0)
            for up in (-1, 1):
                painter.drawLine(tip, tip + QPointF(-way * 4, up * 4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if 0 < split < 1:
            self._label(painter, tr("Before"), middle.x(), -1)
            self._label(painter, tr("After"), middle.x(), 1)

    def draw_brush(
        self, painter: QPainter, at: QPointF, radius: float, hardness: float, *, keeps: bool
    ) -> None:
        """Draw how far the brush reaches, and how far it is hard."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_UNDER, 3))
        painter.drawEllipse(at, radius, radius)
        painter.setPen(QPen(_OVER, 1.5))
        painter.drawEllipse(at, radius, radius)
        if 0 < hardness < 1:
            painter.setPen(QPen(_OVER, 1, Qt.PenStyle.DotLine))
            painter.drawEllipse(at, radius * hardness, radius * hardness)
        # What it does stands beside it: colours alone do not tell everybody.
        sign = at + QPointF(radius * 0.71 + UNIT, radius * 0.71 + UNIT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent" if keeps else "danger"))
        painter.drawEllipse(sign, UNIT - 1, UNIT - 1)
        painter.setPen(QPen(self._theme.colour("ground"), 1.8))
        painter.drawLine(sign - QPointF(3, 0), sign + QPointF(3, 0))
        if keeps:
            painter.drawLine(sign - QPointF(0, 3), sign + QPointF(0, 3))

    def _label(self, painter: QPainter, text: str, line: float, side: int) -> None:
        shown = self.shown
        width = painter.fontMetrics().horizontalAdvance(text) + 2 * UNIT
        left = line + UNIT if side > 0 else line - UNIT - width
        box = QRectF(left, shown.top() + UNIT, width, painter.fontMetrics().height() + UNIT)
        if box.left() < shown.left() or box.right() > shown.right():
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_UNDER)
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(_OVER)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _tint(self, keep: bool) -> QColor:
        colour = self._theme.colour("accent" if keep else "danger")
        colour.setAlpha(_TINT)
        return colour

    def _covered(self, stroke: Stroke) -> QPainterPath:
        zooming = self._canvas.zooming
        long = max(zooming.target.width(), zooming.target.height())
        radius = stroke.radius * long
        points = [zooming.point(share) for share in stroke.points]
        if len(points) == 1:
            dab = QPainterPath()
            dab.addEllipse(points[0], radius, radius)
            return dab
        way = QPainterPath(points[0])
        for point in points[1:]:
            way.lineTo(point)
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * radius)
        stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
        stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        covered = stroker.createStroke(way)
        covered.setFillRule(Qt.FillRule.WindingFill)
        return covered

    def _layer(self, name: str) -> QPixmap:
        if name not in self._layers:
            self._layers[name] = self._made(name)
        return self._layers[name]

    def _made(self, name: str) -> QPixmap:
        """Draw a layer of the canvas: `before`, `after`, or the `ground` behind it."""
        ratio = self._canvas.devicePixelRatioF()
        layer = QPixmap((QSize(self._canvas.size()) * ratio).expandedTo(QSize(1, 1)))
        layer.setDevicePixelRatio(ratio)
        layer.fill(Qt.GlobalColor.transparent)
        painter = QPainter(layer)
        zooming = self._canvas.zooming
        painter.setClipRect(self.shown)
        smooth = zooming.scale * ratio < _CRISP and not self.rough
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        if name != "before":
            painter.fillRect(self.shown, self._ground())
            if self.faint and not self.behind:
                painter.setOpacity(_FAINT)
                painter.drawImage(zooming.target, self.before)
                painter.setOpacity(1)
        if name == "before":
            painter.drawImage(zooming.target, self.before)
        elif name == "after":
            painter.drawImage(zooming.target, self.after)
        painter.end()
        return layer

    def _ground(self) -> QBrush:
        """Return the colour that stands behind, or squares of two greys."""
        if self.behind.startswith("#"):
            return QBrush(QColor(self.behind))
        tile = QPixmap(2 * _SQUARE, 2 * _SQUARE)
        tile.fill(self._theme.colour("ground"))
        painter = QPainter(tile)
        for at in (0, _SQUARE):
            painter.fillRect(at, at, _SQUARE, _SQUARE, self._theme.colour("line"))
        painter.end()
        return QBrush(tile)
