"""The methods that bring, change and list records."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse, Response

from bowerbird import types
from bowerbird.errors import BowerbirdError, StorageFullError
from bowerbird.server.refusal import RefusedError
from bowerbird.server.strict import StrictRoute
from bowerbird.server.ximilar import dump
from bowerbird.server.ximilar.asked import (
    Asked,
    Reading,
    Writing,
    fields_of,
    key_of,
    method,
    new_key_of,
    records_of,
)
from bowerbird.server.ximilar.requests import (
    MOST_NUMBER,
    MOST_PAGE,
    Everything,
    Filing,
    Finding,
    Inserting,
    Listing,
    Picking,
)
from bowerbird.server.ximilar.shelf import ALL
from bowerbird.server.ximilar.words import TEXTS, Record, cosine, distance, failed, reason
from bowerbird.types import Scope

router = APIRouter(route_class=StrictRoute)


@method(router, "ping", "Say that the index runs", get=True)
async def ping() -> Response:
    """Answer, with or without a key, and also while every thread is busy."""
    status = {"code": 200, "text": TEXTS[200]}
    info = "Bowerbird's index of pictures"
    return JSONResponse({"status": status, "statistics": {"OperationTime": 0}, "info": info})


@method(router, "insert", "Insert records")
def insert(asked: Writing, wanted: Listing) -> Response:
    """Take records in; what is there already stays as it is."""
    return _insert(asked, "insert", wanted, lambda _: None)


@method(router, "nearDupsInsert", "Insert records that are not nearly there")
def near_dups_insert(asked: Writing, wanted: Inserting) -> Response:
    """Take records in, but those that nearly the same record of is there, also of this request."""

    def twins(record: Record) -> Record | None:
        vector = asked.shelf.vector({k: v for k, v in record.items() if k != "_id"})
        query = types.Query(
            embeddings=(vector,),
            filter=asked.shelf.filter(),
            min_score=cosine(wanted.radius),
            limit=100,
        )
        records, scores = asked.shelf.rank(query, fields_of(wanted, "_id"))
        if not records:
            return None
        distances = [distance(score) for score in scores]
        return reason(211, answer_records=records, answer_distances=distances)

    # Requests that bring the same at the same time would else not see each other's.
    with asked.services.comparing:
        return _insert(asked, "nearDupsInsert", wanted, twins, one_by_one=True)


def _insert(
    asked: Asked,
    call: str,
    wanted: Listing,
    twins: Callable[[Record], Record | None],
    *,
    one_by_one: bool = False,
) -> Response:
    records = asked.shelf.records
    there = records.ids([new_key_of(record) for record in wanted.records])
    skipped: dict[int, Record] = {}
    taken: dict[str, int] = {}
    waiting: list[tuple[str, Any, bytes | None]] = []
    full = False
    for at, record in enumerate(wanted.records):
        key = key_of(record)
        try:
            why = reason(211) if key in there or key in taken else twins(record)
            if why is not None:
                skipped[at] = why
                continue
            item, picture = asked.shelf.item(record, key)
        except (RefusedError, BowerbirdError) as error:
            skipped[at] = failed(error)
            continue
        taken[key] = at
        waiting.append((key, item, picture))
        if one_by_one:
            full = _take(asked, waiting, taken, skipped) or full
            waiting = []
    full = _take(asked, waiting, taken, skipped) or full
    inserted = [key for key, at in taken.items() if at not in skipped]
    ids = records.ids(inserted)
    known = asked.shelf.read(list(ids.values()), fields_of(wanted, "_id"))
    left = [{"_id": key_of(wanted.records[at]), "_reason": skipped[at]} for at in sorted(skipped)]
    codes = {why["status"]["code"] for why in skipped.values()}
    code = 211 if inserted else 411 if codes == {211} else 412 if full else 402
    return asked.listed(
        call,
        [known[ids[key]] for key in inserted if ids.get(key) in known],
        210 if not skipped else code,
        images=len(inserted),
        skipped_records=left,
    )


def _take(
    asked: Asked,
    waiting: list[tuple[str, Any, bytes | None]],
    taken: dict[str, int],
    skipped: dict[int, Record],
) -> bool:
    """Bring what waits into the library; returns whether there was no space left."""
    pictures = {key: picture for key, _, picture in waiting if picture is not None}
    try:
        with asked.services.bench.place():
            refused = asked.shelf.records.insert([item for _, item, _ in waiting], pictures)
    except StorageFullError:
        for key, _, _ in waiting:
            skipped[taken[key]] = reason(412)
        return True
    for key, why in refused.items():
        skipped[taken[key]] = reason(402, f"The picture {why}.")
    return False


@method(router, "delete", "Delete records")
def delete(asked: Writing, wanted: Listing) -> Response:
    """Take records out for good."""
    keys = [key_of(record) for record in wanted.records]
    gone = set(asked.shelf.records.delete(keys))
    return _partly(asked, "delete", keys, {key: {"_id": key} for key in gone}, 220)


@method(router, "get", "Get records")
def get(asked: Reading, wanted: Listing) -> Response:
    """Return records by their ids."""
    keys = [key_of(record) for record in wanted.records]
    ids = asked.shelf.ids(keys)
    known = asked.shelf.read(list(ids.values()), fields_of(wanted, ALL))
    return _partly(asked, "get", keys, {key: known[ids[key]] for key in ids if ids[key] in known})


@method(router, "update", "Update records")
def update(asked: Writing, wanted: Listing) -> Response:
    """Change what is said of records; their pictures stay."""
    keys = [key_of(record) for record in wanted.records]
    ids = asked.shelf.records.ids(keys)
    asked.shelf.records.update(
        [
            asked.shelf.change(record, key)
            for record, key in zip(wanted.records, keys, strict=True)
            if key in ids
        ]
    )
    known = asked.shelf.read(list(ids.values()), fields_of(wanted, ALL))
    return _partly(
        asked, "update", keys, {key: known[ids[key]] for key in ids if ids[key] in known}
    )


def _partly(
    asked: Asked, call: str, keys: list[str], found: dict[str, Record], whole: int = 205
) -> Response:
    left = [{"_id": key, "_reason": reason(404)} for key in keys if key not in found]
    code = 404 if not found else 206 if left else whole
    records = [found[key] for key in dict.fromkeys(keys) if key in found]
    return asked.listed(call, records, code, skipped_records=left)


@method(router, "find", "Find records by a filter")
def find(asked: Reading, wanted: Finding) -> Response:
    """Return records that match a filter, in the order in which they came."""
    if wanted.filter is None:
        raise RefusedError(400, "The filter is missing.")
    ids = asked.shelf.matching(wanted.filter)[: wanted.limit]
    return asked.listed("find", records_of(asked, ids, wanted, ALL))


@method(router, "random", "Return random records")
def pick(asked: Reading, wanted: Annotated[Picking, Body(default_factory=Picking)]) -> Response:
    """Return some records, each at most once."""
    ids = asked.shelf.matching(wanted.filter)
    chosen = random.sample(range(len(ids)), min(wanted.count, len(ids)))
    return asked.listed("random", records_of(asked, ids[chosen], wanted, ALL))


@method(router, "getRecordCount", "Count records", get=True)
def record_count(asked: Reading) -> Response:
    """Count the records of the collection."""
    return asked.answer("getRecordCount", answer_count=len(asked.shelf.matching()))


@method(router, "allRecords", "Return all records")
def all_records(
    asked: Reading,
    wanted: Annotated[Everything, Body(default_factory=Everything)],
    size: Annotated[int | None, Query(ge=0, le=MOST_PAGE)] = None,
    page: Annotated[int | None, Query(ge=1, le=MOST_NUMBER)] = None,
) -> Response:
    """Return a page of records, or all of them, and write them to a file where that is to stay."""
    size = size if size is not None else wanted.size
    page = page if page is not None else wanted.page
    ids = asked.shelf.matching(wanted.filter)
    if size:
        part = ids[(page - 1) * size : page * size]
        more: dict[str, Any] = {"output_file_name": _filed(asked, part, wanted)}
        if page * size < len(ids):
            more["next"] = f"allRecords?size={size}&page={page + 1}"
        return asked.listed("allRecords", records_of(asked, part, wanted, "_id"), **more)
    name = _filed(asked, ids, wanted)
    asked.caller.used("allRecords", 0)
    return dump.stream(asked.shelf, ids, fields_of(wanted, "_id"), name, asked.took)


def _filed(asked: Asked, ids: Any, wanted: Filing) -> str:
    """Return the name of the file of an answer, which is only written where it is to stay."""
    name = dump.named(wanted.output_file_name)
    if not wanted.delete_file_after:
        asked.services.door.demand(asked.caller, Scope.WRITE)
        dump.write(asked.library, asked.shelf, ids, name, fields_of(wanted, "_id"))
    return name


@method(router, "deleteByFilter", "Delete records by a filter")
def delete_by_filter(asked: Writing, wanted: Filing) -> Response:
    """Take all records out that match a filter; a file of them can stay."""
    if not wanted.filter:
        raise RefusedError(400, "The filter is missing or empty.")
    ids = asked.shelf.matching(wanted.filter)
    records = asked.shelf.records
    name = _filed(asked, ids, wanted)
    gone = records_of(asked, ids, wanted, "_id")
    records.delete([record["_id"] for record in gone])
    return asked.listed("deleteByFilter", gone, output_file_name=name)
