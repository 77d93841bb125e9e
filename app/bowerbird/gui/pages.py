"""What stands where pictures will be: empty states that say what to do, and messages."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme


class EmptyPage(QWidget):
    """An icon, a title, a sentence, and at most one thing to do."""

    acted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = "pictures"
        self._frame = QFrame(self)
        self._icon = QLabel(self._frame)
        self._title = QLabel(self._frame)
        self._title.setObjectName("title")
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self._title.setFont(font)
        self._text = QLabel(self._frame)
        self._text.setObjectName("quiet")
        self._text.setWordWrap(True)
        self._act = QPushButton(self._frame)
        self._act.setObjectName("primary")
        self._act.clicked.connect(self.acted)
        inner = QVBoxLayout(self._frame)
        inner.setContentsMargins(6 * UNIT, 5 * UNIT, 6 * UNIT, 5 * UNIT)
        inner.setSpacing(UNIT)
        middle = Qt.AlignmentFlag.AlignHCenter
        for widget in (self._icon, self._title, self._text, self._act):
            inner.addWidget(widget, 0, middle)
        self._text.setAlignment(middle)
        self._text.setFixedWidth(42 * UNIT)
        inner.setSpacing(UNIT)
        inner.insertSpacing(3, UNIT)
        outer = QVBoxLayout(self)
        outer.addWidget(self._frame, 0, Qt.AlignmentFlag.AlignCenter)
        theme.changed.connect(self._draw)

    def show_state(
        self, icon: str, title: str, text: str, action: str = "", *, drop: bool = False
    ) -> None:
        """Say what there is to say; `drop` draws the frame that things can be dropped on."""
        self._icon_name = icon
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._act.setText(action)
        self._act.setVisible(bool(action))
        self._frame.setObjectName("drop" if drop else "")
        self.style().polish(self._frame)
        self._draw()

    def ask_for_folder(self) -> None:
        """There is no collection yet."""
        self.show_state(
            "folder",
            tr("Drop a folder of pictures here"),
            tr("Bowerbird looks at your pictures where they are. Nothing is copied or sent."),
            tr("Add folder …"),
            drop=True,
        )

    def say_looking(self) -> None:
        """The first pictures are being indexed."""
        self.show_state(
            "pictures",
            tr("Looking at your pictures"),
            tr("The first ones show in a moment. You can search as soon as they do."),
        )

    def say_nothing_found(self) -> None:
        """A search has no hits."""
        self.show_state(
            "search",
            tr("Nothing was found"),
            tr("Try other words, choose all pictures, or clear the search with Escape."),
        )

    def say_no_pictures(self) -> None:
        """A collection is empty."""
        self.show_state(
            "pictures",
            tr("There are no pictures here"),
            tr("Add pictures to the folder, or add another folder."),
            tr("Add folder …"),
        )

    def set_over(self, over: bool) -> None:
        """Show that something is held over the window, ready to be dropped."""
        self._frame.setProperty("over", over)
        self.style().polish(self._frame)

    def _draw(self) -> None:
        self._icon.setPixmap(self._theme.pixmap(self._icon_name, "quiet", 6 * UNIT))


class MessageBar(QFrame):
    """One sentence about what went wrong, until it is read and closed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._theme = theme
        self._details = ""
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = QPushButton(tr("Copy details"), self)
        self._copy.clicked.connect(lambda: QApplication.clipboard().setText(self._details))
        self._close = QToolButton(self)
        self._close.setAccessibleName(tr("Close the message"))
        self._close.setIconSize(QSize(16, 16))
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * UNIT, UNIT, UNIT, UNIT)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._copy)
        layout.addWidget(self._close)
        theme.changed.connect(self._draw)
        self._draw()
        self.hide()

    def _draw(self) -> None:
        self._close.setIcon(self._theme.icon("close", "text", 16))

    def show_error(self, error: Exception) -> None:
        """Word an error; a fault of ours can be copied with its details."""
        self.show_text(messages.sentence(error), messages.details(error) or "")

    def show_text(self, text: str, details: str = "") -> None:
        """Say a sentence; `details` can be copied."""
        self._text.setText(text)
        self._details = details
        self._copy.setVisible(bool(details))
        self.setAccessibleName(text)
        self.show()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()
