"""What worker processes have in common: how they are started, spoken to, and kept within limits."""

from __future__ import annotations

import contextlib
import json
import os
import struct
import sys
from typing import Any, BinaryIO

_LENGTHS = struct.Struct(">IQ")
# No header is longer; what says so is no message, and its end would be waited for in vain.
MOST_HEADER = 64 << 20


def command(module: str, frozen_flag: str) -> list[str]:
    """Return the command that runs `main` of a module in a process of its own.

    Args:
        module: Its full name.
        frozen_flag: The word by which a frozen program knows what it is to be (see packaging).
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, frozen_flag]
    # Not `multiprocessing`: it would import the caller's main module, the whole program, anew.
    code = f"import sys; sys.path[:] = {sys.path!r}; from {module} import main; main()"
    return [sys.executable, "-c", code]


def send(pipe: Any, header: dict[str, Any], data: bytes | memoryview = b"") -> None:
    """Write one message: two lengths, a JSON header, bytes."""
    text = json.dumps(header).encode()
    pipe.write(_LENGTHS.pack(len(text), len(data)) + text)
    pipe.write(data)
    pipe.flush()


def receive(pipe: Any) -> tuple[dict[str, Any], bytes]:
    """Read one message.

    Raises:
        EOFError: The other side is gone.
        ValueError: What came is no message.
    """
    text, data = _LENGTHS.unpack(_exactly(pipe, _LENGTHS.size))
    if text > MOST_HEADER:
        raise ValueError("what came is no message")
    return json.loads(_exactly(pipe, text)), _exactly(pipe, data)


def _exactly(pipe: Any, count: int) -> bytes:
    data: bytes = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data


def answers_alone() -> BinaryIO:
    """Return standard output for answers alone; code in C prints as it likes, and goes unheard."""
    answers = os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    return answers


def limit_memory(limit: int) -> None:
    """Let allocations over `limit` bytes fail, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
