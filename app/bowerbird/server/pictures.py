"""Pictures as callers send them: in a body, as base64, or by an address; always within limits."""

from __future__ import annotations

import base64
import binascii
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.server.refusal import RefusedError

if TYPE_CHECKING:
    from bowerbird.library import Library

MEBI = 1 << 20
# Bytes of one picture, and pixels that are decoded of one: about 8000 x 8000.
MOST_BYTES, MOST_PIXELS = 20 * MEBI, 64_000_000
# Seconds that is waited for others before the caller is told to come again, and how many may wait:
# each holds one of the threads that also answer searches by words.
PATIENCE_S, LINE = 60.0, 20
# Pictures that are fetched at once, and seconds that is waited for others: addresses that do not
# answer must not hold every thread.
MOST_FETCHED, FETCH_PATIENCE_S = 16, 5.0
_fetching = threading.Semaphore(MOST_FETCHED)
_DATA = re.compile(r"data:[\w.+/-]*(;[\w=.-]+)*,", re.ASCII)


def from_base64(text: str) -> bytes:
    """Return what base64 stands for, with or without `data:...;base64,` before it.

    Raises:
        RefusedError: It is none, or has too many bytes.
    """
    head = _DATA.match(text[:200])
    if head is not None:
        text = text[head.end() :]
    if len(text) > MOST_BYTES * 4 // 3 + 1024:
        raise RefusedError(413, f"A picture may have {MOST_BYTES} bytes.")
    try:
        plain = text.translate({ord(c): None for c in " \t\r\n"}).replace("-", "+")
        data = base64.b64decode(plain.replace("_", "/") + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusedError(400, "The picture is no base64.") from error
    return within(data)


def within(data: bytes) -> bytes:
    """Return the bytes of a picture.

    Raises:
        RefusedError: There are none, or too many.
    """
    if not data:
        raise RefusedError(400, "The picture has no bytes.")
    if len(data) > MOST_BYTES:
        raise RefusedError(413, f"A picture may have {MOST_BYTES} bytes.")
    return data


def from_file(path: Path) -> bytes:
    """Return what a file holds.

    Raises:
        RefusedError: It has no bytes, or too many; then it is not read.
    """
    with path.open("rb") as stream:
        return within(stream.read(MOST_BYTES + 1))


def from_address(library: Library, url: str) -> bytes:
    """Return what lies at an address of the public internet.

    Raises:
        RefusedError: It is none, or too many others are waited for.
        DownloadError: It did not answer with a file that is small enough.
    """
    if not is_address(url):
        raise RefusedError(400, "The address of a picture begins with http:// or https://.")
    if not _fetching.acquire(timeout=FETCH_PATIENCE_S):
        raise RefusedError(503, "Too much is fetched at once.", {"Retry-After": "10"})
    try:
        return within(library.read_public(url))
    finally:
        _fetching.release()


def is_address(url: str) -> bool:
    """Whether a text is an address of the web."""
    return url.lower().startswith(("http://", "https://")) and len(url) <= 8192


class Bench:
    """Where pictures are worked on: a few at once, so that memory stays flat.

    Args:
        places: How many at once.
    """

    def __init__(self, places: int) -> None:
        self._free = threading.Semaphore(places)
        self._line = threading.Semaphore(places + LINE)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place.

        Raises:
            RefusedError: None became free in time, or too many wait already.
        """
        with _held(self._line, 0), _held(self._free, PATIENCE_S):
            yield


@contextmanager
def _held(places: threading.Semaphore, seconds: float) -> Iterator[None]:
    if not places.acquire(timeout=seconds):
        raise RefusedError(503, "Too much is asked at once.", {"Retry-After": "10"})
    try:
        yield
    finally:
        places.release()
