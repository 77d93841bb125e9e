"""One request to one collection, and the answers that all methods share."""

from __future__ import annotations

import inspect
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Annotated, Any, get_type_hints

from fastapi import APIRouter, Depends, Header, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from fastapi.security import APIKeyHeader
from pydantic import TypeAdapter
from starlette.datastructures import Headers

from bowerbird.server import strict
from bowerbird.server.callers import Caller, secret_of
from bowerbird.server.description import refusals
from bowerbird.server.refusal import RefusedError
from bowerbird.server.services import Services, Shared
from bowerbird.server.shortcut import Method
from bowerbird.server.ximilar.requests import Request
from bowerbird.server.ximilar.shelf import Shelf
from bowerbird.server.ximilar.words import TEXTS, Record, distance, failed, reason
from bowerbird.types import Scope

# Those of the document, and those that the service's own client calls besides.
SERVICES = ("photos", "products")
ALSO = ("products-new", "fashion-new", "homedecor", "custom")
_header = APIKeyHeader(
    name="Authorization", scheme_name="Token", description="`Token ...`", auto_error=False
)


class Asked:
    """One request: who asks, for which collection, and since when."""

    def __init__(self, services: Services, caller: Caller, ref: str | None) -> None:
        self.began = time.perf_counter()
        self.services = services
        self.caller = caller
        self.library = caller.library
        collections = caller.collections() if not ref else []
        if not ref and len(collections) != 1:
            raise RefusedError(400, "Name a collection in the header collection-id.")
        collection = collections[0] if collections else caller.collection(ref or "")
        self.shelf = Shelf(caller, collection, services.bench)

    def answer(self, call: str, code: int = 200, *, images: int = 0, **parts: Any) -> Response:
        """Return what came of it."""
        self.caller.used(call, images)
        body = {
            "status": {"code": code, "text": TEXTS[code]},
            "statistics": {"OperationTime": self.took()},
            **parts,
        }
        return JSONResponse(body, 200 if code < 300 else code)

    def listed(
        self, call: str, records: Sequence[Record], code: int = 200, **parts: Any
    ) -> Response:
        """Return records."""
        return self.answer(call, code, answer_count=len(records), answer_records=records, **parts)

    def ranked(
        self, call: str, records: list[Record], scores: Sequence[float], **parts: Any
    ) -> Response:
        """Return records with their distances."""
        distances = [distance(score) for score in scores]
        return self.listed(call, records, images=1, answer_distances=distances, **parts)

    def took(self) -> int:
        """Return the milliseconds since the request came."""
        return round((time.perf_counter() - self.began) * 1000)


def _asking(scope: Scope) -> Any:
    async def admit(
        services: Shared,
        header: Annotated[str | None, Security(_header)] = None,
        collection_id: Annotated[str | None, Header(description="uuid or name")] = None,
        collection: Annotated[str | None, Header(include_in_schema=False)] = None,
    ) -> Asked:
        return _admitted(services, scope, header, collection_id or collection)

    return Depends(admit)


def _admitted(services: Services, scope: Scope, header: str | None, ref: str | None) -> Asked:
    return Asked(services, services.door.admit(secret_of(header), scope), ref)


Reading = Annotated[Asked, _asking(Scope.SEARCH), Scope.SEARCH]
Writing = Annotated[Asked, _asking(Scope.WRITE), Scope.WRITE]
# The methods by their paths, for the short way to them.
METHODS: dict[str, Method] = {}


def method(
    router: APIRouter,
    name: str,
    summary: str,
    *,
    get: bool = False,
    none: Sequence[int] = (),
    also: Sequence[int] = (),
) -> Callable[[Any], Any]:
    """Serve a method of all services, by POST, or by GET as well.

    Args:
        router: Where it is added.
        name: Of the method.
        summary: What it does.
        get: Whether GET is served, too.
        none: Codes that are answered where nothing could be done for any record.
        also: Statuses of refusals that not every method has.
    """

    def add(function: Any) -> Any:
        for service in (*SERVICES, *ALSO):
            path = f"/similarity/{service}/v2/{name}"
            for verb in ("POST", "GET") if get else ("POST",):
                router.add_api_route(
                    path,
                    function,
                    methods=[verb],
                    summary=summary,
                    responses={**{code: _skipping(code) for code in none}, **refusals(*also)},
                    operation_id=f"{service}-{name}-{verb.lower()}",
                    include_in_schema=service in SERVICES,
                )
            if inspect.signature(function).parameters.keys() == {"asked", "wanted"}:
                METHODS[path] = _shortened(function)
        return function

    return add


def _skipping(code: int) -> dict[str, Any]:
    """Return how an answer that skips all records is described."""
    example = {
        "status": {"code": code, "text": TEXTS[code]},
        "statistics": {"OperationTime": 2},
        "answer_count": 0,
        "answer_records": [],
        "skipped_records": [{"_id": "321", "_reason": reason(211 if code == 411 else code)}],
    }
    return {"description": TEXTS[code], "content": {"application/json": {"example": example}}}


def _shortened(function: Any) -> Method:
    """Return what answers for a method that takes a body, with nothing of the framework."""
    asking = get_type_hints(function, include_extras=True)["asked"]
    scope = next(each for each in asking.__metadata__ if isinstance(each, Scope))
    wanted_of: TypeAdapter[Any] = TypeAdapter(get_type_hints(function)["wanted"])
    at_once = inspect.iscoroutinefunction(function)

    def read(body: bytes) -> Any:
        return wanted_of.validate_python(strict.read(body))

    async def answer(services: Services, headers: Headers, wanted: Any) -> Response:
        ref = headers.get("collection-id") or headers.get("collection")
        asked = _admitted(services, scope, headers.get("authorization"), ref)
        if at_once:
            found: Response = await function(asked, wanted)
            return found
        return await run_in_threadpool(function, asked, wanted)

    return Method(read, answer)


def records_of(asked: Asked, ids: Any, wanted: Request, default: str) -> list[Record]:
    """Return the records of assets, with the fields that are asked for."""
    return [row for page in asked.shelf.pages(ids, fields_of(wanted, default)) for row in page]


def fields_of(wanted: Request, default: str) -> list[str]:
    """Return the fields that are asked for."""
    return [default] if wanted.fields_to_return is None else wanted.fields_to_return


def group_of(asked: Asked, product_field: str | None) -> str | None:
    """Return the library's field of which each value is to be there once."""
    return None if product_field is None else asked.shelf.field(product_field)


def new_key_of(record: Record) -> str:
    """Return a record's id; one that brings none gets one."""
    if record.get("_id") is None:
        record["_id"] = uuid.uuid4().hex
    return key_of(record)


def key_of(record: Record) -> str:
    """Return a record's id.

    Raises:
        RefusedError: It has none, or none that can be kept.
    """
    key = record.get("_id")
    if not isinstance(key, str | int) or not str(key) or "\0" in str(key):
        raise RefusedError(400, "The _id of a record is a text.")
    return str(key)


def id_of(record: Record) -> Record:
    """Return what a record says its id is, right or wrong, as the lists of what was skipped do."""
    return {"_id": record["_id"]} if "_id" in record else {}


def named_of(records: Sequence[Record]) -> tuple[list[tuple[str, Record]], list[Record]]:
    """Return records with their ids, and what is said of those that have none."""
    named: list[tuple[str, Record]] = []
    wrong: list[Record] = []
    for record in records:
        try:
            named.append((key_of(record), record))
        except RefusedError as error:
            wrong.append({**id_of(record), "_reason": failed(error)})
    return named, wrong
