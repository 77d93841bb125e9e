"""The search field: words, and chips for pictures and for words that were set aside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QObject,
    QSize,
    QStringListModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QImageReader, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QWidget,
)

from bowerbird.gui.chip import Chip
from bowerbird.gui.i18n import tr
from bowerbird.gui.terms import Shown, shown_in
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import read_terms

# Milliseconds without a key before a search starts; keys that come in one go are searched for once.
DEBOUNCE_MS = 20
# Searches that are remembered.
RECENT = 100
# Chips at a time; more would leave no room for words.
MOST = 6


class SearchBar(QFrame):
    """A field that says when what is looked for has changed."""

    changed = Signal()
    """The query is another one; not while somebody is still typing."""
    left = Signal()
    """Down: the hands want to go to the pictures."""
    noted = Signal()
    """The recent searches are others."""
    save_wanted = Signal()
    """This search is to be kept."""
    entered = Signal()
    """Enter: they want to go to the pictures of this very search, once it is answered."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self._theme = theme
        self._chips: list[Chip] = []
        self._timer = QTimer(self, interval=DEBOUNCE_MS, singleShot=True)
        self._timer.timeout.connect(self.changed)
        self._field = QLineEdit(self)
        self._field.setPlaceholderText(tr("Describe a picture, or drop one here"))
        self._field.setAccessibleName(tr("Search"))
        self._field.setFrame(False)
        self._field.setAcceptDrops(False)  # a file is no text: the window takes it
        self._field.textChanged.connect(lambda _: self._timer.start())
        self._field.installEventFilter(self)
        self._glass = QLabel(self)
        self._pick = self._button(tr("Search by a picture …"), self._choose)
        self._clear = self._button(tr("Clear the search (Escape)"), self.clear)
        self._save = self._button(tr("Save this search (Ctrl+S)"), self.save_wanted.emit)
        self._recent = QStringListModel(self)
        self._field.setCompleter(self._completer())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(UNIT + 2, 4, 4, 4)
        layout.setSpacing(UNIT)
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        layout.addWidget(self._glass)
        layout.addLayout(self._row)
        for widget in (self._field, self._clear, self._save, self._pick):
            layout.addWidget(widget, 1 if widget is self._field else 0)
        self.setFocusProxy(self._field)
        self.setFixedHeight(5 * UNIT)
        self._draw()
        theme.changed.connect(self._draw)
        self._field.textChanged.connect(lambda _: self._update())
        self._update()

    def _button(self, name: str, act: object) -> QToolButton:
        button = QToolButton(self)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setIconSize(QSize(20, 20))
        button.clicked.connect(act)
        return button

    def _draw(self) -> None:
        self._glass.setPixmap(self._theme.pixmap("search", "quiet"))
        self._clear.setIcon(self._theme.icon("close", "quiet"))
        self._save.setIcon(self._theme.icon("saved", "quiet"))
        self._pick.setIcon(self._theme.icon("picture-search", "quiet"))

    def _update(self) -> None:
        for button in (self._clear, self._save):
            button.setVisible(bool(self._chips or self._field.text()))

    def _completer(self) -> QCompleter:
        """Recent searches, offered when they begin like what is typed."""
        completer = QCompleter(self._recent, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated.connect(lambda _: self._now())
        return completer

    # --- what is looked for ---------------------------------------------------------------------

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The chips."""
        return tuple(chip.shown for chip in self._chips)

    @property
    def text(self) -> str:
        """What is typed."""
        return self._field.text()

    @property
    def recent(self) -> list[str]:
        """Searches that led somewhere, the newest first."""
        return self._recent.stringList()

    def set_recent(self, searches: list[str]) -> None:
        """Offer these while somebody types."""
        self._recent.setStringList(searches[:RECENT])

    def note(self) -> None:
        """Remember what is typed, since it led somewhere."""
        text = self.text.strip()
        if text:
            # A word that goes on is one search, not one for each of its letters.
            last = self.recent[:1]
            rest = self.recent[1:] if last and text.startswith(last[0]) else self.recent
            rest = [each for each in rest if each != text]
            if [text, *rest] != self.recent:
                self.set_recent([text, *rest])
                self.noted.emit()

    def type_on(self, text: str) -> None:
        """Take what was typed elsewhere."""
        self._field.setFocus()
        self._field.setText(text)

    def set_text(self, text: str) -> None:
        """Type for the user, and search at once."""
        self._field.setText(text)
        self._now()

    def show_picture(self, shown: Shown) -> None:
        """Search by a picture in place of those before; words stay."""
        self.put(self.text, [*(each for each in self.shown if each.text), shown])

    def add(self, shown: Shown) -> None:
        """Search by one thing more."""
        self.put(self.text, [*(each for each in self.shown if each != shown), shown])

    def put(self, text: str, shown: Sequence[Shown]) -> None:
        """Hold other words and chips, and search at once."""
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for each in shown[-MOST:]:
            chip = Chip(self._theme, each, self)
            chip.removed.connect(lambda chip=chip: self._remove(chip))
            chip.weighed.connect(self._timer.start)
            self._row.addWidget(chip)
            chip.show()
            self._chips.append(chip)
        self._field.setText(text)
        self._update()
        self._now()

    def _remove(self, chip: Chip) -> None:
        self.put(self.text, [each.shown for each in self._chips if each is not chip])
        self._field.setFocus()

    def _set_aside(self) -> None:
        """Make a chip of what is typed, so that it can be weighed and joined with other words."""
        chips = [
            Shown(text=term.value, name=term.value, weight=term.weight)
            for term in read_terms(self.text)
        ]
        if chips:
            self.put("", [*self.shown, *chips])

    def clear(self) -> None:
        """Look for nothing: everything shows."""
        self.put("", ())

    def paste(self) -> bool:
        """Search by the picture in the clipboard; False when there is none."""
        shown = shown_in(QApplication.clipboard().mimeData())
        if shown is None:
            return False
        self.show_picture(shown)
        return True

    def _now(self) -> None:
        self._timer.stop()
        self.changed.emit()

    def _choose(self) -> None:
        endings = [bytes(f.data()).decode() for f in QImageReader.supportedImageFormats()]
        pattern = " ".join(f"*.{ending}" for ending in endings)
        path, _ = QFileDialog.getOpenFileName(
            self,
            tr("Search by a picture"),
            "",
            tr("Pictures") + f" ({pattern});;" + tr("All files") + " (*)",
        )
        if path:
            self.show_picture(Shown(image=Path(path), name=Path(path).name))

    # --- hands ----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give Escape, Enter, Down and a pasted picture their meaning; colour the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            self.style().polish(self)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Paste):
            return self.paste()
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._set_aside()
                return True
            self.entered.emit()
            self._now()
            return True
        if event.key() == Qt.Key.Key_Down:
            self.left.emit()
            return True
        if event.key() == Qt.Key.Key_Backspace and self._chips and not self._field.text():
            self._remove(self._chips[-1])
            return True
        return False
