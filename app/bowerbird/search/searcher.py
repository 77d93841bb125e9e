"""Answers queries: terms to one vector, filter to eligible ids, ranking to a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from bowerbird.errors import EmptyQueryError, LibraryError, NotFoundError, UsageError
from bowerbird.search.fusion import RRF_DEPTH, fuse, reciprocal_rank
from bowerbird.search.spelling import respelt
from bowerbird.types import SHAPE_DIM, Query, Results, Term

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.engines.encoder import Encoder
    from bowerbird.settings import Settings
    from bowerbird.store.store import Store
    from bowerbird.types import Vector

    Ids = NDArray[np.int64]

T = TypeVar("T")
# Full-text matches that take part in a fusion.
LEXICAL_LIMIT = 200
# Embeddings that terms are measured on: the standard error of a spread is 2 %.
SAMPLE = 1024
# How well the colours of a picture have to fit where terms rank the hits.
COLOURED = 0.5


class Searcher:
    """Searches one store with one encoder; shared by threads."""

    def __init__(self, store: Store, encoder: Encoder, settings: Settings) -> None:
        self._store = store
        self._encoder = encoder
        self._settings = settings
        self._sample: tuple[int, Vector] | None = None

    def search(self, query: Query) -> Results:
        """Return one page of hits, best first; ties go by asset id.

        Raises:
            UsageError: The query asks for something impossible; the message says what.
            LibraryError: No picture is embedded with this model yet.
        """
        _check(query)
        if query.shape:
            return self._shaped(query)
        if not query.has_terms:
            return self._coloured(query) if query.colours else self._browse(query)
        self._refuse_blindness()
        terms = list(self._vectors(query))
        vector = fuse(terms, self._spread_sample(query))
        eligible = self._eligible(query)
        words = _words(query)
        lexical = (
            self._store.match_text(words, query.filter, LEXICAL_LIMIT)
            if query.lexical and words
            else np.empty(0, np.int64)
        )
        page = self._page(query, _Ranking(self, vector, eligible, lexical))
        if query.sort is not None:
            page = self._sorted(page, query.sort)
        return self._judged(query, terms, page)

    def _judged(self, query: Query, terms: list[tuple[Vector, float]], page: Results) -> Results:
        """Say which scores are those of good matches, where a line can be drawn."""
        threshold, scores = self._encoder.threshold, page.scores
        wanted = [vector for vector, weight in terms if weight > 0]
        plain = len(query.texts) == len(terms) and len(wanted) == 1
        if threshold is None or scores is None or not plain:
            return page
        if len(terms) > 1:
            # What is unwanted moves the scores, but not how well the wished for is met.
            known = self.cosines(wanted[0], page.ids)
            # What another process removed meanwhile matches nothing.
            scores = np.array([known.get(asset, -1.0) for asset in page.ids.tolist()], np.float32)
        good = scores >= threshold
        text = _term(query.texts[0]).value
        alone = len(terms) == 1 and not good.any() and not page.worded
        # Behind a filter or on a later page nothing may match, though the words are right.
        lost = alone and not (self.rank(wanted[0], 1, None)[1] >= threshold).any()
        meant = self._meant(text, threshold) if lost else ""
        return replace(page, good=good, line=threshold, meant=meant)

    def _meant(self, text: str, threshold: float) -> str:
        """Return what a description without a match would say if spelt right and matched by some.

        Empty where nothing is misspelt, or where no picture matches that either.
        """
        guesses = respelt(text, self._encoder.words())
        vectors = self._encoder.encode_texts(guesses)
        best = [self.rank(vector, 1, None)[1].max(initial=-1.0) for vector in vectors]
        met = [at for at, score in enumerate(best) if score >= threshold]
        return guesses[max(met, key=best.__getitem__)] if met else ""

    def _sorted(self, page: Results, sort: str) -> Results:
        """Put the hits of a page into another order."""
        ids = self._store.ordered(page.ids, sort)
        assert page.scores is not None
        known = dict(zip(page.ids.tolist(), page.scores.tolist(), strict=True))
        scores = np.array([known[asset] for asset in ids.tolist()], np.float32)
        return Results(ids, scores, page.total, page.worded)

    def _refuse_blindness(self) -> None:
        """Finding nothing because nothing was looked at yet must not pass for an answer."""
        if not self._store.embedded_count(self._encoder.id) and self._store.counts().ok:
            raise LibraryError(
                f"No picture was looked at with the model {self._encoder.id} yet. Sync the "
                "collections first, in the terminal with: bowerbird index"
            )

    def _browse(self, query: Query) -> Results:
        if query.group_by is None:
            ids, total = self._store.browse(query.filter, query.limit, query.offset, query.sort)
            return Results(ids, None, total)
        ids, total = self._store.browse(query.filter, None, 0, query.sort)
        ids = ids[self._first_of_group(ids, query.group_by)]
        return Results(_cut(ids, query), None, total)

    def _eligible(self, query: Query) -> Ids | None:
        """Return what may be a hit; None for everything."""
        if query.colours:
            ids, scores = self._store.by_colours(query.colours, query.filter)
            return np.sort(ids[scores >= COLOURED])
        return None if query.filter is None else self._store.eligible(query.filter)

    def _shaped(self, query: Query) -> Results:
        """Rank by the shape of subjects alone; what has none is no hit."""
        eligible = self._store.eligible(query.filter)
        shapes = np.array(query.shape, np.float32).reshape(-1, SHAPE_DIM)
        ids, scores = self._store.silhouettes().nearest(shapes, eligible, len(eligible))
        return self._ranked(query, ids, scores, query.min_score)

    def _coloured(self, query: Query) -> Results:
        """Rank by colours alone; what has none of them is no hit."""
        ids, scores = self._store.by_colours(query.colours, query.filter)
        return self._ranked(query, ids, scores, max(query.min_score or 0.0, 1e-6))

    def _ranked(self, query: Query, ids: Ids, scores: Vector, least: float | None) -> Results:
        """Return the page of a query from all that was ranked."""
        keep = scores >= (-np.inf if least is None else least)
        ids, scores = ids[keep], scores[keep]
        if query.group_by is not None:
            first = self._first_of_group(ids, query.group_by)
            ids, scores = ids[first], scores[first]
        page = Results(_cut(ids, query), _cut(scores, query), len(ids))
        return page if query.sort is None else self._sorted(page, query.sort)

    def _page(self, query: Query, ranking: _Ranking) -> Results:
        """Rank deeper until the page is full, or nothing more is eligible."""
        total = ranking.total
        wanted = total if query.limit is None else min(total, query.offset + query.limit)
        depth = wanted if query.group_by is None else min(total, 4 * wanted)
        while True:
            ids, scores = ranking.top(depth)
            whole = depth >= total
            if query.min_score is not None:
                keep = scores >= query.min_score
                # Fused ranks do not fall with the score, so only a plain ranking may stop early.
                whole = whole or (not ranking.fused and not keep.all())
                ids, scores = ids[keep], scores[keep]
            if query.group_by is not None:
                first = self._first_of_group(ids, query.group_by)
                ids, scores = ids[first], scores[first]
            if whole or len(ids) >= wanted:
                return Results(_cut(ids, query), _cut(scores, query), total, ranking.worded)
            depth = min(total, 4 * depth)

    def _first_of_group(self, ids: Ids, field: str) -> NDArray[np.intp]:
        """Positions of the first of each group; an asset without the field stands alone."""
        seen: set[Any] = set()
        first: list[int] = []
        for position, value in enumerate(self._store.group_values(ids, field)):
            if value is None or value not in seen:
                first.append(position)
                seen.add(value)
        return np.array(first, dtype=np.intp)

    def rank(self, vector: Vector, count: int, eligible: Ids | None) -> tuple[Ids, Vector]:
        """Return the `count` best of the eligible assets and their cosines."""
        index = self._store.vectors(self._encoder.id, self._encoder.dim)
        index.refresh()
        return index.search(vector, count, eligible)

    def cosines(self, vector: Vector, ids: Ids) -> dict[int, float]:
        """Return the cosine of each of `ids` that has an embedding."""
        found, vectors = self._store.get_vectors(self._encoder.id, ids)
        if not len(found):
            return {}  # vectors of which there are none have no length
        return dict(zip(found.tolist(), (vectors @ vector).tolist(), strict=True))

    def reachable(self, eligible: Ids | None) -> int:
        """How many assets a ranking can hold."""
        return self._store.embedded_count(self._encoder.id) if eligible is None else len(eligible)

    # --- terms ----------------------------------------------------------------------------------

    def _vectors(self, query: Query) -> Iterator[tuple[Vector, float]]:
        if texts := [_term(text) for text in query.texts]:
            rows = self._encoder.encode_texts([term.value for term in texts])
            yield from zip(rows, [term.weight for term in texts], strict=True)
        images: list[Term[Any]] = [_term(image) for image in query.images]
        if images:
            # A search by words alone never loads what decodes pictures.
            from bowerbird.search.pictures import query_pixels

            spec = self._encoder.spec
            pixels = [query_pixels(term.value, spec, self._settings) for term in images]
            rows = self._encoder.encode_images(np.stack(pixels))
            yield from zip(rows, [term.weight for term in images], strict=True)
        for asset in map(_term, query.assets):
            yield self._asset_vector(asset.value), asset.weight
        for given in map(_term, query.embeddings):
            yield self._given_vector(given.value), given.weight

    def _asset_vector(self, uuid: str) -> Vector:
        asset = self._store.asset_by_uuid(uuid)
        if asset is None:
            raise NotFoundError(f"There is no asset {uuid!r} in this library.")
        found, vectors = self._store.get_vectors(self._encoder.id, np.array([asset.id]))
        if not len(found):
            raise NotFoundError(f"{asset.name} is not indexed yet. Sync its collection first.")
        row: Vector = vectors[0]
        return row

    def _given_vector(self, vector: Vector) -> Vector:
        given = np.asarray(vector, dtype=np.float32)
        dim = self._encoder.dim
        if given.shape != (dim,):
            raise UsageError(f"An embedding of {self._encoder.id} has {dim} numbers; give as many.")
        norm = float(np.linalg.norm(given))
        if not np.isfinite(norm) or norm == 0.0:
            raise UsageError("The embedding has no direction. Give finite numbers, not all zero.")
        return given / np.float32(norm)

    def _spread_sample(self, query: Query) -> Vector:
        """Embeddings to measure terms on; none are read for a query of a single term."""
        terms = len(query.texts) + len(query.images) + len(query.assets) + len(query.embeddings)
        return self._some_vectors() if terms > 1 else np.empty((0, self._encoder.dim), np.float32)

    def _some_vectors(self) -> Vector:
        """Embeddings of pictures from all over the library."""
        count = self._store.embedded_count(self._encoder.id)
        # What a library is like changes slowly: measured anew when it grew by a tenth.
        if self._sample is None or not 0.9 <= (count + 1) / (self._sample[0] + 1) <= 1.1:
            self._sample = (count, self._store.sample_vectors(self._encoder.id, SAMPLE))
        return self._sample[1]


class _Ranking:
    """The order of the eligible assets for one query, to any depth."""

    def __init__(
        self, searcher: Searcher, vector: Vector, eligible: Ids | None, lexical: Ids
    ) -> None:
        self._searcher = searcher
        self._vector = vector
        self._eligible = eligible
        self._cosines = searcher.cosines(vector, lexical) if len(lexical) else {}
        # An asset without an embedding yet has no score to show.
        self._lexical = np.array([a for a in lexical.tolist() if a in self._cosines], np.int64)
        self.fused = len(self._lexical) > 0
        self.worded = frozenset(self._lexical.tolist())
        self.total = searcher.reachable(eligible)

    def top(self, depth: int) -> tuple[Ids, Vector]:
        """Return the best `depth` assets and their cosines, both [min(depth, total)]."""
        reach = max(depth, RRF_DEPTH) + LEXICAL_LIMIT if self.fused else depth
        ids, scores = self._searcher.rank(self._vector, reach, self._eligible)
        if not self.fused:
            return ids, scores
        known = self._cosines | dict(zip(ids.tolist(), scores.tolist(), strict=True))
        merged = reciprocal_rank(ids, self._lexical)[:depth]
        return merged, np.array([known[asset] for asset in merged.tolist()], np.float32)


def _term(value: Term[T] | T) -> Term[T]:
    return value if isinstance(value, Term) else Term(value)


def _words(query: Query) -> str:
    """The words for the full-text half: only of texts that are wished for."""
    return " ".join(term.value for term in map(_term, query.texts) if term.weight > 0)


def _check(query: Query) -> None:
    if query.limit is not None and query.limit < 0:
        raise UsageError(f"A limit must not be negative; {query.limit} was given.")
    if query.offset < 0:
        raise UsageError(f"An offset must not be negative; {query.offset} was given.")
    if any(not term.value.strip() for term in map(_term, query.texts)):
        raise EmptyQueryError("The query is empty. Describe what you look for, or show a picture.")
    if len(query.shape) % SHAPE_DIM or not np.isfinite(query.shape).all():
        raise UsageError(f"A shape has {SHAPE_DIM} finite numbers, as `Library.shape` gives them.")
    every: tuple[Any, ...] = (*query.texts, *query.images, *query.assets, *query.embeddings)
    weights = [_term(term).weight for term in every]
    if any(not np.isfinite(weight) or weight == 0.0 for weight in weights):
        raise UsageError("A term's weight must be a number other than zero.")


def _cut(rows: Any, query: Query) -> Any:
    stop = None if query.limit is None else query.offset + query.limit
    return rows[query.offset : stop]
