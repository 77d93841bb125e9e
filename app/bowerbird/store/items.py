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
from bowerbird.store.rows import id_list, place, to_ns
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

    def upsert(self, items: Sequence[Item], batch: str, *, foreign: bool = False) -> None:
        """Take records in, each in place of what had its id, in one transaction.

        Metadata that the record does not speak of stays, and so do tags; a picture is only fetched
        anew when it lies elsewhere than before.

        Args:
            items: The records.
            batch: Names the import that they belong to.
            foreign: Whether their pictures are named by somebody else than the user.
        """
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            ids = [self._upsert(connection, item, batch, now, foreign=foreign) for item in items]
            index_words(connection, ids)
            touch(connection)

    def _upsert(
        self,
        connection: sqlite3.Connection,
        item: Item,
        batch: str,
        now: datetime,
        *,
        foreign: bool,
    ) -> int:
        known = connection.execute(
            "SELECT assets.id, metadata, image, foreign_word "
            "FROM assets LEFT JOIN items ON asset_id = assets.id "
            "WHERE collection_id = ? AND key = ?",
            (self._collection_id, item.id),
        ).fetchone()
        if known is None:
            asset_id, before, image = self._insert(connection, item.id, now), {}, ""
        else:
            asset_id, before = known["id"], json.loads(known["metadata"])
            image = known["image"] or ""
            if not item.image:
                foreign = bool(known["foreign_word"])
        metadata = {**before, **item.metadata}
        if metadata != before:
            connection.execute(
                "UPDATE assets SET metadata = ? WHERE id = ?",
                (json.dumps(metadata, ensure_ascii=False, allow_nan=False), asset_id),
            )
        if known is not None and item.image and item.image != image:
            # What was wrong was wrong with another picture.
            connection.execute(
                "UPDATE assets SET reason = NULL, "
                "status = CASE status WHEN 'failed' THEN 'pending' ELSE status END WHERE id = ?",
                (asset_id,),
            )
        image = item.image or image
        connection.execute(
            "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?)",
            (asset_id, image, mark(image), batch, int(foreign)),
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

    def taken(self, batch: str) -> int:
        """Count the records of an import."""
        rows = self._rows(
            "SELECT count(*) FROM items JOIN assets ON asset_id = assets.id "
            "WHERE collection_id = ? AND batch = ?",
            (self._collection_id, batch),
        )
        return int(rows[0][0])

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

    def is_foreign(self, key: str) -> bool:
        """Whether somebody else than the user named the picture of a record."""
        rows = self._rows(
            "SELECT foreign_word FROM assets JOIN items ON asset_id = assets.id "
            "WHERE collection_id = ? AND key = ?",
            (self._collection_id, key),
        )
        return bool(rows and rows[0][0])

    def uses(self, image: str) -> bool:
        """Whether a record has the picture that lies there."""
        return bool(self._rows(f"{_LISTED} AND image = ? LIMIT 1", (self._collection_id, image)))

    def ids(self, keys: Iterable[str]) -> dict[str, int]:
        """Return the assets of those records that are there, by their ids."""
        rows = self._rows(
            "SELECT key, id FROM assets WHERE collection_id = ? "
            "AND key IN (SELECT value FROM json_each(?)) AND status != 'missing'",
            (self._collection_id, json.dumps(list(keys))),
        )
        return {row[0]: row[1] for row in rows}

    def keys(self, ids: Iterable[int]) -> dict[int, str]:
        """Return what the catalogue calls its assets, by their ids."""
        rows = self._rows(
            "SELECT assets.id, assets.key FROM json_each(?) j CROSS JOIN assets "
            "ON assets.id = j.value WHERE collection_id = ?",
            (id_list(ids), self._collection_id),
        )
        return {row[0]: row[1] for row in rows}

    def outdated(self, keys: Iterable[str]) -> set[str]:
        """Return those of some records whose present picture was not looked at yet."""
        rows = self._rows(
            "SELECT key FROM assets JOIN items ON asset_id = assets.id WHERE collection_id = ? "
            "AND key IN (SELECT value FROM json_each(?)) AND etag != mark AND reason IS NULL",
            (self._collection_id, json.dumps(list(keys))),
        )
        return {row[0] for row in rows}

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
