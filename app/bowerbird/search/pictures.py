"""Turns what a user shows (a file, an address, bytes) into an encoder's pixels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.decode.decoder import load_pixels
from bowerbird.sources.given import opened

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
    with opened(image, settings) as (stream, name):
        return load_pixels(stream, name, spec, max_pixels=settings.max_pixels)
