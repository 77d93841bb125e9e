"""The search field: words, words to leave out, and pictures to look like."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QMimeData,
    QObject,
    QSize,
    QStringListModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QImage, QImageReader, QKeyEvent, QKeySequence, QPixmap, QWheelEvent
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

from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import Term

# Milliseconds without a key before a search starts: quicker than a reader, slower than a typist.
DEBOUNCE_MS = 120
# Searches that are remembered.
RECENT = 100
_KEEP = Qt.AspectRatioMode.KeepAspectRatio
# A minus before a word or a quoted text: what hits must not look like.
_WITHOUT = re.compile(r'(?:^|(?<=\s))-(?:"([^"]+)"|(\S+))')


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture to search by: of the library by its uuid, else a path, an address or a bitmap."""

    uuid: str | None = None
    image: Path | str | QImage | None = None
    name: str = ""
    weight: float = 1.0


def read_terms(text: str) -> tuple[Term[str], ...]:
    """Return the terms that a typed text means: `beach -people` is a beach without people."""
    without = [Term(a or b, -1.0) for a, b in _WITHOUT.findall(text)]
    wanted = " ".join(_WITHOUT.sub(" ", text).split())
    return (*((Term(wanted),) if wanted else ()), *without)


def shown_in(mime: QMimeData) -> Shown | None:
    """Return the picture that was dropped or pasted, if it is one."""
    for url in mime.urls():
        if url.isLocalFile():
            path = Path(url.toLocalFile())
            if path.is_file():
                return Shown(image=path, name=path.name)
        elif url.scheme() in ("http", "https"):
            return Shown(image=url.toString(), name=url.fileName() or url.host())
    if mime.hasImage():
        image = QImage(mime.imageData())
        if not image.isNull():
            return Shown(image=image, name=tr("pasted picture"))
    return None


def folders_in(mime: QMimeData) -> list[Path]:
    """Return the folders that were dropped."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_dir()]


class SearchBar(QFrame):
    """A field that says when what is looked for has changed."""

    changed = Signal()
    """The query is another one; not while somebody is still typing."""
    left = Signal()
    """Down: the hands want to go to the pictures."""
    save_wanted = Signal()
    """This search is to be kept."""
    entered = Signal()
    """Enter: they want to go to the pictures of this very search, once it is answered."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self._theme = theme
        self._shown: Shown | None = None
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
        self._chip = Chip(theme, self)
        self._chip.removed.connect(lambda: self.show_picture(None))
        self._chip.weighed.connect(self._weigh)
        self._pick = self._button(tr("Search by a picture …"), self._choose)
        self._clear = self._button(tr("Clear the search (Escape)"), self.clear)
        self._save = self._button(tr("Save this search (Ctrl+S)"), self.save_wanted.emit)
        self._recent = QStringListModel(self)
        self._field.setCompleter(self._completer())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(UNIT + 2, 4, 4, 4)
        layout.setSpacing(UNIT)
        widgets = (self._glass, self._chip, self._field, self._clear, self._save, self._pick)
        for widget in widgets:
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
        self._chip.setVisible(self._shown is not None)
        for button in (self._clear, self._save):
            button.setVisible(self._shown is not None or bool(self._field.text()))

    def _completer(self) -> QCompleter:
        """Recent searches, offered when they begin like what is typed."""
        completer = QCompleter(self._recent, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated.connect(lambda _: self._now())
        return completer

    # --- what is looked for ---------------------------------------------------------------------

    def terms(self) -> tuple[Term[str], ...]:
        """Return the texts."""
        return read_terms(self._field.text())

    def picture(self) -> Shown | None:
        """Return the picture, if one is shown."""
        return self._shown

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
            self.set_recent([text, *(each for each in self.recent if each != text)])

    def type_on(self, text: str) -> None:
        """Take what was typed elsewhere."""
        self._field.setFocus()
        self._field.setText(text)

    def set_text(self, text: str) -> None:
        """Type for the user, and search at once."""
        self._field.setText(text)
        self._now()

    def show_picture(self, shown: Shown | None, thumbnail: QPixmap | None = None) -> None:
        """Search by a picture, or by none."""
        self._shown = shown
        if shown is not None:
            self._chip.show_picture(shown, thumbnail)
        self._update()
        self._now()

    def _weigh(self, weight: float) -> None:
        if self._shown is not None:
            self._shown = replace(self._shown, weight=weight)
            self._chip.weigh(self._shown)
            self._timer.start()

    def clear(self) -> None:
        """Look for nothing: everything shows."""
        self._shown = None
        self._field.clear()
        self._update()
        self._now()

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
            self.entered.emit()
            self._now()
            return True
        if event.key() == Qt.Key.Key_Down:
            self.left.emit()
            return True
        empty = not self._field.text()
        if event.key() == Qt.Key.Key_Backspace and empty and self._shown is not None:
            self.show_picture(None)
            return True
        return False


class Chip(QFrame):
    """The picture that is searched by, small, with its name and a way to take it away."""

    removed = Signal()
    weighed = Signal(float)
    """How much the picture counts beside the words, 1 as much."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self._shown = Shown()
        self._theme = theme
        self._picture = QLabel(self)
        self._name = QLabel(self)
        self._remove = QToolButton(self)
        self._remove.setAccessibleName(tr("Remove the picture"))
        self._remove.setToolTip(tr("Remove the picture"))
        self._remove.setIconSize(QSize(14, 14))
        self._remove.clicked.connect(self.removed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3, 0, 3, 0)
        layout.setSpacing(6)
        for widget in (self._picture, self._name, self._remove):
            layout.addWidget(widget)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._remove.setIcon(self._theme.icon("close", "text", 14))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the picture count more or less."""
        step = 0.25 if event.angleDelta().y() > 0 else -0.25
        self.weighed.emit(max(-2.0, min(2.0, self._shown.weight + step)) or step)
        event.accept()

    def _say_weight(self) -> None:
        weight = self._shown.weight
        times = "" if weight == 1.0 else f" \N{MULTIPLICATION SIGN} {weight:g}"
        metrics = self._name.fontMetrics()
        name = metrics.elidedText(self._shown.name, Qt.TextElideMode.ElideMiddle, 160)
        self._name.setText(name + times)
        self.setToolTip(tr("Turn the wheel: how much the picture counts; below 0, what to avoid"))
        self.setAccessibleName(tr("Searching by {name}").format(name=self._shown.name) + times)

    def weigh(self, shown: Shown) -> None:
        """Say how much the picture counts now."""
        self._shown = shown
        self._say_weight()

    def show_picture(self, shown: Shown, thumbnail: QPixmap | None) -> None:
        """Show a thumbnail, or an icon where there is none yet, and the name."""
        if thumbnail is None and isinstance(shown.image, QImage):
            thumbnail = QPixmap.fromImage(shown.image.scaled(64, 64, _KEEP))
        if thumbnail is None or thumbnail.isNull():
            self._picture.setPixmap(self._theme.pixmap("pictures", "accent"))
        else:
            side = QSize(24, 24) * self.devicePixelRatioF()
            small = thumbnail.scaled(
                side,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            small.setDevicePixelRatio(self.devicePixelRatioF())
            self._picture.setPixmap(small)
        self.weigh(shown)
