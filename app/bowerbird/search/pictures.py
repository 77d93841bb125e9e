"""Turns what a user shows (a file, an address, bytes) into an encoder's pixels."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bowerbird.decode.decoder import load_pixels
from bowerbird.errors import (
    DecodeError,
    DownloadError,
    NotFoundError,
    SourceError,
    TooLargeError,
)
from bowerbird.sources.throttle import Throttle
from bowerbird.sources.web import Web, is_address

if TYPE_CHECKING:
    from bowerbird.settings import Settings
    from bowerbird.types import Pixels, PixelSpec


def query_pixels(image: Path | str | bytes, spec: PixelSpec, settings: Settings) -> Pixels:
    """Read a picture to search by: uint8 [size, size, 3].

    Args:
        image: A path, an http(s) address, or the bytes of a file.
        spec: The encoder's input.
        settings: For the limits.

    Raises:
        NotFoundError: There is no such file.
        DecodeError: It is not a picture that can be read.
        DownloadError: The address did not answer with a file.
    """
    if isinstance(image, bytes):
        return _decode(io.BytesIO(image), "the picture", spec, settings)
    if isinstance(image, str) and is_address(image):
        with _fetch(image, settings) as fetched:
            return _decode(fetched, image, spec, settings)
    path = Path(image).expanduser()
    try:
        with path.open("rb") as stream:
            return _decode(stream, str(path), spec, settings)
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no picture at {path}. Check the path.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read: {reason}.") from error


def _decode(stream: BinaryIO, name: str, spec: PixelSpec, settings: Settings) -> Pixels:
    try:
        return load_pixels(stream, name, spec, max_pixels=settings.max_pixels)
    except DecodeError as error:
        raise type(error)(f"{name} cannot be used to search by: it {error}.") from error


def _fetch(url: str, settings: Settings) -> BinaryIO:
    web = Web(settings.max_url_bytes, 0, Throttle(0), waits=False)
    try:
        return web.open(url)
    except TooLargeError as error:
        raise DownloadError(f"{url} {error}. Save it and shrink it.") from error
    except SourceError as error:
        raise DownloadError(f"{url} cannot be fetched: {error}. Check the address.") from error
