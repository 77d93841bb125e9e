"""The catalogue of a key: products with pictures, taken in, listed and searched."""

from __future__ import annotations

import time
import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from pydantic import ConfigDict, Field, ValidationError

from bowerbird import types
from bowerbird.errors import BowerbirdError
from bowerbird.server.callers import Caller
from bowerbird.server.complaints import complaint
from bowerbird.server.description import refusals
from bowerbird.server.dupify.asking import URL, Named, Searching, Writing, took
from bowerbird.server.dupify.pictures import Row, colour
from bowerbird.server.dupify.width import narrowed
from bowerbird.server.pictures import is_address
from bowerbird.server.refusal import RefusedError
from bowerbird.server.services import Services, Shared
from bowerbird.server.strict import Said, StrictRoute
from bowerbird.types import (
    AllOf,
    AnyOf,
    Asset,
    Collection,
    Comparison,
    Filter,
    Item,
    Not,
    SourceKind,
    Status,
)

router = APIRouter(prefix="/catalog", route_class=StrictRoute)
NAME, CURRENCY = "Products", "USD"
MOST_PRODUCTS, MOST_RESULTS = 1000, 1000
# What the service knows of a product, in the order in which it is answered.
FIELDS = ("title", "sku", "description", "brand", "category", "price", "currency", "product_url")


class Product(Said):
    """One product; ids that are numbers are taken as they are written."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    title: str = Field(min_length=1, max_length=10_000, examples=["Classic Leather Jacket"])
    image_url: str = Field(
        min_length=1, max_length=8192, examples=["https://example.com/jacket.jpg"]
    )
    external_id: str | None = Field(None, min_length=1, max_length=500, examples=["SKU-12345"])
    sku: str | None = Field(None, max_length=500)
    description: str | None = Field(None, max_length=100_000)
    brand: str | None = Field(None, max_length=1000)
    category: str | None = Field(None, max_length=1000)
    price: float | None = Field(None, allow_inf_nan=False)
    currency: str | None = Field(None, max_length=10)
    product_url: str | None = Field(None, max_length=8192)
    metadata: dict[str, Any] | None = None


class Uploading(Said):
    """One product, or several; each of several is judged by itself."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [{"title": "Red Dress", "image_url": "https://example.com/red-dress.jpg"}]
        },
    )

    products: list[dict[str, Any]] | None = Field(None, max_length=MOST_PRODUCTS)
    generate_embeddings: bool = True


class Wanted(Named):
    """What to search with, and among what."""

    product_id: str | None = Field(None, max_length=500)
    embedding: list[float] | None = Field(None, max_length=65536)
    max_results: int = Field(20, ge=1, le=MOST_RESULTS)
    similarity_threshold: float = Field(0.70, ge=0, le=1)
    category: str | None = Field(None, max_length=1000)
    min_price: float | None = Field(None, allow_inf_nan=False)
    max_price: float | None = Field(None, allow_inf_nan=False)
    image_url: str | None = URL


# --- uploading ----------------------------------------------------------------------------------


@router.post("/products", summary="Upload products", responses=refusals(507))
def upload(services: Shared, caller: Writing, wanted: Uploading) -> Response:
    """Take products in, each in place of the one with its external_id."""
    collection = _catalogue(caller, make=True)
    assert collection is not None
    several = wanted.products is not None
    given = wanted.products if wanted.products is not None else [dict(wanted.model_extra or {})]
    rows = _take(services, collection, given, embed=wanted.generate_embeddings)
    done = [row for row in rows if "error" not in row]
    caller.used("catalog_upload", len(done))
    if not several:
        if not done:
            raise RefusedError(400, rows[0]["error"])
        return JSONResponse(rows[0])
    states = [row["status"] for row in done]
    return JSONResponse(
        {
            "products": rows,
            "total_created": states.count("created"),
            "total_updated": states.count("updated"),
            "total_failed": len(rows) - len(done),
        }
    )


def _take(
    services: Services, collection: Collection, given: list[Row], *, embed: bool
) -> list[Row]:
    records = services.library.records(collection)
    rows: list[Row] = []
    taken: list[tuple[int, Item]] = []
    for product in given:
        try:
            item = _item(Product.model_validate(product))
        except (ValidationError, RefusedError) as error:
            rows.append({"status": "failed", "error": _why(error)})
            continue
        taken.append((len(rows), item))
        rows.append({})
    before = set(records.ids([item.id for _, item in taken]))
    records.upsert([item for _, item in taken])
    known = records.get([item.id for _, item in taken])
    # What could not be read is tried again: its picture may be there now.
    waiting = records.outdated(list(known))
    waiting |= {key for key, asset in known.items() if asset.status is not Status.OK}
    for at, item in taken:
        external = item.metadata.get("external_id")
        rows[at] = {
            "id": known[item.id].uuid,
            "external_id": external,
            "sku": item.metadata.get("sku"),
            "status": "updated" if item.id in before else "created",
            "embedding_status": "completed"
            if item.id not in waiting
            else "processing"
            if embed
            else "pending",
        }
        before.add(item.id)
    if embed and waiting:
        services.upkeep.ask(collection, waiting)
    return rows


def _item(product: Product) -> Item:
    if "\0" in (product.external_id or ""):
        raise RefusedError(400, "external_id may hold no control characters.")
    if not is_address(product.image_url):
        raise RefusedError(400, "image_url must begin with http:// or https://.")
    said = product.model_dump(exclude_none=True, exclude={"image_url"})
    return Item(product.external_id or uuid.uuid4().hex, product.image_url, said)


def _why(error: ValidationError | RefusedError) -> str:
    if isinstance(error, RefusedError):
        return error.text
    first = error.errors()[0]
    return complaint(first, ".".join(map(str, first["loc"])))


def _catalogue(caller: Caller, *, make: bool = False) -> Collection | None:
    """Return the catalogue of a key; None where there is none yet."""
    found = [one for one in caller.collections() if one.kind is SourceKind.CATALOGUE]
    if len(found) == 1 and caller.key.collections is not None:
        return found[0]
    for one in found:
        if one.name == NAME:
            return one
    return caller.new_catalogue(NAME) if make else None


# --- reading ------------------------------------------------------------------------------------

# A product whose picture changed has its old embedding until the new one is there.
_DONE = (Status.OK, Status.PENDING)
_STATES = {"completed": _DONE, "failed": (Status.FAILED,)}
_WAITING = ("pending", "processing")
_SHORT = ("title", "brand", "category", "price")


@router.get("/products", summary="List products")
def list_products(
    services: Shared,
    caller: Searching,
    page: Annotated[int, Query(ge=1, le=1_000_000_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 20,
    embedding_status: Literal["pending", "processing", "completed", "failed"] | None = None,
    category: Annotated[str | None, Query(max_length=1000)] = None,
    search: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """Return products, the newest first, a page at a time."""
    collection = _catalogue(caller)
    rows: list[Row] = []
    total = 0
    if collection is not None:
        wanted: list[Filter] = [Comparison("collection", "=", collection.uuid)]
        states = _STATES.get(embedding_status or "", (*_DONE, Status.FAILED))
        wanted.append(Comparison("status", "in", [status.value for status in states]))
        if category:
            wanted.append(Comparison("meta.category", "=", category))
        if search:
            texts = ("meta.title", "meta.description")
            wanted.append(AnyOf(tuple(Comparison(text, "contains", search) for text in texts)))
        ids = services.library.matching(AllOf(tuple(wanted)))[::-1].tolist()
        if embedding_status:
            ids = _in_state(services, collection, ids, embedding_status)
        total = len(ids)
        part = ids[(page - 1) * per_page : page * per_page]
        rows = _listed(services, collection, services.library.assets(part))
    caller.used("catalog_list", 0)
    pages = -(-total // per_page)
    return JSONResponse(
        {
            "products": rows,
            "pagination": {
                "page": page,
                "per_page": per_page,
                "total": total,
                "total_pages": pages,
            },
        }
    )


@router.get("/products/{product_id}", summary="Get a product", responses=refusals(404))
def get_product(services: Shared, caller: Searching, product_id: str) -> Response:
    """Return a product, with what its picture tells."""
    collection, asset = _product(services, caller, product_id)
    row = _listed(services, collection, [asset], whole=True)[0]
    if asset.status is Status.OK:
        row["embedding_generated_at"] = asset.modified.strftime("%Y-%m-%dT%H:%M:%SZ")
        row["dominant_colors"] = [colour(one) for one in asset.colours]
        row["color_profile"] = services.library.temperature(asset)
    elif asset.reason:
        row["embedding_error"] = f"The picture {asset.reason}."
    caller.used("catalog_get", 0)
    return JSONResponse(row)


@router.delete("/products/{product_id}", summary="Delete a product", responses=refusals(404, 507))
def delete_product(services: Shared, caller: Writing, product_id: str) -> Response:
    """Take a product out for good."""
    collection, asset = _product(services, caller, product_id)
    services.library.records(collection).delete([asset.key])
    caller.used("catalog_delete", 0)
    return JSONResponse({"success": True, "deleted": True})


def _product(services: Services, caller: Caller, product_id: str) -> tuple[Collection, Asset]:
    """Return a product of the key's catalogue, by its id or its external_id."""
    collection = _catalogue(caller)
    if collection is not None:
        records = services.library.records(collection)
        found = records.get([product_id])
        if product_id in found:
            return collection, found[product_id]
        try:
            asset = services.library.asset(product_id)
        except BowerbirdError:
            asset = None
        if asset is not None and asset.collection_id == collection.id:
            return collection, asset
    raise RefusedError(404, "There is no such product.")


def _in_state(services: Services, collection: Collection, ids: list[int], state: str) -> list[int]:
    """Return those assets of which this state is answered; those that failed are chosen already."""
    records = services.library.records(collection)
    keys = records.keys(ids)
    waiting = records.outdated(list(keys.values()))
    if state not in _WAITING:
        return [each for each in ids if keys.get(each) not in waiting]
    doing = services.upkeep.doing(collection, waiting)
    wanted = doing if state == "processing" else waiting - doing
    return [each for each in ids if keys.get(each) in wanted]


def _listed(
    services: Services, collection: Collection, assets: list[Asset], *, whole: bool = False
) -> list[Row]:
    records = services.library.records(collection)
    waiting = records.outdated([asset.key for asset in assets])
    doing = services.upkeep.doing(collection, waiting) if waiting else waiting
    rows = []
    for asset in assets:
        said = asset.metadata
        status = "failed" if asset.status is Status.FAILED else "completed"
        if asset.key in waiting:
            status = "processing" if asset.key in doing else "pending"
        row: Row = {"id": asset.uuid, "external_id": said.get("external_id")}
        row |= {name: said.get(name) for name in FIELDS if whole or name in _SHORT}
        if whole:
            row["currency"] = said.get("currency", CURRENCY)
            row["metadata"] = said.get("metadata", {})
        rows.append(row | {"image_url": records.address(asset.key), "embedding_status": status})
    return rows


# --- searching ----------------------------------------------------------------------------------


@router.post("/search", summary="Search the catalogue by an image", responses=refusals(404, 409))
def search(services: Shared, caller: Searching, wanted: Wanted) -> Response:
    """Return the products that look like a picture, a product or an embedding, best first."""
    began = time.perf_counter()
    collection = _catalogue(caller)
    vector, kind, own = _vector(services, caller, wanted)
    rows: list[Row] = []
    if collection is not None:
        found = services.library.search(
            types.Query(
                embeddings=(vector,),
                filter=_among(collection, wanted, own),
                min_score=wanted.similarity_threshold,
                limit=wanted.max_results,
            )
        )
        scores = {hit.asset_id: hit.score or 0.0 for hit in found}
        records = services.library.records(collection)
        rows = [
            {
                "id": asset.uuid,
                "external_id": asset.metadata.get("external_id"),
                **{name: asset.metadata.get(name) for name in _SHORT},
                "image_url": records.address(asset.key),
                "similarity_score": round(min(1.0, scores[asset.id]), 4),
            }
            for asset in services.library.assets(found.ids.tolist())
        ]
    caller.used("catalog_search")
    return JSONResponse(
        {
            "results": rows,
            "query": {"type": kind},
            "total_found": len(rows),
            "processing_time_ms": took(began),
        }
    )


def _vector(services: Services, caller: Caller, wanted: Wanted) -> tuple[Any, str, Asset | None]:
    """Return what to search with, what kind of thing it is, and the product where it is one."""
    if wanted.product_id:
        _, asset = _product(services, caller, wanted.product_id)
        known = services.library.vectors([asset.id])
        if not known and asset.status is Status.FAILED:
            raise RefusedError(400, f"The picture of this product {asset.reason}.")
        if not known:
            raise RefusedError(409, "The product has no embedding yet. Try again in a moment.")
        return known[asset.id], "product", asset
    if wanted.embedding is not None:
        return narrowed(wanted.embedding, services.library.dim), "embedding", None
    if not wanted.image_url and not wanted.image_base64:
        raise RefusedError(400, "Give image_url, image_base64, product_id or embedding.")
    data = wanted.data(services.library)
    with services.bench.place():
        return services.library.shown(data).embedding, "image", None


def _among(collection: Collection, wanted: Wanted, own: Asset | None) -> Filter:
    parts: list[Filter] = [Comparison("collection", "=", collection.uuid)]
    if wanted.category:
        parts.append(Comparison("meta.category", "=", wanted.category))
    if wanted.min_price is not None:
        parts.append(Comparison("meta.price", ">=", wanted.min_price))
    if wanted.max_price is not None:
        parts.append(Comparison("meta.price", "<=", wanted.max_price))
    if own is not None:
        parts.append(Not(Comparison("uuid", "=", own.uuid)))
    return AllOf(tuple(parts))
