"""The line at the bottom: what is shown, and what is being done, with pause and cancel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import Progress


class StatusLine(QFrame):
    """Counts at the left; at the right the job that runs, if one does."""

    pause_wanted = Signal(bool)
    cancel_wanted = Signal()
    tasks_wanted = Signal()
    """All that is being done is to be shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self._theme = theme
        self._paused = False
        self._said = QLabel(self)
        self._said.setObjectName("quiet")
        self._job = QToolButton(self)
        self._job.setToolTip(tr("Show all tasks (Ctrl+J)"))
        self._job.clicked.connect(self.tasks_wanted)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(20 * UNIT)
        self._bar.setAccessibleName(tr("Progress"))
        self._pause = self._button(lambda: self._set_paused(not self._paused))
        self._cancel = self._button(self.cancel_wanted.emit)
        self._cancel.setToolTip(tr("Stop; what is done is kept"))
        self._cancel.setAccessibleName(tr("Stop"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * UNIT, 0, UNIT, 0)
        layout.setSpacing(UNIT)
        layout.addWidget(self._said)
        layout.addStretch(1)
        for widget in (self._job, self._bar, self._pause, self._cancel):
            layout.addWidget(widget)
        self.setFixedHeight(4 * UNIT)
        theme.changed.connect(self._draw)
        self.idle()

    def _button(self, act: object) -> QToolButton:
        button = QToolButton(self)
        button.setIconSize(QSize(16, 16))
        button.clicked.connect(act)
        return button

    def _draw(self) -> None:
        self._pause.setIcon(self._theme.icon("resume" if self._paused else "pause", "text", 16))
        name = tr("Go on") if self._paused else tr("Pause")
        self._pause.setToolTip(name)
        self._pause.setAccessibleName(name)
        self._cancel.setIcon(self._theme.icon("close", "text", 16))

    def _set_paused(self, paused: bool) -> None:
        self._paused = paused
        self._draw()
        if paused:
            self._job.setText(self._job.text() + " · " + tr("paused"))
        self.pause_wanted.emit(paused)

    def say(self, text: str) -> None:
        """Say what is shown."""
        self._said.setText(text)

    def follow(self, title: str, step: Progress) -> None:
        """Show where a job stands."""
        self._job.setText(f"{title}: {messages.progress(step)}")
        self._job.setAccessibleName(self._job.text())
        self._bar.setRange(0, step.total or 0)
        self._bar.setValue(step.done)
        self._show_job(True)

    def idle(self) -> None:
        """No job runs."""
        self._paused = False
        self._draw()
        self._show_job(False)

    def _show_job(self, visible: bool) -> None:
        for widget in (self._job, self._bar, self._pause, self._cancel):
            widget.setVisible(visible)
