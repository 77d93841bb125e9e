"""Answers questions about assets with ids, on a connection that the caller lends."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bowerbird.errors import UsageError
from bowerbird.store import facts, filters
from bowerbird.store.rows import id_list
from bowerbird.store.words import match_query
from bowerbird.types import PIXEL_CLASSES, CollectionCounts, Facets, Filter, Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.types import Vector

    Ids = NDArray[np.int64]


# Where the main colour is on the wheel of OKLab, 0 to 4 from a = 1 on, without trigonometry, which
# not every SQLite has; what has hardly any colour follows from dark to light.
HUE = """
    SELECT CASE
        WHEN a * a + b * b < 0.0012 THEN 10 + lightness
        WHEN b >= 0 AND a >= 0 THEN b / (a + b)
        WHEN b >= 0 THEN 1 - a / (b - a)
        WHEN a < 0 THEN 2 + b / (a + b)
        ELSE 3 + a / (a - b)
    END FROM colours WHERE asset_id = assets.id AND rank = 0
"""
# What a result can be ordered by. `moment` is when a picture was taken, else its file changed.
SORTS = {
    "date": "moment",
    "name": "assets.name COLLATE NOCASE",
    "folder": "assets.folder COLLATE NOCASE",
    "size": "assets.size",
    "pixels": "assets.width * assets.height",
    "quality": "(SELECT overall FROM qualities WHERE asset_id = assets.id)",
    "content": "assets.md5",
    "group": "(SELECT grp FROM linked WHERE asset_id = assets.id)",
    "shots": "(SELECT grp FROM compared WHERE asset_id = assets.id)",
    "colour": f"({HUE})",
}
PIXEL_CLASS = "CASE {} END".format(
    " ".join(
        f"WHEN assets.width * assets.height >= {least} THEN '{least}'"
        for least in reversed(PIXEL_CLASSES)
    )
)
# Values of a facet that are worth a line; the folders of a collection can be far more.
COMMON, FOLDERS, MONTHS = 200, 5000, 2400


def _ids(connection: sqlite3.Connection, select: str, values: Sequence[Any]) -> Ids:
    # One text instead of a million rows: a third of the time. The order within it is that of the
    # inner query, which SQLite keeps for this aggregate.
    found = connection.execute(f"SELECT group_concat(id) FROM ({select})", values).fetchone()[0]
    return np.fromstring(found or "", np.int64, sep=",")


def eligible(connection: sqlite3.Connection, wanted: Filter | None) -> Ids:
    """Return the ids of the assets that match, ascending, int64 [n]."""
    condition, values = filters.where(wanted)
    return np.sort(_ids(connection, f"SELECT id FROM assets WHERE {condition}", values))


def browse(
    connection: sqlite3.Connection,
    wanted: Filter | None,
    limit: int | None,
    offset: int,
    sort: str | None = None,
) -> tuple[Ids, int]:
    """Return a page of matching ids and their number, newest first (taken, else modified).

    Raises:
        UsageError: There is no order `sort`.
    """
    condition, values = filters.where(wanted)
    page = _ids(
        connection,
        f"SELECT id FROM assets WHERE {condition} ORDER BY {order(sort)} LIMIT ? OFFSET ?",
        [*values, -1 if limit is None else limit, offset],
    )
    count = f"SELECT count(*) FROM assets WHERE {condition}"
    return page, int(connection.execute(count, values).fetchone()[0])


def order(sort: str | None) -> str:
    """Return what to order by; ties go by id.

    Raises:
        UsageError: There is no such order.
    """
    if sort is None:
        return "moment DESC, id DESC"
    known = SORTS.get(sort.removeprefix("-"))
    if known is None:
        raise UsageError(f"Cannot sort by {sort!r}. Use {', '.join(SORTS)}, or one as in -date.")
    return f"{known} DESC, assets.id DESC" if sort.startswith("-") else f"{known}, assets.id"


def ordered(connection: sqlite3.Connection, ids: Ids, sort: str) -> Ids:
    """Return `ids` in another order.

    Raises:
        UsageError: There is no such order.
    """
    return _ids(
        connection,
        "SELECT assets.id FROM json_each(?) j CROSS JOIN assets ON assets.id = j.value "
        f"ORDER BY {order(sort)}",
        [id_list(ids)],
    )


def shapes(connection: sqlite3.Connection, ids: Ids) -> Vector:
    """Return width over height for each id, float32 [n]; 1 where it is not known."""
    found: Vector = np.ones(len(ids), np.float32)
    for start in range(0, len(ids), 20_000):
        cursor = connection.cursor()
        cursor.row_factory = None
        page = cursor.execute(
            "SELECT j.key, width * 1.0 / height FROM json_each(?) j "
            "CROSS JOIN assets ON assets.id = j.value WHERE width > 0 AND height > 0",
            [id_list(ids[start : start + 20_000])],
        ).fetchall()
        if page:
            rows, values = zip(*page, strict=True)
            found[start + np.array(rows)] = values
    return found


def facets(connection: sqlite3.Connection, wanted: Filter | None) -> Facets:
    """Count what the matching assets hold."""
    condition, values = filters.where(wanted)

    def counted(sql: str, by: str, limit: int = COMMON) -> tuple[tuple[str, int], ...]:
        found = connection.execute(
            f"SELECT {sql} AS value, count(*) AS many FROM assets "
            f"WHERE {condition} AND {sql} IS NOT NULL GROUP BY 1 ORDER BY {by} LIMIT {limit}",
            values,
        ).fetchall()
        return tuple((str(row[0]), int(row[1])) for row in found)

    tags = connection.execute(
        "SELECT tags.name, count(*) AS many FROM assets "
        "JOIN asset_tags ON asset_id = assets.id JOIN tags ON tags.id = tag_id "
        f"WHERE {condition} GROUP BY tags.id ORDER BY many DESC, 1 LIMIT {COMMON}",
        values,
    ).fetchall()
    most = "many DESC, value"
    return Facets(
        folders=counted("assets.folder", "value", FOLDERS),
        tags=tuple((str(row[0]), int(row[1])) for row in tags),
        formats=counted("assets.format", most),
        orientations=counted("assets.orientation", most),
        cameras=counted("assets.camera", most),
        pixels=counted(PIXEL_CLASS, "CAST(value AS INTEGER)"),
        facts=facts.facts(connection, condition, values),
        months=counted("strftime('%Y-%m', moment / 1000000000, 'unixepoch')", "value", MONTHS),
    )


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
        "SELECT status, count(*), sum(max(size, 0)) FROM assets INDEXED BY assets_counts "
        f"WHERE {'TRUE' if collection_id is None else 'collection_id = :id'} GROUP BY status",
        {"id": collection_id},
    ).fetchall()
    # Of a video's frames all but the first are counted as pictures, and not as files.
    frames, repeated = connection.execute(
        "SELECT count(*) FILTER (WHERE status = 'ok'), coalesce(sum(max(size, 0)), 0) "
        "FROM assets INDEXED BY assets_frames WHERE file_id IS NOT NULL "
        f"AND {'TRUE' if collection_id is None else 'collection_id = :id'}",
        {"id": collection_id},
    ).fetchone()
    by_status = {status: number for status, number, _ in found}
    return CollectionCounts(
        by_status.get(Status.OK.value, 0),
        by_status.get(Status.FAILED.value, 0),
        by_status.get(Status.MISSING.value, 0),
        sum(size for _, _, size in found) - repeated,
        by_status.get(Status.PENDING.value, 0),
        frames=frames,
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
        "SELECT asset_id AS id FROM embeddings WHERE encoder = ? AND live = 1 ORDER BY id",
        (encoder_id,),
    )
    step = max(1.0, len(assets) / max(1, count))
    chosen = (np.arange(min(count, len(assets))) * step).astype(np.intp)
    return vectors(connection, encoder_id, assets[chosen])[1]
