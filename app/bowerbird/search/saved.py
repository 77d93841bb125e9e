"""Keeps queries by name: as JSON in the library, so that a newer program can still read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowerbird.errors import UsageError
from bowerbird.types import AllOf, AnyOf, Comparison, Filter, Not, Query, SavedSearch, Swatch, Term

if TYPE_CHECKING:
    from bowerbird.store.store import Store

_KEY = "saved_searches"


def read_all(store: Store) -> list[SavedSearch]:
    """Return the saved searches by name."""
    kept: dict[str, Any] = json.loads(store.get_meta(_KEY) or "{}")
    names = sorted(kept, key=str.casefold)
    return [SavedSearch(name, _query(kept[name])) for name in names]


def keep(store: Store, search: SavedSearch) -> None:
    """Save a search, in place of one of that name.

    Raises:
        UsageError: The name is empty, or the query holds bytes or a vector.
    """
    name = search.name.strip()
    if not name:
        raise UsageError("A saved search needs a name.")
    _write(store, {**_kept(store), name: _plain(search.query)})


def forget(store: Store, name: str) -> None:
    """Forget a saved search."""
    _write(store, {known: query for known, query in _kept(store).items() if known != name})


def _kept(store: Store) -> dict[str, Any]:
    return {search.name: _plain(search.query) for search in read_all(store)}


def _write(store: Store, kept: dict[str, Any]) -> None:
    store.set_meta(_KEY, json.dumps(kept, ensure_ascii=False))


def _plain(query: Query) -> dict[str, Any]:
    if query.embeddings:
        raise UsageError("A search by a vector cannot be saved. Search by words or pictures.")
    return {
        "texts": [_term(text) for text in query.texts],
        "images": [_term(image) for image in query.images],
        "assets": [_term(asset) for asset in query.assets],
        "colours": [[swatch.hex, swatch.amount] for swatch in query.colours],
        "shape": list(query.shape),
        "filter": None if query.filter is None else _tree(query.filter),
        "limit": query.limit,
        "min_score": query.min_score,
        "group_by": query.group_by,
        "lexical": query.lexical,
        "sort": query.sort,
    }


def _query(kept: dict[str, Any]) -> Query:
    return Query(
        texts=tuple(Term(value, weight) for _, value, weight in kept["texts"]),
        images=tuple(
            Term(Path(value) if kind == "file" else value, weight)
            for kind, value, weight in kept["images"]
        ),
        assets=tuple(Term(value, weight) for _, value, weight in kept["assets"]),
        # Searches that were saved before colours could be looked for have none.
        colours=tuple(Swatch(*each) for each in kept.get("colours", ())),
        shape=tuple(kept.get("shape", ())),
        filter=None if kept["filter"] is None else _filter(kept["filter"]),
        limit=kept["limit"],
        min_score=kept["min_score"],
        group_by=kept["group_by"],
        lexical=kept["lexical"],
        sort=kept["sort"],
    )


def _term(term: Any) -> list[Any]:
    """Return kind, value and weight: a file is not an address of the same letters."""
    value, weight = (term.value, term.weight) if isinstance(term, Term) else (term, 1.0)
    if isinstance(value, bytes):
        raise UsageError(
            "A search by a pasted picture cannot be saved. Search by a file or a picture of "
            "the library."
        )
    return ["file" if isinstance(value, Path) else "text", str(value), weight]


def _tree(part: Filter) -> list[Any]:
    if isinstance(part, Comparison):
        return ["is", part.field, part.op, part.value]
    if isinstance(part, Not):
        return ["not", _tree(part.part)]
    return ["all" if isinstance(part, AllOf) else "any", [_tree(each) for each in part.parts]]


def _filter(kept: list[Any]) -> Filter:
    match kept:
        case ["is", field, op, value]:
            return Comparison(field, op, value)
        case ["not", part]:
            return Not(_filter(part))
        case ["all", parts]:
            return AllOf(tuple(_filter(part) for part in parts))
        case ["any", parts]:
            return AnyOf(tuple(_filter(part) for part in parts))
    raise ValueError(f"not a filter: {kept!r}")
