"""Runs exotic decoders in processes of their own, with limits of time and memory.

A worker is started when the first such file comes, serves one file at a time and is kept for the
next. What crashes or hangs takes its worker along, and nothing else. A worker ends when the pipe
to it closes, so none outlives this process, however it ends.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from PIL import Image

from bowerbird import workers
from bowerbird.decode.formats import Format
from bowerbird.decode.picture import Picture
from bowerbird.errors import DecodeError, TooLargeError
from bowerbird.types import Exif

TIME_LIMIT_S = 60.0
# The word by which a frozen program knows that it is to be a worker (see packaging).
FROZEN_FLAG = "--decode-worker"

CRASHED = "crashed its decoder"
TOO_SLOW = "took its decoder too long"
STOPPED = "was left half-way"


def open_isolated(stream: BinaryIO, kind: Format, side: int, max_pixels: int) -> Picture:
    """Open a picture in a worker; as `raster.open_raster` otherwise.

    Raises:
        DecodeError: It cannot be decoded, crashed its decoder or took too long.
        OSError: The stream cannot be read, or no process can be started.
    """
    request = {"act": "picture", "format": kind.name, "side": side, "max_pixels": max_pixels}
    ((answer, pixels),) = _answers(stream, request)
    return _picture(answer, pixels)


def survey(
    stream: BinaryIO, kind: Format, max_pixels: int, stopped: Callable[[], bool]
) -> tuple[dict[str, Any], bytes]:
    """Look through a video in a worker; see `video.survey` for what it returns.

    Raises:
        DecodeError: It has no pictures, crashed its decoder, took too long, or was `stopped`.
        OSError: The stream cannot be read, or no process can be started.
    """
    request = {"act": "survey", "format": kind.name, "max_pixels": max_pixels}
    *_, found = _answers(stream, request, stopped)
    return found


def open_frames(
    stream: BinaryIO,
    kind: Format,
    times: Sequence[float],
    side: int,
    max_pixels: int,
    *,
    straight: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[float, Picture]]:
    """Open frames of a video in a worker, in their order; those that cannot be are left out.

    Raises:
        DecodeError: As in `survey`.
        OSError: The stream cannot be read, or no process can be started.
    """
    request = {
        "act": "frames",
        "format": kind.name,
        "side": side,
        "max_pixels": max_pixels,
        "times": list(times),
        "straight": straight,
    }
    for answer, pixels in _answers(stream, request, stopped):
        if pixels:
            yield answer["time"], _picture(answer, pixels)


def _answers(
    stream: BinaryIO, request: dict[str, Any], stopped: Callable[[], bool] = lambda: False
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield what a worker answers; all but the last answer announce another."""
    name = getattr(stream, "name", None)
    if isinstance(name, str):  # a file: the worker reads it itself
        request["path"] = os.path.abspath(name)  # noqa: PTH100  # keeps names that are not text
        data = b""
    else:
        data = stream.read()
    worker, done = _take(), False
    try:
        worker.send(request, data)
        while not done:
            answer, pixels = worker.receive()
            done = not answer.get("more", False)
            if "reason" in answer:
                raise (TooLargeError if answer["too_large"] else DecodeError)(answer["reason"])
            yield answer, pixels
            if stopped():
                raise DecodeError(STOPPED)
    finally:
        if done:
            _idle.append(worker)
        else:
            worker.close()


def _picture(answer: dict[str, Any], pixels: bytes) -> Picture:
    try:
        image = Image.frombytes("RGB", tuple(answer["size"]), pixels)
        return Picture(answer["width"], answer["height"], image, _exif(answer["exif"]))
    except (KeyError, TypeError, ValueError) as error:
        raise DecodeError(CRASHED) from error  # whatever answered, it was not our worker any more


def shut_down() -> None:
    """End all idle workers; the next exotic file starts a new one."""
    while _idle:
        _idle.pop().close()


class _Worker:
    """One process and the pipes to it."""

    def __init__(self) -> None:
        self._late = threading.Event()
        self._process = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, request: dict[str, Any], data: bytes) -> None:
        """Send one file.

        Raises:
            DecodeError: The worker died or was too slow; it is of no use any more.
        """
        assert self._process.stdin is not None
        with self._in_time():
            workers.send(self._process.stdin, request, data)

    def receive(self) -> tuple[dict[str, Any], bytes]:
        """Wait for one answer.

        Raises:
            DecodeError: As `send`.
        """
        assert self._process.stdout is not None
        with self._in_time():
            return workers.receive(self._process.stdout)

    @contextlib.contextmanager
    def _in_time(self) -> Iterator[None]:
        timer = threading.Timer(TIME_LIMIT_S, self._stop)
        timer.start()
        try:
            yield
        except (OSError, EOFError, ValueError) as error:
            raise DecodeError(TOO_SLOW if self._late.is_set() else CRASHED) from error
        finally:
            timer.cancel()
            timer.join()

    def _stop(self) -> None:
        self._late.set()
        self._process.kill()

    def alive(self) -> bool:
        return not self._late.is_set() and self._process.poll() is None

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):  # what was to be sent has no reader any more
                pipe.close()


# Idle workers. A decode thread holds at most one, so there are never more than such threads.
_idle: list[_Worker] = []
atexit.register(shut_down)


def _take() -> _Worker:
    while True:
        try:
            worker = _idle.pop()
        except IndexError:
            return _Worker()
        if worker.alive():
            return worker
        worker.close()


def _command() -> list[str]:
    return workers.command("bowerbird.decode.worker", FROZEN_FLAG)


def _exif(fields: dict[str, Any]) -> Exif:
    taken = fields["taken"] and datetime.fromisoformat(fields["taken"])
    return Exif(taken, fields["camera"], fields["latitude"], fields["longitude"])
