"""Compares a source's listing with what the store knows, in temporary tables, not in memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bowerbird.store.failures import translated
from bowerbird.types import Entry, Status

if TYPE_CHECKING:
    from bowerbird.store.connection import Database

State = Literal["new", "changed", "embed"]
PAGE = 500
# Files of one size that a moved file is looked for among. Renames keep the time of last change,
# and moves the name; those come first, so that the cap only guards against endless equal sizes.
MAX_CANDIDATES = 64


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known asset that may be the new entry under its old key.

    It is not listed any more; or it is of another collection, where nobody has looked yet.
    """

    asset_id: int
    head_tail: str
    md5: str
    etag: str
    collection_id: int
    key: str
    status: Status


@dataclass(frozen=True, slots=True)
class Work:
    """An entry to index.

    Attributes:
        entry: What the source lists.
        asset_id: The asset that lies under this key already.
        state: `new`, `changed` since it was indexed (or to be tried again), or `embed`: unchanged,
            but without an embedding of the encoder.
        candidates: For a new entry, the assets of its size that are gone from their keys.
    """

    entry: Entry
    asset_id: int | None
    state: State
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """A known asset that the listing does not hold."""

    asset_id: int
    key: str
    status: Status


_TABLES = (
    """
    CREATE TEMP TABLE incoming (
        key TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, etag TEXT NOT NULL
    )
    """,
    """
    CREATE TEMP TABLE compared (
        key TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, etag TEXT NOT NULL,
        asset_id INTEGER, status TEXT, state TEXT
    )
    """,
    "CREATE TEMP TABLE seen (asset_id INTEGER PRIMARY KEY)",
    """
    CREATE TEMP TABLE work (
        key TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        etag TEXT NOT NULL, asset_id INTEGER, state TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TEMP TABLE gone (
        asset_id INTEGER PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL,
        size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, status TEXT NOT NULL,
        head_tail TEXT, md5 TEXT, etag TEXT NOT NULL, claimed INTEGER NOT NULL DEFAULT 0
    )
    """,
)

# `state` stays NULL where nothing is to be done.
_COMPARE = """
INSERT INTO compared
SELECT i.key, i.size, i.mtime_ns, i.etag, a.id, a.status,
    CASE
        WHEN a.id IS NULL THEN 'new'
        WHEN (a.size != i.size AND i.size >= 0) OR a.mtime_ns != i.mtime_ns OR a.etag != i.etag
            THEN 'changed'
        WHEN a.status = 'failed' THEN CASE WHEN :retry THEN 'changed' END
        WHEN NOT EXISTS (
            SELECT 1 FROM embeddings e WHERE e.asset_id = a.id AND e.encoder = :encoder
        ) THEN 'embed'
    END
FROM incoming i LEFT JOIN assets a ON a.collection_id = :collection AND a.key = i.key
"""

_GONE = """
INSERT INTO gone (asset_id, key, name, size, mtime_ns, status, head_tail, md5, etag)
SELECT id, key, name, size, mtime_ns, status, head_tail, md5, etag FROM assets
WHERE collection_id = ? AND NOT EXISTS (SELECT 1 FROM seen WHERE asset_id = assets.id)
    -- Frames of videos go with their files.
    AND file_id IS NULL
    -- What others added meanwhile was not there to be listed.
    AND id <= ?
"""

_GONE_OF = f"{_GONE} AND key IN (SELECT value FROM json_each(?))"

_CANDIDATES = """
SELECT asset_id, head_tail, md5, etag, :collection, key, 'missing' FROM gone
WHERE size = :size AND NOT claimed AND md5 IS NOT NULL AND head_tail IS NOT NULL
ORDER BY mtime_ns = :mtime_ns DESC, name = :name DESC, asset_id LIMIT :most
"""

_ELSEWHERE = """
SELECT id, head_tail, md5, etag, collection_id, key, status FROM assets INDEXED BY assets_counts
WHERE collection_id IN (SELECT id FROM collections WHERE id != :collection)
    AND status IN ('ok', 'missing') AND size = :size AND md5 IS NOT NULL AND head_tail IS NOT NULL
ORDER BY status = 'missing' DESC, mtime_ns = :mtime_ns DESC, name = :name DESC, id LIMIT :most
"""


class Diff:
    """One listing compared with one collection; in order: `add` ..., `finish`, then the rest.

    Only one thread at a time may use it. Made by `Store.diff`.
    """

    def __init__(
        self, database: Database, collection_id: int, encoder_id: str, *, retry_failed: bool
    ) -> None:
        self._database = database
        self._values = {
            "collection": collection_id,
            "encoder": encoder_id,
            "retry": int(retry_failed),
        }
        self._listed = self._seen = self._claimed = 0
        self._connection = database.private()
        try:
            with translated(database.path):
                for table in _TABLES:
                    self._connection.execute(table)
                newest = self._connection.execute("SELECT max(id) FROM assets").fetchone()
                self._newest = newest[0] or 0
        except BaseException:
            self._connection.close()
            raise

    @property
    def listed(self) -> int:
        """Entries of the listing."""
        return self._listed

    @property
    def is_other(self) -> bool:
        """Whether nothing that is listed was known, under its key or another."""
        return not self._seen and not self._claimed

    @property
    def total(self) -> int:
        """Entries that `work` will yield."""
        row = self._connection.execute("SELECT count(*) FROM work").fetchone()
        return int(row[0])

    def add(self, entries: list[Entry]) -> None:
        """Take the next entries of the listing.

        A missing asset that is there again, unchanged, becomes whole at once.
        """
        rows = [(e.key, e.size, e.mtime_ns, e.etag) for e in entries]
        self._listed += len(entries)
        with translated(self._database.path):
            run = self._connection.execute
            # One transaction: autocommit would touch the temporary file at every statement.
            run("BEGIN")
            run("DELETE FROM incoming")
            run("DELETE FROM compared")
            self._connection.executemany("INSERT INTO incoming VALUES (?, ?, ?, ?)", rows)
            run(_COMPARE, self._values)
            run("INSERT OR IGNORE INTO seen SELECT asset_id FROM compared WHERE asset_id NOT NULL")
            self._seen += run("SELECT changes()").fetchone()[0]
            run(
                "INSERT OR REPLACE INTO work SELECT key, size, mtime_ns, etag, asset_id, state "
                "FROM compared WHERE state NOT NULL"
            )
            back = run(
                "SELECT asset_id FROM compared WHERE status = 'missing' AND state IS NOT 'changed'"
            ).fetchall()
            run("COMMIT")
        if back:
            self._restore([row[0] for row in back])

    def _restore(self, asset_ids: list[int]) -> None:
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE assets SET status = 'ok', missing_since = NULL "
                "WHERE id = ? AND status = 'missing'",
                [(asset_id,) for asset_id in asset_ids],
            )
            touch(connection)

    def finish(self, keys: Sequence[str] | None = None) -> None:
        """Conclude what is gone; only after a complete listing, or one of all `keys`."""
        with translated(self._database.path):
            run = self._connection.execute
            run("BEGIN")
            if keys is None:
                run(_GONE, (self._values["collection"], self._newest))
            else:
                values = (self._values["collection"], self._newest, json.dumps(list(keys)))
                run(_GONE_OF, values)
            run("CREATE INDEX temp.gone_size ON gone (size)")
            run("CREATE INDEX temp.work_order ON work (mtime_ns DESC, key DESC)")
            run("COMMIT")

    def work(self) -> Iterator[list[Work]]:
        """Yield pages of what must be indexed, the newest first."""
        after = (1 << 62, "")
        while rows := self._page(
            "SELECT * FROM work WHERE (mtime_ns, key) < (?, ?) "
            "ORDER BY mtime_ns DESC, key DESC LIMIT ?",
            (*after, PAGE),
        ):
            yield [self._work(row) for row in rows]
            after = (rows[-1]["mtime_ns"], rows[-1]["key"])

    def _work(self, row: sqlite3.Row) -> Work:
        entry = Entry(row["key"], row["size"], row["mtime_ns"], row["etag"])
        candidates = self._candidates(entry) if row["state"] == "new" else ()
        return Work(entry, row["asset_id"], row["state"], candidates)

    def _candidates(self, entry: Entry) -> tuple[Candidate, ...]:
        values = {
            "size": entry.size,
            "mtime_ns": entry.mtime_ns,
            "name": entry.key.rpartition("/")[2],
            "most": MAX_CANDIDATES,
            "collection": self._values["collection"],
        }
        rows = [*self._page(_CANDIDATES, values), *self._page(_ELSEWHERE, values)]
        return tuple(_candidate(row) for row in rows)

    def claim(self, asset_id: int) -> bool:
        """Take a gone asset for a move; True for the first who asks."""
        with translated(self._database.path):
            cursor = self._connection.execute(
                "UPDATE gone SET claimed = 1 WHERE asset_id = ? AND NOT claimed", (asset_id,)
            )
        self._claimed += cursor.rowcount
        return cursor.rowcount == 1

    def gone(self) -> Iterator[list[Gone]]:
        """Yield pages of the assets that were there before, neither listed nor claimed."""
        after = 0
        while rows := self._page(
            "SELECT asset_id, key, status FROM gone "
            "WHERE asset_id > ? AND status != 'missing' AND NOT claimed ORDER BY asset_id LIMIT ?",
            (after, PAGE),
        ):
            yield [Gone(row["asset_id"], row["key"], Status(row["status"])) for row in rows]
            after = rows[-1]["asset_id"]

    def _page(self, select: str, values: object) -> list[sqlite3.Row]:
        """Fetch whole pages, so that no open cursor holds a snapshot while others write."""
        with translated(self._database.path):
            return self._connection.execute(select, values).fetchall()  # type: ignore[arg-type]

    def close(self) -> None:
        """Drop the temporary tables."""
        self._connection.close()


def touch(connection: sqlite3.Connection) -> None:
    """Count a change of embeddings or of the states of assets, which vector indexes follow."""
    connection.execute(
        "INSERT INTO meta VALUES ('generation', '1') "
        "ON CONFLICT (key) DO UPDATE SET value = value + 1"
    )


def _candidate(row: sqlite3.Row) -> Candidate:
    asset_id, head_tail, md5, etag, collection_id, key, status = row
    return Candidate(asset_id, head_tail, md5, etag, collection_id, key, Status(status))
