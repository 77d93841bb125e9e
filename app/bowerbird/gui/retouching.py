"""Has cut-outs made off the GUI thread while hands correct them: the newest strokes win."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from bowerbird.errors import NotFoundError
from bowerbird.gui.corrections import Strokes
from bowerbird.gui.i18n import tr
from bowerbird.gui.panes import to_image
from bowerbird.types import Asset

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs, Operation
    from bowerbird.library import Draft, Library
    from bowerbird.types import Pixels

# Longer side of what is worked on, pixels: a screen. The file is made from its own pixels.
SIDE = 2048
# A hand that draws stroke after stroke waits for none of them.
REST_MS = 60


class Retouching(QObject):
    """One picture at a time, and one look at it at a time.

    Args:
        library: Cuts out.
        jobs: Runs it.
        parent: Who shows it.
    """

    opened = Signal(object, QImage)
    """The Asset, and how it is before anything is removed."""
    looked = Signal(object, QImage, float)
    """The strokes that were drawn, how the cut-out looks with them, and the subject's share."""
    failed = Signal(object)
    """The exception that a picture or a look ended with."""
    worked = Signal()
    """Something began or ended."""

    def __init__(self, library: Library, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self.draft: Draft | None = None
        self._wanted: tuple[Strokes, str] | None = None
        self._running: Operation[Any] | None = None
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._look)

    @property
    def is_busy(self) -> bool:
        """Whether what is seen will change by itself."""
        return self._running is not None or self._wanted is not None

    def open(self, asset_id: int, strokes: Strokes, behind: str, model: str | None) -> None:
        """Show a picture, then its cut-out; by the model of the settings where none is named."""
        self.close()
        library = self._library
        self._wanted = (strokes, behind)

        def load() -> tuple[Asset, Draft, QImage]:
            found = library.assets([asset_id])
            if not found:
                raise NotFoundError(tr("This picture is not in the library any more."))
            draft = library.draft_cutout(found[0], SIDE, model)
            return found[0], draft, to_image(draft.picture)

        def arrived(loaded: tuple[Asset, Draft, QImage]) -> None:
            asset, self.draft, image = loaded
            self._running = None
            self.opened.emit(asset, image)
            self._look()

        self._run(load, arrived)

    def show(self, strokes: Strokes, behind: str) -> None:
        """Make the cut-out anew, once the hand rests."""
        if self.draft is None and self._running is None:
            return  # there is no picture, and none will come
        self._wanted = (strokes, behind)
        if self.draft is not None:
            self._rest.start()
        self.worked.emit()

    def close(self) -> None:
        """Forget the picture, and what is under way."""
        self._rest.stop()
        if self._running is not None:
            self._running.drop()
        self._running = self._wanted = self.draft = None

    def _look(self) -> None:
        draft, wanted = self.draft, self._wanted
        # What runs cannot be stopped; the newest that is wanted then comes next.
        if draft is None or wanted is None or self._running is not None:
            return
        self._wanted = None
        strokes, behind = wanted

        def look() -> tuple[QImage, float]:
            found = draft.look(strokes, behind)
            return cut_to_image(found.pixels), found.coverage

        def arrived(found: tuple[QImage, float]) -> None:
            self._running = None
            self.looked.emit(strokes, *found)
            self._go_on()

        self._run(look, arrived)

    def _go_on(self) -> None:
        """Begin with what came in between, unless the hand still moves."""
        if not self._rest.isActive():
            self._look()
        self.worked.emit()

    def _run(self, work: Any, arrived: Any) -> None:
        def failed(error: Exception) -> None:
            self._running = None
            if self.draft is None:
                self._wanted = None
            self.failed.emit(error)
            self._go_on()

        self._running = self._jobs.start(work, arrived, failed)
        self.worked.emit()


def cut_to_image(pixels: Pixels) -> QImage:
    """Return a cut-out, uint8 [height, width, 3 or 4], as an image that is quick to draw."""
    height, width, channels = pixels.shape
    if channels == 3:
        return to_image(pixels).convertToFormat(QImage.Format.Format_RGB32)
    form = QImage.Format.Format_RGBA8888
    data = pixels.tobytes()
    image = QImage(data, width, height, 4 * width, form)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
