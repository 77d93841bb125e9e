"""Finds the shapes of all pictures of a library, from their thumbnails."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, Protocol

import numpy as np
from PIL import Image

from bowerbird.actions.silhouette import silhouette, turned_ways
from bowerbird.actions.subject import find
from bowerbird.decode.decoder import open_picture
from bowerbird.errors import DecodeError
from bowerbird.types import Silhouette

if TYPE_CHECKING:
    from bowerbird.engines.segmenter import Segmenter
    from bowerbird.types import Pixels, Progress

PAGE = 16
# Longest side at which shapes are looked at.
SMALL = 320
Shapes = Mapping[tuple[int, str], "Silhouette | None"]


class Meter(Protocol):
    """Counts what is done."""

    def add(self, done: int) -> Progress:
        """Count so many more, and say where things stand."""


def find_shapes(
    missing: list[tuple[int, str]],
    thumbnail: Callable[[int, str], bytes | None],
    segmenter: Segmenter,
    put: Callable[[Shapes], None],
    meter: Meter,
) -> Iterator[Progress]:
    """Look at pictures one after the other; what is done stays done.

    Args:
        missing: Id and md5 of those to look at.
        thumbnail: Gives the encoded thumbnail of one by id and md5, or None where it cannot be
            had; those are looked at the next time.
        segmenter: Finds the subjects.
        put: Keeps the shapes of some.
        meter: Counts them.
    """
    waiting = iter(missing)
    yield meter.add(0)
    while page := list(itertools.islice(waiting, PAGE)):
        found: dict[tuple[int, str], Silhouette | None] = {}
        for asset_id, md5 in page:
            data = thumbnail(asset_id, md5)
            if data is not None:
                found[asset_id, md5] = shape_of(data, segmenter)
        put(found)
        yield meter.add(len(page))


def shape_of(data: bytes, segmenter: Segmenter) -> Silhouette | None:
    """Return the shape of the subject of an encoded thumbnail; None where nothing stands out."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return shape_in(opened.convert("RGB"), segmenter)
    except (OSError, ValueError, SyntaxError):
        return None


def shapes_of_file(
    stream: BinaryIO, name: str, segmenter: Segmenter, max_pixels: int, *, turned: bool = False
) -> list[Silhouette]:
    """Return the shape of the subject of a picture; none where nothing stands out.

    Args:
        stream: The file.
        name: Its name.
        segmenter: Finds the subject.
        max_pixels: A picture with more is refused.
        turned: Return it turned and mirrored in all ways.

    Raises:
        DecodeError: It is not a picture that can be read.
    """
    image = small(open_picture(stream, name, SMALL, max_pixels).image)
    alpha = _alpha(image, segmenter)
    try:
        return turned_ways(alpha) if turned else [silhouette(alpha)]
    except DecodeError:
        return []


def small(image: Image.Image) -> Image.Image:
    """Return a picture as small as shapes and colours are looked at."""
    found = image.copy()
    found.thumbnail((SMALL, SMALL), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return found


def shape_in(
    image: Image.Image, segmenter: Segmenter, *, turned: bool = False
) -> Silhouette | None:
    """Return the shape of an RGB picture's subject; None where nothing stands out."""
    try:
        return silhouette(_alpha(image, segmenter), turned=turned)
    except DecodeError:
        return None


def _alpha(image: Image.Image, segmenter: Segmenter) -> Pixels:
    matte = find(np.asarray(image, np.uint8), segmenter)
    square = Image.fromarray(np.rint(matte * 255).astype(np.uint8))
    return np.asarray(square.resize(image.size, Image.Resampling.BILINEAR))
