"""Which pictures are copies of one shot, as pairs that were checked and the groups they make."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bowerbird.store.rows import id_list

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.store.connection import Database

    Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hashes:
    """The DCT hashes of assets, by ascending id.

    Attributes:
        ids: int64 [n].
        phashes: uint64 [n].
    """

    ids: Ids
    phashes: NDArray[np.uint64]


class Links:
    """The copies of a library. Made by `Store.links`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unchecked(self) -> Ids:
        """Return the `ok` assets that nobody looked for copies of since their content changed.

        Not videos: those that share a scene are not copies, only files of the same content are.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT a.id FROM assets a LEFT JOIN linked l ON l.asset_id = a.id "
                "WHERE a.status = 'ok' AND a.time IS NULL AND l.md5 IS NOT a.md5 ORDER BY a.id"
            ).fetchall()
        return np.fromiter((row[0] for row in rows), np.int64, len(rows))

    def hashes(self) -> Hashes:
        """Return the hashes of all `ok` assets but videos."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, phash FROM hashes JOIN assets ON id = asset_id "
                "WHERE status = 'ok' AND time IS NULL ORDER BY id"
            ).fetchall()
        ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        signed = np.fromiter((row[1] for row in rows), np.int64, len(rows))
        return Hashes(ids, signed.view(np.uint64))

    def contents(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the md5 of assets by id."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, md5 FROM assets WHERE md5 IS NOT NULL "
                "AND id IN (SELECT value FROM json_each(?))",
                (id_list(ids),),
            ).fetchall()
        return {row[0]: row[1] for row in rows}

    def add(self, checked: dict[int, str], pairs: Iterable[tuple[int, int]]) -> None:
        """Note that assets of these contents were checked, and which pairs are copies."""
        with self._database.writing() as connection:
            connection.executemany(
                "DELETE FROM links WHERE a = ?1 OR b = ?1", [(each,) for each in checked]
            )
            connection.executemany(
                "INSERT OR REPLACE INTO linked (asset_id, md5) "
                "SELECT id, ? FROM assets WHERE id = ?",
                [(md5, each) for each, md5 in checked.items()],
            )
            connection.executemany(
                "INSERT OR IGNORE INTO links SELECT ?1, ?2 WHERE EXISTS "
                "(SELECT 1 FROM assets WHERE id = ?1) AND EXISTS "
                "(SELECT 1 FROM assets WHERE id = ?2)",
                [(min(pair), max(pair)) for pair in pairs],
            )

    def group(self) -> int:
        """Make groups of what hangs together, files of one content included; return how many."""
        with self._database.writing() as connection:
            # Crossed in this order: the planner would rather pair all that are ok.
            edges = connection.execute(
                "SELECT a, b FROM links CROSS JOIN assets x ON x.id = a "
                "CROSS JOIN assets y ON y.id = b WHERE x.status = 'ok' AND y.status = 'ok'"
            ).fetchall()
            same = connection.execute(
                "SELECT group_concat(id) FROM assets INDEXED BY assets_md5 "
                "WHERE md5 IS NOT NULL AND status = 'ok' AND file_id IS NULL "
                "GROUP BY md5 HAVING count(*) > 1"
            ).fetchall()
            alike = [[int(each) for each in row[0].split(",")] for row in same]
            roots = _joined(
                [(row[0], row[1]) for row in edges]
                + [(group[0], other) for group in alike for other in group[1:]]
            )
            connection.execute("UPDATE linked SET grp = NULL WHERE grp IS NOT NULL")
            connection.executemany(
                "INSERT INTO linked (asset_id, md5, grp) SELECT id, '', ? FROM assets WHERE id = ? "
                "ON CONFLICT (asset_id) DO UPDATE SET grp = excluded.grp",
                [(root, each) for each, root in roots.items()],
            )
        return len(set(roots.values()))

    def groups(self, ids: Ids) -> list[list[int]]:
        """Return the groups among some assets, each by ascending id."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT grp, asset_id FROM json_each(?) j "
                "CROSS JOIN linked ON asset_id = j.value CROSS JOIN assets ON assets.id = asset_id "
                "WHERE grp IS NOT NULL AND status = 'ok' ORDER BY grp, asset_id",
                (id_list(ids),),
            ).fetchall()
        found: dict[int, list[int]] = {}
        for group, asset_id in rows:
            found.setdefault(group, []).append(asset_id)
        return [group for group in found.values() if len(group) > 1]


def _joined(edges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return for each end of an edge the smallest that it hangs together with."""
    above: dict[int, int] = {}

    def root(of: int) -> int:
        while above[of] != of:
            above[of] = above[above[of]]
            of = above[of]
        return of

    for one, other in edges:
        if one == other:
            continue
        above.setdefault(one, one)
        above.setdefault(other, other)
        a, b = root(one), root(other)
        above[max(a, b)] = min(a, b)
    return {each: root(each) for each in above}


def forget(connection: sqlite3.Connection, asset_id: int) -> None:
    """Forget what was found out about an asset whose content is another."""
    connection.execute("DELETE FROM links WHERE a = ?1 OR b = ?1", (asset_id,))
    connection.execute("DELETE FROM linked WHERE asset_id = ?", (asset_id,))
