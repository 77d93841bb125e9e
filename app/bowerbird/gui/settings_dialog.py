"""The settings with a search over them; each is written in the words of people, not of the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT
from bowerbird.settings import MEBI, Settings

SCHEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Option:
    """One number, switch or list of the settings.

    Attributes:
        name: In `Settings`.
        title: What it is.
        help: What it does.
        unit: Behind a number.
        scale: What of the stored unit makes one of that.
        least: Smallest number.
        most: Largest number.
    """

    name: str
    title: str
    help: str
    unit: str = ""
    scale: int = 1
    least: int = 0
    most: int = 1_000_000


def options() -> tuple[Option, ...]:
    """Return all settings in the order in which they are shown."""
    return (
        Option(
            "ignore",
            tr("Never index"),
            tr("Names, or paths with a slash, one a line; * and ? stand for anything."),
        ),
        Option("hidden", tr("Hidden files"), tr("Index also names that begin with a dot.")),
        Option(
            "max_pixels",
            tr("Largest picture"),
            tr("A larger one fails instead of filling the memory."),
            tr("megapixels"),
            1_000_000,
            1,
        ),
        Option(
            "max_file_bytes",
            tr("Largest file"),
            tr("A larger one fails instead of being read."),
            "MiB",
            MEBI,
            1,
        ),
        Option(
            "decode_workers",
            tr("Pictures read at a time"),
            tr("0 for as many as this machine has processors."),
            most=256,
        ),
        Option(
            "thumbnail_cache_bytes",
            tr("Room for thumbnails"),
            tr("Those unused for longest are dropped, and made again when they are needed."),
            "MiB",
            MEBI,
        ),
        Option(
            "managed_file_bytes",
            tr("Largest picture in the library itself"),
            tr("A larger file is not taken into a collection that lies in the library."),
            "MiB",
            MEBI,
            1,
        ),
        Option(
            "max_url_bytes",
            tr("Largest picture from the web"),
            tr("A larger one of a catalogue is not fetched."),
            "MiB",
            MEBI,
            1,
        ),
        Option(
            "requests_per_second",
            tr("Pictures asked of one host"),
            tr("So many a second while a catalogue is fetched; 0 for as many as come."),
            most=10_000,
        ),
        Option(
            "private_addresses",
            tr("Pictures of the own network"),
            tr("Other programs may name addresses of this machine and its network to fetch from."),
        ),
        Option(
            "download_bytes_per_second",
            tr("Bandwidth"),
            tr("Buckets and the web are read no faster than this; 0 for no limit."),
            "KiB/s",
            1024,
            most=10_000_000,
        ),
        Option(
            "originals_bytes",
            tr("Room for pictures from buckets"),
            tr("Local copies, made to open or export them; those unused for longest are dropped."),
            "MiB",
            MEBI,
        ),
        Option(
            "grace_days",
            tr("Remember missing pictures"),
            tr("Tags and facts of a file that is gone are kept so long, should it come back."),
            tr("days"),
            most=36_500,
        ),
        Option(
            "idle_unload_s",
            tr("Unload an unused model"),
            tr("Its memory is given back after so long; 0 keeps it."),
            tr("minutes"),
            60,
        ),
    )


class SettingsDialog(QDialog):
    """Shows settings and hands over what was changed.

    Args:
        settings: Those that hold.
        scheme: One of `SCHEMES`.
        save: Takes the new settings and the new scheme; what it raises is shown.
        parent: The window.
    """

    def __init__(
        self,
        settings: Settings,
        scheme: str,
        save: Callable[[Settings, str], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self._settings = settings
        self._save = save
        self._fields: dict[str, QWidget] = {}
        self._rows: list[tuple[str, int]] = []
        search = QLineEdit()
        search.setPlaceholderText(tr("Find a setting"))
        search.setAccessibleName(tr("Find a setting"))
        search.setClearButtonEnabled(True)
        search.textChanged.connect(self._find)
        board = QWidget()
        self._form = QFormLayout(board)
        self._form.setContentsMargins(0, UNIT, UNIT, UNIT)
        self._form.setVerticalSpacing(2 * UNIT)
        self._scheme = QComboBox()
        names = (tr("As the system"), tr("Light"), tr("Dark"))
        for name, value in zip(names, SCHEMES, strict=True):
            self._scheme.addItem(name, value)
        self._scheme.setCurrentIndex(SCHEMES.index(scheme))
        self._add(tr("Colours of the window"), tr("Holds from the next start on."), self._scheme)
        for option in options():
            field = _field(option, getattr(settings, option.name))
            self._fields[option.name] = field
            self._add(option.title, option.help, field)
        area = QScrollArea()
        area.setWidget(board)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._said = QLabel(tr("Syncs take changes at once, the window from its next start on."))
        self._said.setObjectName("quiet")
        self._said.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save
            | QDialogButtonBox.StandardButton.Cancel
            | QDialogButtonBox.StandardButton.RestoreDefaults
        )
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        restore = buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
        restore.clicked.connect(lambda: self.show_settings(Settings()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        for widget in (search, area, self._said, buttons):
            layout.addWidget(widget)
        self.resize(72 * UNIT, 76 * UNIT)

    def _add(self, title: str, text: str, field: QWidget) -> None:
        field.setAccessibleName(title)
        field.setAccessibleDescription(text)
        help_ = QLabel(text)
        help_.setObjectName("quiet")
        help_.setWordWrap(True)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(field)
        column.addWidget(help_)
        cell = QWidget()
        cell.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        self._rows.append((f"{title} {text}".casefold(), self._form.rowCount()))
        self._form.addRow(title, cell)

    def _find(self, text: str) -> None:
        words = text.casefold().split()
        for said, row in self._rows:
            self._form.setRowVisible(row, all(word in said for word in words))

    def show_settings(self, settings: Settings) -> None:
        """Put these into the fields."""
        for option in options():
            _put(self._fields[option.name], option, getattr(settings, option.name))

    def settings(self) -> Settings:
        """Return what the fields say."""
        found = {o.name: _value(self._fields[o.name], o) for o in options()}
        return replace(self._settings, **found)

    def _accept(self) -> None:
        try:
            self._save(self.settings(), str(self._scheme.currentData()))
        except Exception as error:  # noqa: BLE001  # said where it was asked for
            self._said.setText(str(error))
        else:
            self.accept()


def _field(option: Option, value: Any) -> QWidget:
    if isinstance(value, bool):
        field: QWidget = QCheckBox()
    elif isinstance(value, tuple):
        field = QPlainTextEdit()
        field.setFixedHeight(14 * UNIT)
    else:
        field = QSpinBox()
        field.setRange(option.least, option.most)
        field.setGroupSeparatorShown(True)
        field.setMinimumHeight(4 * UNIT - 2)
        field.setSuffix(f" {option.unit}" if option.unit else "")
    _put(field, option, value)
    return field


def _put(field: QWidget, option: Option, value: Any) -> None:
    if isinstance(field, QCheckBox):
        field.setChecked(value)
    elif isinstance(field, QPlainTextEdit):
        field.setPlainText("\n".join(value))
    elif isinstance(field, QSpinBox):
        field.setValue(max(option.least, round(value / option.scale)))


def _value(field: QWidget, option: Option) -> Any:
    if isinstance(field, QCheckBox):
        return field.isChecked()
    if isinstance(field, QPlainTextEdit):
        lines = (line.strip() for line in field.toPlainText().splitlines())
        return tuple(line for line in lines if line)
    assert isinstance(field, QSpinBox)
    return field.value() * option.scale
