"""A picture and its cut-out on both sides of a handle, zoomed, shifted, and painted on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from bowerbird.gui.corrections import Strokes
from bowerbird.gui.cutout_drawing import KNOB, Drawing
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.gui.zooming import Zooming
from bowerbird.types import Stroke

LEAST, MOST = 0.002, 0.25  # radius of the brush, as a share of the longer side
STEP = 1.2
_ZOOM = 1.25
_SLIDE, _LEAP = 0.02, 0.1
_CALM_MS = 80  # without a move until it is drawn smoothly
_APART = 1.5  # points between two of a stroke
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Canvas(QWidget):
    """Shows what was before left of its handle, and what comes of it to the right.

    Attributes:
        keeps: What the brush does: keep what it covers, or remove it.
        hardness: Of the brush, 0..1.
        zooming: Where the picture lies.

    Args:
        theme: Colours.
        parent: What it lies in.
    """

    stroke_drawn = Signal(object)
    """A `Stroke`."""
    radius_changed = Signal()
    zoomed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keeps = True
        self.hardness = 0.6
        self.zooming = Zooming()
        self._drawing = Drawing(theme, self)
        self._strokes: Strokes = ()
        self._known: Strokes = ()
        self._radius = 0.03
        self._split = 0.5
        self._between = 0.5
        self._way: list[tuple[float, float]] = []
        self._way_keeps = True
        self._grabbed: QPointF | None = None
        self._sliding = False
        self._space = False
        self._hand: QPointF | None = None
        self._calm = QTimer(self, interval=_CALM_MS, singleShot=True)
        self._calm.timeout.connect(self._smooth)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(40 * UNIT, 30 * UNIT)
        self.setAccessibleName(tr("The picture before and after"))
        theme.changed.connect(self._redraw)
        self._describe()

    # --- what is shown --------------------------------------------------------------------------

    def show_picture(self, image: QImage, width: int, height: int, strokes: Strokes) -> None:
        """Show another picture, whose cut-out is not there yet.

        Args:
            image: As large as a screen.
            width: Its own, pixels.
            height: Likewise.
            strokes: That are drawn on it.
        """
        self._drawing.before, self._drawing.after = image, QImage()
        self._drawing.text = ""
        self._known = ()
        self.show_strokes(strokes)
        self._way = []
        self._hand = None
        self.zooming.full = QRectF(0, 0, width, height).size()
        self.show_whole()

    def show_look(self, image: QImage, strokes: Strokes) -> None:
        """Show the cut-out, which knows these strokes."""
        self._drawing.after, self._known = image, strokes
        self.show_strokes(self._strokes)
        self._redraw()

    def show_strokes(self, strokes: Strokes) -> None:
        """Draw at once what the cut-out will know soon; what was taken back waits for it."""
        self._strokes, known = strokes, self._known
        self._drawing.pending = strokes[len(known) :] if strokes[: len(known)] == known else ()
        self.update()

    def show_text(self, text: str) -> None:
        """Say something in place of a picture."""
        self._drawing.before = self._drawing.after = QImage()
        self._drawing.text = text
        self._way = []
        self._redraw()

    def show_removed(self, shown: bool) -> None:
        """Let what is removed shine through, or not."""
        self._drawing.faint = shown
        self._redraw()

    def show_behind(self, behind: str) -> None:
        """Know what stands behind the subject, as the library takes it."""
        self._drawing.behind = behind
        self._redraw()

    @property
    def is_painting(self) -> bool:
        """Whether a stroke is being drawn."""
        return bool(self._way)

    @property
    def radius(self) -> float:
        """Of the brush, as a share of the picture's longer side."""
        return self._radius

    def set_radius(self, radius: float) -> None:
        """Take a finer or a wider brush."""
        self._radius = max(LEAST, min(radius, MOST))
        self.radius_changed.emit()
        self.update()

    def set_hardness(self, hardness: float) -> None:
        """Take a softer or a harder brush."""
        self.hardness = hardness
        self.update()

    # --- the handle -----------------------------------------------------------------------------

    @property
    def split(self) -> float:
        """Up to which share of what is seen the picture shows as it was."""
        return self._split

    def set_split(self, split: float) -> None:
        """Move the handle."""
        self._split = max(0.0, min(split, 1.0))
        self._describe()
        self.update()

    def toggle(self) -> None:
        """Show the cut-out alone, then the picture alone, then both again."""
        if 0 < self._split < 1:
            self._between = self._split
            self.set_split(0.0)
        else:
            self.set_split(1.0 if self._split == 0 else self._between)

    def _describe(self) -> None:
        text = tr("The first {share} % are as before").format(share=round(100 * self._split))
        self.setAccessibleDescription(text)

    def _line(self) -> float:
        shown = self._drawing.shown
        return shown.left() + self._split * shown.width()

    def _knob(self) -> QRectF:
        middle = QPointF(self._line(), self._drawing.shown.bottom() - 3 * UNIT)
        return QRectF(middle.x() - KNOB, middle.y() - KNOB, 2 * KNOB, 2 * KNOB)

    # --- drawing --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both sides, the handle and the brush."""
        painter = QPainter(self)
        way = self._stroke() if self._way else None
        self._drawing.draw(painter, event.rect(), self._line(), way)
        if self._drawing.before.isNull():
            return
        self._drawing.draw_handle(painter, self._knob(), self._split, self.hasFocus())
        if self._hand is not None and self._grabbed is None and not self._sliding:
            long = max(self.zooming.target.width(), self.zooming.target.height())
            keeps = self._way_keeps if self._way else self.keeps
            self._drawing.draw_brush(
                painter, self._hand, self._radius * long, self.hardness, keeps=keeps
            )

    def _redraw(self) -> None:
        self._drawing.forget()
        self.update()

    def _rezoomed(self) -> None:
        """Draw quickly while it moves, and smoothly when it rests."""
        self._drawing.rough = True
        self._calm.start()
        self._redraw()
        self.zoomed.emit()

    def _smooth(self) -> None:
        self._drawing.rough = False
        self._redraw()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Come closer or go back; what is under `at` stays there."""
        self.zooming.zoom(factor, at)
        self._rezoomed()

    def zoom_in(self) -> None:
        """Come a step closer."""
        self.zoom(_ZOOM)

    def zoom_out(self) -> None:
        """Go a step back."""
        self.zoom(1 / _ZOOM)

    def show_whole(self) -> None:
        """Show the whole picture."""
        self.zooming.fit()
        self._rezoomed()

    def show_own_size(self) -> None:
        """Show the picture pixel by pixel."""
        self.zooming.show_own_size()
        self._rezoomed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the room there is."""
        self.zooming.room = QRectF(self.rect()).adjusted(UNIT, UNIT, -UNIT, -UNIT)
        self.zooming.ratio = self.devicePixelRatioF()
        self._rezoomed()
        super().resizeEvent(event)

    # --- the mouse ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle, take hold of the picture, or begin a stroke."""
        at, button = event.position(), event.button()
        if self._drawing.before.isNull() or self._way:
            return
        left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (left and self._space):
            self._grabbed = at
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif left and self._knob().contains(at):
            self._sliding = True
        elif left or button == Qt.MouseButton.RightButton:
            other = not left or bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            self._way_keeps = self.keeps != other
            self._way = [self.zooming.share(at)]
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what was begun."""
        at = event.position()
        self._hand = None if self._knob().contains(at) and not self._way else at
        if self._grabbed is not None:
            self.zooming.move(at - self._grabbed)
            self._grabbed = at
            self._rezoomed()
        elif self._sliding:
            shown = self._drawing.shown
            self.set_split((at.x() - shown.left()) / max(1.0, shown.width()))
        elif self._way:
            last = self.zooming.point(self._way[-1])
            if (at - last).manhattanLength() >= _APART:
                self._way.append(self.zooming.share(at))
        self._show_cursor()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go; a stroke is done."""
        if self._way:
            self._finish(self._stroke())
        self._grabbed, self._sliding = None, False
        self._show_cursor()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the handle, change between both sides; elsewhere it is two dabs."""
        if event.button() == Qt.MouseButton.LeftButton and self._knob().contains(event.position()):
            self.toggle()
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the pointer; with Shift, take another brush."""
        delta = event.angleDelta()
        turns = (delta.y() or delta.x()) / 120
        if turns and event.modifiers() & _SHIFT:
            self.set_radius(self._radius * STEP**turns)
        elif turns and not self._way:
            self.zoom(_ZOOM**turns, event.position())
        event.accept()

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw nothing more."""
        self._calm.stop()
        self._smooth()
        super().hideEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the brush."""
        self._hand = event.position()
        self._show_cursor()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show no brush any more."""
        self._hand = None
        self.update()

    def _show_cursor(self) -> None:
        shape = Qt.CursorShape.CrossCursor
        if self._grabbed is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        elif self._sliding or self._hand is None:
            shape = Qt.CursorShape.SplitHCursor
        if self._drawing.before.isNull():
            shape = Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def _stroke(self) -> Stroke:
        return Stroke(tuple(self._way), self._radius, self.hardness, self._way_keeps)

    def _finish(self, stroke: Stroke) -> None:
        self._way = []
        self.stroke_drawn.emit(stroke)

    # --- keys -----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the handle by arrows; the brush with Ctrl, painting with Shift as well."""
        key, held = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Escape and self._way:
            self._way = []  # that stroke was none
        elif key == Qt.Key.Key_Space:
            self._space = True
            self._show_cursor()
        elif key in _ARROWS and held & _CONTROL:
            self._walk(_ARROWS[key], paint=bool(held & _SHIFT))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.set_split(self._split + _ARROWS[key][0] * (_LEAP if held & _SHIFT else _SLIDE))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.set_split(0.0 if key == Qt.Key.Key_Home else 1.0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._walk((0, 0), paint=True)
        else:
            event.ignore()
        self.update()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Give the mouse its brush back."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What is held down is let go elsewhere."""
        self._space = False
        super().focusOutEvent(event)
        self.update()

    def _walk(self, way: tuple[int, int], *, paint: bool) -> None:
        """Move the brush by half its radius, and paint there."""
        if self._drawing.before.isNull():
            return
        target = self.zooming.target
        step = max(UNIT / 2, self._radius * max(target.width(), target.height()) / 2)
        start = self._hand or self.zooming.room.center()
        seen = self._drawing.shown
        end = start + QPointF(way[0], way[1]) * step
        end.setX(max(seen.left(), min(end.x(), seen.right())))
        end.setY(max(seen.top(), min(end.y(), seen.bottom())))
        self._hand = end
        if paint:
            points = [self.zooming.share(start), self.zooming.share(end)]
            self._way_keeps = self.keeps
            self._way = points if way != (0, 0) else points[:1]
            self._finish(self._stroke())
