"""Opens what Pillow reads: at reduced scale where the format allows, upright, in sRGB."""

from __future__ import annotations

import contextlib
import errno
import threading
import warnings
from typing import BinaryIO

from PIL import Image

from bowerbird.decode import exif as facts
from bowerbird.decode.modes import to_eight_bits, to_srgb
from bowerbird.decode.picture import Picture, check_size, needed, reason_of
from bowerbird.errors import BowerbirdError, DecodeError

# The limit is ours, from the settings, and is checked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None
# Pillow grumbles about odd metadata; there is no one to read it.
warnings.filterwarnings("ignore", module=r"PIL\.")

# Pictures of more pixels than this, after any reduced scale, are decoded one at a time: each takes
# some bytes a pixel, and a pool of threads would ask for all of them at once.
_GIANT = 64_000_000
_giants = threading.Lock()

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def open_raster(stream: BinaryIO, names: tuple[str, ...], side: int, max_pixels: int) -> Picture:
    """Open a picture with Pillow.

    Args:
        stream: The file.
        names: Pillow's names of the formats that it may be.
        side: Side of the square input that it must serve.
        max_pixels: The limit.

    Raises:
        DecodeError: It cannot be decoded; TooLargeError over the limit.
        OSError: The stream itself cannot be read any more.
    """
    try:
        with Image.open(stream, formats=names) as image:
            return finish(image, side, max_pixels)
    except BowerbirdError:
        raise
    except OSError as error:
        # Pillow's own have no number, and a seek to nonsense is the file's fault.
        if error.errno not in (None, errno.EINVAL, errno.EOVERFLOW):
            raise
        raise DecodeError(reason_of(error)) from error
    except Exception as error:
        raise DecodeError(reason_of(error)) from error


def finish(image: Image.Image, side: int, max_pixels: int, upright: int | None = None) -> Picture:
    """Decode an opened image, shrink it and bring it to upright sRGB.

    Args:
        image: Opened, not loaded.
        side: Side of the square input that it must serve.
        max_pixels: The limit.
        upright: Its EXIF orientation where the file around it says so.
    """
    width, height = image.size
    check_size(width, height, max_pixels)
    least = needed(width, height, side)
    image.draft(None, least)  # None keeps the mode
    exif, turn = _exif(image)
    turn = upright or turn
    with _giants if image.width * image.height > _GIANT else contextlib.nullcontext():
        image.load()
        small = shrink(to_eight_bits(image), least)
    small = to_srgb(small, image.info.get("icc_profile") or None)
    if turn in _UPRIGHT:
        small = small.transpose(_UPRIGHT[turn])
    if turn >= 5:
        width, height = height, width
    return Picture(width, height, small, facts.read(exif))


def _exif(image: Image.Image) -> tuple[Image.Exif, int]:
    try:
        found = image.getexif()
    except Exception:  # noqa: BLE001  # a broken block is no reason to lose the picture
        found = Image.Exif()
    return found, facts.orientation(found)


def shrink(image: Image.Image, least: tuple[int, int]) -> Image.Image:
    """Average whole blocks away, to no less than twice the `least` size."""
    factor = min(image.width // (2 * least[0]), image.height // (2 * least[1]))
    return image.reduce(factor) if factor >= 2 else image
