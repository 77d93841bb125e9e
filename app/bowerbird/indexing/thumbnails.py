"""Gives the thumbnails of assets, made anew from their files where the cache dropped them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

from bowerbird.decode.decoder import decode
from bowerbird.decode.fingerprint import is_known
from bowerbird.errors import BowerbirdError, SourceOfflineError
from bowerbird.types import PixelSpec

if TYPE_CHECKING:
    from bowerbird.settings import Settings
    from bowerbird.store.store import Store
    from bowerbird.types import Asset, Source


class Thumbnails:
    """The thumbnails that one piece of work asks for; shared by threads.

    A source that turned out to be away is not asked for every picture.

    Args:
        store: Keeps them.
        source_of: Gives the source of a collection by its id.
        settings: For the limits.
    """

    def __init__(
        self, store: Store, source_of: Callable[[int], Source], settings: Settings
    ) -> None:
        self._store = store
        self._source_of = source_of
        self._settings = settings
        self._away: set[int] = set()

    def get(self, asset_id: int, md5: str) -> bytes | None:
        """Return the encoded thumbnail of an asset's content, or None where it cannot be had."""
        kept = self._store.thumbnail(md5)
        if kept is not None:
            return kept
        known = [asset for asset in self._store.assets([asset_id]) if asset.md5 == md5]
        made, is_known = self._made(known[0]) if known else (None, False)
        return made if is_known else None

    def of(self, asset: Asset) -> bytes | None:
        """Return the encoded thumbnail of an asset, or None where it cannot be had.

        That of a file which changed meanwhile is not kept: what its content is, a sync will say.
        """
        kept = None if asset.md5 is None else self._store.thumbnail(asset.md5)
        return self._made(asset)[0] if kept is None else kept

    def _made(self, asset: Asset) -> tuple[bytes | None, bool]:
        """Return a new thumbnail, and whether it is of the content that is known."""
        if asset.md5 is None or asset.collection_id in self._away:
            return None, False
        try:
            source = self._source_of(asset.collection_id)
            with source.open(asset.file_key) as stream:
                known = is_known(asset, stream)
                made = _drawn(asset, stream, self._settings)
            if known:
                self._store.put_thumbnail(asset.md5, made)
        except SourceOfflineError:
            self._away.add(asset.collection_id)
            return None, False
        except (BowerbirdError, OSError):
            return None, False  # the file is gone or changed; the next sync says so
        return made, known


def _drawn(asset: Asset, stream: BinaryIO, settings: Settings) -> bytes:
    spec = PixelSpec(1)
    return decode(stream, asset.shown_name, spec, max_pixels=settings.max_pixels).thumbnail
