"""The server that other programs ask: switched on and off here, run in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from bowerbird.errors import BowerbirdError
from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.server.beside import Beside
from bowerbird.server.port import PORT

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.library import Library

KEPT = "api/on"
LOOK_MS = 3000


class Serving(QObject):
    """Runs the server as long as it is switched on and the window is open.

    Args:
        library: What is served.
        jobs: Starts and ends the process off the GUI thread.
        kept: Remembers whether it is on; None forgets.
        parent: Whoever has it.
    """

    changed = Signal()
    """It runs, has ended, or could not begin."""

    def __init__(
        self, library: Library, jobs: Jobs, kept: QSettings | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self._kept = kept
        self._beside: Beside | None = None
        self._begins = False
        self._wanted = False
        self._made: list[Beside] = []
        self.trouble = ""
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._check)
        if kept is not None and kept.value(KEPT, False, bool):
            self.switch(on=True)

    @property
    def is_on(self) -> bool:
        """Whether it is to run."""
        return self._wanted

    @property
    def address(self) -> str:
        """Where it answers; empty while it does not."""
        return "" if self._beside is None else self._beside.address

    def switch(self, *, on: bool) -> None:
        """Let it run, or end it."""
        self._wanted = on
        self.trouble = ""
        if self._kept is not None:
            self._kept.setValue(KEPT, on)
        if on and self._beside is None and not self._begins:
            self._begin()
        elif not on and self._beside is not None:
            self._look.stop()
            gone, self._beside = self._beside, None
            self._jobs.start(gone.close, lambda _: None)
        self.changed.emit()

    def _begin(self) -> None:
        path, made = self._library.path, self._made
        self._begins = True

        def start() -> Beside:
            made.append(Beside(path, PORT))
            return made[-1]

        self._jobs.start(start, self._started, self._failed)

    def _started(self, beside: Beside) -> None:
        self._begins = False
        self._beside = beside
        if not self._wanted:
            self.switch(on=False)
            return
        self._look.start()
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self._begins = False
        self._wanted = False
        self.trouble = messages.sentence(error)
        self.changed.emit()

    def _check(self) -> None:
        if self._beside is not None and not self._beside.is_running:
            self._beside = None
            self._look.stop()
            self._failed(BowerbirdError(tr("The server has ended. Switch it on again.")))

    def close(self) -> None:
        """End it with the window."""
        self._look.stop()
        self._wanted = False
        for beside in self._made:
            beside.close()
        self._beside = None
