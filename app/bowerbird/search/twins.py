"""Finds copies of one picture's shot: resized, recompressed, mirrored, turned, cropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from bowerbird.decode.matching import Look, copies
from bowerbird.types import Query

if TYPE_CHECKING:
    from bowerbird.search.searcher import Searcher
    from bowerbird.store.store import Store
    from bowerbird.types import Asset

# Pictures that look alike most, among which the copies are.
CANDIDATES = 64


def near_duplicates(
    store: Store,
    searcher: Searcher,
    asset: Asset,
    thumbnail: Callable[[int, str], bytes | None],
) -> list[int]:
    """Return the ids of the copies of an asset's shot, the most alike first.

    Frames of videos have none and are none: neighbours in a film look alike.

    Args:
        store: Has the hashes.
        searcher: Finds what looks alike.
        asset: One with an embedding; it is not among its own.
        thumbnail: Gives encoded thumbnails by id and md5, made anew where they are gone.
    """
    results = searcher.search(Query(assets=(asset.uuid,), limit=CANDIDATES))
    hashes = store.hashes([asset.id, *results.ids.tolist()])

    def seen(asset_id: int, md5: str | None) -> Look | None:
        data = None if md5 is None else thumbnail(asset_id, md5)
        return None if data is None else Look.of(data)

    own = seen(asset.id, asset.md5)
    near = [hit for hit in results if hit.asset_id != asset.id and hit.asset_id in hashes]
    if own is None or asset.id not in hashes or not near:
        return []
    contents = store.links().contents([hit.asset_id for hit in near])

    def look(number: int) -> Look | None:
        asset_id = near[number].asset_id
        return seen(asset_id, contents.get(asset_id))

    phashes = np.array([hashes[hit.asset_id][0] for hit in near], np.uint64)
    cosines = [hit.score or 0.0 for hit in near]
    found = copies(own, hashes[asset.id][0], phashes, cosines, look)
    return [near[number].asset_id for number in found]
