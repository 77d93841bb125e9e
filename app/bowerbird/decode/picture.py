"""What an opener hands on: a picture in sRGB, shrunk to what the rest needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image

from bowerbird.errors import DecodeError, TooLargeError
from bowerbird.types import Exif

THUMBNAIL = 320

CUT_SHORT = "is cut short"
DAMAGED = "is damaged"
EMPTY = "is empty"
UNKNOWN = "is not a picture Bowerbird can read"
NO_MEMORY = "needs more memory than there is"


@dataclass(frozen=True, slots=True)
class Picture:
    """An opened picture.

    Attributes:
        width: Full width in pixels, upright.
        height: Full height in pixels, upright.
        image: Upright, mode RGB, sRGB; no smaller than `needed` asks where the file is not.
        exif: EXIF facts.
    """

    width: int
    height: int
    image: Image.Image
    exif: Exif = field(default_factory=Exif)


def needed(width: int, height: int, side: int) -> tuple[int, int]:
    """Return the least size that serves a thumbnail and a square input of `side` pixels."""
    longest = max(width, height)
    return (
        max(side, -(-THUMBNAIL * width // longest)),
        max(side, -(-THUMBNAIL * height // longest)),
    )


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Refuse a picture by the size in its header.

    Raises:
        TooLargeError: It has more than `max_pixels` pixels.
        DecodeError: It has none.
    """
    if width <= 0 or height <= 0:
        raise DecodeError(DAMAGED)
    if width * height > max_pixels:
        raise TooLargeError(
            f"has {width} x {height} pixels, more than max_pixels in the settings ({max_pixels})"
        )


def reason_of(error: Exception) -> str:
    """Return the short, stable reason for what a decoder raised."""
    if isinstance(error, MemoryError):
        return NO_MEMORY
    text = str(error).lower()
    if isinstance(error, EOFError) or any(
        word in text for word in ("truncated", "unexpected end", "not enough", "end of file")
    ):
        return CUT_SHORT
    return DAMAGED
