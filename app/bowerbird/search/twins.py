"""Finds near-duplicates of one picture: resized, recompressed, slightly retouched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bowerbird.types import Query

if TYPE_CHECKING:
    from bowerbird.search.searcher import Searcher
    from bowerbird.store.store import Store
    from bowerbird.types import Asset

# Pictures that look alike most, among which the near-duplicates are.
CANDIDATES = 64
# Bits of 64 in which the hashes of one picture and its copies differ at most. Both have to agree:
# unrelated pictures that share one hash by chance differ in the other.
PHASH_BITS, DHASH_BITS = 12, 14


def near_duplicates(store: Store, searcher: Searcher, asset: Asset) -> list[int]:
    """Return the ids of the near-duplicates of an asset, the most alike first.

    Candidates are the nearest embeddings; DCT and gradient hashes (as in pHash, Zauner 2010, and
    dHash, Krawetz 2013) decide. Mirrored and rotated copies are not found.

    Args:
        store: Has the hashes.
        searcher: Finds what looks alike.
        asset: One with an embedding; it is not among its own.
    """
    ids = searcher.search(Query(assets=(asset.uuid,), limit=CANDIDATES)).ids.tolist()
    hashes = store.hashes([asset.id, *ids])
    own = hashes.get(asset.id)
    if own is None:
        return []
    return [
        each
        for each in ids
        if each != asset.id
        and each in hashes
        and (own[0] ^ hashes[each][0]).bit_count() <= PHASH_BITS
        and (own[1] ^ hashes[each][1]).bit_count() <= DHASH_BITS
    ]
