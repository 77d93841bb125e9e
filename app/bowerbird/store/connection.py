"""Connections to the library's database: one writer behind a lock, a pool of readers."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bowerbird.store.failures import translated

BUSY_TIMEOUT_S = 30.0
# Pages read through the memory map are not copied; the system may drop them when it needs room.
MMAP_BYTES = 1 << 30


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open `path` in autocommit mode, with rows addressable by name.

    Raises:
        sqlite3.Error: It cannot be opened or is not a database.
    """
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


class Database:
    """One SQLite file for all threads of a process.

    Readers never wait for the writer (WAL), and a reader taken by `reading` is put back for the
    next one, so that there are only as many as ever read at once.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._pool_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        with translated(path):
            self._writer = connect(path)
            try:
                self._writer.execute("PRAGMA journal_mode = WAL")
            except BaseException:
                self._writer.close()
                raise

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock for one transaction: committed at the end, undone on an error.

        Nested use joins the transaction of its thread.

        Raises:
            LibraryError: The database cannot be written; the subclass says why.
            StorageFullError: No space is left; nothing of the transaction was kept.
        """
        with self._lock, translated(self.path):
            if self._writer.in_transaction:
                yield self._writer
                return
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                # A full disk undoes the transaction by itself.
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def exclusively(self) -> Iterator[sqlite3.Connection]:
        """Lend the writer outside a transaction, for migrations and repairs."""
        with self._lock, translated(self.path):
            yield self._writer

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees the last committed state and cannot write.

        Raises:
            LibraryError: The database cannot be read; the subclass says why.
        """
        with translated(self.path):
            connection = self._take()
            try:
                yield connection
            finally:
                self._put(connection)

    def private(self) -> sqlite3.Connection:
        """Open a connection for one owner, who closes it; its temporary tables are its own.

        Raises:
            LibraryError: The database cannot be opened.
        """
        with translated(self.path):
            return connect(self.path)

    def _take(self) -> sqlite3.Connection:
        with self._pool_lock:
            if self._closed:
                raise sqlite3.ProgrammingError("the library is closed")
            if self._idle:
                return self._idle.pop()
        return connect(self.path, read_only=True)

    def _put(self, connection: sqlite3.Connection) -> None:
        with self._pool_lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close every connection; one that is being read with closes when it comes back."""
        with self._lock, self._pool_lock:
            self._closed = True
            for connection in (*self._idle, self._writer):
                connection.close()
            self._idle.clear()
