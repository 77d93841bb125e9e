"""How much memory there is to run a model in."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bowerbird.errors import ModelError

_KNOWN = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")


def available(known: Path = _KNOWN, group: Path = _GROUP) -> int | None:
    """Return how many bytes can be taken without swapping; None where that cannot be told.

    On macOS it is all there is: the system makes room by itself.
    """
    if sys.platform == "win32":
        return _on_windows()
    free = _in_linux(known)
    if free is None:
        return _in_all()
    left = _in_group(group)
    return free if left is None else min(free, left)


def require(model_id: str, needed: int, instead: str, free: int | None) -> None:
    """Refuse to load a model that would bring the machine to a halt.

    Args:
        model_id: The model.
        needed: Bytes that it takes.
        instead: What to do without it, as a sentence.
        free: Bytes that there are; None where that cannot be told.

    Raises:
        ModelError: There is not enough.
    """
    if free is not None and free < needed:
        raise ModelError(
            f"{model_id} needs {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free. "
            f"Close other programs and try again, or {instead}"
        )


def _in_linux(known: Path) -> int | None:
    try:
        for line in known.read_text("ascii").splitlines():
            name, _, rest = line.partition(":")
            if name == "MemAvailable":
                return int(rest.split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


def _in_group(group: Path) -> int | None:
    """Return what a container's limit leaves; its file caches can be dropped, and do not count."""
    try:
        limit = int((group / "memory.max").read_text("ascii"))
        taken = int((group / "memory.current").read_text("ascii"))
        lines = (group / "memory.stat").read_text("ascii").splitlines()
    except (OSError, ValueError):
        return None  # none, or another version of groups
    cached = sum(int(line.split()[1]) for line in lines if line.startswith("inactive_file "))
    return max(0, limit - taken + cached)


def _in_all() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def _on_windows() -> int | None:
    if sys.platform != "win32":
        return None
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            ("available", ctypes.c_ulonglong),
            ("rest", ctypes.c_ulonglong * 5),
        )

    status = Status(length=ctypes.sizeof(Status))
    asked = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.available) if asked else None
