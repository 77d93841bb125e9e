"""When something of ours breaks: a sentence, and a report that can be copied; nothing is sent."""

from __future__ import annotations

import logging
import platform
import sys
import traceback
from types import TracebackType

from PySide6 import __version__ as qt_version
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from bowerbird import __version__
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT

log = logging.getLogger(__name__)


def report(error: BaseException) -> str:
    """Return what helps to find a fault: versions and the trace, no names of pictures asked for."""
    facts = (
        f"Bowerbird {__version__}, Python {platform.python_version()}, Qt {qt_version}",
        platform.platform(),
    )
    return "\n".join((*facts, "", *traceback.format_exception(error)))


class CrashDialog(QDialog):
    """Says that something went wrong, and lends the report."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setWindowTitle(tr("Something went wrong"))
        said = QLabel(
            tr(
                "Bowerbird ran into a fault of its own. Your pictures and your library are as they "
                "were. Nothing is sent anywhere; the report below helps whoever you show it to."
            )
        )
        said.setWordWrap(True)
        self._report = QPlainTextEdit(text)
        self._report.setReadOnly(True)
        self._report.setAccessibleName(tr("Report"))
        copy = QPushButton(tr("Copy report"))
        copy.clicked.connect(lambda: QApplication.clipboard().setText(text))
        close = QPushButton(tr("Go on"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        layout.setSpacing(2 * UNIT)
        layout.addWidget(said)
        layout.addWidget(self._report, 1)
        layout.addLayout(buttons)
        self.resize(80 * UNIT, 50 * UNIT)


class Catcher:
    """Takes what no one else caught; one dialog at a time, since a fault may come every frame."""

    def __init__(self) -> None:
        self._open = False

    def install(self) -> None:
        """Catch from now on."""
        sys.excepthook = self.catch

    def catch(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Log an error and show it, once the event that broke is over."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("uncaught", exc_info=(kind, error, trace))
        if not self._open:
            self._open = True
            QTimer.singleShot(0, lambda: self._show(report(error)))

    def _show(self, text: str) -> None:
        try:
            CrashDialog(text).exec()
        finally:
            self._open = False
