"""Writes records and what users say of assets, always inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bowerbird.errors import ConflictError
from bowerbird.store import links
from bowerbird.store.diff import touch
from bowerbird.store.rows import collection, id_list, oklab, orientation, place, to_ns
from bowerbird.store.words import metadata_text, split
from bowerbird.types import (
    Collection,
    Entry,
    Fingerprint,
    Quality,
    Record,
    SourceKind,
    Status,
    fragment,
)

if TYPE_CHECKING:
    from bowerbird.types import Vector

# The version mark of what could not be read and is to be tried again; no source has it.
UNREAD = "\0"
# What a picture's content says; all of it goes when the content can no longer be read.
_NOTHING: dict[str, Any] = dict.fromkeys(
    (
        "md5",
        "head_tail",
        "format",
        "width",
        "height",
        "orientation",
        "taken",
        "camera",
        "latitude",
        "longitude",
    )
)


def add_collection(
    connection: sqlite3.Connection,
    name: str,
    kind: SourceKind,
    location: str,
    config: Mapping[str, Any],
) -> Collection:
    """Make a collection; a name that is taken gets a number, as in `photos (2)`.

    Raises:
        ConflictError: There is one with this source already.
    """
    same = "SELECT * FROM collections WHERE kind = ? AND location = ?"
    if taken := connection.execute(same, (kind.value, location)).fetchone():
        raise ConflictError(f"{location} is the collection {taken['name']!r} already. Sync it.")
    connection.execute(
        "INSERT INTO collections (uuid, name, kind, location, config) VALUES (?, ?, ?, ?, ?)",
        (
            str(uuid.uuid4()),
            _free_name(connection, name),
            kind.value,
            location,
            json.dumps({"created": datetime.now(UTC).isoformat(), **config}),
        ),
    )
    return collection(connection.execute(same, (kind.value, location)).fetchone())


def _free_name(connection: sqlite3.Connection, name: str) -> str:
    rows = connection.execute("SELECT name FROM collections").fetchall()
    taken = {row[0].casefold() for row in rows}
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def write(connection: sqlite3.Connection, records: Sequence[Record], encoder_id: str) -> None:
    """Store the outcome of each record: the asset and all that was learnt from its pixels."""
    for record in records:
        known = _known(connection, record)
        if record.retry and known is not None and known["md5"] is not None:
            # The next sync finds it changed, and until then it is what it was.
            update(connection, known["id"], {"reason": record.reason or "unknown", "etag": UNREAD})
            continue
        file_id = _write(connection, record, _columns(record), known, encoder_id)
        _write_frames(connection, record, file_id, encoder_id)
    touch(connection)


def _write_frames(
    connection: sqlite3.Connection, record: Record, file_id: int, encoder_id: str
) -> None:
    """Store the further frames of a video in place of those that it had; equal times stay."""
    kept = []
    for frame in record.frames:
        one = replace(
            record,
            entry=replace(record.entry, key=record.entry.key + fragment(frame.time)),
            asset_id=None,
            fingerprint=Fingerprint(frame.md5, ""),
            decoded=frame.decoded,
            embedding=frame.embedding,
            time=frame.time,
        )
        whole = place(record.entry)
        # Without a mark of its file's content, it is never taken for a file that moved.
        columns = _columns(one)
        columns |= {
            "name": whole["name"],
            "folder": whole["folder"],
            "moment": columns["moment"] - int(frame.time * 1000),
            "head_tail": None,
            "file_id": file_id,
        }
        kept.append(_write(connection, one, columns, _known(connection, one), encoder_id))
    connection.execute(
        "DELETE FROM assets WHERE file_id = ? AND id NOT IN (SELECT value FROM json_each(?))",
        (file_id, id_list(kept)),
    )


def _write(
    connection: sqlite3.Connection,
    record: Record,
    columns: dict[str, Any],
    known: sqlite3.Row | None,
    encoder_id: str,
) -> int:
    """Store one asset, in place of what is known; return its id."""
    if known is None:
        asset_id = _insert(connection, columns | {"uuid": str(uuid.uuid4())})
        index_words(connection, [asset_id])
    else:
        asset_id = known["id"]
        # Vectors of other encoders hold as long as the content does.
        if known["md5"] != columns["md5"] or columns["md5"] is None:
            connection.execute("DELETE FROM embeddings WHERE asset_id = ?", (asset_id,))
            links.forget(connection, asset_id)
        update(connection, asset_id, columns)
        if known["key"] != columns["key"] or known["md5"] != columns["md5"]:
            index_words(connection, [asset_id])
        connection.execute("DELETE FROM hashes WHERE asset_id = ?", (asset_id,))
        connection.execute("DELETE FROM colours WHERE asset_id = ?", (asset_id,))
        connection.execute("DELETE FROM qualities WHERE asset_id = ?", (asset_id,))
    _write_content(connection, asset_id, record, encoder_id)
    return asset_id


def _known(connection: sqlite3.Connection, record: Record) -> sqlite3.Row | None:
    """The asset to replace: the one named, or the one that lies under the key."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT id, key, md5 FROM assets WHERE collection_id = ? AND (id = ? OR key = ?) "
        "ORDER BY id = ? DESC",
        (record.collection_id, record.asset_id, record.entry.key, record.asset_id),
    ).fetchone()
    return row


def _columns(record: Record) -> dict[str, Any]:
    entry, decoded, marks = record.entry, record.decoded, record.fingerprint
    columns = {
        "collection_id": record.collection_id,
        **place(entry),
        "missing_since": None,
        "moment": entry.mtime_ns,
        "time": record.time,
        "file_id": None,
        **_NOTHING,
    }
    if decoded is None or marks is None:
        if record.retry:
            columns["etag"] = UNREAD
        return columns | {"status": Status.FAILED.value, "reason": record.reason or "unknown"}
    exif = decoded.exif
    if exif.taken is not None:
        columns["moment"] = to_ns(exif.taken)
    return columns | {
        "status": Status.OK.value,
        "reason": None,
        "md5": marks.md5,
        "head_tail": marks.head_tail,
        "format": decoded.format,
        "width": decoded.width,
        "height": decoded.height,
        "orientation": orientation(decoded.width, decoded.height).value,
        "taken": exif.taken.isoformat() if exif.taken else None,
        "camera": exif.camera,
        "latitude": exif.latitude,
        "longitude": exif.longitude,
    }


def _insert(connection: sqlite3.Connection, columns: dict[str, Any]) -> int:
    names = ", ".join(columns)
    marks = ", ".join("?" * len(columns))
    cursor = connection.execute(
        f"INSERT INTO assets ({names}) VALUES ({marks})", tuple(columns.values())
    )
    return int(cursor.lastrowid or 0)


def update(connection: sqlite3.Connection, asset_id: int, columns: dict[str, Any]) -> None:
    """Set columns (named by the code, never by a user) of one asset."""
    settings = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE assets SET {settings} WHERE id = ?", (*columns.values(), asset_id))


def _write_content(
    connection: sqlite3.Connection, asset_id: int, record: Record, encoder_id: str
) -> None:
    if record.decoded is None:
        return
    connection.execute(
        "INSERT INTO hashes VALUES (?, ?, ?)",
        (asset_id, signed(record.decoded.phash), signed(record.decoded.dhash)),
    )
    connection.executemany(
        "INSERT INTO colours VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (asset_id, rank, c.red << 16 | c.green << 8 | c.blue, *oklab(c), c.weight)
            for rank, c in enumerate(record.decoded.colours)
        ],
    )
    if record.decoded.quality is not None:
        set_qualities(connection, {asset_id: record.decoded.quality})
    if record.embedding is not None:
        # Replaced, not updated: the new row's id tells vector indexes that the old one is dead.
        connection.execute(
            "DELETE FROM embeddings WHERE asset_id = ? AND encoder = ?", (asset_id, encoder_id)
        )
        connection.execute(
            "INSERT INTO embeddings (asset_id, encoder, live, vector) VALUES (?, ?, 1, ?)",
            (asset_id, encoder_id, packed(record.embedding)),
        )


def set_qualities(connection: sqlite3.Connection, found: Mapping[int, Quality]) -> None:
    """Note how good pictures are, by asset id; ids that are gone are left out."""
    connection.executemany(
        "INSERT OR REPLACE INTO qualities SELECT id, ?, ?, ?, ? FROM assets WHERE id = ?",
        [
            (one.overall, one.sharpness, one.brightness, one.composition, asset_id)
            for asset_id, one in found.items()
        ],
    )


def packed(vector: Vector) -> bytes:
    """Return a vector as little-endian float16, as it is kept.

    Raises:
        ValueError: It holds NaN or infinity, which would poison every ranking.
    """
    import numpy as np

    if not np.isfinite(vector).all():
        raise ValueError("the encoder gave a vector that is not finite")
    return np.asarray(vector).astype("<f2").tobytes()


def signed(bits: int) -> int:
    """Return 64 unsigned bits as the signed integer that SQLite can hold."""
    return bits - (1 << 64) if bits >= 1 << 63 else bits


def move(connection: sqlite3.Connection, asset_id: int, entry: Entry, collection_id: int) -> None:
    """Put an asset under a new key, of another collection too; what else lay there gives way."""
    connection.execute(
        "DELETE FROM assets WHERE key = ? AND id != ? AND collection_id = ?",
        (entry.key, asset_id, collection_id),
    )
    columns = {
        **place(entry),
        "collection_id": collection_id,
        "status": Status.OK.value,
        "missing_since": None,
        "reason": None,
    }
    update(connection, asset_id, columns)
    connection.execute(
        "UPDATE assets SET moment = mtime_ns WHERE id = ? AND taken IS NULL", (asset_id,)
    )
    frames = connection.execute("SELECT id FROM assets WHERE file_id = ?", (asset_id,))
    index_words(connection, [asset_id, *(row[0] for row in frames.fetchall())])
    touch(connection)


def index_words(connection: sqlite3.Connection, asset_ids: Iterable[int]) -> None:
    """Make the full text of assets agree with their rows."""
    wanted = id_list(asset_ids)
    rows = connection.execute(
        "SELECT assets.id, name, folder, metadata, ("
        "  SELECT group_concat(tags.name, ' ') FROM asset_tags JOIN tags ON tags.id = tag_id"
        "  WHERE asset_id = assets.id"
        ") AS tags, (SELECT text FROM readings WHERE readings.md5 = assets.md5) AS read "
        "FROM json_each(?) CROSS JOIN assets ON assets.id = value",
        (wanted,),
    ).fetchall()
    connection.executemany(
        "INSERT OR REPLACE INTO words (rowid, name, folder, tags, metadata, read) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                row["id"],
                split(row["name"]),
                split(row["folder"]),
                split(row["tags"] or ""),
                metadata_text(json.loads(row["metadata"])),
                split(row["read"] or ""),
            )
            for row in rows
        ],
    )


def tag(connection: sqlite3.Connection, asset_ids: Sequence[int], tags: Sequence[str]) -> None:
    """Give tags to assets; a tag differs from another by more than case."""
    for name in tags:
        connection.execute("INSERT OR IGNORE INTO tags (name) VALUES (?)", (name,))
        connection.execute(
            "INSERT OR IGNORE INTO asset_tags SELECT assets.id, tags.id FROM json_each(?) "
            "JOIN assets ON assets.id = value JOIN tags ON tags.name = ?",
            (id_list(asset_ids), name),
        )
    index_words(connection, asset_ids)


def untag(connection: sqlite3.Connection, asset_ids: Sequence[int], tags: Sequence[str]) -> None:
    """Take tags from assets; a tag that no asset has any more is forgotten."""
    for name in tags:
        connection.execute(
            "DELETE FROM asset_tags WHERE asset_id IN (SELECT value FROM json_each(?)) "
            "AND tag_id = (SELECT id FROM tags WHERE name = ?)",
            (id_list(asset_ids), name),
        )
        connection.execute(
            "DELETE FROM tags WHERE name = ? "
            "AND NOT EXISTS (SELECT 1 FROM asset_tags WHERE tag_id = tags.id)",
            (name,),
        )
    index_words(connection, asset_ids)
