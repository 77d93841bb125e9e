"""Shows the text that was read in a picture, to be selected and copied."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import Reading

# Lines that are shown before it scrolls.
MOST_LINES = 8


class ReadText(QWidget):
    """A heading, a button that copies, and the text; nothing where there is none."""

    left = Signal()
    """Escape: the hands go back to the pictures."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._reading: Reading | None = None
        heading = QLabel(tr("Text"))
        heading.setObjectName("heading")
        self._copy = QToolButton()
        self._copy.setIconSize(QSize(16, 16))
        self._copy.setToolTip(tr("Copy the text"))
        self._copy.setAccessibleName(tr("Copy the text"))
        self._copy.clicked.connect(lambda: QApplication.clipboard().setText(self.text))
        self._trouble = QLabel(tr("The text could not be read."))
        self._trouble.setObjectName("quiet")
        self._trouble.setWordWrap(True)
        self._body = _Body()
        self._body.left.connect(self.left)
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, UNIT, 0, UNIT)
        layout.setSpacing(UNIT // 2)
        layout.addLayout(top)
        layout.addWidget(self._body)
        layout.addWidget(self._trouble)
        self.draw_icons()
        self.show_reading(None)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._reading.text if self._reading is not None else ""

    def show_reading(self, reading: Reading | None) -> None:
        """Show what was read; None while nobody looked."""
        if reading != self._reading:
            self._reading = reading
            self._body.setPlainText(self.text)
        self._body.setVisible(bool(self.text))
        self._copy.setVisible(bool(self.text))
        self._trouble.setVisible(reading is not None and bool(reading.trouble))
        self.setVisible(True)

    def setVisible(self, visible: bool) -> None:
        """Be seen where there is something to say."""
        known = self._reading
        super().setVisible(visible and known is not None and bool(known.text or known.trouble))

    def draw_icons(self) -> None:
        """Draw the button in the colours of the scheme in force."""
        self._copy.setIcon(self._theme.icon("copies", "text", 16))


class _Body(QPlainTextEdit):
    """Text that is as high as it needs to be, up to `MOST_LINES`."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        # Tab leads on to the next field.
        self.setTabChangesFocus(True)
        self.setAccessibleName(tr("Text in the picture"))
        self.document().setDocumentMargin(UNIT // 2)
        self.textChanged.connect(self._fit)

    def _fit(self) -> None:
        """Take the room of the lines, as they break at this width."""
        lines = max(1, min(MOST_LINES, round(self.document().size().height())))
        edges = self.contentsMargins()
        around = edges.top() + edges.bottom() + 2 * self.document().documentMargin() + 2
        self.setFixedHeight(round(lines * self.fontMetrics().lineSpacing() + around))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break lines anew."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def event(self, event: QEvent) -> bool:
        """Escape leaves, and clears no search."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.left.emit()
                return True
        return super().event(event)
