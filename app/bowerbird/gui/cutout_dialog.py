"""Asks how a background is removed: what is to stand behind the subject, and what finds that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QWidget,
)

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT
from bowerbird.types import ModelInfo

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.library import Library

BUILTIN = "builtin"


class CutoutDialog(QDialog):
    """Offers the models that are on this machine, that of the settings first.

    Args:
        library: Knows the models.
        jobs: Asks it.
        parent: The window.
    """

    def __init__(self, library: Library, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Remove the background"))
        self._ground = QComboBox()
        for title, ground in (
            (tr("Nothing: transparent"), ""),
            (tr("White"), "#ffffff"),
            (tr("Black"), "#000000"),
            (tr("The own background, out of focus"), "blur"),
        ):
            self._ground.addItem(title, ground)
        self._model = QComboBox()
        self._model.addItem(tr("Built-in"), BUILTIN)
        self._notes: dict[str, str] = {}
        self._missing = ""
        self._hint = QLabel()
        self._hint.setObjectName("quiet")
        self._hint.setWordWrap(True)
        self._hint.setMinimumHeight(8 * UNIT)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        go = buttons.addButton(tr("Remove background …"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        layout.setSpacing(UNIT)
        for title, field in (
            (tr("What is to stand behind"), self._ground),
            (tr("Model"), self._model),
        ):
            field.setAccessibleName(title)
            layout.addRow(title, field)
        layout.addRow("", self._hint)
        layout.addRow(buttons)
        self.setMinimumWidth(56 * UNIT)
        self._model.currentIndexChanged.connect(lambda _: self._say())
        jobs.start(
            library.models, self._show, lambda error: self._hint.setText(messages.sentence(error))
        )

    @property
    def behind(self) -> str:
        """What is to stand behind the subject, as `Library.cut_out` takes it."""
        return str(self._ground.currentData())

    @property
    def model(self) -> str:
        """The id of the model that is to find the subject."""
        return str(self._model.currentData())

    def _show(self, models: list[ModelInfo]) -> None:
        cutters = [model for model in models if model.kind == "cutout"]
        for model in cutters:
            if model.id == BUILTIN:
                continue
            self._notes[model.id] = f"{model.note} {model.licence}."
            if model.installed:
                self._model.addItem(model.title, model.id)
                if model.active:
                    self._model.setCurrentIndex(self._model.count() - 1)
            elif model.active:
                self._missing = tr(
                    "{name} is chosen, but is not on this machine: download it again under Models."
                ).format(name=model.title)
        if self._model.count() == 1:
            self._notes[BUILTIN] = tr("Models with finer edges can be downloaded under Models.")
        self._say()

    def _say(self) -> None:
        self._hint.setText(self._missing or self._notes.get(self.model, ""))
