"""What a search is made of beside typed words: pictures to look like, words set aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage, QPixmap

from bowerbird.gui.i18n import tr


@dataclass(frozen=True, slots=True)
class Shown:
    """What a chip of the search stands for: a picture, or words that were set aside.

    Attributes:
        uuid: A picture of the library.
        image: Another one: a path, an address or a bitmap.
        text: Words.
        name: What the chip says.
        weight: How much it counts; below 0 it is to be avoided.
        thumbnail: The picture, small, where it is at hand.
    """

    uuid: str | None = None
    image: Path | str | QImage | None = None
    text: str = ""
    name: str = ""
    weight: float = 1.0
    thumbnail: QPixmap | None = field(default=None, compare=False)


def shown_in(mime: QMimeData) -> Shown | None:
    """Return the picture that was dropped or pasted, if it is one."""
    for url in mime.urls():
        if url.isLocalFile():
            path = Path(url.toLocalFile())
            if path.is_file():
                return Shown(image=path, name=path.name)
        elif url.scheme() in ("http", "https"):
            return Shown(image=url.toString(), name=url.fileName() or url.host())
    if mime.hasImage():
        image = QImage(mime.imageData())
        if not image.isNull():
            return Shown(image=image, name=tr("pasted picture"))
    return None


def files_in(mime: QMimeData) -> list[Path]:
    """Return the files that were dropped."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_file()]


def folders_in(mime: QMimeData) -> list[Path]:
    """Return the folders that were dropped."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_dir()]
