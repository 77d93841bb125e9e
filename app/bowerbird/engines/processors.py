"""How many processor cores there are to compute with."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_TOPOLOGY = Path("/sys/devices/system/cpu")


def physical_cores(topology: Path = _TOPOLOGY) -> int:
    """Return the number of cores that this process may use, a pair of hyperthreads counted once.

    A second thread on one core does not speed matrix products up, it slows them down.
    """
    if not hasattr(os, "sched_getaffinity"):
        logical = os.cpu_count() or 1
        paired = platform.machine().lower() in ("amd64", "x86_64")
        return max(1, logical // 2 if paired else logical)
    allowed = os.sched_getaffinity(0)
    cores = set()
    for cpu in allowed:
        try:
            siblings = (topology / f"cpu{cpu}/topology/thread_siblings_list").read_text("ascii")
        except OSError:
            return len(allowed)
        cores.add(siblings.strip())
    return len(cores)
