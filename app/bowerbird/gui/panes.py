"""Where up to four pictures lie side by side, and how pixels become what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from bowerbird.types import Pixels

MOST = 4


def side_by_side(count: int, room: QSize, *, mirrored: bool) -> list[QRectF]:
    """Return the places of pictures: four in two rows, and so are two where it is high.

    Args:
        count: How many, up to four.
        room: Where they lie.
        mirrored: Whether they go from right to left.
    """
    if not count:
        return []
    rows = 2 if count == MOST or (count == 2 and room.height() > room.width()) else 1
    columns = -(-count // rows)
    size = QSize(room.width() // columns, room.height() // rows)
    panes = [
        QRectF(
            (at % columns) * size.width(),
            (at // columns) * size.height(),
            size.width(),
            size.height(),
        )
        for at in range(count)
    ]
    return panes[::-1] if mirrored else panes


def to_image(pixels: Pixels) -> QImage:
    """Return RGB uint8 [height, width, 3] as an image of its own memory."""
    height, width = pixels.shape[:2]
    data = pixels.tobytes()
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
