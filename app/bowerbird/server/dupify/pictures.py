"""What can be asked of pictures: each method takes one, or up to ten."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Literal

import numpy as np
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from bowerbird.errors import BowerbirdError
from bowerbird.server.callers import Caller
from bowerbird.server.dupify.asking import URL, Named, Searching, failure, took
from bowerbird.server.dupify.width import WIDTH, direction, widened
from bowerbird.server.refusal import RefusedError
from bowerbird.server.services import Services, Shared
from bowerbird.server.strict import Said, StrictRoute
from bowerbird.types import Attribute, Colour, Quality

router = APIRouter(route_class=StrictRoute)
MOST, MOST_ITEMS = 10, 20
# Pictures of one request that are fetched at once.
_AT_ONCE = 4
# What things of our taxonomy are in the service's.
_HOME = frozenset(("chair", "sofa", "table", "lamp", "rug", "bedding"))
# What the service's document calls such a thing otherwise.
_GARMENTS = {"t-shirt": "shirt"}
Row = dict[str, Any]


class Pictures(Named):
    """One picture, or several."""

    images: list[Named] | None = Field(None, min_length=1, max_length=MOST)


class Embedding(Pictures):
    """Pictures, and whether their quality is asked for, too."""

    include_quality: bool = False


class CuttingOut(Pictures):
    """Pictures, and what file is to come of them."""

    output_format: Literal["png", "webp"] = "png"


class Colouring(Pictures):
    """Pictures, and how many colours of each."""

    num_colors: int = Field(5, ge=1, le=10)


class Product(Named):
    """The words of a product, and its picture where there is one."""

    title: str = Field("", examples=["Women's Cotton V-Neck T-Shirt"])
    description: str | None = None
    category_hint: str | None = Field(None, max_length=1000)


class Products(Product):
    """The words of one product, or of several."""

    items: list[Product] | None = Field(None, min_length=1, max_length=MOST_ITEMS)


class Pair(Said):
    """Two pictures, each by its address, as base64, or as an embedding."""

    image_url_1: str | None = URL
    image_url_2: str | None = URL
    image_base64_1: str | None = None
    image_base64_2: str | None = None
    embedding_1: list[float] | None = Field(None, max_length=65536)
    embedding_2: list[float] | None = Field(None, max_length=65536)


class Pairs(Pair):
    """One pair, or several."""

    pairs: list[Pair] | None = Field(None, min_length=1, max_length=MOST)


Operation = Literal["embed", "colors", "silhouette", "background-remove", "quality"]


class Batch(Said):
    """Pictures, and what is asked of each."""

    images: list[Named] = Field(min_length=1, max_length=MOST)
    operations: list[Operation] = Field(min_length=1, max_length=5, examples=[["embed", "colors"]])


# --- what each operation answers ----------------------------------------------------------------


class _Asked:
    """One picture: its bytes are fetched, and it is decoded, once at most, also in vain."""

    def __init__(self, services: Services, named: Named) -> None:
        self._services = services
        self._named = named
        self._shown: Any = None
        self._trouble: RefusedError | BowerbirdError | None = None

    def look(self, name: str, options: tuple[Any, ...], ask: Callable[[Any], Row]) -> Row:
        """Return what an operation answers, with `cached` where it was worked out before."""
        encoder = self._services.library.dim
        asked = (name, *options, encoder, self._named.mark)
        row, cached = self._services.answers.get(asked, lambda: self.fresh(ask))
        return {**row, "cached": cached}

    def fresh(self, ask: Callable[[Any], Row]) -> Row:
        """Return what an operation answers whose answer is too large to be kept."""
        if self._trouble is not None:
            raise self._trouble
        if self._shown is None:
            try:
                data = self._named.data(self._services.library)
                self._shown = self._services.library.shown(data)
            except (RefusedError, BowerbirdError) as error:
                self._trouble = error
                raise
        with self._services.bench.place():
            return ask(self._shown)


def _embed(asked: _Asked, *, quality: bool) -> Row:
    def ask(shown: Any) -> Row:
        row = {"embedding": numbers(widened(shown.embedding)), "dimensions": WIDTH}
        return row | ({"quality": scores(shown.quality())} if quality else {})

    return asked.look("embed", (quality,), ask)


def _colors(asked: _Asked, count: int) -> Row:
    def ask(shown: Any) -> Row:
        found = shown.palette(count)
        return {
            "colors": [colour(one) for one in found.colours],
            "color_profile": found.temperature,
        }

    return asked.look("colors", (count,), ask)


def _silhouette(asked: _Asked) -> Row:
    def ask(shown: Any) -> Row:
        found = shown.silhouette()
        if found is None:
            raise RefusedError(400, "Nothing stands out in this picture, so that it has no shape.")
        return {
            "embedding": numbers(found.embedding),
            "dimensions": len(found.embedding),
            "aspect_ratio": round(found.aspect_ratio, 4),
            "coverage": round(found.coverage, 4),
        }

    return asked.look("silhouette", (), ask)


def _quality(asked: _Asked) -> Row:
    return asked.look("quality", (), lambda shown: {"quality": scores(shown.quality())})


def _background(asked: _Asked, kind: Literal["png", "webp"]) -> Row:
    def ask(shown: Any) -> Row:
        width, height = shown.size
        text = base64.b64encode(shown.cutout(kind)).decode("ascii")
        return {
            "image_base64": f"data:image/{kind};base64,{text}",
            "original_size": {"width": width, "height": height},
        }

    return asked.fresh(ask)


def numbers(vector: Any) -> list[float]:
    """Return a vector as JSON has it; seven digits are what float32 holds."""
    return [round(value, 7) for value in vector.tolist()]


def scores(quality: Quality) -> Row:
    """Return how good a picture is."""
    return {
        "overall": round(quality.overall, 4),
        "sharpness": round(quality.sharpness, 4),
        "brightness": round(quality.brightness, 4),
        "composition": round(quality.composition, 4),
    }


def colour(one: Colour) -> Row:
    """Return a colour."""
    rgb = [one.red, one.green, one.blue]
    return {"hex": one.hex.upper(), "rgb": rgb, "weight": round(one.weight, 4)}


# --- methods ------------------------------------------------------------------------------------


@router.post("/embed", summary="Generate embeddings")
def embed(services: Shared, caller: Searching, wanted: Embedding) -> Response:
    """Return the embedding of a picture, or of several."""
    quality = wanted.include_quality
    return _answer(services, caller, "embed", wanted, lambda one: _embed(one, quality=quality))


@router.post("/background-remove", summary="Remove backgrounds")
def background_remove(services: Shared, caller: Searching, wanted: CuttingOut) -> Response:
    """Return pictures without what is behind their subjects."""
    kind = wanted.output_format
    return _answer(
        services, caller, "background-remove", wanted, lambda one: _background(one, kind)
    )


@router.post("/colors", summary="Extract dominant colours")
def colors(services: Shared, caller: Searching, wanted: Colouring) -> Response:
    """Return the main colours of pictures, the heaviest first."""
    return _answer(services, caller, "colors", wanted, lambda one: _colors(one, wanted.num_colors))


@router.post("/silhouette", summary="Generate silhouette embeddings")
def silhouette(services: Shared, caller: Searching, wanted: Pictures) -> Response:
    """Return the shapes of pictures' subjects."""
    return _answer(services, caller, "silhouette", wanted, _silhouette)


@router.post("/quality", summary="Score image quality")
def quality(services: Shared, caller: Searching, wanted: Pictures) -> Response:
    """Return how good pictures are."""
    return _answer(services, caller, "quality", wanted, _quality)


def _answer(
    services: Services,
    caller: Caller,
    call: str,
    wanted: Pictures,
    work: Callable[[_Asked], Row],
) -> Response:
    """Answer for one picture, or for each of several whatever becomes of the others."""
    began = time.perf_counter()
    if wanted.images is None:
        row = work(_Asked(services, wanted))
        _count(caller, call, [row])
        return JSONResponse({**row, "processing_time_ms": took(began)})

    def one(named: Named) -> Row:
        try:
            return work(_Asked(services, named))
        except (RefusedError, BowerbirdError) as error:
            return failure(error)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        rows = list(pool.map(one, wanted.images))
    _count(caller, call, rows)
    return JSONResponse({"results": rows, "processing_time_ms": took(began)})


def _count(caller: Caller, call: str, rows: list[Row]) -> None:
    """Count what was worked out; what was known already costs nothing."""
    worked = sum(not row.get("cached") and "error" not in row for row in rows)
    if worked:
        caller.used(call, worked)


@router.post("/attributes", summary="Detect product attributes")
def attributes(services: Shared, caller: Searching, wanted: Products) -> Response:
    """Return what products' words say of them, and what their pictures let guess."""
    began = time.perf_counter()
    if wanted.items is None:
        row = _attributes(services, wanted)
        _count(caller, "attributes", [row])
        return JSONResponse(row)
    rows = []
    for item in wanted.items:
        try:
            rows.append(_attributes(services, item))
        except (RefusedError, BowerbirdError) as error:
            rows.append(failure(error))
    _count(caller, "attributes", rows)
    return JSONResponse({"results": rows, "processing_time_ms": took(began)})


def _attributes(services: Services, product: Product) -> Row:
    if not product.title.strip():
        raise RefusedError(400, "The title is missing.")
    words = (product.title, f"{product.description or ''} {product.category_hint or ''}")
    has_picture = bool(product.image_url or product.image_base64)

    def make() -> Row:
        if not has_picture:
            return _described(services.library.attributes(*words))
        data = product.data(services.library)
        with services.bench.place():
            return _described(services.library.attributes(*words, data))

    asked = ("attributes", *words, product.mark if has_picture else "")
    row, cached = services.answers.get(asked, make)
    return {**row, "cached": cached}


def _described(found: dict[str, Attribute]) -> Row:
    thing = found["category"].value if "category" in found else None
    names = {"material": "fabric", "colour": "color"}
    names["category"] = "type" if thing in _HOME else "garment_type"
    row: Row = {"category": thing and ("home" if thing in _HOME else "fashion")}
    row |= {names.get(name, name): one.value for name, one in found.items()}
    row[names["category"]] = _GARMENTS.get(thing or "", thing)
    guessed = [names.get(name, name) for name, one in found.items() if one.source == "embedding"]
    if guessed:
        row["guessed"] = guessed
    sure = [one.confidence for one in found.values()]
    return {**row, "confidence": round(sum(sure) / max(1, len(sure)), 2)}


@router.post("/similarity", summary="Compare images")
def similarity(services: Shared, caller: Searching, wanted: Pairs) -> Response:
    """Return how much two pictures are alike."""
    began = time.perf_counter()
    if wanted.pairs is None:
        row = _compared(services, wanted)
        caller.used("similarity")
        return JSONResponse({**row, "processing_time_ms": took(began)})
    rows = []
    for pair in wanted.pairs:
        try:
            rows.append(_compared(services, pair))
        except (RefusedError, BowerbirdError) as error:
            rows.append(failure(error))
    caller.used("similarity", len(rows))
    return JSONResponse({"results": rows, "processing_time_ms": took(began)})


def _compared(services: Services, pair: Pair) -> Row:
    sides = (
        (pair.embedding_1, pair.image_url_1, pair.image_base64_1),
        (pair.embedding_2, pair.image_url_2, pair.image_base64_2),
    )
    vectors = []
    for number, (given, url, text) in enumerate(sides, 1):
        if given is None and not url and not text:
            names = f"image_url_{number}, image_base64_{number} or embedding_{number}"
            raise RefusedError(400, f"Give {names}.")
        if given is not None:
            vectors.append(direction(given))
            continue
        named = Named(image_url=url, image_base64=text)
        row = _embed(_Asked(services, named), quality=False)
        vectors.append(np.array(row["embedding"], np.float32))
    if vectors[0].shape != vectors[1].shape:
        raise RefusedError(400, "The embeddings have not as many numbers each.")
    found = services.library.compare_vectors(*vectors)
    return {"similarity": round(found.score, 6), "match_level": found.level}


@router.post("/batch", summary="Run several operations on several images")
def batch(services: Shared, caller: Searching, wanted: Batch) -> Response:
    """Return what each operation says of each picture."""
    began = time.perf_counter()
    work: dict[str, Callable[[_Asked], Row]] = {
        "embed": partial(_embed, quality=False),
        "colors": partial(_colors, count=5),
        "silhouette": _silhouette,
        "background-remove": partial(_background, kind="png"),
        "quality": _quality,
    }

    def one(named: Named) -> Row:
        row: Row = {"image_url": named.image_url} if named.image_url else {}
        asked = _Asked(services, named)
        found: Row = {"status": "success"}
        for name in dict.fromkeys(wanted.operations):
            try:
                answer = work[name](asked)
            except (RefusedError, BowerbirdError) as error:
                found |= failure(error)
                continue
            if not answer.pop("cached", False):
                caller.used(name)
            found[name] = answer
        return row | found

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        rows = list(pool.map(one, wanted.images))
    return JSONResponse({"results": rows, "processing_time_ms": took(began)})
