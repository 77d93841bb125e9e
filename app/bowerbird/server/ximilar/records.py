"""The methods that change, take out and list records."""

from __future__ import annotations

import random
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse, Response

from bowerbird.server.refusal import RefusedError
from bowerbird.server.strict import StrictRoute
from bowerbird.server.ximilar import dump
from bowerbird.server.ximilar.asked import (
    Asked,
    Reading,
    Writing,
    fields_of,
    method,
    named_of,
    records_of,
)
from bowerbird.server.ximilar.requests import (
    MOST_NUMBER,
    MOST_PAGE,
    Everything,
    Filing,
    Finding,
    Listing,
    Picking,
)
from bowerbird.server.ximilar.shelf import ALL
from bowerbird.server.ximilar.words import TEXTS, Record, reason
from bowerbird.types import Scope

router = APIRouter(route_class=StrictRoute)


@method(router, "ping", "Say that the index runs", get=True)
async def ping() -> Response:
    """Answer, with or without a key, and also while every thread is busy."""
    status = {"code": 200, "text": TEXTS[200]}
    info = "Bowerbird's index of pictures"
    return JSONResponse({"status": status, "statistics": {"OperationTime": 0}, "info": info})


@method(router, "delete", "Delete records", none=(402, 404), also=(507,))
def delete(asked: Writing, wanted: Listing) -> Response:
    """Take records out for good."""
    named, wrong = named_of(wanted.records)
    gone = asked.shelf.records.delete([key for key, _ in named])
    return _partly(asked, "delete", named, wrong, {key: {"_id": key} for key in gone}, 220)


@method(router, "get", "Get records", none=(402, 404))
def get(asked: Reading, wanted: Listing) -> Response:
    """Return records by their ids."""
    named, wrong = named_of(wanted.records)
    ids = asked.shelf.ids([key for key, _ in named])
    return _partly(asked, "get", named, wrong, _known(asked, ids, wanted))


@method(router, "update", "Update records", none=(402, 404), also=(507,))
def update(asked: Writing, wanted: Listing) -> Response:
    """Change what is said of records; their pictures stay."""
    named, wrong = named_of(wanted.records)
    ids = asked.shelf.records.ids([key for key, _ in named])
    asked.shelf.records.update(
        [asked.shelf.change(record, key) for key, record in named if key in ids]
    )
    return _partly(asked, "update", named, wrong, _known(asked, ids, wanted))


def _known(asked: Asked, ids: dict[str, int], wanted: Listing) -> dict[str, Record]:
    known = asked.shelf.read(list(ids.values()), fields_of(wanted, ALL))
    return {key: known[ids[key]] for key in ids if ids[key] in known}


def _partly(
    asked: Asked,
    call: str,
    named: list[tuple[str, Record]],
    wrong: list[Record],
    found: dict[str, Record],
    whole: int = 205,
) -> Response:
    """Return what was found of those that were named; `wrong` says what named nothing."""
    keys = dict.fromkeys(key for key, _ in named)
    left = [{"_id": key, "_reason": reason(404)} for key in keys if key not in found]
    none = 402 if wrong and not left else 404
    left += wrong
    records = [found[key] for key in keys if key in found]
    code = none if not records else 206 if left else whole
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


@method(router, "allRecords", "Return all records", also=(507,))
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


@method(router, "deleteByFilter", "Delete records by a filter", also=(507,))
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
