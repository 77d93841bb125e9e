"""The text in pictures, kept by content, so that every copy of a picture has it."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from bowerbird.store import writing
from bowerbird.store.rows import id_list
from bowerbird.types import Reading, TextLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bowerbird.store.connection import Database

    Ids = NDArray[np.int64]


class Readings:
    """What was read in the pictures of a library. Made by `Store.readings`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unread(self, eligible: Ids, *, again: bool = False) -> list[int]:
        """Return the assets to look at for text, the newest first, one for every content.

        Args:
            eligible: The assets to choose from.
            again: Whether those count that were looked at before.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT min(a.id) FROM json_each(?) j CROSS JOIN assets a ON a.id = j.value "
                "WHERE a.md5 IS NOT NULL AND (? OR NOT EXISTS "
                "(SELECT 1 FROM readings r WHERE r.md5 = a.md5)) "
                "GROUP BY a.md5 ORDER BY max(a.moment) DESC, 1 DESC",
                (id_list(eligible), again),
            ).fetchall()
        return [row[0] for row in rows]

    def put(self, md5: str, reading: Reading) -> None:
        """Keep what was read in a content, and let searches find it; one that is gone is not."""
        text = None if reading.trouble else reading.text
        boxes = [[round(n, 4) for n in (line.confidence, *line.box)] for line in reading.lines]
        with self._database.writing() as connection:
            ids = [
                row[0] for row in connection.execute("SELECT id FROM assets WHERE md5 = ?", (md5,))
            ]
            if not ids:
                return
            connection.execute(
                "INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?)",
                (md5, text, json.dumps(boxes), reading.trouble or None),
            )
            writing.index_words(connection, ids)

    def get(self, md5: str) -> Reading | None:
        """Return what was read in a content; None where nobody looked yet."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT text, boxes, trouble FROM readings WHERE md5 = ?", (md5,)
            ).fetchone()
        return None if row is None else _reading(row)


def _reading(row: sqlite3.Row) -> Reading:
    texts = row["text"].split("\n") if row["text"] else []
    lines = (
        TextLine(text, confidence, (left, top, right, bottom))
        for text, (confidence, left, top, right, bottom) in zip(
            texts, json.loads(row["boxes"]), strict=True
        )
    )
    return Reading(tuple(lines), row["trouble"] or "")
