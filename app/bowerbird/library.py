"""The one door to everything Bowerbird knows; it delegates to the rooms below."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Self, TextIO, TypeVar

from bowerbird import paths
from bowerbird import settings as settings_file
from bowerbird.decode.formats import EXTENSIONS, VIDEO_EXTENSIONS, file_name
from bowerbird.errors import (
    BowerbirdError,
    DecodeError,
    ModelMissingError,
    NotFoundError,
    SourceError,
    UsageError,
)
from bowerbird.search.expression import parse
from bowerbird.sources.originals import Originals
from bowerbird.types import (
    Analysis,
    Asset,
    Attribute,
    Auto,
    Check,
    Collection,
    CollectionCounts,
    CutoutFile,
    Detection,
    DuplicateGroup,
    ExportForm,
    Facets,
    Filter,
    Item,
    LibraryStatus,
    Listed,
    ModelInfo,
    Product,
    Progress,
    Query,
    Reading,
    Results,
    SavedSearch,
    Similarity,
    Source,
    SourceKind,
    Stroke,
    Suggestion,
    Variation,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bowerbird.actions.draft import Draft as Draft  # what front ends may name
    from bowerbird.actions.guesses import Guesser
    from bowerbird.actions.shown import ShownPicture
    from bowerbird.actions.tags import Tagger
    from bowerbird.engines.encoder import Encoder
    from bowerbird.engines.models import Models
    from bowerbird.engines.segmenter import Segmenter
    from bowerbird.indexing.records import Records as Records  # what front ends may name
    from bowerbird.indexing.thumbnails import Thumbnails
    from bowerbird.search.searcher import Searcher
    from bowerbird.settings import Settings
    from bowerbird.sources.given import PublicWeb
    from bowerbird.store.access import Access
    from bowerbird.store.links import Links
    from bowerbird.store.store import Store
    from bowerbird.types import Keys, Pixels, Temperature, Vector, Watch


# Rows are fetched so many at a time, so that a million hits stream through little memory.
_PAGE = 500
# Pictures that say how near the words of a vocabulary usually are.
_SAMPLE = 2000

T = TypeVar("T")


class Library:
    """A library folder, open; made by `Library.open`, shared by threads, closed at the end."""

    def __init__(self, path: Path, store: Store, models: Models, settings: Settings) -> None:
        self.path = path
        self.settings = settings
        self._store = store
        self._models = models
        self._lock = threading.Lock()
        self._searcher: tuple[str, Searcher] | None = None
        self._tags: tuple[Hashable, Tagger] | None = None
        self._guesses: Guesser | None = None
        self._sources: dict[int, tuple[Hashable, Source]] = {}
        self._public: PublicWeb | None = None
        self._originals = Originals(path / "originals", settings.originals_bytes)

    @classmethod
    def open(cls, path: Path | str | None = None, *, settings: Settings | None = None) -> Self:
        """Open the library at `path`, making it when it is not there.

        Args:
            path: A folder; None for the user's own library.
            settings: None for those of the user's settings file.

        Raises:
            LibraryError: It is damaged, newer than this program, or may not be written.
            UsageError: The settings file is wrong.
        """
        from bowerbird.engines.models import Models
        from bowerbird.store.store import Store

        settings = settings or settings_file.load(paths.config_file())
        folder = Path(path).expanduser() if path is not None else paths.default_library()
        folder = Path(os.path.abspath(folder))  # noqa: PTH100  # resolve() would hide a link's name
        store = Store.open(folder, thumbnail_cache_bytes=settings.thumbnail_cache_bytes)
        models = Models(paths.model_cache(), idle_unload_s=settings.idle_unload_s)
        return cls(folder, store, models, settings)

    def close(self) -> None:
        """Give back models, index and database; the object is of no use afterwards."""
        self._models.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def access(self) -> Access:
        """The keys of the HTTP API."""
        return self._store.access()

    # --- collections ----------------------------------------------------------------------------

    def add_folder(self, path: Path | str, name: str | None = None) -> Collection:
        """Make a collection of a folder, or return the one that it already is.

        Raises:
            NotFoundError: There is no such folder.
            ConflictError: It overlaps another collection, or the name is taken.
        """
        from bowerbird.indexing.adding import add_folder

        return add_folder(self._store, self.path, path, name)

    def add_bucket(
        self,
        url: str,
        name: str | None = None,
        *,
        endpoint: str | None = None,
        region: str | None = None,
        profile: str | None = None,
        anonymous: bool = False,
        path_style: bool = False,
        requester_pays: bool = False,
        queue: str | None = None,
        keys: tuple[str, str] | None = None,
    ) -> Collection:
        """Make a collection of an S3 bucket, once it answers.

        One that is there already is reached in the ways that are said from now on.

        Args:
            url: `s3://bucket/prefix`.
            name: None for the last part of the address.
            endpoint: Address of a service that speaks like S3 (MinIO, Ceph, R2, B2).
            region: Where the bucket lies.
            profile: Of the AWS configuration, which holds the keys.
            anonymous: It is public; no keys are used.
            path_style: The service wants the bucket in the path, not in the host's name.
            requester_pays: Who asks is to pay.
            queue: Address of an SQS queue of its own, to which the bucket sends its events.
            keys: Key and secret, kept in the system's keyring and nowhere else.

        Raises:
            UsageError: The address is none, or there is no keyring.
            ConflictError: It overlaps another collection, or the name is taken.
            SourceError: It cannot be reached, or a permission is missing, which is named.
        """
        from bowerbird.indexing.adding import add_bucket

        config = {
            "endpoint": endpoint,
            "region": region,
            "profile": profile,
            "anonymous": anonymous,
            "path_style": path_style,
            "requester_pays": requester_pays,
            "queue": queue,
        }
        self._sources.clear()  # keys may be others under the same name
        return add_bucket(self._store, url, config, name, keys, self._open_source)

    def add_managed(self, name: str) -> Collection:
        """Make a collection whose pictures lie in the library itself; see `put`.

        Raises:
            UsageError: The name is empty.
            ConflictError: The name is taken.
        """
        from bowerbird.indexing.adding import add_managed

        return add_managed(self._store, self.path, name)

    def add_catalogue(self, name: str) -> Collection:
        """Make a collection of records that are brought to it; see `import_catalogue`.

        Raises:
            UsageError: The name is empty.
            ConflictError: The name is taken.
        """
        from bowerbird.indexing.importing import add_catalogue

        return add_catalogue(self._store, name)

    def import_catalogue(
        self,
        path: Path,
        name: str,
        rejected: Callable[[str], None],
        *,
        id_column: str = "",
        image_column: str = "",
        replace: bool = False,
    ) -> Iterator[Progress]:
        """Take the records of a file into a catalogue; a sync fetches their pictures.

        Args:
            path: TSV, CSV, JSON lines or Parquet.
            name: Of the catalogue, which is made when there is none.
            rejected: Told of each row that is no record, in a sentence.
            id_column: The column that holds the ids; empty to find out.
            image_column: That of addresses or paths of pictures; likewise.
            replace: Whether records that the file does not hold leave the catalogue.

        Raises:
            NotFoundError: There is no such file.
            UsageError: It is no catalogue, or the name is that of another kind of collection.
        """
        from bowerbird.indexing.importing import import_file
        from bowerbird.sources.tables import Columns

        columns = Columns(id_column, image_column)
        return import_file(self._store, path, name, rejected, columns, prune=replace)

    def bring(
        self, path: Path, collection: Collection, rejected: Callable[[str], None]
    ) -> Iterator[Progress]:
        """Take the records of a file into a catalogue that somebody else than the user sent.

        Args:
            path: TSV, CSV, JSON lines or Parquet; pictures are http(s) addresses.
            collection: A catalogue.
            rejected: Told of each row that is no record, in a sentence.

        Raises:
            UsageError: It is no catalogue.
        """
        from bowerbird.indexing.importing import import_items
        from bowerbird.sources.tables import Columns, read_items

        rows = read_items(path, Columns())
        return import_items(self._store, collection, rows, rejected, foreign=True)

    def upsert(self, collection: Collection, items: Sequence[Item]) -> None:
        """Take records into a catalogue, each in place of what had its id.

        Raises:
            UsageError: The collection is no catalogue.
        """
        from bowerbird.indexing.importing import import_items

        for _ in import_items(self._store, collection, items, lambda _: None):
            pass

    def put(
        self,
        collection: Collection,
        name: str,
        data: BinaryIO,
        *,
        unless_duplicate: bool = False,
    ) -> Asset:
        """Take a picture into a managed collection; it can be searched at once.

        Args:
            collection: A managed one.
            name: What the picture is called.
            data: Its bytes. The same bytes are kept once, under their first name.
            unless_duplicate: Whether it is refused where nearly the same is in the library.

        Raises:
            ConflictError: Nearly the same is there already; nothing is kept of this one.
            UsageError: The collection is not managed, or the name is none of a picture.
            TooLargeError: It is larger than the settings allow.
            DecodeError: It is no picture; nothing is kept of it.
            StorageFullError: No space is left.
        """
        from bowerbird.indexing.adding import put

        root = Path(self._local(collection).location)
        limit = self.settings.managed_file_bytes

        def look(key: str) -> None:
            self._index_now(collection, [key], {})

        twins = self.near_duplicates if unless_duplicate else None
        return put(self._store, collection, root, name, data, limit, look, twins)

    def records(self, collection: Collection) -> Records:
        """Return the records of a catalogue, for those who bring and ask for them one by one.

        Raises:
            UsageError: The collection is no catalogue.
        """
        from bowerbird.indexing.records import Records

        def index(keys: Sequence[str], at_hand: Mapping[str, bytes]) -> dict[str, str]:
            return self._index_now(collection, keys, at_hand)

        limit = self.settings.managed_file_bytes
        return Records(self._store, collection, self._kept(collection), limit, index)

    def roots(self, collection: Collection) -> list[Path]:
        """Return the folders whose files may be named by those who use a collection over HTTP."""
        if collection.kind is SourceKind.FOLDER:
            return [Path(collection.location)]
        return [Path(root) for root in collection.config.get("roots", ())]

    def set_roots(self, collection: Collection, folders: Sequence[Path | str]) -> None:
        """Let those who use a catalogue over HTTP name the files of some folders, and no others.

        Raises:
            NotFoundError: One of them is no folder.
            UsageError: The collection is no catalogue.
        """
        from bowerbird.indexing.adding import existing_folder

        if collection.kind is not SourceKind.CATALOGUE:
            raise UsageError(f"{collection.name!r} is no catalogue, and takes no records.")
        roots = [str(existing_folder(folder)) for folder in folders]
        self._store.configure(collection.id, {"roots": roots or None})

    def _index_now(
        self, collection: Collection, keys: Sequence[str], at_hand: Mapping[str, bytes]
    ) -> dict[str, str]:
        from bowerbird.indexing.once import index_now

        how = (self._source(collection), collection, self._encoder(), self.settings)
        return index_now(self._store, *how, keys, at_hand)

    def _kept(self, collection: Collection) -> Path:
        """Return where pictures lie that came with the records of a catalogue."""
        return self.path / "managed" / collection.uuid

    def _local(self, collection: Collection) -> Collection:
        """Return a collection with a place that can be opened: the library may have moved."""
        if collection.kind is not SourceKind.MANAGED:
            return collection
        return replace(collection, location=str(self.path / collection.location))

    def collections(self) -> list[Collection]:
        """Return all collections by name."""
        return self._store.collections()

    def collection(self, ref: str | int) -> Collection:
        """Return the collection with this id, uuid, name or folder.

        Raises:
            NotFoundError: There is none.
        """
        known = self.collections()
        for collection in known:
            if ref in (collection.id, collection.uuid, collection.name, collection.location):
                return collection
        if isinstance(ref, str):
            path = str(Path(ref).expanduser().resolve())
            for collection in known:
                if collection.location == path:
                    return collection
        names = ", ".join(repr(collection.name) for collection in known) or "none yet"
        raise NotFoundError(f"There is no collection {ref!r}. Known: {names}.")

    def counts(self, collection: Collection | None = None) -> CollectionCounts:
        """Count the assets of one collection, or of all."""
        if collection is None or collection.kind is not SourceKind.CATALOGUE:
            return self._store.counts(None if collection is None else collection.id)
        from bowerbird.indexing.importing import counts

        return counts(self._store, collection)

    def rename_collection(self, collection: Collection, name: str) -> None:
        """Give a collection another name.

        Raises:
            UsageError: The name is empty.
            ConflictError: Another collection has it.
        """
        self._store.rename_collection(collection.id, name.strip())

    def remove_collection(self, collection: Collection) -> None:
        """Forget a collection, its assets and keys; the files stay untouched."""
        from bowerbird.indexing.adding import forget_keys

        with self._store.sync_lock(collection.id):
            self._store.remove_collection(collection.id)
        # What came with the records of a catalogue was never anywhere else of the user's.
        shutil.rmtree(self._kept(collection), ignore_errors=True)
        forget_keys(collection)

    # --- indexing -------------------------------------------------------------------------------

    def configure(self, collection: Collection, changes: Mapping[str, Any]) -> None:
        """Keep something with a collection; None forgets a value."""
        self._store.configure(collection.id, changes)

    def set_auto(self, collection: Collection, auto: Auto) -> None:
        """Choose when a collection is looked at by itself."""
        self._store.configure(collection.id, {"auto": auto.value})

    def set_videos(self, collection: Collection, *, wanted: bool) -> None:
        """Choose whether the next syncs of a folder look into videos.

        Where they no longer do, what was known of its videos is missing, and kept for a while.

        Raises:
            UsageError: It is no folder, or the package that reads videos is not there.
        """
        from bowerbird.indexing.adding import check_videos

        if wanted:
            check_videos(collection)
        self._store.configure(collection.id, {"videos": True if wanted else None})

    def is_syncing(self, collection: Collection) -> bool:
        """Whether a sync of a collection runs now, here or in another process."""
        return self._store.is_syncing(collection.id)

    def due(self, now: datetime | None = None) -> list[Collection]:
        """Return the collections that are to be looked at by themselves now."""
        from bowerbird.indexing.schedule import is_due

        moment = now or datetime.now(UTC)
        return [collection for collection in self.collections() if is_due(collection, moment)]

    def watch(self, collection: Collection, changed: Callable[[Keys], None]) -> Watch | None:
        """Watch a collection's source; None where its kind cannot be watched.

        Args:
            collection: Which.
            changed: Called from a thread when a sync is due, with the keys that changed, or None
                where that is not known.
        """
        from bowerbird.sources.kinds import watch

        endings = _endings(collection)
        return watch(collection, changed, self.settings, endings, exclude=(self.path,))

    def sync(
        self,
        collection: Collection,
        *,
        retry_failed: bool = False,
        auto: bool = False,
        keys: Sequence[str] | None = None,
    ) -> Iterator[Progress]:
        """Bring a collection up to date with its source.

        Args:
            collection: Which.
            retry_failed: Try pictures again that failed before.
            auto: Nobody asked for it; noted apart, when it is done.
            keys: Look at these alone, because a watch told of them; None for all.

        A generator: the work is done while it is iterated. Not iterating pauses it, `close()`
        cancels it, and the next sync goes on where this one stopped.

        Raises:
            ConflictError: It is being synced already, here or in another process.
            SourceError: The source is away; nothing is forgotten for that.
        """
        from bowerbird.indexing.serving import promote, wanted_model
        from bowerbird.indexing.sync import sync

        model_id = wanted_model(self._store)
        encoder = self._models.encoder(model_id)
        # Keys that were corrected meanwhile are read again.
        source = self._source(collection, anew=True)
        yield from sync(
            self._store,
            source,
            collection,
            encoder,
            self.settings,
            retry_failed=retry_failed,
            keys=keys,
            source_of=lambda other: self._source(self.collection(other)),
        )
        promote(self._store, model_id, encoder.id)
        if auto or keys is None:
            noted = "last_auto_sync" if auto else "last_manual_sync"
            self._store.configure(collection.id, {noted: datetime.now(UTC).isoformat()})

    def _source(self, collection: Collection, *, anew: bool = False) -> Source:
        """Return the source of a collection, the same as long as it is reached in the same way."""
        config = json.dumps(dict(collection.config), sort_keys=True)
        key = (collection.kind, collection.location, config, self.settings)
        with self._lock:
            known = self._sources.get(collection.id)
            if known is not None and known[0] == key and not anew:
                return known[1]
        source = self._open_source(collection)
        with self._lock:
            self._sources[collection.id] = (key, source)
        return source

    def _open_source(self, collection: Collection) -> Source:
        from bowerbird.sources.kinds import open_source

        settings = self.settings
        root = Path(collection.location)
        if self.path.is_relative_to(root):
            # Our own thumbnails are not the user's pictures.
            inside = self.path.relative_to(root).as_posix()
            settings = replace(settings, ignore=(*settings.ignore, inside))
        records = self._store.items(collection.id)
        kept = self._kept(collection)
        endings = _endings(collection)
        return open_source(self._local(collection), settings, endings, records, kept)

    # --- reading --------------------------------------------------------------------------------

    def search(self, query: Query) -> Results:
        """Return one page of hits, best first; without terms, assets newest first.

        Raises:
            UsageError: The query asks for something impossible; the message says what.
            DecodeError: A picture to search by cannot be read.
        """
        return self._search_room().search(query)

    def matching(self, wanted: Filter | None) -> NDArray[np.int64]:
        """Return the ids of all assets that match, ascending, int64 [n]; not to be written to.

        Raises:
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        return self._store.eligible(wanted)

    def similar_pairs(
        self, ids: NDArray[np.int64], least: float
    ) -> Iterator[tuple[int, int, float]]:
        """Yield all pairs of some assets whose embeddings are alike, with their cosine.

        Args:
            ids: int64 [n]; all pairs are compared, so that ten times as many take a hundred times
                as long.
            least: The cosine that a pair must reach.
        """
        from bowerbird.search.pairs import similar_pairs

        return similar_pairs(*self._store.get_vectors(self._encoder().id, ids), least)

    def colour_histogram(self, results: Results) -> list[tuple[str, float]]:
        """Return the colours of hits as `#rrggbb`, and their shares of all, the largest first."""
        return self._store.colour_histogram(results.ids)

    def near_duplicates(self, asset: Asset) -> list[Asset]:
        """Return pictures that are nearly the same: smaller, recompressed, mirrored, cropped."""
        from bowerbird.search.twins import near_duplicates

        found = near_duplicates(self._store, self._search_room(), asset, self._thumbnails().get)
        return self.assets(found)

    def _search_room(self) -> Searcher:
        from bowerbird.indexing.serving import serving_model
        from bowerbird.search.searcher import Searcher

        model_id = serving_model(self._store)
        with self._lock:
            if self._searcher is None or self._searcher[0] != model_id:
                searcher = Searcher(self._store, self._encoder(model_id), self.settings)
                self._searcher = (model_id, searcher)
            return self._searcher[1]

    def _encoder(self, model_id: str | None = None) -> Encoder:
        from bowerbird.indexing.serving import serving_model

        return self._models.encoder(model_id or serving_model(self._store))

    def parse_filter(self, expression: str) -> Filter:
        """Read a filter such as `width >= 1000 and tag = cat`.

        Raises:
            FilterError: It does not parse; the message says where.
        """
        return parse(expression)

    def vectors(self, ids: Sequence[int]) -> dict[int, Vector]:
        """Return the embeddings, float32 [dim], of those assets that have one."""
        import numpy as np

        wanted = np.array(ids, np.int64)
        found, vectors = self._store.get_vectors(self._encoder().id, wanted)
        return dict(zip(found.tolist(), vectors, strict=True))

    @property
    def dim(self) -> int:
        """How many numbers an embedding has."""
        return self._encoder().dim

    def relevance(self, score: float) -> float:
        """Return how likely a text query's score means a match, 0..1."""
        return self._encoder().relevance(score)

    @property
    def threshold(self) -> float | None:
        """The score of a text query below which there is no good match; None if unknown."""
        return self._encoder().threshold

    def saved_searches(self) -> list[SavedSearch]:
        """Return the searches that were saved, by name."""
        from bowerbird.search.saved import read_all

        return read_all(self._store)

    def save_search(self, name: str, query: Query) -> None:
        """Keep a query under a name, in place of what had that name.

        Raises:
            UsageError: The name is empty, or the query holds what cannot be kept: the bytes of a
                picture, or a vector.
        """
        from bowerbird.search.saved import keep

        keep(self._store, SavedSearch(name, query))

    def forget_search(self, name: str) -> None:
        """Forget a saved search; none of that name is no error."""
        from bowerbird.search.saved import forget

        forget(self._store, name)

    def facets(self, wanted: Filter | None = None) -> Facets:
        """Count what the assets that match a filter hold: tags, folders, formats, cameras, years.

        Raises:
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        return self._store.facets(wanted)

    def asset(self, ref: str) -> Asset:
        """Return the asset with this uuid.

        Raises:
            NotFoundError: There is none.
        """
        asset = self._store.asset_by_uuid(ref)
        if asset is None:
            raise NotFoundError(f"There is no asset {ref!r} in this library.")
        return asset

    def assets(self, ids: Sequence[int]) -> list[Asset]:
        """Return assets in the order of `ids`; ids that are gone are left out."""
        return self._store.assets(ids)

    def shapes(self, ids: NDArray[np.int64]) -> Vector:
        """Return width over height of assets, float32 [n]; 1 where it is not known."""
        return self._store.shapes(ids)

    def failures(self, collection: Collection | None = None) -> list[Asset]:
        """Return the assets that could not be indexed, each with its reason."""
        return self._store.failures(None if collection is None else collection.id)

    def thumbnail(self, asset: Asset) -> bytes | None:
        """Return an encoded picture of at most 320 px, made anew when the cache dropped it."""
        kept = self.kept_thumbnail(asset)
        return self._thumbnails().of(asset) if kept is None else kept

    def _thumbnails(self) -> Thumbnails:
        """Return the thumbnails for one piece of work."""
        from bowerbird.indexing.thumbnails import Thumbnails

        def source_of(collection_id: int) -> Source:
            return self._source(self.collection(collection_id))

        return Thumbnails(self._store, source_of, self.settings)

    def kept_thumbnail(self, asset: Asset) -> bytes | None:
        """Return a thumbnail if it is at hand, without touching the picture's own file."""
        return None if asset.md5 is None else self._store.thumbnail(asset.md5)

    def preview(self, asset: Asset, side: int) -> Pixels:
        """Return a picture decoded for the screen: RGB uint8 [height, width, 3].

        Args:
            asset: What to show.
            side: About how many pixels its longer side should have; never more than the file has.

        Raises:
            SourceError: The file cannot be opened.
            DecodeError: It cannot become pixels.
        """
        from bowerbird.decode.decoder import load_within

        with self._source(self.collection(asset.collection_id)).open(asset.file_key) as stream:
            return load_within(stream, asset.shown_name, side, max_pixels=self.settings.max_pixels)

    def locate(self, asset: Asset) -> Path | None:
        """Return the local file of an asset, or None when it has none that exists."""
        found = self._source(self.collection(asset.collection_id)).locate(asset.file_key)
        return found if found is not None and found.exists() else None

    def fetch(self, asset: Asset) -> Path | None:
        """Return a local file of an asset, fetched where it lies elsewhere; None where it is gone.

        Raises:
            SourceError: It cannot be fetched.
            StorageFullError: No space is left for it.
        """
        collection = self.collection(asset.collection_id)
        source = self._source(collection)
        local = source.locate(asset.file_key)
        if local is not None or asset.md5 is None:
            return local if local is not None and local.exists() else None
        name = file_name(asset.name, asset.format)
        return self._originals.get(asset.md5, name, lambda: source.open(asset.file_key))

    def still(self, asset: Asset) -> Path | None:
        """Return a local file of the picture alone: of a frame, not its video but a PNG.

        Raises:
            SourceError: It cannot be fetched.
            DecodeError: The frame cannot be decoded any more.
            StorageFullError: No space is left for it.
        """
        if asset.time is None or asset.md5 is None:
            return self.fetch(asset)
        from bowerbird.decode.decoder import load_png

        def decode() -> BinaryIO:
            with self._shown(asset) as (stream, name):
                return load_png(stream, name, max_pixels=self.settings.max_pixels)

        name = f"{Path(asset.name).stem} {asset.timecode.replace(':', '-')}.png"
        return self._originals.get(asset.md5, name, decode)

    def link(self, asset: Asset, expires_s: int = 3600) -> str | None:
        """Return an address that gives a picture's bytes for a while.

        Args:
            asset: The picture.
            expires_s: How long a bucket that is not public gives them, seconds.

        Returns:
            None where it lies on this machine.

        Raises:
            SourceError: There are no keys to sign it with.
        """
        source = self._source(self.collection(asset.collection_id))
        return source.link(asset.file_key, expires_s)

    def tag(self, asset_ids: Sequence[int], tags: Sequence[str]) -> None:
        """Give tags to assets."""
        self._store.tag(asset_ids, tags)

    def untag(self, asset_ids: Sequence[int], tags: Sequence[str]) -> None:
        """Take tags from assets."""
        self._store.untag(asset_ids, tags)

    def set_metadata(self, asset_id: int, metadata: Mapping[str, Any]) -> None:
        """Replace an asset's metadata by a JSON object."""
        self._store.set_metadata(asset_id, metadata)

    def listed(self, results: Results, offset: int = 0) -> Iterator[Listed]:
        """Yield hits with their assets and where they lie, a page at a time.

        Those that another process removed meanwhile are left out; ranks begin behind `offset`.
        """
        known = {collection.id: collection for collection in self.collections()}
        for start in range(0, len(results), _PAGE):
            page = results[start : start + _PAGE]
            assets = {asset.id: asset for asset in self.assets([hit.asset_id for hit in page])}
            for rank, hit in enumerate(page, offset + start + 1):
                asset = assets.get(hit.asset_id)
                collection = None if asset is None else known.get(asset.collection_id)
                if asset is not None and collection is not None:
                    path = self.address(collection, asset)
                    yield Listed(rank, hit, asset, collection, path)

    def address(self, collection: Collection, asset: Asset) -> str:
        """Return where a picture lies: a local path, or the URL of an object."""
        if collection.kind is SourceKind.FOLDER:
            return os.path.join(collection.location, *asset.file_key.split("/"))  # noqa: PTH118
        if collection.kind is SourceKind.CATALOGUE:
            from bowerbird.sources.catalogue import KEPT

            image = self._store.items(collection.id).image(asset.key) or ""
            if not image.startswith(KEPT):
                return image
        local = self.locate(asset)
        return f"{collection.location}/{asset.file_key}" if local is None else str(local)

    def export(
        self,
        results: Results,
        target: Path | TextIO,
        form: ExportForm = "copy",
        *,
        template: str = "{name}",
        offset: int = 0,
    ) -> Iterator[Progress]:
        """Take hits elsewhere: copies, hard links, a ZIP, a list, a gallery, a contact sheet.

        Args:
            results: The hits.
            target: A folder for copies and links, else a file; for lists also a stream.
            form: What to make.
            template: Names files, as in `{n} {date} {name}`; see the README.
            offset: Hits before these, for the ranks in a list.

        Raises:
            UsageError: The template cannot be used.
            StorageFullError: No space is left; what was cut short is removed.
            SourceDeniedError: The target may not be written.
        """
        from bowerbird.actions.export import Export, export

        hits = self.listed(results, offset)
        keys = self._store.metadata_keys(results.ids) if form == "csv" else ()
        wanted = Export(hits, len(results), self._fetched, self.thumbnail, template, keys)
        return export(wanted, target, form)

    def _fetched(self, asset: Asset) -> Path | None:
        """Return a local file, or None where it cannot be had; one bad picture stops no export."""
        try:
            return self.fetch(asset)
        except SourceError:
            return None

    def reimagine(
        self,
        file: Path,
        folder: Path | None = None,
        *,
        count: int = 1,
        seed: int = 0,
        strength: float = 0.35,
        model: str = "patches",
    ) -> Iterator[Variation]:
        """Write variations of a picture; yields each when it is there, and steps on the way to it.

        A generator: not iterating pauses it, `close()` cancels it within a step.

        Args:
            file: The picture, which need not be indexed and stays as it is.
            folder: Where to write NAME-variation files; None for beside it.
            count: How many, 1 to 8.
            seed: The same seed gives the same variations.
            strength: How far from the picture, 0 to 1.
            model: What makes them: `patches`, out of the picture itself, or a downloaded model.

        Raises:
            UsageError: Count, seed or strength are none of these, or there is no such file.
            DecodeError: It is not a picture that can be read.
            NotFoundError: There is no such model.
            ModelError: It is not here, or cannot be loaded or run.
            SourceDeniedError: The folder may not be written.
            StorageFullError: No space is left.
        """
        from bowerbird.actions.reimagine import PATCHES, reimagine_file

        return reimagine_file(
            file,
            folder,
            count,
            seed=seed,
            strength=strength,
            max_pixels=self.settings.max_pixels,
            generator=None if model == PATCHES else self._models.generator(model),
        )

    def analyse(
        self, image: Path | str | bytes | Asset, *, colours: int = 5, turned: bool = False
    ) -> Analysis:
        """Look at one picture: its colours, quality, the shape of its subject, tags.

        Args:
            image: A path, an http(s) address, the bytes of a file, or an asset.
            colours: How many main colours, 1 to 10.
            turned: Whether turned and mirrored shapes count as the same.

        Raises:
            UsageError: The number of colours is none of these, or the vocabulary is damaged.
            BowerbirdError: The picture cannot be read.
        """
        from bowerbird.actions.analysis import analyse

        with self._shown(image) as (stream, name):
            tools = (self._encoder(), self._models.segmenter(), self._tagger())
            limit = self.settings.max_pixels
            return analyse(stream, name, *tools, colours=colours, turned=turned, max_pixels=limit)

    def merge_tags(self, group: DuplicateGroup) -> None:
        """Give the copy to keep all tags that the others have."""
        keeper, *others = group.assets
        self.tag([keeper.id], sorted({tag for asset in others for tag in asset.tags}))

    def find_shapes(self) -> Iterator[Progress]:
        """Look at the shapes of subjects that were not looked at, so that they can be found.

        A generator: the work is done while it is iterated, and what is done stays done.
        """
        from bowerbird.actions.shaping import find_shapes

        kept = self._store.silhouettes()
        return find_shapes(
            kept.missing(), self._thumbnails().get, self._models.segmenter(), kept.put
        )

    def shape(
        self, image: Path | str | bytes | Asset, *, turned: bool = False
    ) -> tuple[float, ...]:
        """Return the shape of a picture's subject, as `Query.shape` takes it.

        Args:
            image: A path, an http(s) address, the bytes of a file, or an asset.
            turned: Whether a search by it finds turned and mirrored shapes as well.

        Raises:
            UsageError: Nothing stands out in the picture, so that it has no shape.
            BowerbirdError: It cannot be read.
        """
        from bowerbird.actions.shaping import shapes_of_file

        segmenter, limit = self._models.segmenter(), self.settings.max_pixels
        with self._shown(image) as (stream, name):
            shapes = shapes_of_file(stream, name, segmenter, limit, turned=turned)
        if not shapes:
            raise UsageError("Nothing stands out in this picture, so that it has no shape.")
        return tuple(number for shape in shapes for number in shape.embedding.tolist())

    def part(self, image: Path | str | bytes | Asset, box: Sequence[int]) -> bytes:
        """Return a part of a picture as the bytes of a file, to search by it.

        Args:
            image: A path, an http(s) address, the bytes of a file, or an asset.
            box: Left, top, right and bottom in pixels, as `detect` gives them.

        Raises:
            UsageError: The box is none, or lies beyond the picture.
            BowerbirdError: The picture cannot be read.
        """
        from bowerbird.actions.part import cut_part

        with self._shown(image) as (stream, name):
            return cut_part(stream, name, box, self.settings.max_pixels)

    def attributes(
        self, title: str, description: str = "", picture: Path | str | bytes | None = None
    ) -> dict[str, Attribute]:
        """Return what a product is: category, material, pattern, colour, ...

        Words of its texts say it; of what they leave open the built-in model guesses a little from
        the picture, where one is given.

        Args:
            title: May be empty where there is a description or a picture.
            description: Of the same.
            picture: A path, an http(s) address, or the bytes of a file.

        Raises:
            UsageError: There is nothing to read, or far too much of it.
            BowerbirdError: The picture cannot be read.
        """
        found = self.attributes_of([Product(title, description, picture)])[0]
        if isinstance(found, BowerbirdError):
            raise found
        return found

    def attributes_of(
        self, products: Sequence[Product]
    ) -> list[dict[str, Attribute] | BowerbirdError]:
        """Return the same of many products at once; one that cannot be read spares the others.

        Raises:
            ModelError: The built-in model cannot be loaded or run.
        """
        from bowerbird.actions.products import embed, read_products

        def embedded(image: Path | str | bytes) -> Vector | None:
            with self._shown(image) as (stream, name):
                return embed(stream, name, self._models.encoder(), self.settings.max_pixels)

        return read_products(products, embedded, self._guesser)

    def _guesser(self) -> Guesser:
        """Return what guesses attributes; its phrases are embedded once."""
        from bowerbird.actions.attributes import shipped
        from bowerbird.actions.guesses import Guesser, other_words, read_measures

        # Guesses were measured with the built-in model, so it serves here whichever searches.
        if self._guesses is None:
            taxonomy = shipped()
            self._guesses = Guesser(
                self._models.encoder(), taxonomy, read_measures(), other_words(taxonomy)
            )
        return self._guesses

    def temperature(self, asset: Asset) -> Temperature:
        """Return how the main colours of a picture feel together."""
        from bowerbird.actions.palette import temperature

        return temperature(asset.colours)

    def shown(self, data: bytes) -> ShownPicture:
        """Return what can be asked of a picture that is given as the bytes of its file."""
        from bowerbird.actions.shown import ShownPicture

        limit = self.settings.max_pixels
        # Shapes are compared with those that are kept, so that one network finds them all.
        found = (self._models.segmenter, lambda: self._cutter(None)[0])
        return ShownPicture(data, self._encoder(), *found, self._tagger, limit)

    def read_public(self, url: str) -> bytes:
        """Return what lies at an address of the public internet, which somebody else named.

        Raises:
            DownloadError: It is none, or did not answer with a file that is small enough.
        """
        from bowerbird.sources.given import PublicWeb

        if self._public is None:
            self._public = PublicWeb(self.settings)
        return self._public.read(url)

    def detect(
        self,
        image: Path | str | bytes | Asset,
        least: float | None = None,
        *,
        model: str | None = None,
    ) -> tuple[Detection, ...]:
        """Return which everyday objects are where in a picture, surest first.

        Args:
            image: A path, an http(s) address, the bytes of a file, or an asset.
            least: Score (0..1) below which one is left out; None for what suits the detector.
            model: What looks for them; None for what the settings say.

        Raises:
            UsageError: The score is none.
            NotFoundError: There is no such model.
            ModelMissingError: It is not on this machine.
            BowerbirdError: The picture cannot be read, or the detector cannot be run.
        """
        from bowerbird.actions.detect import detect

        if least is not None and not 0 <= least <= 1:
            raise UsageError(f"A score lies between 0 and 1, and is not {least}.")
        if model is None:
            detector, _ = self._chosen(self._models.detector, None, self.settings.detector_model)
        else:
            detector = self._models.detector(model)
        with self._shown(image) as (stream, name):
            limit = self.settings.max_pixels
            return detect(stream, name, detector, least=least, max_pixels=limit)

    def read(self, image: Path | str | bytes | Asset) -> Reading:
        """Return the text in a picture; what it says is not kept, see `read_all`.

        Args:
            image: A path, an http(s) address, the bytes of a file, or an asset.

        Raises:
            ModelMissingError: What reads text is not installed; the message says how it is.
            BowerbirdError: The picture cannot be read.
        """
        from bowerbird.actions.reading import read_text

        reader = self._models.reader()
        with self._shown(image) as (stream, name):
            return read_text(stream, name, reader, max_pixels=self.settings.max_pixels)

    def read_all(
        self,
        wanted: Filter | None = None,
        *,
        ids: Sequence[int] | None = None,
        again: bool = False,
    ) -> Iterator[Progress]:
        """Read the text in pictures that nobody read yet, so that searches find them by it.

        A generator: the work is done while it is iterated, and what is done stays done.

        Args:
            wanted: Only in these.
            ids: Only in these of them; None for all.
            again: Also where it was read before, or could not be.

        Raises:
            ModelMissingError: What reads text is not installed; the message says how it is.
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        import numpy as np

        from bowerbird.actions.reading import read_all
        from bowerbird.indexing.meter import Meter

        reader, kept = self._models.reader(), self._store.readings()
        eligible = self._store.eligible(wanted)
        if ids is not None:
            eligible = eligible[np.isin(eligible, np.array(ids, np.int64))]
        waiting = kept.unread(eligible, again=again)
        meter, most = Meter("reading", len(waiting)), self.settings.max_pixels
        yield from read_all(
            waiting, self.assets, self._lent, reader, kept.put, meter, max_pixels=most
        )

    def reading(self, asset: Asset) -> Reading | None:
        """Return the text that was read in an indexed picture; None where nobody looked yet."""
        return None if asset.md5 is None else self._store.readings().get(asset.md5)

    @contextlib.contextmanager
    def _lent(self, asset: Asset) -> Iterator[tuple[BinaryIO, str]]:
        """Lend the stream of an asset's file and its name."""
        with self._source(self.collection(asset.collection_id)).open(asset.file_key) as stream:
            yield stream, asset.shown_name

    @contextlib.contextmanager
    def _shown(self, image: Path | str | bytes | Asset) -> Iterator[tuple[BinaryIO, str]]:
        """Lend the stream of a picture and its name."""
        from bowerbird.sources.given import opened

        if not isinstance(image, Asset):
            with opened(image, self.settings) as shown:
                yield shown
            return
        with self._lent(image) as lent:
            yield lent

    def compare(
        self, one: Path | str | bytes | Asset, other: Path | str | bytes | Asset
    ) -> Similarity:
        """Return how much two pictures are alike.

        Raises:
            BowerbirdError: One of them cannot be read.
        """
        return self.compare_vectors(self.embed(one), self.embed(other))

    def compare_vectors(self, one: Vector, other: Vector) -> Similarity:
        """Return how much two embeddings of one model are alike, both [dim].

        Raises:
            UsageError: They are not of one model, or hold no direction.
        """
        from bowerbird.actions.compare import compare

        return compare(one, other)

    def embed(self, image: Path | str | bytes | Asset) -> Vector:
        """Return the embedding of a picture by the model that serves, float32 [dim].

        Raises:
            BowerbirdError: It cannot be read.
        """
        from bowerbird.decode.decoder import load_pixels

        encoder = self._encoder()
        with self._shown(image) as (stream, name):
            limit = self.settings.max_pixels
            pixels = load_pixels(stream, name, encoder.spec, max_pixels=limit)
        vector: Vector = encoder.encode_images(pixels[None])[0]
        return vector

    def find_duplicates(self, *, similar_shots: bool = False) -> Iterator[Progress]:
        """Look for copies of one shot; what was looked at before is not again.

        A generator: the work is done while it is iterated, and what is done stays done. Copies may
        be resized, recompressed, mirrored, turned or cropped; see `duplicates`.

        Args:
            similar_shots: Whether to look for other shots of a scene too; see `similar_shots`.
        """
        from bowerbird.indexing.duplicates import find_duplicates

        encoder = self._encoder()
        return find_duplicates(
            self._store,
            encoder.id,
            encoder.dim,
            self.settings,
            self._thumbnails().get,
            shots=similar_shots,
        )

    def duplicates(
        self, wanted: Filter | None = None, *, keep: Sequence[Path | str] = ()
    ) -> list[DuplicateGroup]:
        """Return the groups of copies that `find_duplicates` found, those that waste most first.

        Args:
            wanted: Only among these.
            keep: Folders whose copies are the ones to keep.

        Raises:
            NotFoundError: One of these is no folder.
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        groups = self._suggested(self._store.links(), wanted, keep)
        return sorted(groups, key=lambda one: -sum(asset.size for asset in one.assets[1:]))

    def similar_shots(
        self, wanted: Filter | None = None, *, keep: Sequence[Path | str] = ()
    ) -> list[DuplicateGroup]:
        """Return the groups of similar shots that `find_duplicates` found, the largest first.

        They are of one scene, moments or a few steps apart. Which of them to keep is a matter of
        taste: the first is a suggestion, and the others are not to spare as copies are.

        Args:
            wanted: Only among these.
            keep: Folders whose pictures are to be suggested.

        Raises:
            NotFoundError: One of these is no folder.
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        groups = self._suggested(self._store.shots(), wanted, keep, similar=True)
        return sorted(groups, key=lambda one: -len(one.assets))

    def _suggested(
        self,
        links: Links,
        wanted: Filter | None,
        keep: Sequence[Path | str],
        *,
        similar: bool = False,
    ) -> list[DuplicateGroup]:
        """Return groups with the picture to keep first."""
        from bowerbird.indexing.adding import existing_folder
        from bowerbird.indexing.keeper import suggest

        # One that is misspelt would spare the very copies that are to be kept.
        roots = [existing_folder(folder) for folder in keep]
        known = {one.id: one for one in self.collections()}

        def preferred(asset: Asset) -> bool:
            if not roots:
                return False
            place = Path(self.address(known[asset.collection_id], asset))
            return any(place.is_relative_to(root) for root in roots)

        ids = links.groups(self._store.eligible(wanted))
        return [suggest(self.assets(group), preferred, similar=similar) for group in ids]

    def suggest_tags(
        self, asset_ids: Sequence[int], least: float | None = None
    ) -> dict[int, tuple[Suggestion, ...]]:
        """Return tags that indexed pictures may have, the surest first.

        Args:
            asset_ids: Which; those without an embedding are left out, and those with nothing in
                them.
            least: Confidence (0..1) that is enough; None for what is right 8 times of 10.

        Raises:
            UsageError: The user's vocabulary cannot be read.
        """
        import numpy as np

        shown = [
            asset.id
            for asset in self.assets(asset_ids)
            if asset.quality is None or not asset.quality.is_blank
        ]
        wanted = np.array(shown, np.int64)
        ids, vectors = self._store.get_vectors(self._encoder().id, wanted)
        found = self._tagger().suggest(vectors, least) if len(ids) else []
        return dict(zip(ids.tolist(), found, strict=True))

    def _tagger(self) -> Tagger:
        """Return what suggests tags, made anew for another model or vocabulary."""
        from bowerbird.actions.tags import ENOUGH, Tagger, read_usual, read_vocabulary

        encoder = self._encoder()
        path = paths.config_file().with_name("vocabulary.toml")
        # Words of which nothing is known wait for enough pictures to compare them with.
        enough = self._store.embedded_count(encoder.id) >= ENOUGH
        key = (encoder.id, path.stat().st_mtime_ns if path.exists() else 0, enough)
        made = self._tags
        if made is None or made[0] != key:
            sample = self._store.sample_vectors(encoder.id, _SAMPLE)
            made = (key, Tagger(encoder, read_vocabulary(path), read_usual(), sample))
            self._tags = made
        return made[1]

    def cut_out(
        self,
        files: Sequence[Path],
        folder: Path | None = None,
        *,
        kind: Literal["png", "webp"] = "png",
        mask_only: bool = False,
        behind: str = "",
        model: str | None = None,
        told: Callable[[str], None] | None = None,
    ) -> Iterator[CutoutFile]:
        """Remove the background of pictures; they need not be indexed, and stay as they are.

        Args:
            files: The pictures.
            folder: Where to write NAME-cutout files; None for beside each picture.
            kind: Their format.
            mask_only: Write the matte alone, as NAME-mask.
            behind: What is to stand behind the subject: `#rrggbb`, `blur`, or a picture's path.
            model: What finds the subject; None for what the settings say.
            told: Hears in a sentence that another model does it, since that one is not here.

        Raises:
            UsageError: What is to stand behind is none of these.
            NotFoundError: There is no such model.
            ModelError: It cannot be loaded or run.
            SourceDeniedError: The folder may not be written.
            StorageFullError: No space is left.
        """
        from bowerbird.actions.cutouts import cut_out_files

        segmenter, instead = self._cutter(model)
        if instead and told is not None:
            told(instead)
        return cut_out_files(
            files,
            segmenter,
            folder,
            kind=kind,
            mask_only=mask_only,
            behind=behind,
            max_pixels=self.settings.max_pixels,
        )

    def _cutter(self, model: str | None) -> tuple[Segmenter, str]:
        """Return what cuts out, and where that is not the one that is wanted, why."""
        return self._chosen(self._models.segmenter, model, self.settings.cutout_model)

    @staticmethod
    def _chosen(engine: Callable[..., T], model: str | None, settled: str) -> tuple[T, str]:
        """Return an engine, and where that is not the one that is wanted, why."""
        # Wrong settings are no reason to do nothing; a wrong name that is given just now is.
        excused = (ModelMissingError,) if model else (ModelMissingError, NotFoundError, UsageError)
        try:
            return engine(model or settled), ""
        except excused as error:
            return engine(), f"{error} Until then the built-in model does it."

    def draft_cutout(self, asset: Asset, side: int, model: str | None = None) -> Draft:
        """Return a picture to be cut out by hands; its subject is looked for at the first look.

        Args:
            asset: The picture.
            side: How many pixels its longer side should have at most.
            model: What finds the subject; None for what the settings say.

        Raises:
            SourceError: The file cannot be opened.
            DecodeError: It cannot become pixels.
            NotFoundError: There is no such model.
        """
        from bowerbird.actions.draft import Draft

        try:
            picture = self.preview(asset, side)
        except DecodeError as error:
            raise type(error)(f"{asset.name} cannot be used: it {error}.") from error
        return Draft(picture, self._cutter(model)[0], self.settings.max_pixels)

    def save_cutout(
        self,
        asset: Asset,
        draft: Draft,
        strokes: Sequence[Stroke],
        folder: Path | None = None,
        *,
        kind: Literal["png", "webp"] = "png",
        behind: str = "",
    ) -> CutoutFile:
        """Write a picture at its full size, cut out as its draft looks under some strokes.

        Args:
            asset: The picture.
            draft: As `draft_cutout` returned it.
            strokes: The corrections, in their order.
            folder: Where to write NAME-cutout; None for beside the picture.
            kind: The format.
            behind: What is to stand behind the subject: `#rrggbb`, `blur`, or a picture's path.

        Raises:
            UsageError: A stroke is none, or what is to stand behind.
            ModelError: The segmenter cannot be loaded or run.
            SourceError: The file cannot be fetched, or the folder may not be written.
            StorageFullError: No space is left.
        """
        from bowerbird.actions.cutouts import cut_out_file

        return cut_out_file(
            self.cutout_source(asset, folder),
            lambda picture: draft.cut(picture, strokes),
            folder,
            kind=kind,
            mask_only=False,
            ground=draft.ground(behind),
            max_pixels=self.settings.max_pixels,
        )

    def cutout_source(self, asset: Asset, folder: Path | None) -> Path:
        """Return the file of a picture that is to be cut out into a folder, or beside itself.

        Raises:
            SourceError: It is not there, or what lies beside it is not the user's to see.
            DecodeError: It is a frame of a video that cannot be decoded any more.
        """
        beside = self.collection(asset.collection_id).kind is SourceKind.FOLDER
        if folder is None and not (beside and asset.time is None):
            raise SourceError(f"{asset.name} lies in no folder of yours. Choose one to save into.")
        path = self.still(asset)
        if path is None:
            raise SourceError(f"{asset.name} is not there now. Connect its drive, or sync.")
        return path

    # --- models ---------------------------------------------------------------------------------

    def models(self) -> list[ModelInfo]:
        """Return the models that can be used, with what is installed and which ones are in use."""
        from bowerbird.indexing.serving import wanted_model

        active = {
            "search": wanted_model(self._store),
            "cutout": self.settings.cutout_model,
            "detect": self.settings.detector_model,
        }
        return [
            replace(info, active=info.id == active.get(info.kind)) for info in self._models.list()
        ]

    def get_model(self, model_id: str) -> Iterator[Progress]:
        """Download a model; closing the generator pauses, and the next call resumes.

        Raises:
            NotFoundError: No such model.
            DownloadError: The transfer failed after its retries.
        """
        return self._models.get(model_id)

    def measure_model(self, model_id: str) -> float:
        """Return how many pictures a second a model embeds on this machine, decoding aside.

        Raises:
            ModelError: It cannot be loaded or run.
        """
        from bowerbird.engines.speed import pictures_a_second

        return pictures_a_second(self._models.encoder(model_id), self.settings.batch_size)

    def use_model(self, model_id: str) -> None:
        """Use a model from now on, or an open_clip checkpoint by its path.

        The one before keeps serving searches until every picture is embedded by a sync.

        Raises:
            NotFoundError: No such model.
            ModelMissingError: It is not downloaded yet.
            UsageError: It is no model to search with.
        """
        from bowerbird.indexing.serving import want

        chosen = model_id
        if Path(model_id).expanduser().exists():
            chosen = self._models.add_checkpoint(Path(model_id).expanduser()).id
        kind = self._models.kind(chosen)
        if kind != "search":
            raise UsageError(
                f"{chosen} cannot search. Use it with `bowerbird {kind} --model {chosen} FILE`."
            )
        want(self._store, chosen, self._models.encoder(chosen).id)

    def cut_out_with(self, model_id: str) -> None:
        """Remove backgrounds with a model from now on; `builtin` is the one that ships.

        Raises:
            NotFoundError: No such model.
            ModelMissingError: It is not downloaded yet.
            UsageError: The settings cannot be written.
        """
        self._models.segmenter(model_id)
        self._settle(cutout_model=model_id)

    def detect_with(self, model_id: str) -> None:
        """Find things in pictures with a model from now on; `builtin` is the one that ships.

        Raises:
            NotFoundError: No such model.
            ModelMissingError: It is not downloaded yet.
            UsageError: The settings cannot be written.
        """
        self._models.detector(model_id)
        self._settle(detector_model=model_id)

    def _settle(self, **changed: Any) -> None:
        self.settings = replace(self.settings, **changed)
        file = paths.config_file()
        settings_file.save(file, replace(settings_file.load(file), **changed))

    # --- health ---------------------------------------------------------------------------------

    def status(self) -> LibraryStatus:
        """Return what the library holds and how far it is indexed."""
        encoder_id = self._encoder().id
        return LibraryStatus(
            path=self.path,
            encoder_id=encoder_id,
            assets=self._store.counts(),
            embedded=self._store.embedded_count(encoder_id),
            collections=len(self._store.collections()),
            database_bytes=(self.path / "library.sqlite").stat().st_size,
            thumbnail_bytes=self._store.thumbnails.total(),
        )

    def doctor(self, *, repair: bool = False) -> list[Check]:
        """Check the installation and the library; `repair` mends what can be made anew."""
        from bowerbird.decode.film import check

        wanted = any(collection.videos for collection in self.collections())
        checks = [*self._models.check(), check(wanted=wanted)]
        return [*checks, *self._store.check(repair=repair)]

    def warm(self) -> None:
        """Load what a text search needs, so that the first one is as quick as the next."""
        self._encoder().encode_texts(["warm"])
        encoder = self._encoder()
        self._store.vectors(encoder.id, encoder.dim).refresh()


def _endings(collection: Collection) -> frozenset[str]:
    """Return the endings of what is looked at in a collection."""
    return EXTENSIONS | VIDEO_EXTENSIONS if collection.videos else EXTENSIONS
