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


def open_isolated(stream: BinaryIO, kind: Format, side: int, max_pixels: int) -> Picture:
    """Open a picture in a worker; as `raster.open_raster` otherwise.

    Raises:
        DecodeError: It cannot be decoded, crashed its decoder or took too long.
        OSError: The stream cannot be read, or no process can be started.
    """
    request = {"format": kind.name, "side": side, "max_pixels": max_pixels}
    name = getattr(stream, "name", None)
    if isinstance(name, str):  # a file: the worker reads it itself
        request["path"] = os.path.abspath(name)  # noqa: PTH100  # keeps names that are not text
        data = b""
    else:
        data = stream.read()
    worker = _take()
    try:
        answer, pixels = worker.ask(request, data)
    except BaseException:
        worker.close()
        raise
    _idle.append(worker)
    if "reason" in answer:
        raise (TooLargeError if answer["too_large"] else DecodeError)(answer["reason"])
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

    def ask(self, request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        """Send one file and wait for its pixels.

        Raises:
            DecodeError: The worker died or was too slow; it is of no use any more.
        """
        timer = threading.Timer(TIME_LIMIT_S, self._stop)
        timer.start()
        try:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            workers.send(self._process.stdin, request, data)
            return workers.receive(self._process.stdout)
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
