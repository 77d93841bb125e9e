"""Asks how pictures that are like one are made: how many, how far from it, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QWidget,
)

from bowerbird.gui import messages
from bowerbird.gui.folder_box import FolderBox
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT
from bowerbird.types import ModelInfo

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.library import Library

PATCHES = "patches"
_USUAL, _MOST = 4, 8
_STRENGTH = 35  # hundredths


@dataclass(frozen=True, slots=True)
class How:
    """What was chosen, as `Library.reimagine` takes it; without a folder beside the picture."""

    count: int = _USUAL
    seed: int = 0
    strength: float = _STRENGTH / 100
    model: str = PATCHES
    folder: Path | None = None


class ReimagineDialog(QDialog):
    """Offers the method that needs no model, and the models that can run here.

    Args:
        library: Knows the models.
        jobs: Asks it.
        parent: The window.
    """

    def __init__(self, library: Library, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Reimagine"))
        self._count = QSpinBox()
        self._count.setRange(1, _MOST)
        self._count.setValue(_USUAL)
        self._seed = QSpinBox()
        self._seed.setRange(0, 2**31 - 1)
        for field in (self._count, self._seed):
            field.setMinimumHeight(4 * UNIT - 2)
        self._strength = QSlider(Qt.Orientation.Horizontal)
        self._strength.setRange(0, 100)
        self._strength.setValue(_STRENGTH)
        self._model = QComboBox()
        self._model.addItem(tr("Pieces of the picture itself"), PATCHES)
        self._notes = {PATCHES: tr("Quick, without a model. Nothing new comes into the picture.")}
        self._folder = FolderBox(tr("Where to put the variations"))
        self._offer = ""
        self._hint = QLabel(self._notes[PATCHES])
        self._hint.setObjectName("quiet")
        self._hint.setWordWrap(True)
        self._hint.setMinimumHeight(8 * UNIT)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self._model.currentIndexChanged.connect(lambda _: self._say())
        self._lay_out()
        jobs.start(
            library.models, self._show, lambda error: self._hint.setText(messages.sentence(error))
        )

    @property
    def how(self) -> How:
        """What was chosen."""
        return How(
            self._count.value(),
            self._seed.value(),
            self._strength.value() / 100,
            str(self._model.currentData()),
            self._folder.folder,
        )

    def accept(self) -> None:
        """Begin, once it is known where to."""
        if self._folder.settle(self):
            super().accept()

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        go = buttons.addButton(tr("Reimagine"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        layout.setVerticalSpacing(UNIT + 4)
        layout.setHorizontalSpacing(2 * UNIT)
        for title, field in (
            (tr("Made of"), self._model),
            (tr("How many variations"), self._count),
            (tr("Seed"), self._seed),
            (tr("Where to"), self._folder),
        ):
            field.setAccessibleName(title)
            layout.addRow(title, field)
        self._seed.setToolTip(tr("Another number, other pictures."))
        self._strength.setAccessibleName(tr("How far from the picture"))
        ends = QHBoxLayout()
        ends.setSpacing(UNIT)
        for word, stretch in ((tr("near"), 0), (None, 1), (tr("far"), 0)):
            label = self._strength if word is None else QLabel(word)
            ends.addWidget(label, stretch)
            if isinstance(label, QLabel):
                label.setObjectName("quiet")
        layout.insertRow(2, tr("How far from the picture"), ends)
        layout.insertRow(1, "", self._hint)
        layout.addRow(buttons)
        self.setMinimumWidth(60 * UNIT)

    def _show(self, models: list[ModelInfo]) -> None:
        for model in models:
            if model.kind != "reimagine":
                continue
            if model.installed and not model.needs:
                self._model.addItem(model.title, model.id)
                self._notes[model.id] = f"{model.note} {model.licence}."
            elif model.installed:
                self._offer = f"{model.title}: {model.needs}"
            else:
                size = messages.size(model.download_size)
                self._offer = tr(
                    "{name} makes new pictures of the same things: download it under Models "
                    "({size})."
                ).format(name=model.title, size=size)
        self._say()

    def _say(self) -> None:
        chosen = str(self._model.currentData())
        note = self._notes.get(chosen, "")
        self._hint.setText(f"{note} {self._offer}" if chosen == PATCHES else note)
