"""Where a picture lies that is looked at closely: zoom, shift, and the way back to its shares."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF

_CLOSEST = 16.0  # points of a screen for a pixel
_BLOWN_UP = 4.0  # so much is a small picture enlarged to fit


class Zooming:
    """Measures of one picture in one room.

    Attributes:
        full: The picture's own size, pixels.
        room: Where it lies, points.
        ratio: Pixels of the screen in a point.
    """

    def __init__(self) -> None:
        self.full = QSizeF(1, 1)
        self.room = QRectF(0, 0, 1, 1)
        self.ratio = 1.0
        self._factor = 1.0
        self._offset = QPointF()

    @property
    def fits(self) -> bool:
        """Whether the whole picture shows."""
        return self._factor == 1.0

    @property
    def scale(self) -> float:
        """Points for a pixel of the picture."""
        return self._fitting * self._factor

    @property
    def target(self) -> QRectF:
        """Where the picture lies, points; it may reach out of the room."""
        width, height = self.full.width() * self.scale, self.full.height() * self.scale
        centre = self.room.center() + QPointF(self._offset.x() * width, self._offset.y() * height)
        return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)

    @property
    def _fitting(self) -> float:
        across = self.room.width() / self.full.width()
        down = self.room.height() / self.full.height()
        return float(max(1e-6, min(across, down, _BLOWN_UP / self.ratio)))

    @property
    def _own_size(self) -> float:
        """The factor at which a pixel of the picture is one of the screen."""
        return 1 / (self._fitting * self.ratio)

    def share(self, point: QPointF) -> tuple[float, float]:
        """Return where a point lies in the picture, as shares of its width and height."""
        target = self.target
        return (
            (point.x() - target.left()) / target.width(),
            (point.y() - target.top()) / target.height(),
        )

    def point(self, share: tuple[float, float]) -> QPointF:
        """Return where shares of the picture's width and height lie."""
        target = self.target
        return QPointF(
            target.left() + share[0] * target.width(), target.top() + share[1] * target.height()
        )

    def fit(self) -> None:
        """Show the whole picture."""
        self._factor, self._offset = 1.0, QPointF()

    def show_own_size(self) -> None:
        """Show it pixel by pixel, about the middle of what is seen."""
        self.zoom(self._own_size / self._factor)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Come closer, or go back as far as the whole picture; what is under `at` stays there."""
        at = at or self.room.center()
        across, down = self.share(at)
        least = min(1.0, self._own_size)
        most = max(least, _CLOSEST * self._own_size)
        self._factor = max(least, min(self._factor * factor, most))
        if self._factor <= 1.0:
            self._offset = QPointF()
        else:
            self.move(at - self.point((across, down)))

    def move(self, by: QPointF) -> None:
        """Shift the picture, no farther than that its edge reaches the middle."""
        target = self.target
        across = self._offset.x() + by.x() / target.width()
        down = self._offset.y() + by.y() / target.height()
        self._offset = QPointF(max(-0.5, min(0.5, across)), max(-0.5, min(0.5, down)))
