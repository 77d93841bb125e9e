"""Opens a picture that somebody gives from outside the library: a file, an address, or bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bowerbird.errors import (
    DecodeError,
    DownloadError,
    NoPictureError,
    SourceError,
    TooLargeError,
)
from bowerbird.sources.throttle import Throttle
from bowerbird.sources.web import Web, is_address

if TYPE_CHECKING:
    from bowerbird.settings import Settings


@contextmanager
def opened(image: Path | str | bytes, settings: Settings) -> Iterator[tuple[BinaryIO, str]]:
    """Lend the stream of a picture and its name; what cannot be decoded within is named.

    Args:
        image: A path, an http(s) address, or the bytes of a file.
        settings: For the limits.

    Raises:
        NoPictureError: There is no such file.
        SourceError: It cannot be read.
        DecodeError: It is not a picture that can be read.
        DownloadError: The address did not answer with a file.
    """
    name = "the picture" if isinstance(image, bytes) else str(image)
    with _stream(image, settings) as stream:
        try:
            yield stream, name
        except DecodeError as error:
            raise type(error)(f"{name} cannot be used: it {error}.") from error


def _stream(image: Path | str | bytes, settings: Settings) -> BinaryIO:
    if isinstance(image, bytes):
        return io.BytesIO(image)
    if isinstance(image, str) and is_address(image):
        return _fetched(image, _web(settings))
    path = Path(image).expanduser()
    try:
        if path.is_dir():
            raise SourceError(f"{path} cannot be read: it is a folder.")
        return path.open("rb")
    except FileNotFoundError as error:
        raise NoPictureError(f"There is no picture at {path}. Check the path.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read: {reason}.") from error


class PublicWeb:
    """The web as far as somebody else than the user may name it; shared by threads.

    A host that does not answer is not asked for every picture that is said to lie there.

    Args:
        settings: For the limits.
    """

    def __init__(self, settings: Settings) -> None:
        self._web = _web(settings, public=not settings.private_addresses)

    def read(self, url: str) -> bytes:
        """Return what lies at an address.

        Raises:
            DownloadError: It did not answer with a file that is small enough, or is not of the
                public internet.
        """
        with _fetched(url, self._web) as stream:
            return stream.read()


def _web(settings: Settings, *, public: bool = False) -> Web:
    return Web(settings.max_url_bytes, 0, Throttle(0), waits=False, public=public)


def _fetched(url: str, web: Web) -> BinaryIO:
    try:
        return web.open(url)
    except TooLargeError as error:
        raise DownloadError(f"{url} {error}. Save it and shrink it.") from error
    except SourceError as error:
        raise DownloadError(f"{url} cannot be fetched: {error}. Check the address.") from error
