"""The methods that take records in.

What lies on the web is fetched before anything is held that others wait for: an address may take a
minute to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from fastapi import APIRouter
from fastapi.responses import Response

from bowerbird import types
from bowerbird.errors import BowerbirdError, StorageFullError
from bowerbird.server.refusal import RefusedError
from bowerbird.server.strict import StrictRoute
from bowerbird.server.ximilar.asked import (
    Asked,
    Writing,
    fields_of,
    id_of,
    method,
    new_key_of,
)
from bowerbird.server.ximilar.requests import Inserting, Listing
from bowerbird.server.ximilar.shelf import Brought
from bowerbird.server.ximilar.words import Record, cosine, distance, failed, reason

router = APIRouter(route_class=StrictRoute)
# Records of one request whose pictures are fetched at once, and lie in memory until they are in.
_AT_ONCE = 4
Twins = Callable[[Brought], Record | None]


@method(router, "insert", "Insert records", none=(402, 411, 412))
def insert(asked: Writing, wanted: Listing) -> Response:
    """Take records in; what is there already stays as it is."""
    insertion = _Insertion(asked, wanted.records)
    for part in insertion.parts():
        insertion.take(part)
    return insertion.answer("insert", wanted)


@method(
    router,
    "nearDupsInsert",
    "Insert records that are not nearly there",
    none=(402, 411, 412),
)
def near_dups_insert(asked: Writing, wanted: Inserting) -> Response:
    """Take records in, but those that nearly the same record of is there, also of this request."""

    def twins(brought: Brought) -> Record | None:
        query = types.Query(
            embeddings=(asked.shelf.look(brought),),
            filter=asked.shelf.filter(),
            min_score=cosine(wanted.radius),
            limit=100,
        )
        records, scores = asked.shelf.rank(query, fields_of(wanted, "_id"))
        distances = [near for score in scores if (near := distance(score)) <= wanted.radius]
        if not distances:
            return None
        near_ones = records[: len(distances)]
        return reason(211, answer_records=near_ones, answer_distances=distances)

    insertion = _Insertion(asked, wanted.records, twins)
    for part in insertion.parts():
        for at, brought in part.items():
            # Requests that bring the same at the same time would else not see each other's.
            with asked.services.comparing:
                insertion.take({at: brought})
    return insertion.answer("nearDupsInsert", wanted)


class _Insertion:
    """The records of one request, on their way in.

    Args:
        asked: The request.
        records: What it brings.
        twins: Says of one whether nearly the same is there.
    """

    def __init__(self, asked: Asked, records: list[Record], twins: Twins = lambda _: None) -> None:
        self._asked = asked
        self._shelf = asked.shelf
        self._records = records
        self._twins = twins
        self._full = False
        # Places in `records`: of what is in, by its id, and of what is not, with the reason.
        self._taken: dict[str, int] = {}
        self._skipped: dict[int, Record] = {}

    def parts(self) -> Iterator[dict[int, Brought]]:
        """Yield some at a time, each with its picture; nothing is held while these are fetched."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for start in range(0, len(self._records), _AT_ONCE):
                keys = self._new(range(start, min(start + _AT_ONCE, len(self._records))))
                brought = dict(zip(keys, pool.map(self._bring, keys, keys.values()), strict=True))
                yield {at: one for at, one in brought.items() if one is not None}

    def _new(self, places: range) -> dict[int, str]:
        """Return the ids of those that are not there yet, so that these alone are fetched."""
        keys: dict[int, str] = {}
        for at in places:
            try:
                keys[at] = new_key_of(self._records[at])
            except RefusedError as error:
                self._skipped[at] = failed(error)
        there = self._shelf.records.ids(list(keys.values()))
        for at, key in keys.items():
            if key in there or key in self._taken:
                self._skipped[at] = reason(211)
        return {at: key for at, key in keys.items() if at not in self._skipped}

    def _bring(self, at: int, key: str) -> Brought | None:
        try:
            return self._shelf.brought(self._records[at], key)
        except (RefusedError, BowerbirdError) as error:
            self._skipped[at] = failed(error)
            return None

    def take(self, part: dict[int, Brought]) -> None:
        """Take records in that are still not there nor on their way, and index them."""
        names = {one.item.id: (self._shelf.collection.id, one.item.id) for one in part.values()}
        with self._asked.services.arriving.on(names.values()) as mine:
            there = {key for key, name in names.items() if name not in mine}
            self._take(part, there | self._shelf.records.ids(list(names)).keys())

    def _take(self, part: dict[int, Brought], there: set[str]) -> None:
        waiting: dict[str, Brought] = {}
        for at, one in part.items():
            key = one.item.id
            try:
                why = reason(211) if key in there or key in self._taken else self._twins(one)
            except (RefusedError, BowerbirdError) as error:
                why = failed(error)
            if why is not None:
                self._skipped[at] = why
                continue
            self._taken[key] = at
            waiting[key] = one
        if waiting:
            self._index(waiting)

    def _index(self, waiting: dict[str, Brought]) -> None:
        pictures = {key: one.picture for key, one in waiting.items() if one.picture is not None}
        before = self._inserted()
        try:
            with self._asked.services.bench.place():
                items = [one.item for one in waiting.values()]
                refused = self._shelf.records.insert(items, pictures)
        except (RefusedError, BowerbirdError) as error:
            full = isinstance(error, StorageFullError)
            # What is in already has to be told of.
            if not full and len(before) == len(waiting):
                raise
            self._full = self._full or full
            why = reason(412) if full else failed(error)
            self._skipped.update({self._taken[key]: why for key in waiting})
            return
        for key, said in refused.items():
            self._skipped[self._taken[key]] = reason(402, f"The picture {said}.")

    def _inserted(self) -> list[str]:
        return [key for key, at in self._taken.items() if at not in self._skipped]

    def answer(self, call: str, wanted: Listing) -> Response:
        """Return what is in now, and why the rest is not."""
        inserted, skipped = self._inserted(), self._skipped
        ids = self._shelf.records.ids(inserted)
        known = self._shelf.read(list(ids.values()), fields_of(wanted, "_id"))
        left = [{**id_of(self._records[at]), "_reason": skipped[at]} for at in sorted(skipped)]
        codes = {why["status"]["code"] for why in skipped.values()}
        code = 211 if inserted else 411 if codes == {211} else 412 if self._full else 402
        return self._asked.listed(
            call,
            [known[ids[key]] for key in inserted if ids.get(key) in known],
            code if skipped else 210,
            images=len(inserted),
            skipped_records=left,
        )
