"""How many pictures are of which time, as bars; drawing over them chooses a span."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDate, QLocale, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme

# More months than these are drawn as years.
MOST_MONTHS = 72
Span = tuple[str, str]


class DateChart(QWidget):
    """Bars of months, or of years where there are many; drag, click or arrow keys choose.

    Args:
        theme: Colours.
    """

    chosen = Signal(object)
    """First and last time that are wanted, both `YYYY-MM` or `YYYY`, or None for any."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bars: list[tuple[str, int]] = []
        self._span: tuple[int, int] | None = None
        self._anchor = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Pictures over time"))
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        """Wide enough for a bar a month."""
        return QSize(44 * UNIT, 14 * UNIT)

    def show_months(self, months: Sequence[tuple[str, int]], span: Span | None) -> None:
        """Show counts by month (`YYYY-MM`, ascending) and which are chosen."""
        self._bars = _bars(months)
        names = [name for name, _ in self._bars]
        self._span = None
        if span is not None and self._bars:
            inside = [
                at for at, name in enumerate(names) if span[0][: len(name)] <= name <= span[1]
            ]
            self._span = (inside[0], inside[-1]) if inside else None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars, the chosen ones lit, and the ends of time below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self._room()
        most = max((count for _, count in self._bars), default=1)
        for at, (_, count) in enumerate(self._bars):
            left, right = self._edges(at)
            # A bar of one picture among thousands can still be seen and hit.
            height = max(2.0, room.height() * count / most) if count else 0
            lit = self._span is None or self._span[0] <= at <= self._span[1]
            painter.fillRect(
                QRectF(left, room.bottom() - height, max(1.0, right - left - 1), height),
                self._theme.colour("accent" if lit else "line"),
            )
        if self._bars:
            below = QRect(0, room.bottom() + 4, self.width(), self.height() - room.bottom() - 4)
            painter.setPen(self._theme.colour("quiet"))
            low, high = self._span or (0, len(self._bars) - 1)
            first, last = written(self._bars[low][0]), written(self._bars[high][0])
            text = first if first == last else f"{first} \N{EN DASH} {last}"
            painter.drawText(below.adjusted(UNIT, 0, -UNIT, 0), Qt.AlignmentFlag.AlignCenter, text)
        if self.hasFocus():
            painter.setPen(self._theme.colour("accent"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _room(self) -> QRect:
        return self.rect().adjusted(UNIT, UNIT, -UNIT, -3 * UNIT)

    def _edges(self, at: int) -> tuple[float, float]:
        room = self._room()
        step = room.width() / max(1, len(self._bars))
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            return room.right() - (at + 1) * step, room.right() - at * step
        return room.left() + at * step, room.left() + (at + 1) * step

    def _at(self, point: QPoint) -> int:
        room = self._room()
        share = (point.x() - room.left()) / max(1, room.width())
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        return max(0, min(len(self._bars) - 1, int(share * len(self._bars))))

    # --- hands ----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a span."""
        if self._bars:
            self._anchor = self._at(event.position().toPoint())
            self._choose(self._anchor, self._anchor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw it on."""
        if self._bars and event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(self._anchor, self._at(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take it."""
        self._tell()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose no span."""
        self._span = None
        self.update()
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move the span, with Shift its end; Delete takes it away."""
        forward = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        steps = {Qt.Key.Key_Left: -forward, Qt.Key.Key_Right: forward}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self._bars:
            low, high = self._span or (0, 0)
            if self._span is None:
                low = high = 0 if step > 0 else len(self._bars) - 1
            elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                high = max(low, min(len(self._bars) - 1, high + step))
            else:
                low = high = max(0, min(len(self._bars) - 1, low + step))
            self._choose(low, high)
            self._tell()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._span = None
            self.update()
            self._tell()
        else:
            event.ignore()

    def event(self, event: QHelpEvent) -> bool:  # type: ignore[override]  # a QEvent
        """Say what the bar under the pointer stands for."""
        if event.type() == QHelpEvent.Type.ToolTip and self._bars:
            name, count = self._bars[self._at(event.pos())]
            QToolTip.showText(event.globalPos(), f"{written(name)}: {messages.count(count)}", self)
            return True
        return super().event(event)

    def _choose(self, one: int, other: int) -> None:
        self._span = (min(one, other), max(one, other))
        self.update()

    def _tell(self) -> None:
        if self._span is None:
            self.chosen.emit(None)
        else:
            low, high = self._span
            self.chosen.emit((self._bars[low][0], self._bars[high][0]))


def _bars(months: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return every month from the first to the last, or every year where those are too many."""
    if not months:
        return []
    known = dict(months)
    year, month = (int(part) for part in months[0][0].split("-"))
    last = months[-1][0]
    found = []
    while (name := f"{year:04}-{month:02}") <= last:
        found.append((name, known.get(name, 0)))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    if len(found) <= MOST_MONTHS:
        return found
    years: dict[str, int] = {}
    for name, count in found:
        years[name[:4]] = years.get(name[:4], 0) + count
    return list(years.items())


def written(time: str) -> str:
    """Return a month or a year as the locale writes it."""
    if len(time) == 4:
        return time
    year, month = (int(part) for part in time.split("-"))
    return QLocale().toString(QDate(year, month, 1), "MMM yyyy")


def after(time: str) -> str:
    """Return the first day that is no more in a month or a year, `YYYY-MM-DD`."""
    if len(time) == 4:
        return f"{int(time) + 1:04}-01-01"
    year, month = (int(part) for part in time.split("-"))
    return f"{year + 1:04}-01-01" if month == 12 else f"{year:04}-{month + 1:02}-01"
