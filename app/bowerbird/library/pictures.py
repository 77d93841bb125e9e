"""Reads what is known of pictures, lends their bytes, and takes them elsewhere."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from bowerbird.decode.formats import file_name
from bowerbird.errors import NotFoundError, SourceError
from bowerbird.library.base import Base
from bowerbird.types import (
    Asset,
    Collection,
    ExportForm,
    Listed,
    Progress,
    Results,
    Source,
    SourceKind,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bowerbird.indexing.thumbnails import Thumbnails
    from bowerbird.types import Pixels, Vector

# Rows are fetched so many at a time, so that a million hits stream through little memory.
_PAGE = 500


class Pictures(Base):
    """The pictures of a library, and those that are given by path, address or bytes."""

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

    def set_metadata(self, asset_id: int, metadata: Mapping[str, Any]) -> None:
        """Replace an asset's metadata by a JSON object."""
        self._store.set_metadata(asset_id, metadata)

    def tag(self, asset_ids: Sequence[int], tags: Sequence[str]) -> None:
        """Give tags to assets."""
        self._store.tag(asset_ids, tags)

    def untag(self, asset_ids: Sequence[int], tags: Sequence[str]) -> None:
        """Take tags from assets."""
        self._store.untag(asset_ids, tags)

    def thumbnail(self, asset: Asset) -> bytes | None:
        """Return an encoded picture of at most 320 px, made anew when the cache dropped it."""
        kept = self.kept_thumbnail(asset)
        return self._thumbnails().of(asset) if kept is None else kept

    def kept_thumbnail(self, asset: Asset) -> bytes | None:
        """Return a thumbnail if it is at hand, without touching the picture's own file."""
        return None if asset.md5 is None else self._store.thumbnail(asset.md5)

    def _thumbnails(self) -> Thumbnails:
        """Return the thumbnails for one piece of work."""
        from bowerbird.indexing.thumbnails import Thumbnails

        def source_of(collection_id: int) -> Source:
            return self._source(self.collection(collection_id))

        return Thumbnails(self._store, source_of, self.settings)

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

    def place(self, asset: Asset) -> Hashable:
        """Return what two assets share exactly where they are of one file, or of one address.

        Records of a catalogue can name a file that a folder has too. Frames share their video's.
        """
        return self._place(self.collection(asset.collection_id), asset)

    def _place(self, collection: Collection, asset: Asset) -> Hashable:
        from bowerbird.sources.places import place_of

        address = self.address(collection, asset)
        return place_of(address) if address else (collection.id, asset.file_key)

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

    def read_public(self, url: str) -> bytes:
        """Return what lies at an address of the public internet, which somebody else named.

        Raises:
            DownloadError: It is none, or did not answer with a file that is small enough.
        """
        from bowerbird.sources.given import PublicWeb

        if self._public is None:
            self._public = PublicWeb(self.settings)
        return self._public.read(url)

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
