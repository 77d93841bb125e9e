"""Free facts about a picture, edited where they are shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import Theme


class MetadataEditor(QWidget):
    """Lines of a name and a value, and one more to add to them."""

    changed = Signal(object)
    """The metadata as they are to be, a dict."""
    left = Signal()
    """Escape: the hands go back to the pictures."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._data: dict[str, Any] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        # Values are what is read; names give way to them.
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self._lines: list[QWidget] = []
        self._name = self._field(tr("Name of a fact"), tr("Name"))
        self._value = self._field(tr("Value of a fact"), tr("Value"))
        for field in (self._name, self._value):
            field.returnPressed.connect(self._add)
        self.show_data({})

    def show_data(self, data: Mapping[str, Any]) -> None:
        """Show these; what is being typed stays."""
        self._data = dict(data)
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = []
        for row, (name, value) in enumerate(self._data.items()):
            title = QLabel(name)
            title.setObjectName("quiet")
            title.setTextFormat(Qt.TextFormat.PlainText)
            field = self._field(name, "")
            field.setText(written(value))
            field.setCursorPosition(0)
            field.editingFinished.connect(
                lambda name=name, field=field: self._set(name, read(field.text()))
            )
            remove = QToolButton()
            remove.setIcon(self._theme.icon("close", "quiet", 12))
            remove.setIconSize(QSize(12, 12))
            remove.setToolTip(tr("Remove this fact"))
            remove.setAccessibleName(tr("Remove {name}").format(name=name))
            remove.clicked.connect(lambda _=False, name=name: self._remove(name))
            for column, widget in enumerate((title, field, remove)):
                self._grid.addWidget(widget, row, column)
                self._lines.append(widget)
        last = len(self._data)
        self._grid.addWidget(self._name, last, 0)
        self._grid.addWidget(self._value, last, 1, 1, 2)

    def _field(self, name: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        field.installEventFilter(self)
        field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return field

    def _set(self, name: str, value: Any) -> None:
        if self._data.get(name) != value:
            self.changed.emit({**self._data, name: value})

    def _remove(self, name: str) -> None:
        self.changed.emit({key: value for key, value in self._data.items() if key != name})

    def _add(self) -> None:
        name, value = self._name.text().strip(), self._value.text().strip()
        if not name:
            self._name.setFocus()
        elif not value:
            self._value.setFocus()
        else:
            self._name.clear()
            self._value.clear()
            self._name.setFocus()
            self._set(name, read(value))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape leaves the field as it was, and not the search."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.show_data(self._data)
                self.left.emit()
                return True
        return super().eventFilter(watched, event)


def written(value: Any) -> str:
    """Return a value as it is edited: texts plain, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read(text: str) -> Any:
    """Return what was meant: a number, true, false, a list, an object; else the text itself."""
    try:
        found = json.loads(text, parse_constant=_refuse)
    except ValueError:
        return text
    return text if found is None else found


def _refuse(name: str) -> None:
    """NaN and infinities are no JSON that others read."""
    raise ValueError(name)
