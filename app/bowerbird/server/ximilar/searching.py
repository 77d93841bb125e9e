"""The methods that search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Body
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from bowerbird.server.refusal import RefusedError
from bowerbird.server.strict import StrictRoute
from bowerbird.server.ximilar.asked import (
    Asked,
    Reading,
    fields_of,
    group_of,
    id_of,
    key_of,
    method,
)
from bowerbird.server.ximilar.blend import by_looks_and_tags, tags_in
from bowerbird.server.ximilar.requests import (
    MOST_HITS,
    NearRanging,
    Pairing,
    Ranging,
    Ranking,
    Searching,
    SearchingByMany,
)
from bowerbird.server.ximilar.shelf import ALL
from bowerbird.server.ximilar.words import Record, cosine, distance, failed
from bowerbird.types import Query, Term

router = APIRouter(route_class=StrictRoute)
# Hits that are found without a wait that others would feel.
QUICK = 100
MOST_PAIRED, MOST_PAIRS = 200_000, 100_000


@method(router, "visualKNN", "Find similar records")
async def visual_knn(asked: Reading, wanted: Searching) -> Response:
    """Return the records that look most like one."""

    def answer(vector: Any) -> Response:
        return _nearest(asked, "visualKNN", wanted, (vector,))

    # What takes a millisecond is done here: to hand it to a thread and back takes half as long.
    quick = wanted.filter is None and wanted.product_field is None
    if quick and wanted.from_ + wanted.k <= QUICK:
        async with asked.services.turn():
            known = asked.shelf.known_vector(wanted.query_record)
            if known is not None:
                return answer(known)
    return await run_in_threadpool(lambda: answer(asked.shelf.vector(wanted.query_record)))


@method(router, "visualKNNMulti", "Find records that are similar to several")
def visual_knn_multi(asked: Reading, wanted: SearchingByMany) -> Response:
    """Return the records that look most like several together."""
    vectors = tuple(asked.shelf.vector(record) for record in wanted.query_records)
    return _nearest(asked, "visualKNNMulti", wanted, vectors)


def _nearest(
    asked: Asked, call: str, wanted: Searching | SearchingByMany, vectors: Sequence[Any]
) -> Response:
    query = Query(
        embeddings=tuple(Term(vector) for vector in vectors),
        filter=asked.shelf.filter(wanted.filter),
        limit=wanted.k,
        offset=wanted.from_,
        group_by=group_of(asked, wanted.product_field),
    )
    return asked.ranked(call, *asked.shelf.rank(query, fields_of(wanted, "_id")))


@method(router, "visualTagsKNN", "Find records similar in looks and tags")
def visual_tags_knn(asked: Reading, wanted: Searching) -> Response:
    """Return the records that are most like one in looks and tags."""
    return _with_tags(asked, "visualTagsKNN", wanted, [wanted.query_record])


@method(router, "visualTagsKNNMulti", "Find records similar to several in looks and tags")
def visual_tags_knn_multi(asked: Reading, wanted: SearchingByMany) -> Response:
    """Return the records that are most like several in looks and tags."""
    return _with_tags(asked, "visualTagsKNNMulti", wanted, wanted.query_records)


def _with_tags(
    asked: Asked, call: str, wanted: Searching | SearchingByMany, queries: list[Record]
) -> Response:
    vectors = [asked.shelf.vector(record) for record in queries]
    mean = np.stack(vectors).sum(0)
    # A record that is here and brings no tags has its own.
    keys = [key_of(record) for record in queries if "tags" not in record and "_id" in record]
    known = asked.shelf.read(list(asked.shelf.ids(keys).values()), ("tags",)) if keys else {}
    tags = [tag for record in (*queries, *known.values()) for tag in tags_in(record)]
    count = wanted.from_ + wanted.k
    ranked = by_looks_and_tags(
        asked.library,
        mean,
        list(dict.fromkeys(tags)),
        asked.shelf.filter(wanted.filter),
        asked.shelf.field("tags"),
        count if wanted.product_field is None else 4 * count,
    )
    fields = fields_of(wanted, "_id")
    product = wanted.product_field
    records = asked.shelf.read([row[0] for row in ranked], (*fields, product or "_id"))
    rows, seen = [], set()
    for asset_id, score in ranked:
        record = records.get(asset_id)
        value = None if record is None or product is None else str(record.get(product, asset_id))
        if record is None or (value is not None and value in seen):
            continue
        seen.add(value)
        if product is not None and product not in fields and ALL not in fields:
            record.pop(product, None)
        rows.append((record, score))
    rows = rows[wanted.from_ : count]
    return asked.ranked(call, [record for record, _ in rows], [score for _, score in rows])


@method(router, "range", "Find records within a distance")
def within_range(asked: Reading, wanted: Ranging) -> Response:
    """Return the records within a distance of one, the nearest first."""
    return _within(asked, "range", wanted, fields_of(wanted, "_id"))


@method(router, "nearDuplicates", "Find near duplicates")
def near_duplicates(asked: Reading, wanted: NearRanging) -> Response:
    """Return the records that are the same as one, or nearly so."""
    return _within(asked, "nearDuplicates", wanted, fields_of(wanted, ALL))


def _within(asked: Asked, call: str, wanted: Ranging, fields: Sequence[str]) -> Response:
    query = Query(
        embeddings=(asked.shelf.vector(wanted.query_record),),
        filter=asked.shelf.filter(wanted.filter),
        min_score=cosine(wanted.radius),
        limit=MOST_HITS,
        group_by=group_of(asked, wanted.product_field),
    )
    records, scores = asked.shelf.rank(query, fields)
    count = sum(distance(score) <= wanted.radius for score in scores)
    return asked.ranked(call, records[:count], scores[:count])


@method(router, "visualRankRecords", "Rank records by a query")
def rank_records(asked: Reading, wanted: Ranking) -> Response:
    """Return the given records, those first that look most like one."""
    own = asked.shelf.vector(wanted.query_record)
    scored: list[tuple[float, int, Record]] = []
    skipped: list[Record] = []
    for at, record in enumerate(wanted.records):
        try:
            scored.append((float(asked.shelf.vector(record) @ own), at, record))
        except RefusedError as error:
            skipped.append({**id_of(record), "_reason": failed(error)})
    scored.sort(key=lambda row: (-row[0], row[1]))
    fields = fields_of(wanted, "_id")
    records = [
        {name: value for name, value in row[2].items() if name in fields or ALL in fields}
        for row in scored
    ]
    scores = [row[0] for row in scored]
    return asked.ranked("visualRankRecords", records, scores, skipped_records=skipped)


@method(router, "allNearDupPairs", "Find all pairs of near duplicates")
def all_near_dup_pairs(
    asked: Reading, wanted: Annotated[Pairing, Body(default_factory=Pairing)]
) -> Response:
    """Return all pairs of records that are nearly the same, the nearest first."""
    ids = asked.shelf.matching(wanted.filter)
    if len(ids) > MOST_PAIRED:
        raise RefusedError(400, f"Pairs are found among {MOST_PAIRED} records. Give a filter.")
    pairs = []
    for pair in asked.library.similar_pairs(ids, cosine(wanted.radius)):
        if distance(pair[2]) > wanted.radius:
            continue
        pairs.append(pair)
        if len(pairs) > MOST_PAIRS:
            raise RefusedError(400, f"There are over {MOST_PAIRS} pairs. Take a smaller radius.")
    pairs.sort(key=lambda pair: (-pair[2], pair[:2]))
    every = list({each for pair in pairs for each in pair[:2]})
    known = asked.shelf.read(every, fields_of(wanted, "_id"))
    pairs = [pair for pair in pairs if pair[0] in known and pair[1] in known]
    records = [[known[one], known[other]] for one, other, _ in pairs]
    distances = [distance(pair[2]) for pair in pairs]
    return asked.answer(
        "allNearDupPairs",
        answer_count=len(records),
        answer_records=records,
        answer_distances=distances,
    )
