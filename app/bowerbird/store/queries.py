"""Answers questions about assets with ids, on a connection that the caller lends."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bowerbird.store import filters
from bowerbird.store.rows import id_list
from bowerbird.store.words import match_query
from bowerbird.types import CollectionCounts, Filter, Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.types import Vector

    Ids = NDArray[np.int64]


def _ids(connection: sqlite3.Connection, select: str, values: Sequence[Any]) -> Ids:
    cursor = connection.cursor()
    # Plain tuples: a million ids need no names.
    cursor.row_factory = None
    found = cursor.execute(select, values).fetchall()
    return np.fromiter((row[0] for row in found), np.int64, len(found))


def eligible(connection: sqlite3.Connection, wanted: Filter | None) -> Ids:
    """Return the ids of the assets that match, ascending, int64 [n]."""
    condition, values = filters.where(wanted)
    return np.sort(_ids(connection, f"SELECT id FROM assets WHERE {condition}", values))


def browse(
    connection: sqlite3.Connection, wanted: Filter | None, limit: int | None, offset: int
) -> tuple[Ids, int]:
    """Return a page of matching ids, newest first (taken, else modified), and their number."""
    condition, values = filters.where(wanted)
    page = _ids(
        connection,
        f"SELECT id FROM assets WHERE {condition} ORDER BY moment DESC, id DESC LIMIT ? OFFSET ?",
        [*values, -1 if limit is None else limit, offset],
    )
    count = f"SELECT count(*) FROM assets WHERE {condition}"
    return page, int(connection.execute(count, values).fetchone()[0])


def group_values(connection: sqlite3.Connection, ids: Ids, field: str) -> list[Hashable | None]:
    """Return the value of a field for each id; None where there is none."""
    sql, values = filters.column(field)
    found = connection.execute(
        f"SELECT assets.id, {sql} FROM json_each(?) j CROSS JOIN assets ON assets.id = j.value",
        [*values, id_list(ids)],
    ).fetchall()
    known = dict(map(tuple, found))
    return [known.get(asset_id) for asset_id in ids.tolist()]


def match_text(connection: sqlite3.Connection, text: str, wanted: Filter | None, limit: int) -> Ids:
    """Return the ids of the assets whose words hold all words of `text`, best first (BM25)."""
    condition, values = filters.where(wanted)
    query = match_query(text)
    if not query:
        return np.empty(0, np.int64)
    return _ids(
        connection,
        "SELECT assets.id FROM words CROSS JOIN assets ON assets.id = words.rowid "
        f"WHERE words MATCH ? AND {condition} ORDER BY bm25(words), assets.id LIMIT ?",
        [query, *values, limit],
    )


def counts(connection: sqlite3.Connection, collection_id: int | None) -> CollectionCounts:
    """Count the assets of one collection, or of all."""
    # Named, since the planner would rather read the whole table in the order of the states.
    found = connection.execute(
        "SELECT status, count(*), sum(size) FROM assets INDEXED BY assets_counts "
        f"WHERE {'TRUE' if collection_id is None else 'collection_id = :id'} GROUP BY status",
        {"id": collection_id},
    ).fetchall()
    by_status = {status: number for status, number, _ in found}
    return CollectionCounts(
        by_status.get(Status.OK.value, 0),
        by_status.get(Status.FAILED.value, 0),
        by_status.get(Status.MISSING.value, 0),
        sum(size for _, _, size in found),
    )


def embedded(connection: sqlite3.Connection, encoder_id: str) -> int:
    """Count the `ok` assets that have an embedding of the encoder."""
    row = connection.execute(
        "SELECT count(*) FROM embeddings WHERE encoder = ? AND live = 1", (encoder_id,)
    ).fetchone()
    return int(row[0])


def vectors(connection: sqlite3.Connection, encoder_id: str, ids: Ids) -> tuple[Ids, Vector]:
    """Return those of `ids` that have an embedding, int64 [n], and these, float32 [n, dim]."""
    found = connection.execute(
        "SELECT asset_id, vector FROM json_each(?) j "
        "CROSS JOIN embeddings ON asset_id = j.value AND encoder = ? ORDER BY j.key",
        (id_list(ids), encoder_id),
    ).fetchall()
    known = np.fromiter((row[0] for row in found), np.int64, len(found))
    halves = np.frombuffer(b"".join(row[1] for row in found), "<f2")
    return known, halves.reshape(len(found), -1 if found else 0).astype(np.float32)


def sample(connection: sqlite3.Connection, encoder_id: str, count: int) -> Vector:
    """Return `count` embeddings (or all) spread evenly over those of `ok` assets."""
    assets = _ids(
        connection,
        "SELECT asset_id FROM embeddings WHERE encoder = ? AND live = 1 ORDER BY asset_id",
        (encoder_id,),
    )
    step = max(1.0, len(assets) / max(1, count))
    chosen = (np.arange(min(count, len(assets))) * step).astype(np.intp)
    return vectors(connection, encoder_id, assets[chosen])[1]
