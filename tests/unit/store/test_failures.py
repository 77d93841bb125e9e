"""What SQLite and the system report becomes a sentence that says what to do."""

import errno
import sqlite3
from pathlib import Path

import pytest

from bowerbird.errors import (
    LibraryBusyError,
    LibraryCorruptError,
    LibraryError,
    StorageFullError,
)
from bowerbird.store import connection as connection_module
from bowerbird.store.failures import translated
from bowerbird.store.store import Store

PATH = Path("/library/library.sqlite")


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("it failed")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "becomes", "says"),
    [
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), LibraryBusyError, "Wait"),
        (sqlite_error(sqlite3.SQLITE_FULL), StorageFullError, "Free some space"),
        (sqlite_error(sqlite3.SQLITE_CORRUPT_INDEX), LibraryCorruptError, "Move it away"),
        (sqlite_error(sqlite3.SQLITE_NOTADB), LibraryCorruptError, "Move it away"),
        (sqlite_error(sqlite3.SQLITE_READONLY_DIRECTORY), LibraryError, "Check the rights"),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), LibraryError, "Check the rights"),
        (sqlite_error(sqlite3.SQLITE_IOERR_WRITE), LibraryError, "Check the disk"),
        (OSError(errno.ENOSPC, "full"), StorageFullError, "Free some space"),
        (OSError(errno.EDQUOT, "quota"), StorageFullError, "Free some space"),
        (PermissionError(errno.EACCES, "denied", "/x"), LibraryError, "/x.*rights"),
    ],
)
def test_known_failures(error: Exception, becomes: type[Exception], says: str) -> None:
    with pytest.raises(becomes, match=says) as caught, translated(PATH):
        raise error
    assert type(caught.value) is becomes
    assert caught.value.__cause__ is error


def test_a_bug_stays_a_bug() -> None:
    with pytest.raises(sqlite3.IntegrityError), translated(PATH):
        raise sqlite3.IntegrityError("UNIQUE")


def test_a_lock_held_for_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "BUSY_TIMEOUT_S", 0.05)
    with Store.open(tmp_path) as store, Store.open(tmp_path) as other:
        with (
            store.database.writing(),
            pytest.raises(LibraryBusyError, match="Another program"),
        ):
            other.set_meta("a", "b")
        other.set_meta("a", "b")
        assert store.get_meta("a") == "b"


def test_readers_cannot_write(store: Store) -> None:
    with (
        pytest.raises(LibraryError, match="rights"),
        store.database.reading() as connection,
    ):
        connection.execute("DELETE FROM assets")
