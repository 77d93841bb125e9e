"""Pictures that lie in the library itself, by content, each under the name that it came with."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import uuid
from pathlib import Path
from typing import BinaryIO

from bowerbird.errors import StorageFullError, TooLargeError, UsageError

CHUNK = 1 << 20


def keep(
    root: Path, name: str, stream: BinaryIO, extensions: frozenset[str], most_bytes: int
) -> tuple[str, bool]:
    """Copy a picture into a managed folder.

    Args:
        root: The folder.
        name: What it is called; folders in it are left out.
        stream: Its bytes.
        extensions: Lower-case endings of what may be a picture.
        most_bytes: More than these are refused, before they are written.

    Returns:
        Its key, and whether it was not there before: the same content is kept once.

    Raises:
        UsageError: The name is none of a picture.
        TooLargeError: It has too many bytes.
        StorageFullError: No space is left; nothing is kept of it.
    """
    plain = name.replace("\\", "/").rpartition("/")[2].replace("\0", "").strip()
    if plain.startswith(".") or os.path.splitext(plain)[1].lower() not in extensions:  # noqa: PTH122
        raise UsageError(f"{name!r} is no name of a picture. Give it an ending such as .jpg.")
    partial = root / f".{uuid.uuid4().hex}.partial"
    digest, total = hashlib.md5(usedforsecurity=False), 0
    try:
        root.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as copy:
            for chunk in iter(lambda: stream.read(CHUNK), b""):
                total += len(chunk)
                if total > most_bytes:
                    raise TooLargeError(
                        f"is larger than managed_file_bytes in the settings ({most_bytes})"
                    )
                digest.update(chunk)
                copy.write(chunk)
        folder = root / digest.hexdigest()
        known = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        if known:
            return f"{folder.name}/{known[0]}", False
        folder.mkdir(exist_ok=True)
        partial.replace(folder / plain)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFullError(f"There is no space left in {root}. Free some.") from error
        raise
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
    return f"{folder.name}/{plain}", True


def drop(root: Path, key: str) -> None:
    """Take a picture out again."""
    path = root.joinpath(*key.split("/"))
    with contextlib.suppress(OSError):
        path.unlink()
        path.parent.rmdir()
