"""A larger look at a small picture while the pointer rests on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from bowerbird.gui.facts import titled
from bowerbird.gui.grid.tiled import TiledView
from bowerbird.gui.theme import UNIT
from bowerbird.types import Asset

REST_MS = 650
SIDE = 320
# Pictures that are shown as large as this need no larger look.
LARGE = 232


class Hover(QObject):
    """Shows a thumbnail in its full size beside the picture under the pointer.

    Args:
        view: The grid.
        load: Returns the encoded thumbnail of a picture at once, or None; it lies on this disk.
    """

    def __init__(self, view: TiledView, load: Callable[[Asset], bytes | None]) -> None:
        super().__init__(view)
        self._view = view
        self._load = load
        self._at: int | None = None
        self._timer = QTimer(self, interval=REST_MS, singleShot=True)
        self._timer.timeout.connect(self._show)
        self._frame = QFrame(view.window(), Qt.WindowType.ToolTip)
        self._frame.setObjectName("hover")
        self._frame.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._picture = QLabel()
        self._name = QLabel()
        self._name.setObjectName("quiet")
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setMaximumWidth(SIDE)
        layout = QVBoxLayout(self._frame)
        layout.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        layout.addWidget(self._picture)
        layout.addWidget(self._name)
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(self.hide)

    def hide(self) -> None:
        """Show nothing until the pointer rests again."""
        self._at = None
        self._timer.stop()
        self._frame.hide()

    @property
    def is_shown(self) -> bool:
        """Whether a picture is shown."""
        return self._frame.isVisible()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer; keys, wheel and buttons end it."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            position = self._view.indexAt(event.position().toPoint()).row()
            if event.buttons() != Qt.MouseButton.NoButton or position < 0:
                self.hide()
            elif position != self._at:
                self.hide()
                self._at = position
                if self._view.cell_size < LARGE:
                    self._timer.start()
        elif event.type() in (
            QEvent.Type.Leave,
            QEvent.Type.MouseButtonPress,
            QEvent.Type.Wheel,
            QEvent.Type.Hide,
        ):
            self.hide()
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        view = self._view
        active = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
        if self._at is None or self._at >= len(view.grid) or not active:
            return
        asset = view.grid.asset_at(self._at)
        data = None if asset is None else self._load(asset)
        image = QImage.fromData(data) if data else QImage()
        if asset is None or image.isNull():
            return
        ratio = view.devicePixelRatioF()
        room = QSize(SIDE, SIDE) * ratio
        if image.width() > room.width() or image.height() > room.height():
            smooth = Qt.TransformationMode.SmoothTransformation
            image = image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(ratio)
        self._picture.setPixmap(picture)
        metrics = self._name.fontMetrics()
        name = metrics.elidedText(titled(asset), Qt.TextElideMode.ElideMiddle, SIDE)
        if asset.width and asset.height:
            name += f"\n{asset.width} \N{MULTIPLICATION SIGN} {asset.height}"
        self._name.setText(name)
        self._frame.adjustSize()
        self._frame.move(self._beside(view.visualRect(view.grid.cell(self._at))))
        self._frame.show()

    def _beside(self, cell: QRect) -> QPoint:
        """Return a place beside a cell that is on the screen."""
        view, size = self._view, self._frame.size()
        screen = view.screen().availableGeometry()
        corner = view.viewport().mapToGlobal(cell.topLeft())
        left = corner.x() + cell.width() + UNIT
        if left + size.width() > screen.right():
            left = corner.x() - size.width() - UNIT
        top = max(screen.top(), min(corner.y(), screen.bottom() - size.height()))
        return QPoint(max(screen.left(), left), top)
