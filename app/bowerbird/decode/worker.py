"""The process in which exotic decoders run: reads requests from its pipe until that closes."""

from __future__ import annotations

import io
import signal
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from bowerbird.decode.exotic import open_exotic
from bowerbird.decode.formats import FORMATS
from bowerbird.decode.isolation import TIME_LIMIT_S
from bowerbird.decode.picture import Picture, reason_of
from bowerbird.errors import DecodeError, TooLargeError
from bowerbird.workers import answers_alone, limit_memory, receive, send

# Holds the largest picture that the default settings allow, with its copies.
MEMORY_LIMIT = 6 << 30


def main() -> None:
    """Serve requests on standard input and output."""
    requests = sys.stdin.buffer
    answers = answers_alone()
    limit_memory(MEMORY_LIMIT)
    while True:
        try:
            request, data = receive(requests)
        except EOFError:
            return
        _set_alarm(TIME_LIMIT_S + 5)
        header, pixels = answer(request, data)
        _set_alarm(0)
        send(answers, header, pixels)


def _set_alarm(seconds: float) -> None:
    """End this process by itself in so many seconds; a decoder that hangs may have no parent."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def answer(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """Decode one file: a header and the pixels, or a header with the reason of the failure."""
    kind = next(row for row in FORMATS if row.name == request["format"])
    try:
        with _stream(request.get("path"), data) as stream:
            picture = open_exotic(stream, kind, request["side"], request["max_pixels"])
            return _header(picture), picture.image.tobytes()
    except DecodeError as error:
        return {"reason": str(error), "too_large": isinstance(error, TooLargeError)}, b""
    except Exception as error:  # noqa: BLE001  # parsers of hostile files raise anything
        return {"reason": reason_of(error), "too_large": False}, b""


def _stream(path: str | None, data: bytes) -> BinaryIO:
    return io.BytesIO(data) if path is None else open(path, "rb")  # noqa: PTH123


def _header(picture: Picture) -> dict[str, Any]:
    exif = asdict(picture.exif)
    if picture.exif.taken is not None:
        exif["taken"] = picture.exif.taken.isoformat()
    return {
        "width": picture.width,
        "height": picture.height,
        "size": picture.image.size,
        "exif": exif,
    }
