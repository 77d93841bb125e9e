"""The things that were found in pictures that are looked at: drawn as boxes, and chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT
from bowerbird.types import Asset, Detection

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs, Operation

_LINE, _CHOSEN = QColor(226, 226, 226, 170), QColor(122, 162, 255)
_FAINT = QColor(150, 150, 152)
_UNDER = QColor(18, 18, 19, 190)
Found = dict[int, tuple[Detection, ...]]


class Boxes:
    """What was found in each picture, and which thing of it is chosen.

    Args:
        jobs: Runs the finding.
        detect: Finds the things of a picture; from threads.
        changed: Called when there is something else to draw.
    """

    def __init__(
        self,
        jobs: Jobs,
        detect: Callable[[Asset], Sequence[Detection]],
        changed: Callable[[], None],
    ) -> None:
        self._jobs = jobs
        self._detect = detect
        self._changed = changed
        self._found: Found = {}
        self._troubles: dict[int, str] = {}
        self._asked: list[Operation[tuple[Detection, ...]]] = []
        self._chosen: tuple[int, int] | None = None
        self.shown = False

    def show(self, assets: Sequence[Asset]) -> None:
        """Look for the things of these pictures, where that was not done."""
        self.drop()
        self._troubles = {}
        for asset in assets if self.shown else ():
            if asset.id not in self._found:
                self._asked.append(self._ask(asset))

    def _ask(self, asset: Asset) -> Operation[tuple[Detection, ...]]:
        def arrived(found: tuple[Detection, ...]) -> None:
            self._found[asset.id] = found
            self._changed()

        def failed(error: Exception) -> None:
            self._troubles[asset.id] = messages.sentence(error)
            self._changed()

        return self._jobs.start(lambda: tuple(self._detect(asset)), arrived, failed)

    def said(self, asset: Asset) -> str:
        """Return how the looking for a picture's things stands; empty where they show."""
        if not self.shown:
            return ""
        if asset.id in self._troubles:
            return self._troubles[asset.id]
        if asset.id not in self._found:
            return tr("Looking for things …")
        return "" if self._found[asset.id] else tr("No things found")

    def drop(self) -> None:
        """Let go of what is not found yet, and of the choice."""
        for asked in self._asked:
            asked.drop()
        self._asked = []
        self._chosen = None

    def forget(self) -> None:
        """Forget what was found: another look may be at changed pictures."""
        self.drop()
        self._found = {}

    def step(self, assets: Sequence[Asset], way: int) -> None:
        """Choose the next thing, or the one before."""
        every = [(a.id, n) for a in assets for n in range(len(self._found.get(a.id, ())))]
        if every:
            at = every.index(self._chosen) + way if self._chosen in every else min(way, 0)
            self._chosen = every[at % len(every)]

    def chosen(self, asset: Asset) -> Detection | None:
        """Return the thing of a picture that is chosen."""
        if self._chosen is None or self._chosen[0] != asset.id:
            return None
        return self._found[asset.id][self._chosen[1]]

    def at(self, asset: Asset, target: QRectF, point: QPointF) -> Detection | None:
        """Return the smallest thing under a point of the picture that is drawn in `target`."""
        under = [
            one
            for one in self._found.get(asset.id, ())
            if placed(one, asset, target).contains(point)
        ]
        return min(under, key=_area, default=None)

    def draw(self, painter: QPainter, asset: Asset, target: QRectF) -> None:
        """Draw the things of the picture that is drawn in `target`."""
        chosen = self.chosen(asset)
        for one in reversed(self._found.get(asset.id, ())):
            box = placed(one, asset, target)
            line = _CHOSEN if one is chosen else _LINE
            painter.setPen(QPen(line, 3 if one is chosen else 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
            text = f"{one.category} {one.score:.0%}"
            width = painter.fontMetrics().horizontalAdvance(text) + UNIT
            label = QRectF(box.left(), box.top(), width, painter.fontMetrics().height() + 4)
            painter.fillRect(label, _UNDER)
            painter.setPen(line.lighter(130))
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)


def placed(one: Detection, asset: Asset, target: QRectF) -> QRectF:
    """Return where a thing lies on the screen."""
    left, top, right, bottom = one.box
    across = target.width() / (asset.width or 1)
    down = target.height() / (asset.height or 1)
    return QRectF(
        target.left() + left * across,
        target.top() + top * down,
        (right - left) * across,
        (bottom - top) * down,
    )


def draw_hint(painter: QPainter, line: QRect, taken: int) -> bool:
    """Say at the far end of a line how parts are searched by; False where there is no room.

    Args:
        painter: Draws.
        line: Where.
        taken: Points in its middle that other words take.
    """
    text = tr("B: things in it   Shift and drag: search by a part   Space: back")
    if painter.fontMetrics().horizontalAdvance(text) + 2 * UNIT > (line.width() - taken) // 2:
        return False
    painter.setPen(_FAINT)
    edge = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(line, edge, text)
    return True


def _area(one: Detection) -> int:
    left, top, right, bottom = one.box
    return (right - left) * (bottom - top)
