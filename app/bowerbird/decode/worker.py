"""The process in which exotic decoders run: reads requests from its pipe until that closes."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, BinaryIO

from bowerbird.decode.exotic import open_exotic
from bowerbird.decode.formats import FORMATS, VIDEOS, Format
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
        for header, pixels in answered(request, data):
            _set_alarm(0)  # whoever reads may take his time
            send(answers, header, pixels)
            _set_alarm(TIME_LIMIT_S + 5)
        _set_alarm(0)


def _set_alarm(seconds: float) -> None:
    """End this process by itself in so many seconds; a decoder that hangs may have no parent."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def answered(request: dict[str, Any], data: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Decode one file: headers with pixels, or a header with the reason of the failure.

    All but the last header have `more`.
    """
    try:
        with _stream(request.get("path"), data) as stream:
            yield from _ACTS[request["act"]](stream, request)
    except DecodeError as error:
        yield {"reason": str(error), "too_large": isinstance(error, TooLargeError)}, b""
    except Exception as error:  # noqa: BLE001  # parsers of hostile files raise anything
        yield {"reason": reason_of(error), "too_large": False}, b""


def _open(stream: BinaryIO, request: dict[str, Any]) -> Iterator[tuple[dict[str, Any], bytes]]:
    kind = next(row for row in FORMATS if row.name == request["format"])
    picture = open_exotic(stream, kind, request["side"], request["max_pixels"])
    yield _header(picture), picture.image.tobytes()


def _survey(stream: BinaryIO, request: dict[str, Any]) -> Iterator[tuple[dict[str, Any], bytes]]:
    from bowerbird.decode.video import survey

    for found in survey(stream, _video(request), request["max_pixels"]):
        if found is None:
            yield {"more": True}, b""
        else:
            yield {"times": found.times, "straight": found.straight}, found.pixels


def _frames(stream: BinaryIO, request: dict[str, Any]) -> Iterator[tuple[dict[str, Any], bytes]]:
    from bowerbird.decode.video import frames

    how = {name: request[name] for name in ("times", "straight", "side", "max_pixels")}
    for found in frames(stream, _video(request), **how):
        if found is None:
            yield {"more": True}, b""
        else:
            time, picture = found
            yield {**_header(picture), "time": time, "more": True}, picture.image.tobytes()
    yield {}, b""


_ACTS = {"picture": _open, "survey": _survey, "frames": _frames}


def _video(request: dict[str, Any]) -> Format:
    return next(row for row in VIDEOS if row.name == request["format"])


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
