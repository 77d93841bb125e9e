"""The records of a catalogue: which picture belongs to each, and what else is said of it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bowerbird.store.diff import touch
from bowerbird.store.rows import place, to_ns
from bowerbird.store.writing import index_words
from bowerbird.types import Entry, Item, Status

if TYPE_CHECKING:
    from bowerbird.store.connection import Database

PAGE = 2000
_LISTED = (
    "SELECT key, mtime_ns, mark, image, assets.id FROM assets JOIN items ON asset_id = assets.id "
    "WHERE collection_id = ? AND image != ''"
)


class Items:
    """What one catalogue holds. Made by `Store.items`."""

    def __init__(self, database: Database, collection_id: int) -> None:
        self._database = database
        self._collection_id = collection_id

    def upsert(self, items: Sequence[Item], batch: str) -> None:
        """Take records in, each in place of what had its id, in one transaction.

        Metadata that the record does not speak of stays, and so do tags; a picture is only fetched
        anew when it lies elsewhere than before.

        Args:
            items: The records.
            batch: Names the import that they belong to.
        """
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            ids = [self._upsert(connection, item, batch, now) for item in items]
            index_words(connection, ids)
            touch(connection)

    def _upsert(self, connection: sqlite3.Connection, item: Item, batch: str, now: datetime) -> int:
        known = connection.execute(
            "SELECT assets.id, metadata, image FROM assets LEFT JOIN items ON asset_id = assets.id "
            "WHERE collection_id = ? AND key = ?",
            (self._collection_id, item.id),
        ).fetchone()
        if known is None:
            asset_id, before, image = self._insert(connection, item.id, now), {}, ""
        else:
            asset_id, before = known["id"], json.loads(known["metadata"])
            image = known["image"] or ""
        metadata = {**before, **item.metadata}
        if metadata != before:
            connection.execute(
                "UPDATE assets SET metadata = ? WHERE id = ?",
                (json.dumps(metadata, ensure_ascii=False, allow_nan=False), asset_id),
            )
        image = item.image or image
        connection.execute(
            "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?)",
            (asset_id, image, mark(image), batch),
        )
        return asset_id

    def _insert(self, connection: sqlite3.Connection, key: str, now: datetime) -> int:
        columns = {
            "uuid": str(uuid.uuid4()),
            "collection_id": self._collection_id,
            **place(Entry(key, 0, to_ns(now))),
            "status": Status.PENDING.value,
            "moment": to_ns(now),
        }
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        cursor = connection.execute(
            f"INSERT INTO assets ({names}) VALUES ({marks})", tuple(columns.values())
        )
        return int(cursor.lastrowid or 0)

    def keep_only(self, batch: str) -> int:
        """Take the records of other imports out, and return how many; a sync marks them missing."""
        with self._database.writing() as connection:
            cursor = connection.execute(
                "DELETE FROM items WHERE batch != ? "
                "AND asset_id IN (SELECT id FROM assets WHERE collection_id = ?)",
                (batch, self._collection_id),
            )
            return cursor.rowcount

    def entries(self) -> Iterator[Entry]:
        """Yield all records that have a picture."""
        after = 0
        while rows := self._rows(
            f"{_LISTED} AND assets.id > ? ORDER BY assets.id LIMIT ?",
            (self._collection_id, after, PAGE),
        ):
            yield from map(_entry, rows)
            after = rows[-1]["id"]

    def entries_at(self, keys: Iterable[str]) -> Iterator[Entry]:
        """Yield those of some records that are there."""
        yield from map(
            _entry,
            self._rows(
                f"{_LISTED} AND key IN (SELECT value FROM json_each(?))",
                (self._collection_id, json.dumps(list(keys))),
            ),
        )

    def image(self, key: str) -> str | None:
        """Return where the picture of a record lies, or None where there is no such record."""
        rows = self._rows(f"{_LISTED} AND key = ?", (self._collection_id, key))
        return str(rows[0]["image"]) if rows else None

    def waiting(self) -> int:
        """Count the records whose present picture was not looked at yet."""
        rows = self._rows(
            "SELECT count(*) FROM items JOIN assets ON assets.id = asset_id "
            "WHERE collection_id = ? AND etag != mark AND reason IS NULL AND image != ''",
            (self._collection_id,),
        )
        return int(rows[0][0])

    def _rows(self, select: str, values: Sequence[object]) -> list[sqlite3.Row]:
        with self._database.reading() as connection:
            return connection.execute(select, tuple(values)).fetchall()


def mark(image: str) -> str:
    """Return what tells one place of a picture from another."""
    return hashlib.sha256(image.encode()).hexdigest()[:32]


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(row["key"], -1, row["mtime_ns"], row["mark"])
