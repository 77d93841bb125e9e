"""Finds copies of one shot, and similar shots of one scene; what was compared is not again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from bowerbird.decode.matching import NOTION, Look, copies
from bowerbird.decode.shots import Scene, same_scene
from bowerbird.indexing.meter import Meter
from bowerbird.store.links import Pair
from bowerbird.types import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.settings import Settings
    from bowerbird.store.links import Hashes, Links
    from bowerbird.store.store import Store
    from bowerbird.store.vectors import VectorIndex
    from bowerbird.types import Vector

    Ids = NDArray[np.int64]
    # Returns the pairs of an asset with those that it belongs to, by its id and its embedding; None
    # where it cannot be looked at now.
    Finder = Callable[[int, Vector], list[Pair] | None]
    # Returns the encoded thumbnail of an asset and its content, made anew where it is gone.
    Thumbnail = Callable[[int, str], bytes | None]

T = TypeVar("T")

_NOTION = "notion_of_copies"  # where a library keeps by which its pictures were compared

# Neighbours by embedding among which copies are looked for, and the cosine that they need.
NEAR, LEAST = 12, 0.35
# The same for similar shots: a burst is longer than a picture has copies. Of made moments (see
# `decode/shots.py`), the built-in model's cosine is 0.65 or more for 0.97, 0.75 for 0.85.
NEAR_SHOTS, LEAST_SHOTS = 24, 0.65
# Seconds within which two pictures are likely of one burst, the cosine that they then need, and how
# many before and behind a picture are looked at.
BURST_S, LEAST_BURST, BURST = 10.0, 0.5, 8
PAGE = 256
# Thumbnails that are kept ready: neighbours come again.
READY = 4096
# Pairs that are remembered as compared, at least.
REMEMBERED = 500_000
# Pictures around which the others are sorted, and how many embeddings are read at a time for it.
MIDDLES, READ = 128, 4096


def find_duplicates(
    store: Store,
    encoder_id: str,
    dim: int,
    settings: Settings,
    thumbnail: Thumbnail,
    *,
    shots: bool = False,
) -> Iterator[Progress]:
    """Check every picture that was not, page by page, then make the groups.

    Candidates are the nearest embeddings; a DCT hash in eight ways decides which are compared as
    wholes, and the nearest of the others are compared as parts, by their corners. What is done
    stays done, so that it can be left at any step.

    Args:
        store: Whose pictures.
        encoder_id: Of which encoder the embeddings are; pictures without one wait for theirs.
        dim: How many numbers they have.
        settings: How many workers there are.
        thumbnail: Gives thumbnails by id and md5. A picture that has none, since its file cannot
            be had either, is compared the next time.
        shots: Whether similar shots are looked for too.
    """
    if store.get_meta(_NOTION) != NOTION:
        store.links().clear()
        store.set_meta(_NOTION, NOTION)
    waiting = store.links().unchecked(encoder_id)
    others = store.shots().unchecked(encoder_id) if shots else waiting[:0]
    meter = Meter("comparing", len(waiting) + len(others))
    yield meter.add(0)
    if len(waiting) or len(others):
        index = store.vectors(encoder_id, dim)
        index.refresh()
        seen = _Seen(store, encoder_id, index, thumbnail)
        yield from _compare(seen, waiting, store.links(), seen.copies, settings, meter)
        yield from _compare(seen, others, store.shots(), seen.shots, settings, meter)
    store.links().group()
    store.shots().group()


def _compare(
    seen: _Seen, waiting: Ids, links: Links, find: Finder, settings: Settings, meter: Meter
) -> Iterator[Progress]:
    waiting = _sorted(seen.store, seen.encoder_id, waiting)
    with ThreadPoolExecutor(settings.workers, thread_name_prefix="compare") as pool:
        for start in range(0, len(waiting), PAGE):
            page = waiting[start : start + PAGE]
            ids, vectors = seen.store.get_vectors(seen.encoder_id, page)
            contents = links.contents(ids.tolist())
            found = dict(zip(ids.tolist(), pool.map(find, ids.tolist(), vectors), strict=True))
            checked = {each: md5 for each, md5 in contents.items() if found[each] is not None}
            links.add(checked, [pair for pairs in found.values() for pair in pairs or ()])
            yield meter.add(len(page))


def _sorted(store: Store, encoder_id: str, waiting: Ids) -> Ids:
    """Return assets so that what looks alike follows each other: its thumbnails are ready then.

    Args:
        store: Has their embeddings.
        encoder_id: Of which encoder.
        waiting: int64 [n], ascending.
    """
    if len(waiting) <= READY:
        return waiting
    middles = store.sample_vectors(encoder_id, MIDDLES)
    nearest = np.zeros(len(waiting), np.int64)
    for start in range(0, len(waiting), READ):
        ids, vectors = store.get_vectors(encoder_id, waiting[start : start + READ])
        nearest[np.searchsorted(waiting, ids)] = (vectors @ middles.T).argmax(1)
    return waiting[np.argsort(nearest, kind="stable")]


class _Looks(Generic[T]):
    """Thumbnails as they are compared, with the content that they are of; the last ones kept."""

    def __init__(
        self, hashes: Hashes, thumbnail: Thumbnail, make: Callable[[bytes], T | None]
    ) -> None:
        self._hashes = hashes
        self._thumbnail = thumbnail
        self._make = make
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, tuple[str, T] | None] = OrderedDict()

    def get(self, asset_id: int) -> tuple[str, T] | None:
        """Return the content of an asset and how it looks; None where it has no thumbnail."""
        with self._lock:
            if asset_id in self._kept:
                self._kept.move_to_end(asset_id)
                return self._kept[asset_id]
        md5 = self._hashes.content(asset_id)
        data = None if md5 is None else self._thumbnail(asset_id, md5)
        look = None if data is None else self._make(data)
        known = None if md5 is None or look is None else (md5, look)
        with self._lock:
            self._kept[asset_id] = known
            while len(self._kept) > READY:
                self._kept.popitem(last=False)
        return known


class _Moments:
    """Which assets were taken shortly before and behind one."""

    def __init__(self, hashes: Hashes) -> None:
        known = np.flatnonzero(~np.isnan(hashes.taken))
        self._places = known[np.argsort(hashes.taken[known], kind="stable")]
        self._times = hashes.taken[self._places]

    def beside(self, time: float) -> Ids:
        """Return the places of the few that were taken nearest to a time, int64 [n]."""
        if np.isnan(time):
            return self._places[:0]
        low, high = np.searchsorted(self._times, (time - BURST_S, time + BURST_S), "left")
        at = int(np.searchsorted(self._times, time))
        return self._places[max(low, at - BURST) : min(high, at + BURST)]


class _Seen:
    """What pictures are compared by, as it was when the search began."""

    def __init__(
        self, store: Store, encoder_id: str, index: VectorIndex, thumbnail: Thumbnail
    ) -> None:
        self.store = store
        self.encoder_id = encoder_id
        self._index = index
        self._hashes = store.links().hashes()
        self._moments = _Moments(self._hashes)
        self._looks = _Looks(self._hashes, thumbnail, Look.of)
        self._scenes = _Looks(self._hashes, thumbnail, Scene.of)
        # Each is a neighbour of the other mostly: pairs that were compared, as one number each, and
        # those before them. Of a million pictures, all of them would take more than a gigabyte.
        self._done: set[int] = set()
        self._before: set[int] = set()

    def copies(self, asset_id: int, vector: Vector) -> list[Pair] | None:
        """Return an asset's pairs with copies of its shot, among those that are like it most."""
        (own_at,) = self._hashes.places(np.array([asset_id]))
        ids, places, cosines = self._near(asset_id, vector, NEAR, LEAST)
        if not len(ids) or own_at < 0:
            return []
        own = self._looks.get(asset_id)
        if own is None:
            return None
        contents: dict[int, str] = {}

        def look(number: int) -> Look | None:
            known = self._looks.get(int(ids[number]))
            if known is None:
                return None
            contents[number] = known[0]
            return known[1]

        phashes = self._hashes.phashes
        found = copies(own[1], int(phashes[own_at]), phashes[places], cosines.tolist(), look)
        return [Pair(asset_id, int(ids[each]), own[0], contents[each]) for each in found]

    def shots(self, asset_id: int, vector: Vector) -> list[Pair] | None:
        """Return an asset's pairs with similar shots, those of its burst among them."""
        ids, places, cosines = self._near(asset_id, vector, NEAR_SHOTS, LEAST_BURST)
        (own_at,) = self._hashes.places(np.array([asset_id]))
        if own_at < 0:
            return []
        time = self._hashes.taken[own_at]
        beside = np.abs(self._hashes.taken[places] - time) <= BURST_S
        near = dict.fromkeys(ids[cosines >= LEAST_SHOTS].tolist(), False)
        near |= dict.fromkeys([*ids[beside].tolist(), *self._burst(asset_id, vector, time)], True)
        if near and self._scenes.get(asset_id) is None:
            return None
        return [
            pair
            for other_id, burst in near.items()
            if (pair := self._shot(asset_id, other_id, burst=burst)) is not None
        ]

    def _shot(self, asset_id: int, other_id: int, *, burst: bool) -> Pair | None:
        both = (min(asset_id, other_id) << 32) + max(asset_id, other_id)
        if both in self._done or both in self._before:
            return None
        if len(self._done) >= REMEMBERED:
            self._before, self._done = self._done, set()
        self._done.add(both)
        own, other = self._scenes.get(asset_id), self._scenes.get(other_id)
        if own is None or other is None or not same_scene(own[1], other[1], burst=burst):
            return None
        return Pair(asset_id, other_id, own[0], other[0])

    def _near(
        self, asset_id: int, vector: Vector, count: int, least: float
    ) -> tuple[Ids, Ids, Vector]:
        """Return the nearest others, their places among the hashes, and their cosines."""
        ids, cosines = self._index.search(vector, count + 1, None)
        # A sync beside this one may have changed what was read before.
        places = self._hashes.places(ids)
        keep = (ids != asset_id) & (cosines >= least) & (places >= 0)
        return ids[keep], places[keep], cosines[keep]

    def _burst(self, asset_id: int, vector: Vector, time: float) -> list[int]:
        beside = self._hashes.ids[self._moments.beside(time)]
        beside = beside[beside != asset_id]
        if not len(beside):
            return []
        ids, vectors = self.store.get_vectors(self.encoder_id, beside)
        near: list[int] = ids[vectors @ vector >= LEAST_BURST].tolist()
        return near
