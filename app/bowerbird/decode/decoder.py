"""Decodes a file once and makes everything of it that the library keeps."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from PIL import Image, ImageOps

from bowerbird.decode import isolation
from bowerbird.decode.colours import dominant
from bowerbird.decode.formats import HEAD_BYTES, Format, recognise, recognise_video
from bowerbird.decode.hashes import dhash, phash
from bowerbird.decode.picture import DAMAGED, EMPTY, THUMBNAIL, UNKNOWN, Picture
from bowerbird.decode.quality import judge
from bowerbird.decode.raster import open_raster
from bowerbird.errors import DecodeError
from bowerbird.types import Decoded, PixelSpec, frame_time

if TYPE_CHECKING:
    from bowerbird.types import Pixels

_QUALITY = 80
# libwebp's effort: 2 is a third faster than the usual 4, for a few per cent more bytes.
_EFFORT = 2
# Sides that ask for the whole of a picture; a drawing has no pixels of its own, and gets so many.
_WHOLE = 1 << 20
_DRAWN = 2048
_DRAWINGS = frozenset({"svg", "pdf"})


def decode(stream: BinaryIO, name: str, spec: PixelSpec, *, max_pixels: int) -> Decoded:
    """Decode a picture and make its thumbnail, hashes, colours and encoder input.

    Args:
        stream: The file, able to seek.
        name: Its name or key; its ending only matters for cameras' raw files. That of a frame of a
            video ends with the time, as in `party.mp4#t=12.480`.
        spec: What the encoder wants.
        max_pixels: A picture with more is refused before it is decoded.

    Raises:
        DecodeError: It cannot become pixels; the message is a short reason that reads after "it".
            TooLargeError when it is over the limit.
        OSError: The stream itself cannot be read any more.
    """
    return decoded(*_open(stream, name, spec, max_pixels), spec)


def decoded(kind: Format, picture: Picture, spec: PixelSpec) -> Decoded:
    """Make thumbnail, hashes, colours and encoder input of an opened picture."""
    small = picture.image.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.BICUBIC, reducing_gap=2.0)
    grey = small.convert("L")
    return Decoded(
        picture.width,
        picture.height,
        kind.name,
        fit(picture.image, spec),
        _webp(small),
        phash(grey),
        dhash(grey),
        dominant(small),
        picture.exif,
        judge(small),
    )


def load_pixels(stream: BinaryIO, name: str, spec: PixelSpec, *, max_pixels: int) -> Pixels:
    """Decode a picture to the encoder's input alone: uint8 [size, size, 3].

    Raises:
        DecodeError: It cannot become pixels, as in `decode`.
        OSError: The stream itself cannot be read any more.
    """
    return fit(_open(stream, name, spec, max_pixels)[1].image, spec)


def open_picture(stream: BinaryIO, name: str, side: int, max_pixels: int) -> Picture:
    """Decode a picture once for many uses, no smaller than `side` pixels where the file is not.

    Raises:
        DecodeError: It cannot become pixels, as in `decode`.
        OSError: The stream itself cannot be read any more.
    """
    return _open(stream, name, PixelSpec(side), max_pixels)[1]


def load_whole(stream: BinaryIO, name: str, *, max_pixels: int) -> Pixels:
    """Decode a picture at its full size: RGB uint8 [height, width, 3], upright, sRGB.

    Raises:
        DecodeError: It cannot become pixels, as in `decode`.
        OSError: The stream itself cannot be read any more.
    """
    head = stream.read(HEAD_BYTES)
    kind = recognise(head, name) if head else None
    side = _DRAWN if kind is not None and kind.opener in _DRAWINGS else _WHOLE
    image = _open(stream, name, PixelSpec(side), max_pixels)[1].image
    return np.array(image, dtype=np.uint8)


def load_png(stream: BinaryIO, name: str, *, max_pixels: int) -> BinaryIO:
    """Decode a picture at its full size, as the bytes of a PNG file.

    Raises:
        DecodeError: It cannot become pixels, as in `decode`.
        OSError: The stream itself cannot be read any more.
    """
    target = io.BytesIO()
    image = Image.fromarray(load_whole(stream, name, max_pixels=max_pixels))
    image.save(target, "PNG", compress_level=1)
    target.seek(0)
    return target


def load_within(stream: BinaryIO, name: str, side: int, *, max_pixels: int) -> Pixels:
    """Decode a picture for a screen: RGB uint8 [height, width, 3], no side over `side` pixels.

    Raises:
        DecodeError: It cannot become pixels, as in `decode`.
        OSError: The stream itself cannot be read any more.
    """
    image = _open(stream, name, PixelSpec(side), max_pixels)[1].image
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return np.array(image, dtype=np.uint8)


def _open(stream: BinaryIO, name: str, spec: PixelSpec, max_pixels: int) -> tuple[Format, Picture]:
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    if not head:
        raise DecodeError(EMPTY)
    kind = recognise(head, name)
    stream.seek(0)
    if kind is None:
        return _open_frame(stream, head, name, spec, max_pixels)
    if kind.isolated:
        return kind, isolation.open_isolated(stream, kind, spec.size, max_pixels)
    return kind, open_raster(stream, kind.pillow, spec.size, max_pixels)


def _open_frame(
    stream: BinaryIO, head: bytes, name: str, spec: PixelSpec, max_pixels: int
) -> tuple[Format, Picture]:
    """Open the frame of a video that `name` says; a video alone is no picture."""
    time, kind = frame_time(name), recognise_video(head)
    if time is None or kind is None:
        raise DecodeError(UNKNOWN)
    for _, picture in isolation.open_frames(stream, kind, [time], spec.size, max_pixels):
        return kind, picture
    raise DecodeError(DAMAGED)


def fit(image: Image.Image, spec: PixelSpec) -> Pixels:
    """Return an RGB image as the encoder's input: uint8 [size, size, 3]."""
    size = (spec.size, spec.size)
    if spec.resize == "squash":
        square = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    elif spec.resize == "crop":
        square = ImageOps.fit(image, size, Image.Resampling.BICUBIC)
    else:
        grey = (spec.fill, spec.fill, spec.fill)
        square = ImageOps.pad(image, size, Image.Resampling.BICUBIC, color=grey)
    return np.array(square, dtype=np.uint8)


def _webp(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "WEBP", quality=_QUALITY, method=_EFFORT)
    return target.getvalue()
