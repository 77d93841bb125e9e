"""Takes pictures elsewhere: the export dialog, cut-outs, variations, and pictures taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QWidget,
)

from bowerbird.errors import BowerbirdError
from bowerbird.gui.cutout_dialog import CutoutDialog
from bowerbird.gui.i18n import tr
from bowerbird.gui.reimagine_dialog import ReimagineDialog
from bowerbird.gui.reimagining import reimagine_all
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import Collection, ExportForm, Progress, Results

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.gui.tasks import Task, Tasks
    from bowerbird.gui.writing import Writing
    from bowerbird.library import Library

_INTO_FOLDERS = ("copy", "link")
_NAMED = ("copy", "link", "zip")


def _forms() -> tuple[tuple[ExportForm, str], ...]:
    return (
        ("copy", tr("Copies of the files, in a folder")),
        ("link", tr("Hard links to the files, in a folder")),
        ("zip", tr("A ZIP file")),
        ("csv", tr("A list for spreadsheets (CSV)")),
        ("jsonl", tr("A list for programs (JSON lines)")),
        ("html", tr("A page of small pictures (HTML)")),
        ("pdf", tr("Contact sheets (PDF)")),
        ("png", tr("Contact sheets (PNG)")),
    )


class ExportDialog(QDialog):
    """Asks what to make of how many pictures, and how files are named."""

    def __init__(self, chosen: int, shown: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self._which = QComboBox()
        if chosen:
            self._which.addItem(tr("%n selected pictures", "", chosen), True)
        self._which.addItem(tr("All %n pictures shown", "", shown), False)
        self._form = QComboBox()
        for form, title in _forms():
            self._form.addItem(title, form)
        self._name = QLineEdit("{name}")
        self._hint = QLabel(
            tr("Also {n}, {date}, {folder}, {width} and {height}, as in “{n} {date} {name}”.")
        )
        self._hint.setObjectName("quiet")
        self._hint.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        go = buttons.addButton(tr("Export …"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        layout.setSpacing(UNIT)
        layout.addRow(tr("Pictures"), self._which)
        layout.addRow(tr("As"), self._form)
        layout.addRow(tr("Names"), self._name)
        layout.addRow("", self._hint)
        layout.addRow(buttons)
        self._form.currentIndexChanged.connect(lambda _: self._update())
        self._update()
        self.setMinimumWidth(56 * UNIT)

    def _update(self) -> None:
        for widget in (self._name, self._hint):
            widget.setEnabled(self.form in _NAMED)

    @property
    def form(self) -> ExportForm:
        """What to make."""
        chosen: ExportForm = self._form.currentData()
        return chosen

    @property
    def only_selected(self) -> bool:
        """Whether only the selection is meant."""
        return bool(self._which.currentData())

    @property
    def template(self) -> str:
        """How files are named."""
        return self._name.text()

    def ask_target(self) -> Path | None:
        """Ask where to; None when nobody wants to any more."""
        if self.form in _INTO_FOLDERS:
            chosen = QFileDialog.getExistingDirectory(self.parentWidget(), tr("Export to"))
        else:
            ending = self.form
            chosen, _ = QFileDialog.getSaveFileName(
                self.parentWidget(), tr("Export to"), f"pictures.{ending}", f"*.{ending}"
            )
        return Path(chosen) if chosen else None


class Sending(QObject):
    """Starts exports and cut-outs as tasks.

    Args:
        theme: Colours.
        library: Does them.
        jobs: Runs what is looked at before.
        tasks: Shows them.
        writing: Keeps what was written, so that it can be taken back.
        parent: The window.
    """

    def __init__(
        self,
        theme: Theme,
        library: Library,
        jobs: Jobs,
        tasks: Tasks,
        writing: Writing,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._jobs = jobs
        self._cutting: CutoutDialog | None = None
        self._window = parent
        self._library = library
        self._tasks = tasks
        self._writing = writing

    def export(self, results: Results, chosen: np.ndarray) -> None:
        """Ask how, and export a result or the chosen positions of it."""
        if not len(results):
            return
        dialog = ExportDialog(len(chosen), len(results), self._window)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        target = dialog.ask_target()
        if target is None:
            return
        wanted = part_of(results, chosen) if dialog.only_selected else results
        form, template = dialog.form, dialog.template
        self._tasks.start(
            tr("Export to {name}").format(name=target.name),
            lambda: self._library.export(wanted, target, form, template=template),
        )

    def put(self, collection: Collection, files: list[Path]) -> Task:
        """Copy pictures into a managed collection."""
        return self._tasks.start(
            tr("Add %n pictures", "", len(files)), lambda: put(self._library, collection, files)
        )

    def take_in(self, path: Path, then: Callable[[str], None]) -> None:
        """Ask for a name, and take the records of a catalogue in."""
        name, agreed = QInputDialog.getText(
            self._window,
            tr("Import a catalogue"),
            tr("Records of the same name are changed, others are added. Name of the catalogue:"),
            text=path.stem,
        )
        if agreed and name.strip():
            task = self._tasks.start(
                tr("Import {name}").format(name=path.name),
                lambda: take_in(self._library, path, name.strip()),
            )
            task.ended.connect(lambda: then(name.strip()) if task.error is None else None)

    def cut_out(self, ids: list[int]) -> CutoutDialog:
        """Show pictures without their background, to be corrected and saved."""
        self._cutting = CutoutDialog(
            self._theme, self._library, self._jobs, self._writing, ids, self._window
        )
        self._cutting.finished.connect(self._forget_cutting)
        self._cutting.open()
        return self._cutting

    def _forget_cutting(self) -> None:
        self._cutting = None

    def close(self) -> None:
        """Close what is open; nobody is asked any more."""
        if self._cutting is not None:
            self._cutting.done(QDialog.DialogCode.Rejected)

    def reimagine(self, ids: list[int]) -> None:
        """Ask how, and write variations of pictures."""
        if not ids:
            return
        dialog = ReimagineDialog(self._library, self._jobs, self._window)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        how = dialog.how
        self._writing.start(
            tr("Reimagine %n pictures", "", len(ids)),
            lambda written: reimagine_all(self._library, ids, how, written),
        )


def part_of(results: Results, positions: np.ndarray) -> Results:
    """Return some hits of a result, in its order."""
    scores = None if results.scores is None else results.scores[positions]
    good = None if results.good is None else results.good[positions]
    ids = results.ids[positions]
    return replace(results, ids=ids, scores=scores, total=len(ids), good=good)


def put(library: Library, collection: Collection, files: list[Path]) -> Iterator[Progress]:
    """Take pictures into a managed collection; what is none counts as failed."""
    failed = 0
    for done, file in enumerate(files, 1):
        try:
            with file.open("rb") as stream:
                library.put(collection, file.name, stream)
        except (OSError, BowerbirdError):
            failed += 1
        yield Progress("exporting", done, len(files), failed, current=file.name)


def take_in(library: Library, path: Path, name: str) -> Iterator[Progress]:
    """Import records; each row that is none is a step of its own, which says why."""
    bad: list[str] = []
    told = 0
    for step in library.import_catalogue(path, name, bad.append):
        for number, sentence in enumerate(bad[told:], told + 1):
            yield replace(step, failed=number, current=sentence)
        told = len(bad)
        yield replace(step, failed=told)
