"""Finds the nearest vectors of one encoder: exactly where that is quick, else through a graph."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bowerbird.store.graph import Graph, Saved, build, sweep
from bowerbird.store.rows import id_list

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.store.connection import Database
    from bowerbird.types import Vector

    Ids = NDArray[np.int64]
    Halves = NDArray[np.float16]

# Rows beside the graph that are scanned exactly: under a millisecond at 512 dimensions.
TAIL = 4096
# A library smaller than this has no graph: a scan is quick, and usearch need not be imported.
SMALL = 10_000
# Rows read and multiplied at a time: few enough that a window beside is not kept from Python.
CHUNK = 512
# Eligible rows that are gathered from SQLite rather than looked for in the graph.
FEW = 4096
# A graph is not asked for more than this share of its rows; a scan is quicker and exact.
DEEP = 1 / 16
# Rows that are named one by one in a query; reading a list of them as JSON takes as long again.
LISTED = 256
# Share of dead rows from which on an index is built anew.
DEAD = 0.25


@dataclass(frozen=True, slots=True)
class _View:
    """What one search sees; replaced as a whole, so that searches need no lock.

    `tail_vectors` is float32 while the tail is short, else float16.
    """

    generation: str
    graph: Graph | None
    tail_ids: Ids
    tail_vectors: NDArray[np.floating]
    live: int

    @property
    def last(self) -> int:
        if len(self.tail_ids):
            return int(self.tail_ids[-1])
        return self.graph.saved.last if self.graph else 0

    @property
    def rows(self) -> int:
        return len(self.tail_ids) + (self.graph.saved.count if self.graph else 0)


class VectorIndex:
    """The embeddings of one encoder, ready to be searched; shared by threads.

    SQLite holds the truth. The graph on disk and the rows newer than it, in memory, are caches.
    """

    def __init__(self, database: Database, folder: Path, encoder_id: str, dim: int) -> None:
        self.encoder_id = encoder_id
        self.dim = dim
        self._database = database
        self._folder = folder
        self._lock = threading.RLock()
        self._view: _View | None = None
        # What SQLite records of a file that turned out to be damaged.
        self._refused: Saved | None = None

    # --- following SQLite -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Catch up with SQLite, also with what another process wrote; quick when nothing changed.

        Raises:
            LibraryError: The database cannot be read.
        """
        with self._database.reading() as connection:
            view = self._view
            if view is not None and view.generation == _generation(connection):
                return
            with self._lock:
                connection.execute("BEGIN")
                try:
                    self._view = self._follow(connection, self._view)
                finally:
                    connection.execute("COMMIT")

    def _follow(self, connection: sqlite3.Connection, view: _View | None) -> _View:
        """Make the view of the snapshot that `connection` sees."""
        generation = _generation(connection)
        saved = self._recorded(connection)
        if view is None or saved != (view.graph.saved if view.graph else self._refused):
            graph = Graph.open(self._folder, saved, self.dim)
            self._refused = saved if graph is None else None
            view = self._bare(generation, graph)
        elif view.generation == generation:
            return view
        new_ids, new_vectors = self._after(connection, view.last)
        ids = np.concatenate([view.tail_ids, new_ids])
        kind = np.float32 if len(ids) <= SMALL else np.float16
        vectors = np.concatenate([view.tail_vectors.astype(kind), new_vectors.astype(kind)])
        live = connection.execute(
            "SELECT count(*) FROM embeddings WHERE encoder = ? AND live = 1", (self.encoder_id,)
        ).fetchone()[0]
        return _View(generation, view.graph, ids, vectors, live)

    def _bare(self, generation: str, graph: Graph | None) -> _View:
        return _View(
            generation, graph, np.empty(0, np.int64), np.empty((0, self.dim), np.float32), 0
        )

    def _after(self, connection: sqlite3.Connection, last: int) -> tuple[Ids, Halves]:
        chunks = list(self._chunks(connection, last))
        if not chunks:
            return np.empty(0, np.int64), np.empty((0, self.dim), np.float16)
        return np.concatenate([c[0] for c in chunks]), np.concatenate([c[1] for c in chunks])

    def _chunks(self, connection: sqlite3.Connection, last: int) -> Iterator[tuple[Ids, Halves]]:
        """Read the rows with higher ids than `last`, in order."""
        while rows := connection.execute(
            "SELECT id, vector FROM embeddings WHERE encoder = ? AND id > ? ORDER BY id LIMIT ?",
            (self.encoder_id, last, CHUNK),
        ).fetchall():
            last = rows[-1][0]
            ids, vectors = zip(*rows, strict=True)
            yield np.array(ids, np.int64), self._matrix(vectors)

    def _matrix(self, blobs: tuple[bytes, ...]) -> Halves:
        joined = np.frombuffer(b"".join(blobs), "<f2")
        return joined.reshape(len(blobs), self.dim)

    def _current(self) -> _View:
        if self._view is None:
            self.refresh()
        assert self._view is not None
        return self._view

    # --- searching ------------------------------------------------------------------------------

    def search(self, vector: Vector, count: int, eligible: Ids | None) -> tuple[Ids, Vector]:
        """Return the assets nearest to `vector`, best first, ties by asset id.

        Args:
            vector: A unit vector, float32 [dim].
            count: How many; fewer come only when there are no more.
            eligible: Asset ids to choose from; None for every asset with status `ok`.

        Returns:
            Asset ids, int64 [m], and their cosines, float32 [m], from the float16 in SQLite, where
            m = min(count, eligible assets that have a vector).
        """
        vector = np.ascontiguousarray(vector, np.float32)
        view = self._current()
        reach = view.live if eligible is None else min(len(eligible), view.rows)
        count = min(count, reach)
        if count <= 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if eligible is not None:
            eligible = _ascending(eligible)
        with self._database.reading() as connection:
            if eligible is not None and len(eligible) <= FEW:
                return self._best(vector, count, self._gather(connection, eligible))
            found = self._near(connection, view, vector, count, reach, eligible)
            if found is not None:
                return found
            rows = self._all(connection) if eligible is None else self._gather(connection, eligible)
            return self._best(vector, count, rows)

    def _near(
        self,
        connection: sqlite3.Connection,
        view: _View,
        vector: Vector,
        count: int,
        reach: int,
        eligible: Ids | None,
    ) -> tuple[Ids, Vector] | None:
        """Fetch ever more neighbours until `count` are eligible; None where a scan is better."""
        most = max(256, int(view.rows * DEEP))
        # A graph is surest about its very nearest, so a filter is given twice the room.
        room = 2 if eligible is None or len(eligible) >= view.live else 4
        depth = max(32, room * count * max(1, view.rows // reach))
        while depth <= most:
            ids = self._neighbours(view, vector, depth)
            assets, scores = self._rank(connection, vector, ids, eligible)
            # Equal scores at the end may go on below: only a fall of the score closes a page.
            full = len(assets) > count and scores[count - 1] > scores[-1]
            if full or (view.graph is None and depth >= view.rows):
                return assets[:count], scores[:count]
            depth *= 4
        return None

    def _neighbours(self, view: _View, vector: Vector, depth: int) -> Ids:
        """Return the nearest of the graph and of the tail, `depth` of each."""
        found = [np.empty(0, np.int64)]
        if view.graph is not None:
            found.append(view.graph.search(vector, min(depth, view.graph.saved.count)))
        scores = [
            view.tail_vectors[at : at + CHUNK].astype(np.float32, copy=False) @ vector
            for at in range(0, len(view.tail_ids), CHUNK)
        ]
        if scores:
            found.append(view.tail_ids[_top(np.concatenate(scores), depth)])
        return np.concatenate(found)

    def _rank(
        self,
        connection: sqlite3.Connection,
        vector: Vector,
        ids: Ids,
        eligible: Ids | None,
    ) -> tuple[Ids, Vector]:
        """Look embeddings up in SQLite, drop dead and ineligible ones, and order the rest."""
        if len(ids) <= LISTED:
            marks = ",".join("?" * len(ids))
            query = f"SELECT asset_id, vector, live FROM embeddings WHERE id IN ({marks})"
            rows = connection.execute(query, ids.tolist()).fetchall()
        else:
            query = "FROM json_each(?) CROSS JOIN embeddings ON embeddings.id = value"
            query = f"SELECT asset_id, vector, live {query}"
            rows = connection.execute(query, (id_list(ids),)).fetchall()
        if eligible is None:
            rows = [row for row in rows if row[2]]
        if not rows:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        assets = np.array([row[0] for row in rows], np.int64)
        scores = self._matrix(tuple(row[1] for row in rows)).astype(np.float32) @ vector
        if eligible is not None:
            at = np.searchsorted(eligible, assets)
            keep = eligible[np.minimum(at, len(eligible) - 1)] == assets
            assets, scores = assets[keep], scores[keep]
        order = np.lexsort((assets, -scores))
        return assets[order], scores[order]

    def _best(
        self, vector: Vector, count: int, chunks: Iterator[tuple[Ids, Halves]]
    ) -> tuple[Ids, Vector]:
        """Score every row of `chunks`; memory holds one chunk of vectors and the scores."""
        assets, scores = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
        for ids, vectors in chunks:
            assets.append(ids)
            scores.append(vectors.astype(np.float32) @ vector)
        every, cosines = np.concatenate(assets), np.concatenate(scores)
        top = _top(cosines, count)
        order = top[np.lexsort((every[top], -cosines[top]))][:count]
        return every[order], cosines[order]

    def _gather(
        self, connection: sqlite3.Connection, eligible: Ids
    ) -> Iterator[tuple[Ids, Halves]]:
        """Read the vectors of assets, in chunks."""
        for at in range(0, len(eligible), CHUNK):
            rows = connection.execute(
                "SELECT asset_id, vector FROM json_each(?) "
                "CROSS JOIN embeddings ON asset_id = value AND encoder = ?",
                (id_list(eligible[at : at + CHUNK]), self.encoder_id),
            ).fetchall()
            if rows:
                assets, vectors = zip(*rows, strict=True)
                yield np.array(assets, np.int64), self._matrix(vectors)

    def _all(self, connection: sqlite3.Connection) -> Iterator[tuple[Ids, Halves]]:
        """Read the vectors of every asset with status `ok`, in chunks."""
        last = 0
        while rows := connection.execute(
            "SELECT id, asset_id, vector, live FROM embeddings WHERE encoder = ? AND id > ? "
            "ORDER BY id LIMIT ?",
            (self.encoder_id, last, CHUNK),
        ).fetchall():
            last = rows[-1][0]
            live = [row for row in rows if row[3]]
            if live:
                _, assets, vectors, _ = zip(*live, strict=True)
                yield np.array(assets, np.int64), self._matrix(vectors)

    # --- the file -------------------------------------------------------------------------------

    def save(self) -> None:
        """Bring the file up to date, if enough has changed to be worth it.

        Raises:
            StorageFullError: No space is left; what was there is kept.
            LibraryError: The database or the index folder cannot be used.
        """
        from filelock import FileLock, Timeout

        self.refresh()
        if not self._outdated():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._folder / "index.lock", blocking=False):
                self._save()
        except Timeout:
            # Another process saves the same rows right now; a search needs no file.
            return

    def _outdated(self) -> bool:
        view = self._current()
        with self._database.reading() as connection:
            stored = self._stored(connection)
        if view.rows - stored > DEAD * view.rows:
            return True
        return len(view.tail_ids) >= TAIL and stored >= SMALL

    def _stored(self, connection: sqlite3.Connection) -> int:
        row = connection.execute(
            "SELECT count(*) FROM embeddings WHERE encoder = ?", (self.encoder_id,)
        ).fetchone()
        return int(row[0])

    def _save(self) -> None:
        """Write a new file; searches go on meanwhile, so the view's lock is not held."""
        # What another process saved since is the better start.
        self.close()
        self.refresh()
        if not self._outdated():
            return
        view = self._current()
        with self._database.reading() as connection:
            stored = self._stored(connection)
            if stored < SMALL:
                self._record(None)
            else:
                dead = view.rows - stored > DEAD * view.rows
                base = None if dead or view.graph is None else view.graph.saved
                chunks = self._chunks(connection, base.last if base else 0)
                saved = build(self._folder, self.encoder_id, self.dim, base, chunks)
                self._record(saved)
                sweep(self._folder, self.encoder_id, saved)
        self.close()
        self.refresh()

    def rebuild(self) -> None:
        """Drop the file and build it anew from SQLite."""
        self._record(None)
        self.close()
        self.save()

    def verify(self) -> str | None:
        """Return what is wrong with the file, or None; a library too small for one is right."""
        with self._database.reading() as connection:
            saved = self._recorded(connection)
        if saved is None:
            return None
        if Graph.open(self._folder, saved, self.dim) is None:
            return f"{saved.file} is missing or damaged"
        return None

    def _recorded(self, connection: sqlite3.Connection) -> Saved | None:
        row = connection.execute(
            "SELECT value FROM meta WHERE key = ?", (f"index:{self.encoder_id}",)
        ).fetchone()
        return Saved.from_json(row[0]) if row else None

    def _record(self, saved: Saved | None) -> None:
        with self._database.writing() as connection:
            connection.execute("DELETE FROM meta WHERE key = ?", (f"index:{self.encoder_id}",))
            if saved is not None:
                connection.execute(
                    "INSERT INTO meta VALUES (?, ?)",
                    (f"index:{self.encoder_id}", saved.to_json()),
                )

    def close(self) -> None:
        """Let go of the mapped file and the rows in memory; a later search takes them up again."""
        with self._lock:
            self._view = None


def _generation(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
    return str(row[0]) if row else ""


def _ascending(ids: Ids) -> Ids:
    """Return ids in order and once; what the store gives is so already, which is quick to see."""
    return ids if bool((ids[1:] > ids[:-1]).all()) else np.unique(ids)


def _top(scores: Vector, count: int) -> NDArray[np.intp]:
    """Positions of the `count` highest scores and of all that are equal to the last of them."""
    if count >= len(scores):
        return np.arange(len(scores))
    least = np.partition(scores, len(scores) - count)[len(scores) - count]
    return np.flatnonzero(scores >= least)
