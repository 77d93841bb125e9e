"""The panel of tasks: how far each is, what became of it, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.tasks import Task, Tasks
from bowerbird.gui.theme import UNIT, Theme


class TasksPanel(QFrame):
    """Stands above the status line, at the far side; empty, it is hidden."""

    def __init__(self, theme: Theme, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tasks")
        self.setAccessibleName(tr("Tasks"))
        self._theme = theme
        self._tasks = tasks
        self._rows: dict[Task, _Row] = {}
        self._heading = QLabel(tr("Tasks"))
        self._heading.setObjectName("heading")
        self._hide = QToolButton()
        self._hide.setIconSize(QSize(16, 16))
        self._hide.setIcon(theme.icon("fold", "text", 16))
        _name(self._hide, tr("Hide the tasks"))
        self._hide.clicked.connect(lambda: self.set_open(False))
        self._clear = QPushButton(tr("Clear"))
        self._clear.clicked.connect(tasks.forget_ended)
        top = QHBoxLayout()
        top.addWidget(self._heading, 1)
        top.addWidget(self._clear)
        top.addWidget(self._hide)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, 2 * UNIT)
        self._layout.setSpacing(UNIT)
        self._layout.addLayout(top)
        self.setFixedWidth(46 * UNIT)
        self._open = False
        tasks.changed.connect(self._show)
        tasks.started.connect(lambda: self.set_open(True))
        self._window = parent
        parent.installEventFilter(self)
        self.hide()

    def _show(self) -> None:
        for task in [each for each in self._rows if each not in self._tasks.all]:
            row = self._rows.pop(task)
            row.hide()
            row.deleteLater()
        for task in reversed(self._tasks.all):
            if task not in self._rows:
                self._rows[task] = _Row(self._theme, task)
                self._layout.insertWidget(1, self._rows[task])
            self._rows[task].update_row()
        self.setVisible(self._open and bool(self._tasks.all))
        self._clear.setVisible(len(self._tasks.running) < len(self._tasks.all))
        self.place()

    def set_open(self, is_open: bool) -> None:
        """Show or hide it; without tasks there is nothing to show."""
        self._open = is_open
        self._show()

    def toggle(self) -> None:
        """Show it, or hide it again."""
        self.set_open(not self.isVisible())

    def place(self) -> None:
        """Stand in the lower corner of the window."""
        self.adjustSize()
        window = self._window
        left = window.width() - self.width() - 2 * UNIT
        if self.isRightToLeft():
            left = 2 * UNIT
        self.move(left, window.height() - self.height() - 6 * UNIT)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner of a window whose size changes."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)


class _Row(QWidget):
    """One task."""

    def __init__(self, theme: Theme, task: Task) -> None:
        super().__init__()
        self._theme = theme
        self._task = task
        self._title = QLabel(task.title)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._said = QLabel()
        self._said.setObjectName("quiet")
        self._said.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress"))
        self._pause = self._button(lambda: task.pause(not task.paused))
        self._cancel = self._button(task.cancel)
        self._cancel.setIcon(theme.icon("close", "text", 16))
        _name(self._cancel, tr("Stop; what is done is kept"))
        self._again = QPushButton(tr("Try again"))
        self._again.clicked.connect(lambda: task.again())
        self._what = QPushButton(tr("What failed"))
        self._what.clicked.connect(lambda: Failures(task, self).exec())
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._title, 0, 0)
        grid.addWidget(self._pause, 0, 1)
        grid.addWidget(self._cancel, 0, 2)
        grid.addWidget(self._what, 0, 3)
        grid.addWidget(self._again, 0, 4)
        grid.addWidget(self._bar, 1, 0, 1, 5)
        grid.addWidget(self._said, 2, 0, 1, 5)

    def _button(self, act: object) -> QToolButton:
        button = QToolButton()
        button.setIconSize(QSize(16, 16))
        button.clicked.connect(act)
        return button

    def update_row(self) -> None:
        """Show where the task stands."""
        task = self._task
        running = task.running
        for widget in (self._bar, self._pause, self._cancel):
            widget.setVisible(running)
        self._again.setVisible(not running and task.trouble)
        self._what.setVisible(bool(task.failures))
        if running:
            step = task.step
            self._bar.setRange(0, (step.total or 0) if step else 0)
            self._bar.setValue(step.done if step else 0)
            said = messages.progress(step) if step else tr("Working …")
            self._said.setText(said + (" · " + tr("paused") if task.paused else ""))
            self._pause.setIcon(self._theme.icon("resume" if task.paused else "pause", "text", 16))
            _name(self._pause, tr("Go on") if task.paused else tr("Pause"))
        else:
            self._said.setText(task.outcome)


class Failures(QDialog):
    """The names of what a task could not do."""

    def __init__(self, task: Task, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(task.title)
        names = "\n".join(task.failures)
        text = QPlainTextEdit(names)
        text.setReadOnly(True)
        text.setAccessibleName(tr("What failed"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(names))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        layout.addWidget(QLabel(tr("%n failed", "pictures", len(task.failures))))
        layout.addWidget(text)
        layout.addWidget(buttons)
        self.resize(56 * UNIT, 44 * UNIT)


def _name(button: QToolButton, name: str) -> None:
    button.setToolTip(name)
    button.setAccessibleName(name)
