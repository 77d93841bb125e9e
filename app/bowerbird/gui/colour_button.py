"""Colours that pictures are to have: one, or several with how much of each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import (
    QApplication,
    QColorDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from bowerbird.gui.fact_lines import emptied
from bowerbird.gui.filtering import Narrowing
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import Swatch

# Colours to pick from: one row of hues, one of earths and pastels, one of greys.
SWATCHES = (
    ("#d03030", "#e8762c", "#e9b824", "#6f9e2e", "#2b8a7d", "#3a78c9", "#6a4fb3", "#c2478f"),
    ("#7a3b2e", "#a9794f", "#d9b98c", "#b7c99b", "#9fcfc8", "#a8c4e6", "#c3b3e3", "#edb7c7"),
    ("#101010", "#303030", "#585858", "#808080", "#a8a8a8", "#cfcfcf", "#ececec", "#ffffff"),
)
# More would never be in one picture.
MOST = 5
# Colours of the result that are shown.
SHOWN = 12


def swatch(colour: str, size: int) -> QPixmap:
    """Return a round patch of a colour, `size` points across."""
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    found = QPixmap(QSize(size, size) * ratio)
    found.setDevicePixelRatio(ratio)
    found.fill(Qt.GlobalColor.transparent)
    painter = QPainter(found)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(128, 128, 128, 120))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(1, 1, size - 2, size - 2)
    painter.end()
    return found


class ColourButton(QToolButton):
    """A menu of colours; Ctrl and a click add one to those that are wanted."""

    narrowed = Signal(object)
    """Another Narrowing."""
    histogram_wanted = Signal()
    """The colours of what is shown are to be counted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._narrowing = Narrowing()
        self._fits = 0
        self.setObjectName("filter")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIconSize(QSize(14, 14))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setText(tr("Colour"))
        menu = QMenu(self)
        self._strip = Strip()
        self._strip.picked.connect(self._pick)
        self._strip_title = QLabel(tr("In what is shown"))
        self._chosen = QVBoxLayout()
        hint = QLabel(tr("Ctrl and a click add another colour."))
        for label in (self._strip_title, hint):
            label.setObjectName("quiet")
        board = QWidget(menu)
        self._layout = layout = QVBoxLayout(board)
        layout.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        layout.addLayout(self._board())
        for widget in (hint, self._strip_title, self._strip):
            layout.addWidget(widget)
        layout.addLayout(self._chosen)
        self._action = QWidgetAction(menu)
        self._action.setDefaultWidget(board)
        menu.addAction(self._action)
        menu.addAction(tr("Another colour …")).triggered.connect(self._ask)
        menu.addAction(tr("Any colour")).triggered.connect(lambda: self._choose(()))
        menu.aboutToShow.connect(self._open)
        self.setMenu(menu)

    def show_narrowing(self, narrowing: Narrowing) -> None:
        """Show what is chosen."""
        same = narrowing.colours == self._narrowing.colours
        self._narrowing = narrowing
        wanted = narrowing.colours
        self.setIcon(
            QIcon(_together(wanted)) if wanted else self._theme.icon("palette", "quiet", 14)
        )
        self.setIconSize(QSize(14 + 8 * max(0, len(wanted) - 1), 14))
        if not same:
            self._show_chosen()

    def show_histogram(self, shares: Sequence[tuple[str, float]]) -> None:
        """Show the colours of the result."""
        self._strip.show_shares(shares[:SHOWN])
        self._strip_title.setVisible(bool(shares))
        self._refit()

    def _open(self) -> None:
        self.show_histogram(())
        self.histogram_wanted.emit()

    def _board(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(2)
        for row, colours in enumerate(SWATCHES):
            for column, colour in enumerate(colours):
                button = QToolButton()
                button.setIcon(QIcon(swatch(colour, 22)))
                button.setIconSize(QSize(22, 22))
                button.setToolTip(colour)
                button.setAccessibleName(tr("Colour {colour}").format(colour=colour))
                button.clicked.connect(lambda _=False, colour=colour: self._pick(colour))
                grid.addWidget(button, row, column)
        return grid

    def _pick(self, colour: str) -> None:
        """Want a colour alone; with Ctrl, beside those before, or no more."""
        if not QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier:
            self._choose((Swatch(colour),))
            self.menu().close()
            return
        before = self._narrowing.colours
        rest = tuple(one for one in before if one.hex != colour)
        self._choose(rest if len(rest) < len(before) else (*before, Swatch(colour))[-MOST:])

    def _choose(self, colours: tuple[Swatch, ...]) -> None:
        self.narrowed.emit(self._narrowing.with_colours(colours))

    def _ask(self) -> None:
        wanted = self._narrowing.colours
        start = QColor(wanted[-1].hex if wanted else SWATCHES[0][0])
        picked = QColorDialog.getColor(start, self, tr("Colour of the pictures"))
        if picked.isValid():
            self._choose((Swatch(picked.name()),))

    def _show_chosen(self) -> None:
        """A line a colour: how much of it, and a button that drops it."""
        for at in reversed(range(self._chosen.count())):
            item = self._chosen.takeAt(at)
            if item is not None and (line := item.layout()) is not None:
                emptied(line)
                line.deleteLater()
        for one in self._narrowing.colours:
            self._chosen.addLayout(self._line(one))
        self._refit()

    def _refit(self) -> None:
        """An open menu takes the room that its lines need only when an action has changed."""
        self._layout.invalidate()
        self._layout.activate()
        self._fits += 1
        self._action.setData(self._fits)

    def _line(self, one: Swatch) -> QHBoxLayout:
        patch = QLabel()
        patch.setPixmap(swatch(one.hex, 22))
        amount = QSpinBox()
        amount.setRange(0, 95)
        amount.setSingleStep(5)
        amount.setSuffix(" %")
        amount.setSpecialValueText(tr("some of it"))
        amount.setValue(round(100 * (one.amount or 0)))
        amount.setKeyboardTracking(False)
        amount.setAccessibleName(tr("How much of {colour}").format(colour=one.hex))
        amount.valueChanged.connect(lambda value: self._weigh(one.hex, value / 100))
        drop = QToolButton()
        drop.setIcon(self._theme.icon("close", "quiet", 12))
        drop.setIconSize(QSize(12, 12))
        drop.setAccessibleName(tr("Remove {name}").format(name=one.hex))
        drop.clicked.connect(lambda: self._drop(one.hex))
        line = QHBoxLayout()
        for widget, stretch in ((patch, 0), (amount, 1), (drop, 0)):
            widget.setParent(self._layout.parentWidget())
            line.addWidget(widget, stretch)
            # Else it counts for nothing until events are processed.
            widget.show()
        return line

    def _weigh(self, colour: str, amount: float) -> None:
        weighed = tuple(
            Swatch(one.hex, amount or None) if one.hex == colour else one
            for one in self._narrowing.colours
        )
        # The line that is typed into stays as it is.
        self._narrowing = self._narrowing.with_colours(weighed)
        self._choose(weighed)

    def _drop(self, colour: str) -> None:
        self._choose(tuple(one for one in self._narrowing.colours if one.hex != colour))


class Strip(QWidget):
    """Colours beside each other, each as wide as its share; a click picks one."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shares: list[tuple[str, float]] = []
        self._at = -1
        self.setFixedHeight(3 * UNIT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Colours of what is shown"))
        self.hide()

    def show_shares(self, shares: Sequence[tuple[str, float]]) -> None:
        """Show these; none hides it."""
        whole = sum(share for _, share in shares) or 1.0
        self._shares = [(colour, share / whole) for colour, share in shares]
        self._at = -1
        said = ", ".join(f"{colour} {share:.0%}" for colour, share in self._shares)
        self.setToolTip(said)
        self.setAccessibleDescription(said)
        self.setVisible(bool(shares))
        self.update()

    def _edges(self) -> list[float]:
        edges = [0.0]
        for _, share in self._shares:
            edges.append(edges[-1] + share * self.width())
        return edges

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        painter = QPainter(self)
        edges = self._edges()
        for at, (colour, _) in enumerate(self._shares):
            left, right = round(edges[at]), round(edges[at + 1])
            painter.fillRect(left, 0, right - left, self.height(), QColor(colour))
        painter.setPen(QColor(128, 128, 128, 160))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self.hasFocus() and 0 <= self._at < len(self._shares):
            painter.setPen(self.palette().highlight().color())
            left, right = round(edges[self._at]), round(edges[self._at + 1])
            ring = QRect(left, 0, right - left - 1, self.height() - 1)
            for inset in (0, 1):
                painter.drawRect(ring.adjusted(inset, inset, -inset, -inset))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick what is under the pointer."""
        edges = self._edges()
        for at, (colour, _) in enumerate(self._shares):
            if edges[at] <= event.position().x() < edges[at + 1]:
                self.picked.emit(colour)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along with arrows, pick with Enter or Space."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            self._at = max(0, min(len(self._shares) - 1, self._at + steps[Qt.Key(event.key())]))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space) and self._at >= 0:
            self.picked.emit(self._shares[self._at][0])
        else:
            event.ignore()


def _together(colours: Sequence[Swatch]) -> QPixmap:
    """Return small patches that overlap, of all that is wanted."""
    single = swatch(colours[0].hex, 14)
    ratio = single.devicePixelRatio()
    size = QSize(14 + 8 * (len(colours) - 1), 14)
    found = QPixmap(size * ratio)
    found.setDevicePixelRatio(ratio)
    found.fill(Qt.GlobalColor.transparent)
    painter = QPainter(found)
    for at, one in enumerate(colours):
        painter.drawPixmap(8 * at, 0, swatch(one.hex, 14))
    painter.end()
    return found
