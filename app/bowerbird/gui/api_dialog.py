"""Other programs: the server's switch, its address, and the keys that it lets in."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.key_dialog import KeyDialog, scopes
from bowerbird.gui.theme import UNIT
from bowerbird.types import ApiKey, Collection, Used

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.gui.serving import Serving
    from bowerbird.library import Library

Rows = list[tuple[ApiKey, list[Used]]]


class ApiDialog(QDialog):
    """Shows the switch and the keys; what is done holds at once.

    Args:
        library: Has the keys.
        serving: Has the server.
        jobs: Reads and writes.
        parent: The window.
    """

    def __init__(self, library: Library, serving: Serving, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._library = library
        self._serving = serving
        self._jobs = jobs
        self._collections: list[Collection] = []
        self.setWindowTitle(tr("Other programs"))
        about = _quiet(
            tr(
                "Programs on this machine can search and use the library over HTTP, in the "
                "dialects of Similarix, Ximilar, Dupify, Thread Genius and Clipdrop."
            )
        )
        self._switch = QCheckBox(tr("Answer other programs while this window is open"))
        self._switch.setChecked(serving.is_on)
        self._switch.toggled.connect(lambda on: serving.switch(on=on))
        self._state = QLabel()
        self._state.setTextFormat(Qt.TextFormat.RichText)
        self._state.setOpenExternalLinks(True)
        self._state.setWordWrap(True)
        self._table = _table()
        self._empty = _quiet(tr("No key yet. Every program needs one: make the first below."))
        self._trouble = QLabel()
        self._trouble.setObjectName("trouble")
        self._trouble.setWordWrap(True)
        self._trouble.hide()
        self._made = _Secret()
        make = QPushButton(tr("Make a key …"))
        make.clicked.connect(self._make)
        self._revoke = QPushButton(tr("Revoke"))
        self._revoke.clicked.connect(self._ask_to_revoke)
        self._table.itemSelectionChanged.connect(self._follow)
        self._revoke.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        buttons = QHBoxLayout()
        buttons.addWidget(make)
        buttons.addWidget(self._revoke)
        buttons.addStretch()
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        layout.setSpacing(UNIT)
        for widget in (about, self._switch, self._state, self._empty):
            layout.addWidget(widget)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._trouble)
        layout.addWidget(self._made)
        # What is left over lies here while there is no table to take it.
        self._rest = QWidget()
        layout.addWidget(self._rest, 1)
        layout.addLayout(buttons)
        self.resize(108 * UNIT, 56 * UNIT)
        serving.changed.connect(self._show_state)
        self._show_state()
        self._show([])
        self.read()

    # --- the server -----------------------------------------------------------------------------

    def _show_state(self) -> None:
        self._switch.blockSignals(True)
        self._switch.setChecked(self._serving.is_on)
        self._switch.blockSignals(False)
        address = self._serving.address
        if address:
            link = f'<a href="{address}/docs">{address}/docs</a>'
            text = tr("It answers at {address}; {link} describes it.").format(
                address=address, link=link
            )
        elif self._serving.is_on:
            text = tr("It starts …")
        else:
            text = html.escape(self._serving.trouble) or tr("It is off.")
        self._state.setText(text)

    # --- the keys -------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the keys anew."""
        library = self._library

        def rows() -> tuple[Rows, list[Collection]]:
            access = library.access
            return [(k, access.usage(k.id)) for k in access.known()], library.collections()

        self._jobs.start(rows, self._read, self._fail)

    def _read(self, found: tuple[Rows, list[Collection]]) -> None:
        self._trouble.hide()
        rows, self._collections = found
        self._show(rows)

    def _show(self, rows: Rows) -> None:
        names = {one.uuid: one.name for one in self._collections}
        words = dict(scopes())
        self._table.setRowCount(len(rows))
        for at, (key, used) in enumerate(rows):
            where = tr("all")
            if key.collections is not None:
                where = ", ".join(names.get(uuid, tr("removed")) for uuid in key.collections)
            last = tr("never")
            if key.last_used is not None:
                last = messages.moment(key.last_used.astimezone())
            calls = messages.count(sum(each.calls for each in used))
            cells = (key.name, words[key.scope], where, calls, last, key.id)
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, key.id)
                item.setToolTip(_limits(key) if column == 1 else "")
                if column == 3:
                    item.setToolTip("\n".join(map(_said, used)))
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self._table.setItem(at, column, item)
        self._table.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._rest.setVisible(not rows)
        self._follow()

    def _follow(self) -> None:
        self._revoke.setEnabled(bool(self._table.selectedItems()))

    def _make(self) -> None:
        asking = KeyDialog(self._collections, self)
        if asking.exec() == QDialog.DialogCode.Accepted:
            want, access = asking.wanted, self._library.access
            self._jobs.start(
                lambda: access.make(
                    want.name,
                    want.scope,
                    want.collections,
                    per_minute=want.per_minute,
                    credits=want.credits,
                ),
                self._show_secret,
                self._fail,
            )

    def _fail(self, error: Exception) -> None:
        """The window's own message would lie behind this dialog."""
        self._trouble.setText(messages.sentence(error))
        self._trouble.show()

    def _show_secret(self, made: tuple[ApiKey, str]) -> None:
        self._made.show_secret(*made)
        self.read()

    def _ask_to_revoke(self) -> None:
        items = self._table.selectedItems()
        if not items:
            return
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.Question)
        name = items[0].text()
        question.setText(tr("Revoke the key {name}?").format(name=name))
        question.setInformativeText(tr("Programs that have it are refused at once."))
        revoke = question.addButton(tr("Revoke"), QMessageBox.ButtonRole.DestructiveRole)
        question.setDefaultButton(question.addButton(tr("Keep"), QMessageBox.ButtonRole.RejectRole))
        question.exec()
        if question.clickedButton() is revoke:
            ref = items[0].data(Qt.ItemDataRole.UserRole)
            access = self._library.access
            self._jobs.start(lambda: access.revoke(ref), lambda _: self.read(), self._fail)


class _Secret(QWidget):
    """A secret, shown this once."""

    def __init__(self) -> None:
        super().__init__()
        self._said = QLabel()
        self._said.setWordWrap(True)
        self._id, self._secret = _shown(), _shown()
        form = QFormLayout()
        form.addRow(tr("Id"), _with_copy(self._id))
        form.addRow(tr("Secret"), _with_copy(self._secret))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, UNIT, 0, UNIT)
        layout.addWidget(self._said)
        layout.addLayout(form)
        self.hide()

    def show_secret(self, key: ApiKey, secret: str) -> None:
        """Show what cannot be shown again."""
        text = tr("The key {name} is made. Copy its secret now: it is kept nowhere.")
        self._said.setText(text.format(name=key.name))
        self._id.setText(key.id)
        self._secret.setText(secret)
        self.show()
        self._secret.setFocus()
        self._secret.selectAll()


def _table() -> QTableWidget:
    table = QTableWidget(0, 6)
    titles = (tr("Key"), tr("It may"), tr("In"), tr("Requests"), tr("Last used"), tr("Id"))
    table.setHorizontalHeaderLabels(list(titles))
    table.setAccessibleName(tr("Keys"))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table


def _limits(key: ApiKey) -> str:
    """Return what a key is limited to; empty where it is not."""
    found = []
    if key.per_minute:
        found.append(tr("%n requests a minute", "", key.per_minute))
    if key.credits is not None:
        found.append(tr("%n pictures left to reimagine", "", key.credits))
    return "\n".join(found)


def _said(used: Used) -> str:
    return f"{used.month}  {used.call}: {messages.count(used.calls)}"


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("quiet")
    label.setWordWrap(True)
    return label


def _shown() -> QLineEdit:
    line = QLineEdit()
    line.setReadOnly(True)
    return line


def _with_copy(line: QLineEdit) -> QWidget:
    copy = QPushButton(tr("Copy"))
    take: Callable[[], None] = lambda: QGuiApplication.clipboard().setText(line.text())  # noqa: E731
    copy.clicked.connect(take)
    both = QWidget()
    layout = QHBoxLayout(both)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(line)
    layout.addWidget(copy)
    return both
