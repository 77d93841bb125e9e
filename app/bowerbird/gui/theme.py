"""Colours and measures from one file, for the system's scheme, followed while it changes."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from bowerbird import paths

UNIT = 8  # every distance in the window is a multiple of it


class Theme(QObject):
    """The colours of the scheme in force.

    Args:
        application: Gets the palette and the style sheet.
        dark: Which scheme; None follows the system.
    """

    changed = Signal()

    def __init__(self, application: QApplication, *, dark: bool | None = None) -> None:
        super().__init__(application)
        self._application = application
        self._file = tomllib.loads(paths.resource("themes/bowerbird.toml").read_text("utf-8"))
        self._colours: dict[str, str] = {}
        self._drawn: dict[tuple[str, str, int, float], QPixmap] = {}
        self._apply(self._system_is_dark() if dark is None else dark)
        if dark is None:
            hints = QGuiApplication.styleHints()
            hints.colorSchemeChanged.connect(self._follow)

    def colour(self, name: str) -> QColor:
        """Return one colour of the scheme."""
        return QColor(self._colours[name])

    def icon(self, name: str, colour: str = "text", size: int = 20) -> QIcon:
        """Return an icon drawn in one of the scheme's colours."""
        return QIcon(self.pixmap(name, colour, size))

    def pixmap(self, name: str, colour: str = "text", size: int = 20) -> QPixmap:
        """Return an icon as a picture of `size` points, sharp on the screen in use."""
        ratio = self._application.devicePixelRatio()
        key = (name, colour, size, ratio)
        if key not in self._drawn:
            self._drawn[key] = self._draw(name, colour, size, ratio)
        return self._drawn[key]

    def _draw(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        picture = QPixmap(QSize(size, size) * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        drawing = _drawing(name).replace(b"#000", self._colours[colour].encode())
        painter = QPainter(picture)
        QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, size, size))
        painter.end()
        return picture

    def _follow(self) -> None:
        self._apply(self._system_is_dark())
        self.changed.emit()

    def _system_is_dark(self) -> bool:
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _apply(self, dark: bool) -> None:
        chosen = self._file["dark" if dark else "light"]
        self._colours = {
            name: value if value.startswith("#") else paths.resource(value).as_posix()
            for name, value in chosen.items()
        }
        self._drawn.clear()
        self._application.setPalette(self._palette())
        # The longest name first: `@accent_soft` is not `@accent` and a rest.
        sheet = re.sub(
            r"@(\w+)", lambda match: self._colours[match[1]], self._file["sheet"]["text"]
        )
        self._application.setStyleSheet(sheet)

    def _palette(self) -> QPalette:
        role = QPalette.ColorRole
        palette = QPalette()
        for name, roles in {
            "ground": (role.Window,),
            "raised": (role.Base, role.Button, role.ToolTipBase),
            "panel": (role.AlternateBase,),
            "text": (role.WindowText, role.Text, role.ButtonText, role.ToolTipText),
            "quiet": (role.PlaceholderText,),
            "accent": (role.Highlight, role.Link),
            "accent_text": (role.HighlightedText,),
        }.items():
            for each in roles:
                palette.setColor(each, self.colour(name))
        return palette


@cache
def _drawing(name: str) -> bytes:
    return paths.resource(f"icons/{name}.svg").read_bytes()
