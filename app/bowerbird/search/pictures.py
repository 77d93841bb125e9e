"""Turns what a user shows (a file, an address, bytes) into an encoder's pixels."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bowerbird.decode.decoder import load_pixels
from bowerbird.errors import DecodeError, DownloadError, NotFoundError, SourceError

if TYPE_CHECKING:
    from bowerbird.settings import Settings
    from bowerbird.types import Pixels, PixelSpec

TIMEOUT_S = 20.0
# A picture to search by is never this large; a web page that never ends is.
MAX_URL_BYTES = 64 << 20


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
    if isinstance(image, str) and image.lower().startswith(("http://", "https://")):
        return _decode(io.BytesIO(_fetch(image)), image, spec, settings)
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


def _fetch(url: str) -> bytes:
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "bowerbird"})
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            data: bytes = answer.read(MAX_URL_BYTES + 1)
    except urllib.error.HTTPError as error:
        with error:
            raise DownloadError(
                f"{url} answered with {error.code} {error.reason}. Check the address."
            ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise DownloadError(f"{url} cannot be fetched: {reason}.") from error
    if len(data) > MAX_URL_BYTES:
        raise DownloadError(
            f"{url} is larger than {MAX_URL_BYTES >> 20} MiB. Save it and shrink it."
        )
    return data
