"""Asks how cut-outs are made: by what, what stands behind, in which format, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from bowerbird.gui.cutter_box import CutterBox
from bowerbird.gui.cutting import How
from bowerbird.gui.folder_box import FolderBox
from bowerbird.gui.ground_box import GroundBox
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.library import Library


class TargetBar(QWidget):
    """Four boxes; a folder that was chosen stays in its box.

    Args:
        library: Knows the models.
        jobs: Asks it.
        parent: What it lies in.
    """

    behind_chosen = Signal(str)

    def __init__(self, library: Library, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cutters = CutterBox(library, jobs)
        self._ground = GroundBox()
        self._ground.chosen.connect(self.behind_chosen)
        self._kind = QComboBox()
        self._kind.addItem("PNG", "png")
        self._kind.addItem("WebP", "webp")
        self._folder = FolderBox(tr("Where to put the pictures without background"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(UNIT)
        for title, box, widest in (
            (tr("Model"), self.cutters, 10),
            (tr("Behind"), self._ground, 20),
            (tr("As"), self._kind, 5),
            (tr("Where to"), self._folder, 16),
        ):
            label = QLabel(title)
            label.setBuddy(box)
            box.setAccessibleName(title)
            # As wide as there is room for: names of files can be long.
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(widest)
            layout.addWidget(label)
            layout.addWidget(box)
        layout.addStretch(1)

    @property
    def behind(self) -> str:
        """What is to stand behind the subject, as the library takes it."""
        return self._ground.behind

    def how(self, window: QWidget) -> How | None:
        """Return how cut-outs are written, having asked for a folder; None without an answer."""
        if not self._folder.settle(window):
            return None
        return How(
            self.behind,
            self._folder.folder,
            self._kind.currentData(),
            self.cutters.cutter,
        )
