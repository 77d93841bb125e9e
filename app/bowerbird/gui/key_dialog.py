"""Asks what a new key of the HTTP API is to be called, what it allows, and how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QWidget,
)

from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT
from bowerbird.types import Collection, Scope

# Collections that are seen without scrolling.
_ROWS = 5
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key as it is to be made.

    Attributes:
        name: What it is called.
        scope: What it allows.
        collections: Uuids of those that it is for; None for all.
        per_minute: Requests a minute; 0 for as many as come.
        credits: Pictures to reimagine; None for as many as are asked for.
    """

    name: str
    scope: Scope
    collections: tuple[str, ...] | None
    per_minute: int
    credits: int | None


def scopes() -> tuple[tuple[Scope, str], ...]:
    """Return what a key may allow, in words."""
    return (
        (Scope.SEARCH, tr("Search")),
        (Scope.WRITE, tr("Search and change")),
        (Scope.ADMIN, tr("Everything")),
    )


class KeyDialog(QDialog):
    """A key without a name cannot be made.

    Args:
        collections: What it can be limited to.
        parent: Over what it is asked.
    """

    def __init__(self, collections: Sequence[Collection], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Make a key"))
        self._name = QLineEdit()
        self._name.setPlaceholderText(tr("The program that gets it"))
        self._scope = QComboBox()
        for scope, words in scopes():
            self._scope.addItem(words, scope)
        self._where = _ticked(collections)
        self._rate = _limit(0)
        self._credits = _limit(-1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        make = buttons.addButton(tr("Make"), QDialogButtonBox.ButtonRole.AcceptRole)
        make.setEnabled(False)
        self._name.textChanged.connect(lambda text: make.setEnabled(bool(text.strip())))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        layout.setHorizontalSpacing(2 * UNIT)
        layout.setVerticalSpacing(UNIT)
        for title, field in (
            (tr("Name"), self._name),
            (tr("It may"), self._scope),
            (tr("Only in"), self._where),
            (tr("Requests a minute"), self._rate),
            (tr("Pictures to reimagine"), self._credits),
        ):
            field.setAccessibleName(title)
            layout.addRow(title, field)
        self._where.setToolTip(tr("Without a tick it is for all collections."))
        layout.addRow(buttons)
        self.setMinimumWidth(56 * UNIT)

    @property
    def wanted(self) -> Wanted:
        """What was chosen."""
        rows = (self._where.item(row) for row in range(self._where.count()))
        ticked = [row for row in rows if row.checkState() == Qt.CheckState.Checked]
        uuids = tuple(row.data(Qt.ItemDataRole.UserRole) for row in ticked)
        credits = self._credits.value()
        return Wanted(
            self._name.text().strip(),
            Scope(self._scope.currentData()),
            uuids or None,
            self._rate.value(),
            None if credits < 0 else credits,
        )


def _ticked(collections: Sequence[Collection]) -> QListWidget:
    found = QListWidget()
    found.setObjectName("copies")
    for one in collections:
        row = QListWidgetItem(one.name)
        row.setData(Qt.ItemDataRole.UserRole, one.uuid)
        row.setCheckState(Qt.CheckState.Unchecked)
        found.addItem(row)
    height = max(1, min(_ROWS, len(collections))) * 4 * UNIT
    found.setFixedHeight(height + UNIT)
    return found


def _limit(least: int) -> QSpinBox:
    """Return a field for a number whose lowest value stands for no limit."""
    field = QSpinBox()
    field.setRange(least, _MOST)
    field.setValue(least)
    field.setSpecialValueText(tr("no limit"))
    field.setMinimumHeight(4 * UNIT - 2)
    return field
