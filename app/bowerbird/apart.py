"""Syncs in a process of its own, so that a window beside it never waits for Python's lock.

The process ends when the pipe to it closes, so none outlives its parent, however that ends. It
computes a step for every line that it is sent: not iterating pauses it, as in the process itself.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bowerbird import errors
from bowerbird.types import Collection, Progress

if TYPE_CHECKING:
    from bowerbird.library import Library

log = logging.getLogger(__name__)

# The word by which a frozen program knows that it is to sync (see packaging).
FROZEN_FLAG = "--sync-worker"
# Searches and the window come first when there is more to do than there are processors.
NICENESS = 15
# So many pictures are done before another process has loaded its model.
FEW = 16
# Seconds that it is given to end by itself; killed, it loses nothing that was written.
PATIENCE_S = 20


def sync(
    library: Library,
    collection: Collection,
    *,
    retry_failed: bool = False,
    auto: bool = False,
    keys: Sequence[str] | None = None,
) -> Iterator[Progress]:
    """Do as `Library.sync`, in another process; a few `keys` are done in this one.

    Raises:
        BowerbirdError: As `Library.sync`, or the process ended before its work.
    """
    if keys is not None and len(keys) <= FEW:
        yield from library.sync(collection, retry_failed=retry_failed, auto=auto, keys=keys)
        return
    how = {"retry_failed": retry_failed, "auto": auto, "keys": None if keys is None else list(keys)}
    request = {"library": str(library.path), "id": collection.id, "how": how}
    process = subprocess.Popen(
        _command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
        | getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = json.dumps(request)
        while True:
            with contextlib.suppress(OSError):  # what is wrong is read below
                process.stdin.write(line + "\n")
                process.stdin.flush()
            answer = _read(process.stdout.readline(), process)
            if answer is None:
                return
            yield answer
            line = ""
    finally:
        with contextlib.suppress(OSError):
            process.stdin.close()
        # It finishes the batch in flight and keeps it; a drive that hangs is not waited for.
        process.stdout.close()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _read(line: str, process: subprocess.Popen[str]) -> Progress | None:
    """Return a step; None at the end.

    Raises:
        BowerbirdError: That is what came of it.
        RuntimeError: The other process met a fault of ours.
    """
    if not line:
        code = process.wait()
        raise errors.BowerbirdError(
            f"Indexing ended before its time (code {code}). What was done is kept; sync again."
        )
    answer: dict[str, Any] = json.loads(line)
    if "step" in answer:
        return Progress(**answer["step"])
    if "error" in answer:
        kind = getattr(errors, answer["error"], None)
        if isinstance(kind, type) and issubclass(kind, errors.BowerbirdError):
            raise kind(answer["text"])
        raise RuntimeError(answer["text"])
    return None


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_FLAG]
    code = f"import sys; sys.path[:] = {sys.path!r}; from bowerbird.apart import main; main()"
    return [sys.executable, "-c", code]


def _answer(
    steps: Iterator[Progress], asked: TextIO, tell: Callable[[dict[str, Any]], None]
) -> None:
    """Tell the steps, as many as are asked for, and the end."""
    try:
        for step in steps:
            tell({"step": asdict(step)})
            if not asked.readline():
                return
        tell({"end": True})
    finally:
        steps.close()  # type: ignore[attr-defined]  # generators have it


def main() -> None:
    """Sync as the first line on stdin asks, one step for every further line."""
    from bowerbird import logs, paths
    from bowerbird.library import Library

    asked, told = sys.stdin, os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Whatever prints must not be taken for a step.
    os.dup2(2, 1)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    logs.set_up(paths.log_folder())

    def tell(answer: dict[str, Any]) -> None:
        told.write(json.dumps(answer) + "\n")
        told.flush()

    with contextlib.suppress(BrokenPipeError):  # nobody listens any more
        try:
            request = json.loads(asked.readline() or "{}")
            if request:
                with Library.open(Path(request["library"])) as library:
                    collection = library.collection(request["id"])
                    steps = library.sync(collection, **request["how"])
                    _answer(steps, asked, tell)
        except errors.BowerbirdError as error:
            tell({"error": type(error).__name__, "text": str(error)})
        except BrokenPipeError:
            raise
        except Exception as error:
            log.exception("a sync failed")
            tell({"error": type(error).__name__, "text": traceback.format_exc()})
