"""The shapes of pictures' subjects, kept by asset, and the ones that are like a given one."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bowerbird.store.rows import id_list

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.store.connection import Database
    from bowerbird.types import Silhouette, Vector

    Ids = NDArray[np.int64]

# Shapes that are compared at once.
PAGE = 20_000


class Silhouettes:
    """The shapes of a library. Made by `Store.silhouettes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def missing(self) -> list[tuple[int, str]]:
        """Return id and md5 of the `ok` assets whose present content has no shape yet."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT a.id, a.md5 FROM assets a LEFT JOIN silhouettes s ON s.asset_id = a.id "
                "WHERE a.status = 'ok' AND s.md5 IS NOT a.md5 ORDER BY a.id"
            ).fetchall()
        return [(row[0], row[1]) for row in rows]

    def put(self, found: Mapping[tuple[int, str], Silhouette | None]) -> None:
        """Keep shapes by id and md5; None says that nothing stands out in the picture."""
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO silhouettes SELECT id, ?, ?, ?, ? FROM assets WHERE id = ?",
                [(md5, *_columns(shape), asset_id) for (asset_id, md5), shape in found.items()],
            )

    def nearest(self, shapes: Vector, eligible: Ids, count: int) -> tuple[Ids, Vector]:
        """Return the assets whose shapes are most like one of some, int64 [n], and their cosines.

        Args:
            shapes: Unit length, float32 [shapes, 256].
            eligible: The assets to choose from.
            count: How many.
        """
        ids: list[Ids] = [np.empty(0, np.int64)]
        scores: list[Vector] = [np.empty(0, np.float32)]
        with self._database.reading() as connection:
            for start in range(0, len(eligible), PAGE):
                page = _page(connection, eligible[start : start + PAGE])
                if len(page[0]):
                    ids.append(page[0])
                    scores.append((page[1] @ shapes.T).max(1))
        found, near = np.concatenate(ids), np.concatenate(scores)
        order = np.lexsort((found, -near))[:count]
        return found[order], near[order]


def _columns(shape: Silhouette | None) -> tuple[bytes | None, float | None, float | None]:
    if shape is None:
        return None, None, None
    return shape.embedding.astype("<f2").tobytes(), shape.aspect_ratio, shape.coverage


def _page(connection: sqlite3.Connection, ids: Ids) -> tuple[Ids, Vector]:
    rows = connection.execute(
        "SELECT asset_id, vector FROM json_each(?) CROSS JOIN silhouettes ON asset_id = value "
        "WHERE vector IS NOT NULL",
        (id_list(ids),),
    ).fetchall()
    found = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    halves = np.frombuffer(b"".join(row[1] for row in rows), "<f2")
    return found, halves.reshape(len(rows), -1 if rows else 0).astype(np.float32)
