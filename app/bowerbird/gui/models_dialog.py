"""Chooses the models: those that search, cut out and make pictures; download, use, one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT
from bowerbird.types import ModelInfo

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.gui.tasks import Tasks
    from bowerbird.library import Library


class ModelsDialog(QDialog):
    """A card a model.

    Args:
        library: Knows the models.
        jobs: Asks it.
        tasks: Runs downloads.
        changed: Called when another model is in use, so that collections are looked at anew.
        parent: The window.
    """

    def __init__(
        self,
        library: Library,
        jobs: Jobs,
        tasks: Tasks,
        changed: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self._tasks = tasks
        self._changed = changed
        self.setWindowTitle(tr("Models"))
        self.resize(76 * UNIT, 70 * UNIT)
        about = QLabel(
            tr(
                "All models run here on this machine. Another one for searching looks at every "
                "picture anew; until it is done, the one before goes on answering."
            )
        )
        about.setWordWrap(True)
        about.setObjectName("quiet")
        self._cards = QVBoxLayout()
        self._cards.setSpacing(UNIT)
        page = QWidget()
        page.setObjectName("ground")
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, UNIT, 0)
        inner.addLayout(self._cards)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(page)
        self._trouble = QLabel()
        self._trouble.setObjectName("quiet")
        self._trouble.setWordWrap(True)
        self._trouble.hide()
        own = QPushButton(tr("Use a file …"))
        own.setToolTip(tr("An open_clip checkpoint of your own"))
        own.clicked.connect(self._import)
        close = QPushButton(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(own)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        layout.setSpacing(2 * UNIT)
        layout.addWidget(about)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._trouble)
        layout.addLayout(buttons)
        self._read()

    def _read(self) -> None:
        self._jobs.start(self._library.models, self._show, self._say)

    def _show(self, models: list[ModelInfo]) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for kind, title in (
            ("search", tr("Searching")),
            ("cutout", tr("Removing backgrounds")),
            ("detect", tr("Finding things")),
            ("reimagine", tr("Making variations")),
        ):
            head = QLabel(title)
            head.setObjectName("heading")
            found = [model for model in models if model.kind == kind]
            if found:
                self._cards.addSpacing(UNIT if self._cards.count() else 0)
                self._cards.addWidget(head)
            for model in found:
                self._cards.addWidget(self._card(model))

    def _card(self, model: ModelInfo) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        title = QLabel(model.title)
        title.setObjectName("title")
        note = QLabel(model.note)
        note.setWordWrap(True)
        size = tr("ships with Bowerbird")
        if model.download_size:
            size = tr("{size} to download").format(size=messages.size(model.download_size))
        facts = QLabel(" · ".join(filter(None, (size, model.licence, model.languages))))
        facts.setObjectName("quiet")
        facts.setWordWrap(True)
        grid = QGridLayout(card)
        grid.setContentsMargins(2 * UNIT, UNIT + 4, 2 * UNIT, UNIT + 4)
        grid.setColumnStretch(0, 1)
        grid.addWidget(title, 0, 0)
        grid.addWidget(note, 1, 0)
        grid.addWidget(facts, 2, 0)
        grid.addWidget(self._act(model), 0, 1, 3, 1)
        if model.installed and model.needs:
            needs = QLabel(model.needs)
            needs.setWordWrap(True)
            grid.addWidget(needs, 3, 0)
        if model.installed and model.kind == "search":
            speed = QPushButton(tr("Measure the speed here"))
            speed.setAccessibleName(f"{speed.text()}: {model.title}")
            speed.clicked.connect(lambda: self._measure(model, speed))
            grid.addWidget(speed, 3, 0, Qt.AlignmentFlag.AlignLeading)
        return card

    def _measure(self, model: ModelInfo, button: QPushButton) -> None:
        def measured(speed: float) -> None:
            button.setText(tr("%n pictures a second here", "", round(speed)))

        button.setEnabled(False)
        button.setText(tr("Working …"))
        self._jobs.start(lambda: self._library.measure_model(model.id), measured, self._say)

    def _act(self, model: ModelInfo) -> QWidget:
        if model.installed and (model.active or model.kind == "reimagine"):
            label = QLabel(tr("In use") if model.active else tr("On this machine"))
            label.setObjectName("quiet")
            return label
        button = QPushButton(tr("Use") if model.installed else tr("Download"))
        button.setAccessibleName(f"{button.text()}: {model.title}")
        if model.installed:
            button.clicked.connect(lambda: self._choose(model))
        else:
            button.clicked.connect(lambda: self._get(model))
        return button

    def _use(self, model: str) -> None:
        def used(_: None) -> None:
            self._read()
            self._changed()

        self._jobs.start(lambda: self._library.use_model(model), used, self._say)

    def _choose(self, model: ModelInfo) -> None:
        if model.kind == "search":
            self._use(model.id)
            return
        library = self._library
        choose = library.cut_out_with if model.kind == "cutout" else library.detect_with
        self._jobs.start(lambda: choose(model.id), lambda _: self._read(), self._say)

    def _get(self, model: ModelInfo) -> None:
        task = self._tasks.start(
            tr("Download {name}").format(name=model.title),
            lambda: self._library.get_model(model.id),
        )
        task.ended.connect(self._read)
        self.accept()

    def _import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("Use a file"), "", tr("Weights") + " (*.safetensors *.pt *.bin)"
        )
        if path:
            self._use(str(Path(path)))

    def _say(self, error: Exception) -> None:
        self._trouble.setText(messages.sentence(error))
        self._trouble.show()
