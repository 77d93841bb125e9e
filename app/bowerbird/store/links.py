"""Which pictures are copies or similar shots, as pairs that were checked and their groups."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bowerbird.store.rows import id_list

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.store.connection import Database

    Ids = NDArray[np.int64]
    Edges = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Hashes:
    """The DCT hashes of assets, by ascending id, their contents, and when they were taken.

    Attributes:
        ids: int64 [n].
        phashes: uint64 [n].
        contents: Their md5, 32 bytes each [n].
        taken: Seconds on the camera's clock, float64 [n]; NaN where it is not known.
    """

    ids: Ids
    phashes: NDArray[np.uint64]
    contents: NDArray[np.bytes_]
    taken: NDArray[np.float64]

    def places(self, ids: Ids) -> Ids:
        """Return where some assets stand here, -1 for those that do not, int64 [n]."""
        if not len(self.ids):
            return np.full(len(ids), -1, np.int64)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[at] == ids, at, -1)

    def content(self, asset_id: int) -> str | None:
        """Return the md5 of an asset; None where it does not stand here."""
        at = int(np.searchsorted(self.ids, asset_id))
        known = at < len(self.ids) and self.ids[at] == asset_id
        return self.contents[at].decode() if known else None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two assets that belong together, and the contents that were compared."""

    one: int
    other: int
    md5: str
    other_md5: str


class Links:
    """The copies of a library. Made by `Store.links`."""

    # Tables of the pairs, and of what was checked and belongs to which group.
    _pairs: ClassVar[str] = "links"
    _checked: ClassVar[str] = "linked"

    def __init__(self, database: Database) -> None:
        self._database = database

    def unchecked(self, encoder_id: str) -> Ids:
        """Return the `ok` assets that were not compared since their content changed.

        Those without an embedding of the encoder wait until they have one. Not videos: those that
        share a scene are not copies, only files of the same content are.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT a.id FROM assets a LEFT JOIN {self._checked} l ON l.asset_id = a.id "
                "WHERE a.status = 'ok' AND a.time IS NULL AND l.md5 IS NOT a.md5 AND EXISTS "
                "(SELECT 1 FROM embeddings e WHERE e.asset_id = a.id AND e.encoder = ?) "
                "ORDER BY a.id",
                (encoder_id,),
            ).fetchall()
        return np.fromiter((row[0] for row in rows), np.int64, len(rows))

    def hashes(self) -> Hashes:
        """Return the hashes of all `ok` assets but videos."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, phash, md5, (julianday(taken) - 2440587.5) * 86400.0 "
                "FROM hashes JOIN assets ON id = asset_id "
                "WHERE status = 'ok' AND time IS NULL AND md5 IS NOT NULL ORDER BY id"
            ).fetchall()
        ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        signed = np.fromiter((row[1] for row in rows), np.int64, len(rows))
        contents = np.fromiter((row[2].encode() for row in rows), "S32", len(rows))
        seconds = (np.nan if row[3] is None else row[3] for row in rows)
        taken = np.fromiter(seconds, np.float64, len(rows))
        return Hashes(ids, signed.view(np.uint64), contents, taken)

    def contents(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the md5 of assets by id."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, md5 FROM assets WHERE md5 IS NOT NULL "
                "AND id IN (SELECT value FROM json_each(?))",
                (id_list(ids),),
            ).fetchall()
        return {row[0]: row[1] for row in rows}

    def add(self, checked: Mapping[int, str], pairs: Iterable[Pair]) -> None:
        """Note that assets of these contents were checked, and which pairs belong together.

        A pair of which one has another content by now is not noted; that one is checked again.
        """
        with self._database.writing() as connection:
            connection.executemany(
                f"INSERT OR REPLACE INTO {self._checked} (asset_id, md5) "
                "SELECT id, ? FROM assets WHERE id = ?",
                [(md5, each) for each, md5 in checked.items()],
            )
            connection.executemany(
                f"INSERT OR IGNORE INTO {self._pairs} "
                "SELECT min(x.id, y.id), max(x.id, y.id) FROM assets x CROSS JOIN assets y "
                "WHERE x.id = ? AND x.md5 = ? AND y.id = ? AND y.md5 = ?",
                [(pair.one, pair.md5, pair.other, pair.other_md5) for pair in pairs],
            )

    def clear(self) -> None:
        """Forget all pairs and groups, and that anything was checked."""
        with self._database.writing() as connection:
            connection.execute(f"DELETE FROM {self._pairs}")
            connection.execute(f"DELETE FROM {self._checked}")

    def group(self) -> int:
        """Make groups of what hangs together, files of one content included; return how many."""
        with self._database.writing() as connection:
            same = connection.execute(
                "SELECT group_concat(id) FROM assets INDEXED BY assets_md5 "
                "WHERE md5 IS NOT NULL AND status = 'ok' AND file_id IS NULL "
                "GROUP BY md5 HAVING count(*) > 1"
            ).fetchall()
            alike = [[int(each) for each in row[0].split(",")] for row in same]
            edges = self._edges(connection)
            edges += [(group[0], other) for group in alike for other in group[1:]]
            return self._keep(connection, _joined(edges))

    def _edges(self, connection: sqlite3.Connection) -> list[tuple[int, int]]:
        # Crossed in this order: the planner would rather pair all that are ok.
        rows = connection.execute(
            f"SELECT a, b FROM {self._pairs} CROSS JOIN assets x ON x.id = a "
            "CROSS JOIN assets y ON y.id = b WHERE x.status = 'ok' AND y.status = 'ok'"
        ).fetchall()
        return [(row[0], row[1]) for row in rows]

    def _keep(self, connection: sqlite3.Connection, groups: Mapping[int, int]) -> int:
        """Note the group of each asset, and return how many groups there are."""
        connection.execute(f"UPDATE {self._checked} SET grp = NULL WHERE grp IS NOT NULL")
        connection.executemany(
            f"INSERT INTO {self._checked} (asset_id, md5, grp) "
            "SELECT id, '', ? FROM assets WHERE id = ? "
            "ON CONFLICT (asset_id) DO UPDATE SET grp = excluded.grp",
            [(group, each) for each, group in groups.items()],
        )
        return len(set(groups.values()))

    @classmethod
    def forget(cls, connection: sqlite3.Connection, asset_id: int) -> None:
        """Forget the pairs of an asset whose content is another, and that it was checked."""
        connection.execute(f"DELETE FROM {cls._pairs} WHERE a = ?1 OR b = ?1", (asset_id,))
        connection.execute(f"DELETE FROM {cls._checked} WHERE asset_id = ?", (asset_id,))

    def groups(self, ids: Ids) -> list[list[int]]:
        """Return the groups among some assets, each by ascending id."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT grp, asset_id FROM json_each(?) j CROSS JOIN {self._checked} "
                "ON asset_id = j.value CROSS JOIN assets ON assets.id = asset_id "
                "WHERE grp IS NOT NULL AND status = 'ok' ORDER BY grp, asset_id",
                (id_list(ids),),
            ).fetchall()
        found: dict[int, list[int]] = {}
        for group, asset_id in rows:
            found.setdefault(group, []).append(asset_id)
        return [group for group in found.values() if len(group) > 1]


class Shots(Links):
    """The similar shots of a library. Made by `Store.shots`."""

    _pairs = "shots"
    _checked = "compared"

    def group(self) -> int:
        """Make groups of which each member is like one in its middle; return how many.

        Copies of one shot go together, so the copies are to be grouped before.
        """
        with self._database.writing() as connection:
            rows = connection.execute(
                "SELECT grp, asset_id FROM linked CROSS JOIN assets ON id = asset_id "
                "WHERE grp IS NOT NULL AND status = 'ok'"
            ).fetchall()
            first = {row[1]: row[0] for row in rows}
            edges = [(first.get(a, a), first.get(b, b)) for a, b in self._edges(connection)]
            middles = _starred(edges)
            groups = {each: middles[shot] for each, shot in first.items() if shot in middles}
            groups.update((one, middles[one]) for one in middles if one not in first)
            return self._keep(connection, groups)


def _starred(edges: Edges) -> dict[int, int]:
    """Return for ends of edges the middle of their group: those with most neighbours go first.

    A chain of edges is cut where its ends are not neighbours of one middle.
    """
    near: dict[int, set[int]] = {}
    for one, other in edges:
        if one != other:
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
    found: dict[int, int] = {}
    for middle in sorted(near, key=lambda each: (-len(near[each]), each)):
        left = [] if middle in found else [each for each in near[middle] if each not in found]
        if left:
            found.update(dict.fromkeys((middle, *left), middle))
    return found


def _joined(edges: Edges) -> dict[int, int]:
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
    for kind in (Links, Shots):
        kind.forget(connection, asset_id)
