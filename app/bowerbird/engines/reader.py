"""Reads the text in pictures: the protocol, and RapidOCR in a process of its own.

Its package brings an OpenCV with windows, whose Qt must not meet the window's own in one process.
What crashes or hangs there takes that process along, and nothing else. The process ends when the
pipe to it closes, so none outlives this one, however it ends.
"""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

from bowerbird import workers
from bowerbird.engines.idle import IdleTimer
from bowerbird.errors import DecodeError, ModelError, ModelMissingError
from bowerbird.types import Check, TextLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from bowerbird.types import Pixels

PACKAGE = "rapidocr-onnxruntime"
# Seconds that a picture may take, and loading the models. A full page takes some, and many times
# that where others keep the machine busy: what is called unreadable is not looked at again.
TIME_LIMIT_S = 600.0
START_LIMIT_S = 120.0
# The word by which a frozen program knows that it is to read text (see packaging).
FROZEN_FLAG = "--read-worker"
INSTALL = (
    'Run `pip install "bowerbird[ocr]"`.'
    if sys.version_info < (3, 13)
    else f"There is no {PACKAGE} for Python 3.13 or newer yet: install Bowerbird with Python 3.12, "
    'as in `pip install "bowerbird[ocr]"`.'
)

# How it goes on after "it".
CRASHED = "crashed what reads text"
TOO_SLOW = "took what reads text too long"

_LOOK_EVERY_S = 0.1


class TextReader(Protocol):
    """Pictures to lines of text; safe from any thread, its models loaded on first use."""

    def read(self, pixels: Pixels, given_up: threading.Event | None = None) -> list[TextLine]:
        """Return the lines of text in a picture, from top to bottom.

        Args:
            pixels: Upright RGB uint8 [height, width, 3].
            given_up: Set by another thread when nobody waits for the answer any more.

        Raises:
            ModelError: Text cannot be read at all, or it was given up.
            DecodeError: This picture crashed the reader or took it too long.
        """


class RapidReader:
    """The TextReader that runs RapidOCR; its models read Latin and Chinese.

    Args:
        idle_unload_s: Unused for this long, its process is ended; 0 for never.
        command: Starts the process; other ones for tests.
    """

    def __init__(
        self, idle_unload_s: float = 0, command: Callable[[], list[str]] | None = None
    ) -> None:
        self._command = command or _command
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._idle = IdleTimer(idle_unload_s, self.unload)

    def read(self, pixels: Pixels, given_up: threading.Event | None = None) -> list[TextLine]:
        """Return the lines of text in a picture, from top to bottom."""
        if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype.name != "uint8":
            raise ModelError(f"Cannot read {pixels.dtype} pixels of shape {pixels.shape}.")
        gone = given_up or threading.Event()
        with self._lock:
            try:
                return self._read(pixels, gone)
            finally:
                self._idle.touch()

    def _read(self, pixels: Pixels, gone: threading.Event) -> list[TextLine]:
        # Somebody else may have ended the process; a picture that ends a second one is to blame.
        for _ in range(2):
            if gone.is_set():
                break
            try:
                return self._running(gone).ask(pixels, gone)
            except EOFError:
                self._end()
            except BaseException:
                self._end()
                raise
        if gone.is_set():
            raise ModelError("The reading was given up.")
        raise DecodeError(CRASHED)

    def _running(self, gone: threading.Event) -> _Process:
        process = self._process
        if process is None or not process.alive:
            self._end()
            process = self._process = _Process(self._command())
            process.greet(gone)
        return process

    @property
    def pid(self) -> int | None:
        """The process that reads; None while there is none."""
        return None if self._process is None else self._process.pid

    def unload(self) -> None:
        """End the process, after what it reads now; the next picture starts another."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def close(self) -> None:
        """Unload, and stop the timer."""
        self._idle.close()
        self.unload()

    def start(self) -> None:
        """Start the process, if it does not run.

        Raises:
            ModelError: It cannot be started.
        """
        with self._lock:
            try:
                self._running(threading.Event())
            except BaseException:
                self._end()
                raise


def installed() -> bool:
    """Whether the package is here; it is not imported for that."""
    return importlib.util.find_spec("rapidocr_onnxruntime") is not None


def missing() -> ModelMissingError:
    """Return the error that says what is to be installed."""
    return ModelMissingError(
        f"Reading the text in pictures needs {PACKAGE}, which is not installed. {INSTALL}"
    )


def check() -> list[Check]:
    """Return one line that says whether text can be read, where that is installed; it is tried."""
    if not installed():
        return []
    reader = RapidReader()
    try:
        reader.start()
    except ModelError as error:
        return [Check("text reader", False, str(error))]
    finally:
        reader.close()
    return [Check("text reader", True, "reads Latin and Chinese, in a process of its own")]


def _command() -> list[str]:
    return workers.command("bowerbird.engines.reading_worker", FROZEN_FLAG)


class _Process:
    """One process and the pipes to it."""

    def __init__(self, command: list[str]) -> None:
        self._late = False
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
                | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
            )
        except OSError as error:
            raise ModelError(
                f"No process to read text in can be started ({error.strerror}). "
                "Close other programs, and try again."
            ) from error

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return not self._late and self._process.poll() is None

    def greet(self, gone: threading.Event) -> None:
        """Wait until it can read.

        Raises:
            ModelError: It cannot, which is no picture's fault.
        """
        try:
            hello, _ = self._wait(START_LIMIT_S, gone)
        except EOFError as error:
            raise _unable("it took too long" if self._late else "it ended at once") from error
        if "ready" not in hello:
            raise _unable(str(hello.get("error")))

    def ask(self, pixels: Pixels, gone: threading.Event) -> list[TextLine]:
        """Send a picture and wait for its text.

        Raises:
            EOFError: The process died.
            DecodeError: It took too long, or could not read this picture.
        """
        import numpy as np

        data = np.ascontiguousarray(pixels)
        assert self._process.stdin is not None
        try:
            workers.send(self._process.stdin, {"shape": data.shape[:2]}, data.tobytes())
        except OSError as error:
            raise EOFError from error
        try:
            answer, _ = self._wait(TIME_LIMIT_S, gone)
        except EOFError as error:
            if self._late:
                raise DecodeError(TOO_SLOW) from error
            raise
        if "lines" not in answer:
            raise DecodeError(f"cannot be read for text ({answer.get('error')})")
        try:
            return [_line(*each) for each in answer["lines"]]
        except (TypeError, ValueError) as error:
            raise EOFError from error  # whatever answered, it was not our worker any more

    def _wait(self, limit: float, gone: threading.Event) -> tuple[dict[str, Any], bytes]:
        """Return the next message; what comes too late is ended.

        Raises:
            EOFError: There is none.
        """
        over = threading.Event()
        guard = threading.Thread(target=self._guard, args=(limit, over, gone), name="read guard")
        guard.start()
        try:
            assert self._process.stdout is not None
            return workers.receive(self._process.stdout)
        except (OSError, ValueError, MemoryError) as error:
            raise EOFError from error
        finally:
            over.set()
            guard.join()

    def _guard(self, limit: float, over: threading.Event, gone: threading.Event) -> None:
        """End the process when its time is over, or when nobody waits any more."""
        begun = time.monotonic()
        while not over.wait(_LOOK_EVERY_S):
            self._late = time.monotonic() - begun > limit
            if self._late or gone.is_set():
                self._process.kill()
                return

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):  # what was to be sent has no reader any more
                pipe.close()


def _unable(why: str) -> ModelError:
    return ModelError(f"What reads text could not be started ({why}). {INSTALL}")


def _line(text: str, confidence: float, *box: float) -> TextLine:
    left, top, right, bottom = (min(1.0, max(0.0, float(edge))) for edge in box)
    return TextLine(str(text), min(1.0, max(0.0, float(confidence))), (left, top, right, bottom))
