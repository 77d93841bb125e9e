"""Who else on the machine may read a library: nobody. It holds what addresses are signed with."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path

OTHERS = 0o077


def tighten(folder: Path, database: Path) -> None:
    """Take from others what they may do to a library of ours that was made by an older version.

    Where that cannot be done, as on a disk that knows no owners, it stays as it is.

    Args:
        folder: The library.
        database: Its file; those beside it that begin alike are its log and its backups.
    """
    if sys.platform == "win32":
        return
    for path in (folder.resolve(), *folder.glob(f"{database.stem}*{database.suffix}*")):
        with contextlib.suppress(OSError):
            about = path.lstat()
            is_plain = stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)
            # A folder for everybody, such as /tmp, is not the library's own.
            is_own = about.st_uid == os.geteuid() and not about.st_mode & stat.S_ISVTX
            if is_plain and is_own and about.st_mode & OTHERS:
                path.chmod(stat.S_IMODE(about.st_mode) & ~OTHERS)
