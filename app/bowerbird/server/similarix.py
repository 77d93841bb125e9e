"""Similarix's dialect, at /api/: search by words or a picture, collections, sync, upload.

Where its document is silent: a search takes `limit` (50) and returns the nearest, best first;
`distance` is one less the cosine, 0 for the same picture (within the rounding of what is stored,
0.001). `bucket`, `folder` and `region` are null
for what lies in no bucket, and so is `s3_uri`. A sync is answered with 202, or 409 while one runs;
its states are `pending` (never synced), `in_progress`, `completed` and `failed`. The `last_sync` of
a collection is that of any sync, that of its status of one that somebody asked for. Pictures are
kept by content: whoever uploads one again is told the name that it has. The addresses of
thumbnails and files are signed and last for a day, so that a browser can show them; a file that
lies on the web or in a bucket is redirected to. An `auto_sync_interval` is `off` or one of
change, hourly, daily, weekly and monthly.
"""

from __future__ import annotations

import mimetypes
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, File, Query, Request, Security, UploadFile
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from fastapi.security import APIKeyHeader

from bowerbird import types
from bowerbird.errors import SourceError, UsageError
from bowerbird.server.callers import Caller, secret_of
from bowerbird.server.description import refusals
from bowerbird.server.distances import distance
from bowerbird.server.pictures import within
from bowerbird.server.refusal import RefusedError
from bowerbird.server.services import Services, Shared
from bowerbird.types import Asset, Collection, Scope, SourceKind

VERSION = "1.0.2"
HITS, MOST_HITS = 50, 1000
PREFIXES = ("/api", "/media", "/collections")
# Statuses for those whose key is none, or does not allow it.
OUTSIDE = (403,)

router = APIRouter(tags=["similarix"])
_header = APIKeyHeader(
    name="Authorization",
    scheme_name="Token",
    description="`Token your_token_here`",
    auto_error=False,
)


def wording(refused: RefusedError) -> dict[str, Any]:
    """Return what is answered to what is not met."""
    return {
        "version": VERSION,
        "success": False,
        "info": {"error": refused.text, "status": refused.status},
        "result": {},
    }


def _caller(scope: Scope) -> Any:
    # Its document knows no 401: what is not let in is 403.
    async def admit(
        services: Shared, header: Annotated[str | None, Security(_header)] = None
    ) -> Caller:
        return services.door.admit(secret_of(header), scope, missing=403, wrong=403)

    return Depends(admit)


Searching = Annotated[Caller, _caller(Scope.SEARCH)]
Writing = Annotated[Caller, _caller(Scope.WRITE)]
Upload = Annotated[UploadFile, File(description="A picture, at most 20 MB.")]


# --- searching ----------------------------------------------------------------------------------


@router.get("/api/search", summary="Search by words")
def search_by_text(
    request: Request,
    services: Shared,
    caller: Searching,
    query: Annotated[str, Query(min_length=1, max_length=10_000, examples=["dog"])],
    limit: Annotated[int, Query(ge=1, le=MOST_HITS)] = HITS,
) -> Response:
    """Find what looks like a description."""
    if not query.strip():
        raise RefusedError(400, "The query is empty.")
    # Ordered by distance alone, as clients of a distance expect.
    wanted = types.Query(texts=(query,), filter=caller.within(), limit=limit, lexical=False)
    files = _hits(request, services, caller, wanted)
    caller.used("search", 0)
    return _answer({"files": files}, files_count=len(files), search_type="text", query=query)


@router.post("/api/search", summary="Search by a picture")
def search_by_image(
    request: Request,
    services: Shared,
    caller: Searching,
    file: Upload,
    limit: Annotated[int, Query(ge=1, le=MOST_HITS)] = HITS,
) -> Response:
    """Find what looks like a picture."""
    data = within(file.file.read())
    with services.bench.place():
        vector = services.library.embed(data)
    wanted = types.Query(embeddings=(vector,), filter=caller.within(), limit=limit)
    files = _hits(request, services, caller, wanted)
    caller.used("search")
    return _answer({"files": files}, files_count=len(files), search_type="image", query=None)


def _hits(
    request: Request, services: Services, caller: Caller, query: types.Query
) -> list[dict[str, Any]]:
    found = services.library.search(query)
    scores = {hit.asset_id: hit for hit in found}
    known = {one.id: one for one in caller.collections()}
    return [
        _file(services, str(request.base_url), known[asset.collection_id], asset)
        | {"distance": round(distance(scores[asset.id].score), 6)}
        for asset in services.library.assets(found.ids.tolist())
        if asset.collection_id in known
    ]


def _file(services: Services, base: str, collection: Collection, asset: Asset) -> dict[str, Any]:
    in_bucket = collection.kind is SourceKind.S3
    return {
        "uuid": asset.uuid,
        "file_name": asset.name,
        "file_size": asset.size,
        "md5": asset.md5,
        "thumbnail": services.links.sign(base, f"/media/{collection.uuid}/{asset.uuid}.webp"),
        "s3_uri": f"{collection.location}/{asset.key}" if in_bucket else None,
        "download_url": services.links.sign(base, f"/collections/download/{asset.uuid}/"),
    }


# --- collections --------------------------------------------------------------------------------


@router.get("/api/collections", summary="List collections")
def list_collections(services: Shared, caller: Searching) -> Response:
    """List all collections of the key."""
    rows = [_collection(services, one) for one in caller.collections()]
    caller.used("collections", 0)
    return _answer({"collections": rows})


@router.get("/api/collections/{uuid}", summary="Get a collection", responses=refusals(404))
def get_collection(services: Shared, caller: Searching, uuid: str) -> Response:
    """Say what a collection is, and what it holds."""
    found = _collection(services, caller.collection(uuid))
    caller.used("collections", 0)
    return _answer({"collection": found})


@router.post(
    "/api/collections/{uuid}/sync",
    status_code=202,
    summary="Sync a collection",
    responses=refusals(404, 409),
)
def sync_collection(services: Shared, caller: Writing, uuid: str) -> Response:
    """Bring a collection up to date with its source, behind this request."""
    collection = caller.collection(uuid)
    if services.upkeep.is_busy(collection):
        raise RefusedError(409, "A sync of this collection is in progress already.")
    services.upkeep.ask(collection)
    caller.used("sync", 0)
    message = f"Sync triggered successfully for collection {collection.uuid}."
    return _answer({"message": message}, status=202)


@router.get(
    "/api/collections/{uuid}/sync-status",
    summary="Say how a sync stands",
    responses=refusals(404),
)
def sync_status(services: Shared, caller: Searching, uuid: str) -> Response:
    """Say whether a collection is being synced, and when it was."""
    collection = caller.collection(uuid)
    caller.used("sync-status", 0)
    return _answer(
        {
            "status": _status(services, collection),
            "last_sync": _written(collection.last_manual_sync),
            "last_auto_sync": _written(collection.last_auto_sync),
        }
    )


@router.post(
    "/api/collections/{uuid}/upload",
    status_code=201,
    summary="Upload a picture",
    responses=refusals(404, 507),
)
def upload(services: Shared, caller: Writing, uuid: str, file: Upload) -> Response:
    """Take a picture into a managed collection; it can be searched at once."""
    collection = caller.collection(uuid)
    if collection.kind is not SourceKind.MANAGED:
        raise RefusedError(
            400, "Only managed collections take pictures in. Upload to one of these."
        )
    within(file.file.read(1))
    if (file.size or 0) > services.library.settings.managed_file_bytes:
        raise RefusedError(413, "The file is larger than 20 MB.")
    file.file.seek(0)
    name = file.filename or "picture"
    try:
        with services.bench.place():
            asset = services.library.put(collection, name, file.file)
    except UsageError as error:
        raise RefusedError(
            400, "Only files that are pictures, with an ending that says so."
        ) from error
    caller.used("upload")
    return _answer(
        {
            "message": "Image uploaded successfully",
            "collection": collection.uuid,
            "file": asset.name,
            "mime_type": mimetypes.guess_type(f"x.{asset.format}")[0] or "image/*",
        },
        status=201,
    )


def _collection(services: Services, collection: Collection) -> dict[str, Any]:
    counts = services.library.counts(collection)
    in_bucket = collection.kind is SourceKind.S3
    parts = urlsplit(collection.location) if in_bucket else None
    return {
        "uuid": collection.uuid,
        "name": collection.name,
        "bucket": parts and parts.netloc,
        "folder": parts and (parts.path or "/"),
        "type": collection.kind.value,
        "region": collection.config.get("region") if in_bucket else None,
        "sync_status": _status(services, collection),
        "last_sync": _written(collection.last_sync),
        "auto_sync_interval": collection.auto.value,
        "stats": {"total_files": counts.ok, "total_size": counts.bytes},
    }


def _status(services: Services, collection: Collection) -> str:
    if services.upkeep.is_busy(collection):
        return "in_progress"
    if services.upkeep.trouble(collection):
        return "failed"
    managed = collection.kind is SourceKind.MANAGED
    return "completed" if managed or collection.last_sync else "pending"


# --- pictures -----------------------------------------------------------------------------------


@router.get("/media/{collection}/{name}", include_in_schema=False)
def thumbnail(
    services: Shared,
    request: Request,
    collection: str,
    name: str,
    expires: str = "",
    signature: str = "",
) -> Response:
    """Give the thumbnail of a picture to whoever was given its address."""
    services.links.check(request.url.path, expires, signature)
    asset = services.library.asset(name.removesuffix(".webp"))
    data = services.library.thumbnail(asset)
    if data is None:
        raise RefusedError(404, "There is no thumbnail of this picture.")
    return Response(data, media_type="image/webp", headers=_SAFE)


@router.get("/collections/download/{uuid}", include_in_schema=False)
def download(
    services: Shared, request: Request, uuid: str, expires: str = "", signature: str = ""
) -> Response:
    """Give the file of a picture to whoever was given its address, or where it lies."""
    services.links.check(request.url.path, expires, signature)
    asset = services.library.asset(uuid)
    path = services.library.locate(asset)
    if path is not None:
        kind = mimetypes.guess_type(f"x.{asset.format}")[0] or "application/octet-stream"
        return FileResponse(path, media_type=kind, filename=asset.name, headers=_SAFE)
    try:
        address = services.library.link(asset)
    except SourceError:
        address = None
    if address is None:
        raise RefusedError(404, "The file is not there any more.")
    return RedirectResponse(address, 302)


# A picture is never run: an SVG can hold scripts.
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "private, max-age=3600",
}


def _answer(result: dict[str, Any], *, status: int = 200, **info: Any) -> Response:
    body = {"version": VERSION, "success": True, "info": info, "result": result}
    return JSONResponse(body, status)


def _written(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()
