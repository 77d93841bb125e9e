"""One picture over the whole window, or up to four side by side: look, zoom, compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from bowerbird.gui import messages
from bowerbird.gui.boxes import Boxes, draw_hint, placed
from bowerbird.gui.facts import titled
from bowerbird.gui.i18n import tr
from bowerbird.gui.panes import MOST, side_by_side, to_image
from bowerbird.gui.theme import UNIT
from bowerbird.types import Asset, Detection

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs, Operation
    from bowerbird.types import Pixels

# Longer side of what is decoded at first, and of what is decoded once somebody zooms in: a screen,
# and what a graphics card takes.
_SCREEN, _WHOLE = 2560, 16384
_CLOSEST = 16.0
_STEP = 1.25
_GROUND, _TEXT = QColor(18, 18, 19), QColor(226, 226, 226)
_LABEL = 4 * UNIT
_CONTROL = Qt.KeyboardModifier.ControlModifier
_LEAST = 2 * UNIT  # a region smaller than this is a slip of the hand


class QuickLook(QWidget):
    """An overlay on the window; what is decoded comes from threads.

    Args:
        jobs: Runs the decoding.
        preview: Decodes a picture to about so many pixels on its longer side; from threads.
        thumbnail: Gives what can be shown at once.
        detect: Finds the things of a picture; from threads.
        parent: The window.
    """

    stepped = Signal(int)
    """To the next picture (1) or the one before (-1)."""
    closed = Signal()
    opened = Signal()
    """Enter: open the file itself."""
    region_drawn = Signal(str, object)
    """A picture's name, and the part of it that was drawn around, a QImage."""

    def __init__(
        self,
        jobs: Jobs,
        preview: Callable[[Asset, int], Pixels],
        thumbnail: Callable[[Asset], QPixmap | None],
        detect: Callable[[Asset], Sequence[Detection]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._jobs = jobs
        self._preview = preview
        self._thumbnail = thumbnail
        self._assets: list[Asset] = []
        self._pictures: dict[int, QPixmap] = {}
        self._troubles: dict[int, str] = {}
        self._asked: list[Operation[QImage]] = []
        self._boxes = Boxes(jobs, detect, self.update)
        self._whole = False
        self._zoom = 1.0
        self._offset = QPointF()
        self._grabbed: QPointF | None = None
        self._pressed = QPointF()
        self._region: tuple[QPointF, QPointF] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Quick look"))
        parent.installEventFilter(self)
        self.hide()

    # --- what is shown --------------------------------------------------------------------------

    def look_at(self, assets: Sequence[Asset]) -> None:
        """Show up to four pictures; the zoom stays while the same number is compared."""
        assets = list(assets[:MOST])
        if len(assets) != len(self._assets) or not self.isVisible():
            self._fit()
        self._assets = assets
        self._troubles.clear()
        self._pictures = {
            asset.id: picture for asset in assets if (picture := self._thumbnail(asset)) is not None
        }
        self._whole = False
        self._load(_SCREEN if self._zoom <= 1.0 else _WHOLE)
        self._boxes.show(assets)
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setAccessibleDescription(", ".join(titled(asset) for asset in assets))
        self.update()

    def close_look(self) -> None:
        """Go back to the grid, and give the memory back."""
        for asked in self._asked:
            asked.drop()
        self._asked = []
        self._assets, self._pictures = [], {}
        self._boxes.forget()
        self.hide()
        self.closed.emit()

    @property
    def assets(self) -> list[Asset]:
        """What is looked at."""
        return self._assets

    def _load(self, side: int) -> None:
        for asked in self._asked:
            asked.drop()
        self._asked = [self._ask(asset, side) for asset in self._assets]
        self._whole = side == _WHOLE

    def _ask(self, asset: Asset, side: int) -> Operation[QImage]:
        def arrived(image: QImage) -> None:
            self._pictures[asset.id] = QPixmap.fromImage(image)
            self.update()

        def failed(error: Exception) -> None:
            self._troubles[asset.id] = messages.sentence(error)
            self.update()

        return self._jobs.start(lambda: to_image(self._preview(asset, side)), arrived, failed)

    # --- drawing --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the panes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._zoom < 4)
        painter.fillRect(self.rect(), _GROUND)
        for asset, pane in zip(self._assets, self._panes(), strict=True):
            self._draw(painter, asset, pane)
        if self._region is not None:
            painter.setPen(QPen(_TEXT, 1.5, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(*self._region).normalized())

    def _panes(self) -> list[QRectF]:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return side_by_side(len(self._assets), self.size(), mirrored=mirrored)

    def _draw(self, painter: QPainter, asset: Asset, pane: QRectF) -> None:
        room = pane.adjusted(UNIT, UNIT, -UNIT, -_LABEL)
        painter.save()
        painter.setClipRect(room)
        picture = self._pictures.get(asset.id)
        if picture is not None and not picture.isNull():
            target = self._target(asset, picture, room)
            painter.drawPixmap(target, picture, QRectF(picture.rect()))
            if self._boxes.shown:
                self._boxes.draw(painter, asset, target)
        painter.restore()
        painter.setPen(_TEXT)
        below = QRectF(pane.left() + UNIT, room.bottom(), pane.width() - 2 * UNIT, _LABEL)
        metrics = painter.fontMetrics()
        text = self._troubles.get(asset.id) or self._label(asset, room)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, int(below.width()))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
        if len(self._assets) == 1:
            draw_hint(painter, below.toRect(), metrics.horizontalAdvance(text))

    def _label(self, asset: Asset, room: QRectF) -> str:
        parts = [titled(asset)]
        if asset.width and asset.height:
            parts.append(f"{asset.width} \N{MULTIPLICATION SIGN} {asset.height}")
            scale = self._fitting(asset, QSize(asset.width, asset.height), room) * self._zoom
            parts.append(f"{round(100 * scale * self.devicePixelRatioF())} %")
        return "   ".join(filter(None, (*parts, self._boxes.said(asset))))

    def _target(self, asset: Asset, picture: QPixmap, room: QRectF) -> QRectF:
        full = QSize(asset.width or picture.width(), asset.height or picture.height())
        scale = self._fitting(asset, full, room) * self._zoom
        width, height = full.width() * scale, full.height() * scale
        # The offset is a share of the picture, so that panes of other sizes move alike.
        centre = room.center() + QPointF(self._offset.x() * width, self._offset.y() * height)
        return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)

    def _fitting(self, asset: Asset, full: QSize, room: QRectF) -> float:
        """Points a pixel at which the whole picture shows; small ones are not blown up."""
        fits = min(room.width() / full.width(), room.height() / full.height())
        return float(min(fits, 1 / self.devicePixelRatioF()))

    # --- hands ----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the keys that mean something here from the window's shortcuts."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(event.key() in self._acts() and not event.modifiers() & _CONTROL)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with arrows, zoom with + and -, fit with 0, full size with 1, leave with Space."""
        act = self._acts().get(event.key())
        if act is None:
            event.ignore()
        else:
            act()

    def _acts(self) -> dict[int, Callable[[], object]]:
        forward = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        return {
            Qt.Key.Key_Space: self.close_look,
            Qt.Key.Key_Escape: self.close_look,
            Qt.Key.Key_Return: self._enter,
            Qt.Key.Key_Enter: self._enter,
            Qt.Key.Key_B: self._toggle_boxes,
            Qt.Key.Key_Tab: lambda: self._step_box(1),
            Qt.Key.Key_Backtab: lambda: self._step_box(-1),
            Qt.Key.Key_Left: lambda: self.stepped.emit(-forward),
            Qt.Key.Key_Right: lambda: self.stepped.emit(forward),
            Qt.Key.Key_Up: lambda: self.stepped.emit(-1),
            Qt.Key.Key_Down: lambda: self.stepped.emit(1),
            Qt.Key.Key_Plus: lambda: self.zoom(_STEP),
            Qt.Key.Key_Equal: lambda: self.zoom(_STEP),
            Qt.Key.Key_Minus: lambda: self.zoom(1 / _STEP),
            Qt.Key.Key_0: self._fit,
            Qt.Key.Key_1: self._full_size,
        }

    def _toggle_boxes(self) -> None:
        self._boxes.shown = not self._boxes.shown
        self._boxes.show(self._assets)
        self.update()

    def _step_box(self, way: int) -> None:
        self._boxes.step(self._assets, way)
        self.update()

    def _enter(self) -> None:
        """Look for what is like the thing that is chosen, or open the file."""
        for asset in self._assets:
            if self._boxes.shown and (one := self._boxes.chosen(asset)) is not None:
                self._cut_thing(one, asset)
                return
        self.opened.emit()

    def _cut_thing(self, one: Detection, asset: Asset) -> None:
        """Hand on the part of a picture that a thing takes, whatever of it is on the screen."""
        picture = self._pictures.get(asset.id)
        if picture is None or picture.isNull():
            return
        part = placed(one, asset, QRectF(picture.rect())).toAlignedRect()
        self.region_drawn.emit(asset.name, picture.copy(part).toImage())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab: it goes from thing to thing."""
        return False

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom all panes, keeping what is under `at` where it is."""
        before = self._zoom
        self._zoom = max(1.0, min(before * factor, _CLOSEST * self._full_zoom()))
        if self._zoom == 1.0:
            self._offset = QPointF()
        elif at is not None and self._assets:
            pane = next((p for p in self._panes() if p.contains(at)), self._panes()[0])
            asset = self._assets[self._panes().index(pane)]
            room = pane.adjusted(UNIT, UNIT, -UNIT, -_LABEL)
            full = QSize(asset.width or 1, asset.height or 1)
            scale = self._fitting(asset, full, room)
            shift = at - room.center()
            change = (1 / self._zoom - 1 / before) / scale
            self._offset += QPointF(
                shift.x() * change / full.width(), shift.y() * change / full.height()
            )
        if self._zoom > 1.0 and not self._whole:
            self._load(_WHOLE)
        self.update()

    def _full_zoom(self) -> float:
        """The zoom at which a pixel of the first picture is one of the screen."""
        if not self._assets:
            return 1.0
        asset, pane = self._assets[0], self._panes()[0]
        full = QSize(asset.width or 1, asset.height or 1)
        fits = self._fitting(asset, full, pane.adjusted(UNIT, UNIT, -UNIT, -_LABEL))
        return 1 / (fits * self.devicePixelRatioF())

    def _fit(self) -> None:
        self._zoom, self._offset = 1.0, QPointF()
        self.update()

    def _full_size(self) -> None:
        self.zoom(self._full_zoom() / self._zoom)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the pointer."""
        turns = event.angleDelta().y() / 120
        if turns:
            self.zoom(_STEP**turns, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture; with Shift, begin to draw around a part of it."""
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._region = (event.position(), event.position())
        else:
            self._grabbed = self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is zoomed, or draw on."""
        if self._region is not None:
            self._region = (self._region[0], event.position())
            self.update()
            return
        if self._grabbed is None or self._zoom == 1.0 or not self._assets:
            return
        asset, pane = self._assets[0], self._panes()[0]
        full = QSize(asset.width or 1, asset.height or 1)
        room = pane.adjusted(UNIT, UNIT, -UNIT, -_LABEL)
        scale = self._fitting(asset, full, room) * self._zoom
        moved = event.position() - self._grabbed
        self._grabbed = event.position()
        across = self._offset.x() + moved.x() / (full.width() * scale)
        down = self._offset.y() + moved.y() / (full.height() * scale)
        self._offset = QPointF(max(-0.5, min(0.5, across)), max(-0.5, min(0.5, down)))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go; a part that was drawn around is looked for."""
        held, self._grabbed = self._pressed, None
        region, self._region = self._region, None
        if region is not None:
            self.update()
            self._cut(QRectF(*region).normalized())
        elif self._boxes.shown and (event.position() - held).manhattanLength() < UNIT:
            self._click(event.position())

    def _click(self, at: QPointF) -> None:
        """Look for what is like the thing under the pointer."""
        for asset, pane in zip(self._assets, self._panes(), strict=True):
            picture = self._pictures.get(asset.id)
            if picture is None or picture.isNull() or not pane.contains(at):
                continue
            room = pane.adjusted(UNIT, UNIT, -UNIT, -_LABEL)
            one = self._boxes.at(asset, self._target(asset, picture, room), at)
            if one is not None:
                self._cut_thing(one, asset)
            return

    def _cut(self, region: QRectF) -> None:
        """Hand on the part of the picture under a region, unless it is a mere click."""
        for asset, pane in zip(self._assets, self._panes(), strict=True):
            picture = self._pictures.get(asset.id)
            if picture is None or picture.isNull() or not pane.contains(region.center()):
                continue
            room = pane.adjusted(UNIT, UNIT, -UNIT, -_LABEL)
            target = self._target(asset, picture, room)
            inside = region.intersected(target)
            scale = picture.width() / target.width()
            if min(inside.width(), inside.height()) < _LEAST:
                return
            corner = (inside.topLeft() - target.topLeft()) * scale
            part = QRectF(corner, inside.size() * scale).toAlignedRect()
            self.region_drawn.emit(asset.name, picture.copy(part).toImage())
            return

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go to full size and back."""
        if self._zoom > 1.0:
            self._fit()
        else:
            self.zoom(self._full_zoom(), event.position())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)
