"""Thread Genius' dialect, at /v0/: tokens, catalogues of image addresses, tags, search, detection.

A catalogue is a collection of records; its `catalog_id` is the first 16 digits of its uuid, and its
file (id, address and metadata as JSON, divided by tabs) is read at once, its pictures when it is
indexed. `api_key` is the id of a key, `api_secret` its secret. The document calls parameters those
of the query, and its examples send forms: they are taken from a form, from JSON and from the
address, `token` also by GET. `Authorization` takes `Bearer TOKEN` and the bare token, as the
document has both.

Where the document is silent or says two things: the number of images is given as
`num_images_total` and, as the examples have it, `num_total_images`; a catalogue that is being
indexed is `index in progress` right after it was asked for, and `indexing` later on. A file of
which nothing can be read makes the status `upload error` until another comes; pictures that cannot
be had are counted in `error_log`, which keeps what was wrong with uploads until one is all right,
and the catalogue is `ready for query` as long as one could be. Uploading again adds to the records
and changes those of the same id. The `url` of a picture that is not on the web is one of this
server, signed, and lasts for a day. `distance` is one less the cosine, 0 within the rounding of
what is stored (0.001). `n_results` is 50 by default and 1000 at most. What `detect` finds are
everyday objects, by the names of COCO's 80 categories (person, dog, handbag, tie, ...): kinds of
clothes are not told apart; a `bbox` is left, top, right and bottom in pixels. Creating and deleting
catalogues needs the scope admin, filling them write.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Query, Request, Security, UploadFile
from fastapi.responses import JSONResponse, Response
from fastapi.security import APIKeyHeader

from bowerbird import types
from bowerbird.errors import UsageError
from bowerbird.server.anywhere import Anywhere
from bowerbird.server.callers import Caller, secret_of, short_id
from bowerbird.server.description import refusals
from bowerbird.server.distances import distance
from bowerbird.server.pictures import from_address, within
from bowerbird.server.refusal import RefusedError
from bowerbird.server.services import Services, Shared
from bowerbird.types import Asset, Collection, Scope, SourceKind

PREFIXES = ("/v0",)
# Statuses for those whose key is none, or does not allow it.
OUTSIDE = (401, 403)
# Paths whose bodies are read before it is known who sends them.
OPEN = ("/v0/token",)
HITS, MOST_HITS = 50, 1000
# What an upload that could not be read leaves behind, in the collection's own words.
UPLOADED, TROUBLE, INDEXED = "catalog_uploaded", "catalog_error", "catalog_indexed"
FAILED = "catalog_failed"
NONE = "There is no such catalog for this key."
# Lines of an upload's troubles, and of those of all uploads together.
MOST_LINES, MOST_LOGGED = 20, 100

router = APIRouter(prefix="/v0", tags=["threadgenius"], route_class=Anywhere)
_header = APIKeyHeader(
    name="Authorization", scheme_name="Bearer", description="`Bearer TOKEN`", auto_error=False
)


def wording(refused: RefusedError) -> dict[str, Any]:
    """Return what is answered to what is not met."""
    return {"status": {"message": refused.text, "code": refused.status}}


def _caller(scope: Scope) -> Any:
    async def admit(
        services: Shared, header: Annotated[str | None, Security(_header)] = None
    ) -> Caller:
        return services.door.admit(secret_of(header), scope)

    return Depends(admit)


Searching = Annotated[Caller, _caller(Scope.SEARCH)]
Writing = Annotated[Caller, _caller(Scope.WRITE)]
Governing = Annotated[Caller, _caller(Scope.ADMIN)]
Url = Annotated[str | None, Form(max_length=8192, description="address of a picture")]
Image = Annotated[UploadFile | None, File(description="or the picture itself")]


# --- tokens -------------------------------------------------------------------------------------


@router.get("/token", summary="Get an access token", responses=refusals(401, 429))
def get_token(
    services: Shared,
    api_key: Annotated[str, Query(max_length=200)],
    api_secret: Annotated[str, Query(max_length=200)],
) -> Response:
    """Exchange a key and its secret for a token."""
    services.door.admit(api_secret, Scope.SEARCH)
    made = services.library.access.token(api_key, api_secret)
    if made is None:
        raise RefusedError(401, "There is no such api_key with this api_secret.")
    token, seconds = made
    return _answer(access_token=token, token_type="bearer", expires_in_seconds=seconds)


@router.post("/token", summary="Get an access token", responses=refusals(401, 429))
def post_token(
    services: Shared,
    api_key: Annotated[str, Form(max_length=200)],
    api_secret: Annotated[str, Form(max_length=200)],
) -> Response:
    """Exchange a key and its secret for a token."""
    return get_token(services, api_key, api_secret)


# --- catalogues ---------------------------------------------------------------------------------


@router.post("/catalog", summary="Create a catalogue", responses=refusals(507))
def create(caller: Governing, name: Annotated[str, Form(min_length=1, max_length=200)]) -> Response:
    """Make an empty catalogue."""
    if not name.strip():
        raise RefusedError(400, "A catalog needs a name.")
    collection = caller.new_catalogue(name)
    caller.used("catalog_create", 0)
    return _answer(catalog=_head(collection) | {"status": "new"})


@router.get("/catalog", summary="List catalogues")
def list_all(services: Shared, caller: Searching) -> Response:
    """Return all catalogues."""
    caller.used("catalog_list", 0)
    found = [one for one in caller.collections() if one.kind is SourceKind.CATALOGUE]
    return _answer(catalog=[_catalogue(services, one) for one in found])


@router.get("/catalog/{catalog_id}", summary="Get a catalogue", responses=refusals(404))
def get(services: Shared, caller: Searching, catalog_id: str) -> Response:
    """Return a catalogue, and how far it is indexed."""
    found = _catalogue(services, _named(caller, catalog_id))
    caller.used("catalog_get", 0)
    return _answer(catalog=found)


@router.post(
    "/catalog/{catalog_id}/upload",
    summary="Upload a catalogue file",
    responses=refusals(404, 507),
)
def upload(
    services: Shared,
    caller: Writing,
    catalog_id: str,
    catalog_file: Annotated[UploadFile, File(description="id, address, JSON; divided by tabs")],
) -> Response:
    """Take the records of a file in; their pictures are fetched when the catalogue is indexed."""
    collection = _named(caller, catalog_id)
    wrong: list[str] = []
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.tsv"
        with path.open("wb") as copy:
            while chunk := catalog_file.file.read(1 << 20):
                copy.write(chunk)
        try:
            for step in caller.library.bring(path, collection, wrong.append):
                count = step.done
        except UsageError as error:
            wrong.append(str(error).replace(str(path), "the file"))
    failed = count <= len(wrong) if wrong else None
    before = collection.config.get(TROUBLE, "") if wrong else ""
    notes = {UPLOADED: True, FAILED: failed, TROUBLE: _log(before, wrong)}
    caller.library.configure(collection, notes)
    caller.used("catalog_upload", max(0, count - len(wrong)))
    status = "upload error" if failed else "uploading"
    return _answer(catalog=_head(collection) | {"status": status})


@router.post(
    "/catalog/{catalog_id}/index", summary="Index a catalogue", responses=refusals(404, 507)
)
def index(services: Shared, caller: Writing, catalog_id: str) -> Response:
    """Fetch the pictures of a catalogue and make them findable, behind this request."""
    collection = _named(caller, catalog_id)
    counts = services.library.counts(collection)
    total = _total(counts)
    if not total:
        raise RefusedError(400, "The catalog is empty. Upload its file first.")
    services.upkeep.ask(collection)
    caller.library.configure(collection, {INDEXED: True, FAILED: None})
    caller.used("catalog_index", counts.pending + counts.processing)
    return _answer(
        catalog=_head(collection) | {"num_images_total": total, "status": "index in progress"}
    )


@router.delete(
    "/catalog/{catalog_id}", summary="Delete a catalogue", responses=refusals(404, 409, 507)
)
def delete(caller: Governing, catalog_id: str) -> Response:
    """Forget a catalogue and its records."""
    collection = _named(caller, catalog_id)
    caller.library.remove_collection(collection)
    caller.used("catalog_delete", 0)
    status = {"message": "Catalog deleted.", "code": 200}
    return JSONResponse({"status": status, "catalog": {"catalog_id": short_id(collection)}})


def _named(caller: Caller, catalog_id: str) -> Collection:
    try:
        collection = caller.collection(catalog_id)
    except RefusedError as error:
        raise RefusedError(404, NONE) from error
    if collection.kind is not SourceKind.CATALOGUE:
        raise RefusedError(404, NONE)
    return collection


def _head(collection: Collection) -> dict[str, Any]:
    return {
        "catalog_id": short_id(collection),
        "date_created": str(collection.created) if collection.created else None,
        "name": collection.name,
    }


def _total(counts: types.CollectionCounts) -> int:
    return counts.ok + counts.failed + counts.pending + counts.processing


def _catalogue(services: Services, collection: Collection) -> dict[str, Any]:
    counts = services.library.counts(collection)
    total = _total(counts)
    found = _head(collection) | {
        "num_images_total": total,
        "num_total_images": total,
        "status": _status(services, collection, counts),
    }
    if counts.ok or collection.config.get(INDEXED):
        found["num_images_indexed"] = counts.ok
    log = [collection.config.get(TROUBLE, ""), services.upkeep.trouble(collection)]
    if counts.failed:
        images = "image" if counts.failed == 1 else "images"
        log.append(f"{counts.failed} {images} could not be fetched or read.")
    if any(log):
        found["error_log"] = "\n".join(line for line in log if line)
    return found


def _status(services: Services, collection: Collection, counts: types.CollectionCounts) -> str:
    config, total = collection.config, _total(counts)
    if services.upkeep.is_busy(collection):
        return "indexing"
    if services.upkeep.trouble(collection) or (total and counts.failed == total):
        return "index error"
    if config.get(FAILED):
        return "upload error"
    if counts.ok and not counts.pending:
        return "ready for query"
    if config.get(UPLOADED) or total:
        return "upload done"
    return "new"


def _log(before: str, wrong: list[str]) -> str | None:
    """Return the first troubles of an upload behind those of uploads before; None for none."""
    more = len(wrong) - MOST_LINES
    new = [*wrong[:MOST_LINES], *([f"... and {more} more."] if more > 0 else [])]
    return "\n".join([*before.splitlines(), *new][-MOST_LOGGED:]) or None


# --- pictures -----------------------------------------------------------------------------------


def _picture(caller: Caller, url: str | None, image: UploadFile | None) -> bytes:
    if image is not None:
        return within(image.file.read())
    if url:
        return from_address(caller.library, url)
    raise RefusedError(400, "Give either url or image.")


@router.post("/tag", summary="Tag a picture")
def tag(services: Shared, caller: Searching, url: Url = None, image: Image = None) -> Response:
    """Name what a picture shows, the surest first."""
    picture = _picture(caller, url, image)
    with services.bench.place():
        tags = services.library.analyse(picture).tags
    caller.used("tag")
    return _answer(
        labels=[
            {
                "confidence": one.confidence,
                "type": "color" if one.kind == "colour" else one.kind,
                "name": f"color {one.name}" if one.kind == "colour" else one.name,
            }
            for one in tags
        ]
    )


@router.post("/detect", summary="Find objects in a picture")
def detect(services: Shared, caller: Searching, url: Url = None, image: Image = None) -> Response:
    """Draw boxes around what is in a picture, the surest first."""
    picture = _picture(caller, url, image)
    with services.bench.place():
        found = services.library.detect(picture)
    caller.used("detect")
    return _answer(
        boxes=[
            {"category": one.category, "score": round(one.score, 6), "bbox": list(one.box)}
            for one in found
        ]
    )


@router.post("/search", summary="Find similar products", responses=refusals(404))
def search(
    request: Request,
    services: Shared,
    caller: Searching,
    catalog_id: Annotated[str, Form(max_length=200)],
    url: Url = None,
    image: Image = None,
    n_results: Annotated[int, Form(ge=1, le=MOST_HITS)] = HITS,
) -> Response:
    """Find what looks like a picture in a catalogue."""
    collection = _named(caller, catalog_id)
    picture = _picture(caller, url, image)
    with services.bench.place():
        vector = services.library.embed(picture)
    here = types.Comparison("collection", "=", collection.uuid)
    found = services.library.search(types.Query(embeddings=(vector,), filter=here, limit=n_results))
    distances = {hit.asset_id: distance(hit.score) for hit in found}
    records = services.library.records(collection)

    def address(asset: Asset) -> str:
        on_the_web = records.address(asset.key)
        if on_the_web is not None:
            return on_the_web
        path = f"/collections/download/{asset.uuid}/"
        return services.links.sign(str(request.base_url), path)

    caller.used("search")
    return _answer(
        similars=[
            {
                "url": address(asset),
                "distance": round(distances[asset.id], 6),
                "iid": asset.key,
                "metadata": dict(asset.metadata),
            }
            for asset in services.library.assets(found.ids.tolist())
        ]
    )


# --- usage --------------------------------------------------------------------------------------


@router.get("/usage", summary="Say what was used")
@router.post("/usage", summary="Say what was used")
def usage(services: Shared, caller: Searching) -> Response:
    """Return how often each call was made, and with how many images, by month."""
    services.door.counters.flush()
    months: dict[str, dict[str, Any]] = {}
    for used in services.library.access.usage(caller.key.id):
        calls = months.setdefault(used.month, {})
        calls[used.call] = {"num_calls": used.calls, "num_images": used.images}
    return _answer(usage=months)


def _answer(**parts: Any) -> Response:
    return JSONResponse({"status": {"message": "OK", "code": 200}, **parts})
