"""Chooses what finds the subject of a picture: the built-in model, or one that was downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.types import ModelInfo

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.library import Library

BUILTIN = "builtin"


class CutterBox(QComboBox):
    """Offers the models that are on this machine; that of the settings is chosen at first.

    Args:
        library: Knows the models.
        jobs: Asks it.
        parent: What it lies in.
    """

    chosen = Signal()
    told = Signal(str)
    """Why what is chosen in the settings does not do it."""

    def __init__(self, library: Library, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItem(tr("Built-in"), BUILTIN)
        # Until somebody chooses, it is what the settings say.
        self._own = False
        self.activated.connect(self._follow)
        jobs.start(library.models, self._show, self._say)

    @property
    def cutter(self) -> str | None:
        """The id of the model; None for that of the settings."""
        return str(self.currentData()) if self._own else None

    def _follow(self) -> None:
        self._own = True
        self.chosen.emit()

    def _show(self, models: list[ModelInfo]) -> None:
        for model in models:
            if model.kind != "cutout" or model.id == BUILTIN:
                continue
            if model.installed:
                self.addItem(model.title, model.id)
                note = f"{model.note} {model.licence}."
                self.setItemData(self.count() - 1, note, Qt.ItemDataRole.ToolTipRole)
                if model.active and not self._own:
                    self.setCurrentIndex(self.count() - 1)
            elif model.active:
                self.told.emit(
                    tr(
                        "{name} is chosen, but is not on this machine: download it again under "
                        "Models."
                    ).format(name=model.title)
                )
        if self.count() == 1:
            self.setToolTip(tr("Models with finer edges can be downloaded under Models."))

    def _say(self, error: Exception) -> None:
        self.told.emit(messages.sentence(error))
