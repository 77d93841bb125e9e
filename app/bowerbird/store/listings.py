"""What came of a listing that is not complete yet, so that a cut one goes on where it stopped.

It lies in a file of its own: a million keys would bloat the library, and are worth nothing a day
later.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from bowerbird.types import Entry, Page

# An older listing is begun anew: what changed in the meantime would go unseen for too long.
FRESH_S = 24 * 3600.0
BATCH = 5000
_TABLES = """
CREATE TABLE IF NOT EXISTS entries (
    key TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, etag TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS marks (part TEXT PRIMARY KEY, after TEXT) WITHOUT ROWID;
"""


class Listing:
    """One listing in the making. Made by `Store.listing`.

    Args:
        path: Its file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(exist_ok=True)
        if path.exists() and time.time() - path.stat().st_mtime > FRESH_S:
            self._delete()
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError:  # cut by a power failure: it is only a help
            self._delete()
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        try:
            # A listing that lost a page, however it was cut, would make pictures missing.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(_TABLES)
            connection.execute("SELECT count(*) FROM marks").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    def marks(self) -> dict[str, str | None]:
        """Return how far each part came: the last key, or None at its end."""
        return dict(self._connection.execute("SELECT part, after FROM marks").fetchall())

    def entries(self) -> Iterator[list[Entry]]:
        """Yield batches of what was listed already."""
        after = 0
        while rows := self._connection.execute(
            "SELECT rowid, key, size, mtime_ns, etag FROM entries WHERE rowid > ? "
            "ORDER BY rowid LIMIT ?",
            (after, BATCH),
        ).fetchall():
            yield [Entry(*row[1:]) for row in rows]
            after = rows[-1][0]

    def add(self, page: Page) -> None:
        """Keep a page and how far its part has come."""
        run = self._connection.execute
        run("BEGIN")
        self._connection.executemany(
            "INSERT INTO entries VALUES (?, ?, ?, ?)",
            [(e.key, e.size, e.mtime_ns, e.etag) for e in page.entries],
        )
        run("INSERT OR REPLACE INTO marks VALUES (?, ?)", (page.part, page.after))
        run("COMMIT")

    def close(self, *, complete: bool) -> None:
        """Stop; what is complete is not needed any more."""
        self._connection.close()
        if complete:
            self._delete()

    def _delete(self) -> None:
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self._path.with_name(self._path.name + ending).unlink()
