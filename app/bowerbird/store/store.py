"""The store of one library: everything that is kept, behind one thread-safe object."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bowerbird.errors import ConflictError, NotFoundError, UsageError
from bowerbird.store import chroma, facts, filters, health, migrations, queries, rows, writing
from bowerbird.store.access import Access
from bowerbird.store.connection import Database
from bowerbird.store.diff import Diff, touch
from bowerbird.store.failures import corrupt, translated
from bowerbird.store.items import Items
from bowerbird.store.links import Links, Shots
from bowerbird.store.listings import Listing
from bowerbird.store.readings import Readings
from bowerbird.store.rights import tighten
from bowerbird.store.silhouettes import Silhouettes
from bowerbird.store.thumbnails import Thumbnails
from bowerbird.store.unchanged import Unchanged
from bowerbird.types import (
    Asset,
    Check,
    Collection,
    CollectionCounts,
    Entry,
    Facets,
    Filter,
    Quality,
    Record,
    SourceKind,
    Swatch,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bowerbird.store.vectors import VectorIndex
    from bowerbird.types import Vector

    Ids = NDArray[np.int64]

DATABASE = "library.sqlite"
# Bytes of the smallest page, and so of the smallest database.
SMALLEST = 512
THUMBNAIL_CACHE_BYTES = 4 << 30


class Store:
    """SQLite, thumbnails and vector indexes in one folder; shared by threads and processes."""

    def __init__(self, folder: Path, database: Database, thumbnail_cache_bytes: int) -> None:
        self.folder = folder
        self.database = database
        self.thumbnails = Thumbnails(folder / "thumbnails", thumbnail_cache_bytes)
        self._indexes: dict[str, VectorIndex] = {}
        self._embedded: dict[str, tuple[str | None, int]] = {}
        self._unchanged = Unchanged(database)

    @classmethod
    def open(cls, folder: Path, *, thumbnail_cache_bytes: int = THUMBNAIL_CACHE_BYTES) -> Self:
        """Open the library in `folder`, which is made when it is not there.

        Raises:
            LibraryError: It cannot be used; the subclass and the message say why.
            StorageFullError: No space is left to make or migrate it.
        """
        path = folder / DATABASE
        with translated(path):
            folder.mkdir(0o700, parents=True, exist_ok=True)
            # SQLite takes a file of a few bytes for an empty one, and would write over it.
            if path.exists() and 0 < path.stat().st_size < SMALLEST:
                raise corrupt(path)
            # SQLite gives its other files the rights of this one. It holds what addresses of
            # pictures are signed with.
            if not path.exists():
                path.touch(0o600)
            else:
                tighten(folder, path)
            database = Database(path)
            try:
                with database.exclusively() as connection:
                    migrations.prepare(connection, path)
            except BaseException:
                database.close()
                raise
        return cls(folder, database, thumbnail_cache_bytes)

    def close(self) -> None:
        """Close every connection and index."""
        for index in self._indexes.values():
            index.close()
        self._indexes.clear()
        self._unchanged.close()
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- collections ----------------------------------------------------------------------------

    def add_collection(
        self,
        name: str,
        kind: SourceKind,
        location: str,
        config: Mapping[str, Any] | None = None,
    ) -> Collection:
        """Make a collection; a name that is taken gets a number, as in `photos (2)`.

        Raises:
            ConflictError: There is one with this source already.
        """
        with self.database.writing() as connection:
            return writing.add_collection(connection, name, kind, location, config or {})

    def collections(self) -> list[Collection]:
        """Return all collections by name."""

        def read() -> tuple[Collection, ...]:
            select = "SELECT * FROM collections ORDER BY name, id"
            with self.database.reading() as connection:
                return tuple(map(rows.collection, connection.execute(select).fetchall()))

        return list(self._unchanged.get("collections", read))

    def rename_collection(self, collection_id: int, name: str) -> None:
        """Give a collection another name.

        Raises:
            UsageError: The name is empty.
            ConflictError: Another collection has it.
        """
        if not name:
            raise UsageError("A collection needs a name.")
        if any(
            c.id != collection_id and c.name.lower() == name.lower() for c in self.collections()
        ):
            raise ConflictError(f"There is a collection {name!r} already. Take another name.")
        with self.database.writing() as connection:
            connection.execute(
                "UPDATE collections SET name = ? WHERE id = ?", (name, collection_id)
            )

    def remove_collection(self, collection_id: int) -> None:
        """Forget a collection and its assets; the caller holds its `sync_lock`.

        The files of its source are not touched.
        """
        with self.database.writing() as connection:
            connection.execute("DELETE FROM collections WHERE id = ?", (collection_id,))
            touch(connection)

    def configure(self, collection_id: int, changes: Mapping[str, Any]) -> None:
        """Change some of what is kept with a collection; None forgets a value.

        Raises:
            NotFoundError: It is not there any more.
        """
        with self.database.writing() as connection:
            # json_patch is RFC 7396: a null takes its key away.
            cursor = connection.execute(
                "UPDATE collections SET config = json_patch(config, ?) WHERE id = ?",
                (json.dumps(dict(changes)), collection_id),
            )
            if cursor.rowcount == 0:
                raise NotFoundError("The collection is not in this library any more.")

    def finish_sync(self, collection_id: int, when: datetime) -> None:
        """Note when a collection was last synced to its end."""
        with self.database.writing() as connection:
            connection.execute(
                "UPDATE collections SET last_sync = ? WHERE id = ?",
                (when.isoformat(), collection_id),
            )

    def counts(self, collection_id: int | None = None) -> CollectionCounts:
        """Count the assets of one collection, or of all."""
        with self.database.reading() as connection:
            return queries.counts(connection, collection_id)

    @contextlib.contextmanager
    def sync_lock(self, collection_id: int) -> Iterator[None]:
        """Hold the right to sync a collection; the system frees it when the process dies.

        Raises:
            ConflictError: Another process or thread syncs it now.
        """
        from filelock import FileLock, Timeout

        path = self.folder / "locks" / f"collection-{collection_id}.lock"
        with translated(path):
            path.parent.mkdir(exist_ok=True)
            # Whoever only asks whether it is held has it for a moment.
            lock = FileLock(path, timeout=0.3, poll_interval=0.02, thread_local=False)
            try:
                lock.acquire()
            except Timeout:
                raise ConflictError(
                    "This collection is being synced already. Wait until that is done."
                ) from None
        try:
            yield
        finally:
            lock.release()

    def is_syncing(self, collection_id: int) -> bool:
        """Whether a sync of the collection runs now, here or in another process."""
        try:
            with self.sync_lock(collection_id):
                return False
        except ConflictError:
            return True

    # --- indexing -------------------------------------------------------------------------------

    @contextlib.contextmanager
    def diff(
        self, collection_id: int, encoder_id: str, *, retry_failed: bool = False
    ) -> Iterator[Diff]:
        """Compare a listing with a collection; see `Diff`."""
        diff = Diff(self.database, collection_id, encoder_id, retry_failed=retry_failed)
        try:
            yield diff
        finally:
            diff.close()

    @contextlib.contextmanager
    def listing(self, collection_id: int) -> Iterator[Listing]:
        """Lend the listing of a collection; one that is left by an error is gone on with later."""
        path = self.folder / "listings" / f"collection-{collection_id}.sqlite"
        with translated(path):
            listing = Listing(path)
            complete = False
            try:
                yield listing
                complete = True
            finally:
                listing.close(complete=complete)

    def silhouettes(self) -> Silhouettes:
        """Return the shapes of pictures' subjects."""
        return Silhouettes(self.database)

    def readings(self) -> Readings:
        """Return the text in pictures."""
        return Readings(self.database)

    def links(self) -> Links:
        """Return which pictures are copies of one shot."""
        return Links(self.database)

    def shots(self) -> Shots:
        """Return which pictures are similar shots: of one scene, moments apart."""
        return Shots(self.database)

    def access(self) -> Access:
        """Return the keys of the HTTP API."""
        return Access(self.database, self._unchanged)

    def items(self, collection_id: int) -> Items:
        """Return the records of a catalogue."""
        return Items(self.database, collection_id)

    def write(self, records: Sequence[Record], encoder_id: str) -> None:
        """Store records in one transaction; their thumbnails lie on disk before it.

        Raises:
            StorageFullError: No space is left; none of the records was stored.
            LibraryError: The library cannot be written.
        """
        for record in records:
            if record.decoded is not None and record.fingerprint is not None:
                self.thumbnails.put(record.fingerprint.md5, record.decoded.thumbnail)
            for frame in record.frames:
                self.thumbnails.put(frame.md5, frame.decoded.thumbnail)
        with self.database.writing() as connection:
            writing.write(connection, records, encoder_id)

    def move(self, asset_id: int, entry: Entry, collection_id: int) -> None:
        """Put an asset under the key of `entry`, as `ok`; all else that is known of it stays."""
        with self.database.writing() as connection:
            writing.move(connection, asset_id, entry, collection_id)

    def mark_missing(
        self, asset_ids: Sequence[int], collection_id: int, when: datetime | None = None
    ) -> None:
        """Mark assets of a collection whose files are gone since `when` (now).

        Those that were marked before keep their time.
        """
        if not asset_ids:
            return
        since = (when or datetime.now(UTC)).astimezone(UTC).isoformat()
        with self.database.writing() as connection:
            connection.execute(
                "UPDATE assets SET status = 'missing', missing_since = ? "
                "WHERE id IN (SELECT value FROM json_each(?)) AND status != 'missing' "
                "AND collection_id = ?",
                (since, rows.id_list(asset_ids), collection_id),
            )
            touch(connection)

    def forget(self, asset_ids: Sequence[int]) -> None:
        """Delete assets and all that is known of them for good."""
        if not asset_ids:
            return
        with self.database.writing() as connection:
            connection.execute(
                "DELETE FROM assets WHERE id IN (SELECT value FROM json_each(?))",
                (rows.id_list(asset_ids),),
            )
            touch(connection)

    def purge_missing(self, before: datetime) -> int:
        """Forget the assets that are missing since before `before`; return how many."""
        since = before.astimezone(UTC).isoformat()
        with self.database.reading() as connection:
            found = connection.execute(
                "SELECT id FROM assets WHERE status = 'missing' AND missing_since < ?", (since,)
            ).fetchall()
        self.forget([row[0] for row in found])
        return len(found)

    # --- reading --------------------------------------------------------------------------------

    def assets(self, ids: Sequence[int] | Ids) -> list[Asset]:
        """Return assets in the order of `ids`; unknown ids are left out."""
        with self.database.reading() as connection:
            return rows.assets(connection, ids)

    def hashes(self, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Return the DCT and the gradient hash of pictures by id, both unsigned 64-bit.

        Frames of videos are left out.
        """
        with self.database.reading() as connection:
            found = connection.execute(
                "SELECT asset_id, phash, dhash FROM hashes JOIN assets ON id = asset_id "
                "WHERE asset_id IN (SELECT value FROM json_each(?)) AND time IS NULL",
                (rows.id_list(ids),),
            ).fetchall()
        most = (1 << 64) - 1
        return {row[0]: (row[1] & most, row[2] & most) for row in found}

    def unjudged(self, collection_id: int, after: int, limit: int) -> list[tuple[int, str]]:
        """Return id and md5 of `ok` assets behind the id `after` that have no quality."""
        with self.database.reading() as connection:
            found = connection.execute(
                "SELECT id, md5 FROM assets WHERE id > ? AND collection_id = ? AND status = 'ok' "
                "AND NOT EXISTS (SELECT 1 FROM qualities WHERE asset_id = id) ORDER BY id LIMIT ?",
                (after, collection_id, limit),
            ).fetchall()
        return [(row[0], row[1]) for row in found]

    def set_qualities(self, found: Mapping[int, Quality]) -> None:
        """Note how good pictures are, by asset id."""
        with self.database.writing() as connection:
            writing.set_qualities(connection, found)

    def asset_at(self, collection_id: int, key: str) -> Asset | None:
        """Return the asset that lies under a key, or None."""
        with self.database.reading() as connection:
            row = connection.execute(
                "SELECT id FROM assets WHERE collection_id = ? AND key = ?", (collection_id, key)
            ).fetchone()
        found = [] if row is None else self.assets([row[0]])
        return found[0] if found else None

    def asset_by_uuid(self, uuid: str) -> Asset | None:
        """Return the asset with this uuid."""
        with self.database.reading() as connection:
            row = connection.execute(
                "SELECT id FROM assets WHERE uuid = ?", (uuid.lower(),)
            ).fetchone()
            return rows.assets(connection, [row[0]])[0] if row else None

    def failures(self, collection_id: int | None = None) -> list[Asset]:
        """Return the assets of one collection, or of all, that could not be read lastly, by key."""
        with self.database.reading() as connection:
            found = connection.execute(
                "SELECT id FROM assets INDEXED BY assets_reason "
                "WHERE reason IS NOT NULL AND status IN ('failed', 'ok') "
                "AND (? IS NULL OR collection_id = ?) ORDER BY collection_id, key",
                (collection_id, collection_id),
            ).fetchall()
            return rows.assets(connection, [row[0] for row in found])

    def eligible(self, wanted: Filter | None) -> Ids:
        """Return the ids of the assets that match, ascending, int64 [n]; not to be written to.

        Only `ok` assets match a filter that does not speak of the status.

        Raises:
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        condition, values = filters.where(wanted)

        def read() -> Ids:
            with self.database.reading() as connection:
                found = queries.eligible(connection, wanted)
            found.setflags(write=False)
            return found

        return self._unchanged.get((condition, *values), read)

    def browse(
        self, wanted: Filter | None, limit: int | None, offset: int, sort: str | None = None
    ) -> tuple[Ids, int]:
        """Return a page of matching ids and their number, newest first (taken, else modified).

        Raises:
            FilterError: The filter names what does not exist, or compares what cannot be.
            UsageError: There is no order `sort`.
        """
        with self.database.reading() as connection:
            return queries.browse(connection, wanted, limit, offset, sort)

    def by_colours(self, colours: Sequence[Swatch], wanted: Filter | None) -> tuple[Ids, Vector]:
        """Return matching ids and how well their colours fit, 0..1, best first.

        Raises:
            FilterError: A colour is none, or the filter names what does not exist.
        """
        with self.database.reading() as connection:
            return chroma.ranking(connection, colours, wanted)

    def colour_histogram(self, ids: Ids) -> list[tuple[str, float]]:
        """Return the colours of some assets and their shares of all, the largest first."""
        with self.database.reading() as connection:
            return chroma.histogram(connection, ids)

    def ordered(self, ids: Ids, sort: str) -> Ids:
        """Return `ids` in another order, int64 [n]; see `Query.sort`."""
        with self.database.reading() as connection:
            return queries.ordered(connection, ids, sort)

    def shapes(self, ids: Ids) -> Vector:
        """Return width over height for each id, float32 [n]; 1 where it is not known."""
        with self.database.reading() as connection:
            return queries.shapes(connection, ids)

    def facets(self, wanted: Filter | None) -> Facets:
        """Count what the matching assets hold."""
        with self.database.reading() as connection:
            return queries.facets(connection, wanted)

    def metadata_keys(self, ids: Ids) -> list[str]:
        """Return the keys that the metadata of some assets has, by name."""
        with self.database.reading() as connection:
            return facts.keys(connection, ids)

    def group_values(self, ids: Ids, field: str) -> list[Hashable | None]:
        """Return the value of a field for each id; None where there is none.

        Raises:
            FilterError: There is no such field, or it can have several values.
        """
        with self.database.reading() as connection:
            return queries.group_values(connection, ids, field)

    def match_text(self, text: str, wanted: Filter | None, limit: int) -> Ids:
        """Return the ids of the assets whose words hold all words of `text`, best first (BM25).

        The last word may be unfinished. Any text is safe; one without a word matches nothing.

        Raises:
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        with self.database.reading() as connection:
            return queries.match_text(connection, text, wanted, limit)

    # --- vectors --------------------------------------------------------------------------------

    def vectors(self, encoder_id: str, dim: int) -> VectorIndex:
        """Return the index of one encoder; always the same object."""
        from bowerbird.store.vectors import VectorIndex

        index = self._indexes.get(encoder_id)
        if index is None:
            made = VectorIndex(self.database, self.folder / "index", encoder_id, dim)
            index = self._indexes.setdefault(encoder_id, made)
        return index

    def get_vectors(self, encoder_id: str, ids: Ids) -> tuple[Ids, Vector]:
        """Return those of `ids` that have an embedding, int64 [n], and these, float32 [n, dim]."""
        with self.database.reading() as connection:
            return queries.vectors(connection, encoder_id, ids)

    def sample_vectors(self, encoder_id: str, n: int) -> Vector:
        """Return `n` embeddings spread evenly over those of `ok` assets (or all), float32 [m, dim].

        The same library gives the same sample.
        """
        with self.database.reading() as connection:
            return queries.sample(connection, encoder_id, n)

    def embedded_count(self, encoder_id: str) -> int:
        """How many `ok` assets have an embedding of the encoder."""
        generation = self.get_meta("generation")
        known = self._embedded.get(encoder_id)
        if known is not None and known[0] == generation:
            return known[1]
        with self.database.reading() as connection:
            count = queries.embedded(connection, encoder_id)
        self._embedded[encoder_id] = (generation, count)
        return count

    # --- the rest -------------------------------------------------------------------------------

    def thumbnail(self, md5: str) -> bytes | None:
        """Return the encoded thumbnail of a content, or None when it was evicted."""
        return self.thumbnails.get(md5)

    def put_thumbnail(self, md5: str, data: bytes) -> None:
        """Keep a thumbnail that was made anew."""
        self.thumbnails.put(md5, data)

    def get_meta(self, key: str) -> str | None:
        """Return a value kept under `key`, such as the active encoder."""

        def read() -> str | None:
            with self.database.reading() as connection:
                row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
            return str(row[0]) if row else None

        return self._unchanged.get(("meta", key), read)

    def set_meta(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        with self.database.writing() as connection:
            connection.execute(
                "INSERT INTO meta VALUES (?, ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )

    def tag(self, asset_ids: Sequence[int], tags: Sequence[str]) -> None:
        """Give tags to assets; tags differ by more than case."""
        with self.database.writing() as connection:
            writing.tag(connection, asset_ids, tags)

    def untag(self, asset_ids: Sequence[int], tags: Sequence[str]) -> None:
        """Take tags from assets."""
        with self.database.writing() as connection:
            writing.untag(connection, asset_ids, tags)

    def set_metadata(self, asset_id: int, metadata: Mapping[str, Any]) -> None:
        """Replace the free metadata of an asset; it must be JSON.

        Raises:
            NotFoundError: There is no such asset.
        """
        with self.database.writing() as connection:
            cursor = connection.execute(
                "UPDATE assets SET metadata = ? WHERE id = ?",
                (json.dumps(dict(metadata), ensure_ascii=False, allow_nan=False), asset_id),
            )
            if cursor.rowcount == 0:
                raise NotFoundError("The picture is not in this library any more.")
            writing.index_words(connection, [asset_id])

    def check(self, *, repair: bool = False) -> list[Check]:
        """Look for damage in what is kept; with `repair`, make anew what can be made anew."""
        return health.check(self, repair=repair)
