"""Reads the text in pictures: of one, in pieces where it is long, and of all of a library."""

from __future__ import annotations

import itertools
import math
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Protocol

import numpy as np
from PIL import Image

from bowerbird.decode.decoder import open_picture
from bowerbird.decode.fingerprint import is_known
from bowerbird.errors import DecodeError, SourceError, SourceOfflineError
from bowerbird.types import Asset, Progress, Reading, TextLine

if TYPE_CHECKING:
    from bowerbird.engines.reader import TextReader
    from bowerbird.types import Pixels

Box = tuple[float, float, float, float]
# Longest side of a piece that is read at once: small print of a scanned page is legible in it.
SIDE = 2000
# How much longer than wide a picture is read whole; a longer one is cut, its short side at most so.
SLIM, SHORT = 2.0, 1000
# What two pieces share, so that a line on the cut is whole in one of them; how many there may be.
SHARED, PIECES = 200, 12
# Nothing can be written in less; what is slimmer than this share of its length gets a margin.
LEAST, MARGIN = 8, 0.25
# One is decoded while another is read.
_AT_ONCE = 2
# Assets whose facts are looked up at once, and seconds between two signs of life.
PAGE, PATIENCE_S = 100, 0.5


def read_text(
    stream: BinaryIO,
    name: str,
    reader: TextReader,
    *,
    max_pixels: int,
    given_up: threading.Event | None = None,
) -> Reading:
    """Return the text of a picture, upright as its EXIF says.

    Args:
        stream: The file.
        name: Its name.
        reader: Reads it.
        max_pixels: A picture with more is refused.
        given_up: Set by another thread when nobody waits for it any more.

    Raises:
        DecodeError: It is not a picture that can be read, or it crashes the reader.
        ModelError: Text cannot be read at all, or it was given up.
    """
    image = _sized(open_picture(stream, name, SIDE, max_pixels).image)
    if min(image.size) < LEAST:
        return Reading()
    lines: list[TextLine] = []
    axis = int(image.height >= image.width)
    boxes = pieces(*image.size)
    # A line that two pieces share counts in the one that it lies deeper in.
    cuts = [(one[axis + 2] + other[axis]) / 2 for one, other in itertools.pairwise(boxes)]
    for box, low, high in zip(boxes, [0.0, *cuts], [*cuts, math.inf], strict=True):
        piece = _margined(np.asarray(image.crop(box), np.uint8))
        for line in reader.read(piece, given_up):
            there = _placed(line.box, piece, box, image.size)
            if low <= (there[axis] + there[axis + 2]) / 2 * image.size[axis] < high:
                lines.append(replace(line, box=there))
    return Reading(tuple(lines))


def _placed(box: Box, piece: Pixels, at: tuple[int, ...], size: tuple[int, int]) -> Box:
    """Return where in the whole picture the box of a line in a piece is, in shares."""
    high, wide = piece.shape[:2]
    left, right = ((at[0] + edge * wide) / size[0] for edge in box[::2])
    top, bottom = ((at[1] + edge * high) / size[1] for edge in box[1::2])
    return min(left, 1.0), min(top, 1.0), min(right, 1.0), min(bottom, 1.0)


def _sized(image: Image.Image) -> Image.Image:
    """Return a picture no larger than is worth reading."""
    wide, high = image.size
    short, long = min(wide, high), max(wide, high)
    if long <= SLIM * short:
        scale = SIDE / long
    else:
        most = SIDE + (PIECES - 1) * (SIDE - SHARED)
        scale = min(SHORT / short, most / long)
    if scale >= 1:
        return image
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def pieces(wide: int, high: int) -> list[tuple[int, int, int, int]]:
    """Return the boxes that a picture is read in, in pixels; neighbours share `SHARED`."""
    long = max(wide, high)
    count = max(1, -(-(long - SHARED) // (SIDE - SHARED)))
    step = (long - SIDE) / (count - 1) if count > 1 else 0
    starts = [round(number * step) for number in range(count)]
    ends = [min(start + SIDE, long) for start in starts]
    if high >= wide:
        return [(0, start, wide, end) for start, end in zip(starts, ends, strict=True)]
    return [(start, 0, end, high) for start, end in zip(starts, ends, strict=True)]


def _margined(piece: Pixels) -> Pixels:
    """Return a piece that is not too slim to be looked at, its last colours drawn out."""
    high, wide = piece.shape[:2]
    least = max(32, round(MARGIN * max(high, wide)))
    below, aside = max(0, least - high), max(0, least - wide)
    if not below and not aside:
        return piece
    return np.pad(piece, ((0, below), (0, aside), (0, 0)), mode="edge")


# --- all of a library ---------------------------------------------------------------------------


class Meter(Protocol):
    """Counts what is done."""

    def add(self, done: int, *, failed: int = 0, current: str = "") -> Progress:
        """Count so many more, and say where things stand."""


class _Round:
    """Reads pictures and keeps what is in them; one whose file is not to be had is left for later.

    Args:
        opened: Lends the stream of an asset's file and its name.
        reader: Reads it.
        put: Keeps what was read in a content.
        max_pixels: A picture with more is refused.
    """

    def __init__(
        self,
        opened: Callable[[Asset], AbstractContextManager[tuple[BinaryIO, str]]],
        reader: TextReader,
        put: Callable[[str, Reading], None],
        max_pixels: int,
    ) -> None:
        self._opened = opened
        self._reader = reader
        self._put = put
        self._max_pixels = max_pixels
        self._away: set[int] = set()
        self.given_up = threading.Event()

    def read(self, asset: Asset) -> Reading:
        """Read one; in a thread of the pool.

        Raises:
            SourceError: Its file is not there, or not the one that was indexed.
        """
        if asset.collection_id in self._away:
            raise SourceError("its source does not answer")
        with self._opened(asset) as (stream, name):
            if not is_known(asset, stream):
                raise SourceError("it changed, sync first")
            try:
                return read_text(
                    stream,
                    name,
                    self._reader,
                    max_pixels=self._max_pixels,
                    given_up=self.given_up,
                )
            except DecodeError as error:
                return Reading(trouble=str(error))

    def keep(self, asset: Asset, reading: Future[Reading]) -> str:
        """Keep what was read; returns what went wrong, or nothing."""
        try:
            found = reading.result()
        except SourceError as error:
            if isinstance(error, SourceOfflineError):
                self._away.add(asset.collection_id)
            return str(error)
        except OSError as error:
            return error.strerror or str(error)
        self._put(str(asset.md5), found)
        return found.trouble and f"it {found.trouble}"


def read_all(
    waiting: Sequence[int],
    assets: Callable[[Sequence[int]], list[Asset]],
    opened: Callable[[Asset], AbstractContextManager[tuple[BinaryIO, str]]],
    reader: TextReader,
    put: Callable[[str, Reading], None],
    meter: Meter,
    *,
    max_pixels: int,
) -> Iterator[Progress]:
    """Read pictures one after the other; what is done stays done.

    A picture that cannot be read is kept as such. One whose file cannot be reached, or is not the
    one that was indexed, counts as failed too, and is tried the next time.

    Args:
        waiting: The assets.
        assets: Gives assets by id.
        opened: Lends the stream of an asset's file and its name.
        reader: Reads them.
        put: Keeps what was read in a content.
        meter: Counts.
        max_pixels: A picture with more is refused.
    """
    work = _Round(opened, reader, put, max_pixels)
    yield meter.add(0)
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="read")
    try:
        every = _all(waiting, assets)
        for asset, reading in _ahead(every, lambda each: pool.submit(work.read, each)):
            while not wait([reading], PATIENCE_S).done:
                yield meter.add(0)  # so that it can be left while a page takes long
            trouble = work.keep(asset, reading)
            current = f"{asset.name}: {trouble}" if trouble else asset.name
            yield meter.add(1, failed=int(bool(trouble)), current=current)
    finally:
        work.given_up.set()
        pool.shutdown(cancel_futures=True)


def _all(waiting: Sequence[int], assets: Callable[[Sequence[int]], list[Asset]]) -> Iterator[Asset]:
    for start in range(0, len(waiting), PAGE):
        yield from assets(waiting[start : start + PAGE])


def _ahead(
    every: Iterator[Asset], begin: Callable[[Asset], Future[Reading]]
) -> Iterator[tuple[Asset, Future[Reading]]]:
    """Yield what was begun, in order, at most `_AT_ONCE` at once."""
    begun: deque[tuple[Asset, Future[Reading]]] = deque()
    for asset in every:
        begun.append((asset, begin(asset)))
        if len(begun) >= _AT_ONCE:
            yield begun.popleft()
    while begun:
        yield begun.popleft()
