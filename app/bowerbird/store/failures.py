"""Turns what SQLite and the disk report into errors that say what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bowerbird.errors import (
    BowerbirdError,
    LibraryBusyError,
    LibraryCorruptError,
    LibraryError,
    StorageFullError,
)

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_DENIED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}
_FULL = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise the fitting BowerbirdError for a failure of the library at `path`.

    What the caller got wrong (a constraint, a bad statement) passes as it is: it is a bug.
    """
    try:
        yield
    except sqlite3.Error as error:
        known = _from_sqlite(error, path)
        if known is None:
            raise
        raise known from error
    except OSError as error:
        raise _from_system(error, path) from error


def _from_sqlite(error: sqlite3.Error, path: Path) -> BowerbirdError | None:
    # The low byte is the primary code; the rest says more than a sentence needs.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return LibraryBusyError(
            f"Another program is writing to {path}. Wait until it is done, then try again."
        )
    if code == sqlite3.SQLITE_FULL:
        return _full(path)
    if code in _CORRUPT:
        return corrupt(path)
    if code in _DENIED:
        return LibraryError(
            f"{path} cannot be opened or written. Check the rights of the file and its folder."
        )
    if code == sqlite3.SQLITE_IOERR:
        return LibraryError(
            f"The disk failed while {path} was in use ({error}). Check the disk and its free space."
        )
    return None


def corrupt(path: Path) -> LibraryCorruptError:
    """Return the error for a database that cannot be read."""
    return LibraryCorruptError(
        f"{path} is damaged or is not a Bowerbird library. It was left as it is. "
        "Move it away to start anew, or put back a copy of it (backups lie beside it)."
    )


def _from_system(error: OSError, path: Path) -> BowerbirdError:
    if error.errno in _FULL:
        return _full(path)
    where = error.filename or path
    return LibraryError(
        f"{where} cannot be used: {error.strerror or error}. "
        "Check that it is there and that its rights allow writing."
    )


def _full(path: Path) -> StorageFullError:
    return StorageFullError(
        f"There is no space left for the library at {path.parent}. "
        "Free some space and try again; nothing that was stored is lost."
    )
