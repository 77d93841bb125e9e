"""Finds copies of one shot in the whole library; what was looked at before is not again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from bowerbird.decode.matching import Look, copies
from bowerbird.indexing.meter import Meter
from bowerbird.types import Progress

if TYPE_CHECKING:
    from bowerbird.settings import Settings
    from bowerbird.store.links import Hashes
    from bowerbird.store.store import Store
    from bowerbird.store.vectors import VectorIndex
    from bowerbird.types import Vector

# Neighbours by embedding among which copies are looked for, and the cosine that they need.
NEAR, LEAST = 12, 0.35
PAGE = 256
# Thumbnails that are kept ready: neighbours come again.
READY = 4096


def find_duplicates(
    store: Store, encoder_id: str, dim: int, settings: Settings
) -> Iterator[Progress]:
    """Check every picture that was not, page by page, then make the groups.

    Candidates are the nearest embeddings; a DCT hash in eight ways decides which are compared as
    wholes, and the nearest of the others are compared as parts, by their corners. What is done
    stays done, so that it can be left at any step.
    """
    links = store.links()
    waiting = links.unchecked()
    meter = Meter("comparing", len(waiting))
    yield meter.add(0)
    if len(waiting):
        index = store.vectors(encoder_id, dim)
        index.refresh()
        hashes = links.hashes()
        looks = _Looks(store)
        with ThreadPoolExecutor(settings.workers, thread_name_prefix="compare") as pool:
            for start in range(0, len(waiting), PAGE):
                page = waiting[start : start + PAGE]
                contents = links.contents(page.tolist())
                ids, vectors = store.get_vectors(encoder_id, page)
                found = pool.map(
                    lambda asset_id, vector: _copies(asset_id, vector, index, hashes, looks),
                    ids.tolist(),
                    vectors,
                )
                links.add(contents, [pair for pairs in found for pair in pairs])
                yield meter.add(len(page))
    links.group()


class _Looks:
    """Thumbnails as they are compared, the last ones kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[int, Look | None] = OrderedDict()

    def get(self, asset_id: int) -> Look | None:
        try:
            return self._kept[asset_id]
        except KeyError:
            md5 = self._store.links().contents([asset_id]).get(asset_id)
            data = None if md5 is None else self._store.thumbnail(md5)
            look = None if data is None else Look.of(data)
            # Another thread may drop it at once; what is returned is what was made.
            self._kept[asset_id] = look
            while len(self._kept) > READY:
                self._kept.popitem(last=False)
            return look


def _copies(
    asset_id: int, vector: Vector, index: VectorIndex, hashes: Hashes, looks: _Looks
) -> list[tuple[int, int]]:
    # A sync beside this one may have changed what was read before.
    if not np.isin(asset_id, hashes.ids):
        return []
    ids, scores = index.search(vector, NEAR + 1, None)
    keep = (ids != asset_id) & (scores >= LEAST) & np.isin(ids, hashes.ids)
    near, cosines = ids[keep], scores[keep].tolist()
    own = looks.get(asset_id) if len(near) else None
    if own is None:
        return []
    at = np.searchsorted(hashes.ids, [asset_id, *near.tolist()])
    phashes = hashes.phashes[at]
    found = copies(
        own, int(phashes[0]), phashes[1:], cosines, lambda number: looks.get(int(near[number]))
    )
    return [(asset_id, int(near[number])) for number in found]
