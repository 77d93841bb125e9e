"""Serves in a process of its own beside a window, and ends when that does, however it ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from bowerbird.errors import BowerbirdError

# The word by which a frozen program knows that it is to serve (see packaging).
FROZEN_FLAG = "--server"
PATIENCE_S = 20


class Beside:
    """A server that runs in another process.

    Args:
        library: The folder of the library.
        port: Where to listen, on this machine alone; 0 for a free one.

    Raises:
        BowerbirdError: It did not start; the message says why.
    """

    def __init__(self, library: Path, port: int) -> None:
        self._process = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):  # what is wrong is read below
            self._process.stdin.write(json.dumps({"library": str(library), "port": port}) + "\n")
            self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline() or "{}")
        if "address" not in answer:
            self.close()
            raise BowerbirdError(answer.get("error", "The server ended before it had begun."))
        self.address = str(answer["address"])

    @property
    def is_running(self) -> bool:
        """Whether requests are answered still."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it; requests that are worked on are answered."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_FLAG]
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; from bowerbird.server.beside import main; main()"
    )
    return [sys.executable, "-c", code]


def main() -> None:
    """Serve as the first line on stdin asks, until stdin ends."""
    from bowerbird import logs, paths
    from bowerbird.server.run import Options, serve

    asked, told = sys.stdin, os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Whatever prints must not be taken for the answer.
    os.dup2(2, 1)
    logs.set_up(paths.log_folder())

    def tell(**answer: str) -> None:
        told.write(json.dumps(answer) + "\n")
        told.flush()

    def ready(address: str) -> None:
        tell(address=address)
        threading.Thread(target=wait, daemon=True).start()

    def wait() -> None:
        asked.read()
        # uvicorn ends as it does by Ctrl-C: what is worked on is answered.
        signal.raise_signal(signal.SIGINT)

    request = json.loads(asked.readline() or "null")
    if request is None:
        return
    try:
        serve(request["library"], Options(port=request["port"]), ready)
    except KeyboardInterrupt:
        pass
    except BowerbirdError as error:
        tell(error=str(error))
