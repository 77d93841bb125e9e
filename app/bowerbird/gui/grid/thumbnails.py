"""Thumbnails from the library to the screen: decoded off the GUI thread, kept within bounds."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from bowerbird.gui.jobs import Jobs
from bowerbird.types import Asset

log = logging.getLogger(__name__)
Key = tuple[int, str | None]

# Pictures kept on the GUI side.
CACHE_BYTES = 192 << 20
# Requests that wait; older ones are of cells that were scrolled away, and are asked for again
# when those are looked at again.
WAITING = 256
THREADS = 2


class Thumbnails(QObject):
    """Gives the pixmap of an asset at once, or later by `ready`.

    Args:
        load: Returns an encoded thumbnail, or None; called from threads.
    """

    ready = Signal(int)
    """An asset's id, once its picture is here."""

    def __init__(
        self, load: Callable[[Asset], bytes | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._load = load
        self._jobs = Jobs(THREADS, "thumbnails", lambda _: None, self)
        self._waiting: deque[tuple[Asset, QSize]] = deque(maxlen=WAITING)
        self._lock = threading.Lock()
        self._asked: set[Key] = set()
        self._pictures: OrderedDict[Key, QPixmap | None] = OrderedDict()
        self._bytes = 0

    def picture(self, asset: Asset, size: QSize) -> QPixmap | None:
        """Return the picture, scaled to fit `size` device pixels; None while it is fetched.

        A picture that cannot be had is an empty pixmap.
        """
        key = _key(asset)
        if key in self._pictures:
            self._pictures.move_to_end(key)
            return self._pictures[key] or QPixmap()
        if key not in self._asked:
            self._ask(asset, size)
        return None

    @property
    def busy(self) -> bool:
        """Whether pictures are being made."""
        return self._jobs.busy

    def clear(self) -> None:
        """Forget all pictures, because their size or content changed."""
        with self._lock:
            self._waiting.clear()
            self._asked.clear()
        self._pictures.clear()
        self._bytes = 0

    def retry(self) -> None:
        """Ask again for those that could not be had: their drive may be back."""
        for key in [key for key, picture in self._pictures.items() if picture is None]:
            del self._pictures[key]

    def close(self) -> None:
        """Stop the threads."""
        self._jobs.close()

    def _ask(self, asset: Asset, size: QSize) -> None:
        with self._lock:
            if len(self._waiting) == WAITING:
                self._asked.discard(_key(self._waiting[0][0]))
            self._waiting.append((asset, size))
            self._asked.add(_key(asset))
        self._jobs.start(self._next, self._arrived)

    def _next(self) -> tuple[Key, QImage | None] | None:
        """Make the picture asked for last: it is the one most likely to be on the screen."""
        with self._lock:
            if not self._waiting:
                return None
            asset, size = self._waiting.pop()
        key = _key(asset)
        try:
            data = self._load(asset)
        except Exception:
            log.exception("no thumbnail of %s", asset.key)
            return key, None
        image = QImage.fromData(data) if data else QImage()
        if image.isNull():
            return key, None
        if image.width() > size.width() or image.height() > size.height():
            image = image.scaled(
                size,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        return key, image

    def _arrived(self, made: tuple[Key, QImage | None] | None) -> None:
        if made is None or made[0] not in self._asked:
            return
        key, image = made
        self._asked.discard(key)
        # A QPixmap belongs to the GUI thread, which this is.
        self._pictures[key] = None if image is None else QPixmap.fromImage(image)
        self._bytes += _size(self._pictures[key])
        while self._bytes > CACHE_BYTES and len(self._pictures) > 1:
            _, dropped = self._pictures.popitem(last=False)
            self._bytes -= _size(dropped)
        self.ready.emit(key[0])


def _key(asset: Asset) -> Key:
    """A file that changed has another picture."""
    return asset.id, asset.md5


def _size(picture: QPixmap | None) -> int:
    return 0 if picture is None else picture.width() * picture.height() * 4
