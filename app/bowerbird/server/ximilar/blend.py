"""Ranks records by how they look and by the tags that they share, both at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bowerbird.types import AllOf, Comparison, Filter, Query

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Asset, Vector

# What the tags count beside the looks.
SHARE = 0.5
# Records with a tag in common that are looked at, those first that look most alike.
MOST = 5000


def by_looks_and_tags(
    library: Library,
    vector: Vector,
    tags: Sequence[str],
    wanted: Filter,
    field: str,
    count: int,
) -> list[tuple[int, float]]:
    """Return the best records' assets and how alike they are, best first.

    Alike is the mean of the cosine and of the tags that two records share over all that they have
    (Jaccard index), weighted by `SHARE`. A record without a common tag gains nothing from tags, so
    that among those the ones that look most alike are enough.

    Args:
        library: Where they are.
        vector: What they are to look like, float32 [dim].
        tags: Those of the query; where it has none, looks alone count.
        wanted: Leaves the records to choose from.
        field: The library's field of their tags.
        count: How many.
    """
    looks = library.search(Query(embeddings=(vector,), filter=wanted, limit=count))
    found = dict(zip(looks.ids.tolist(), _scores(looks), strict=True))
    if tags:
        shared = AllOf((wanted, Comparison(field, "in", list(tags))))
        tagged = library.search(Query(embeddings=(vector,), filter=shared, limit=MOST))
        found |= dict(zip(tagged.ids.tolist(), _scores(tagged), strict=True))
    own = set(tags)
    share = SHARE if own else 0.0
    ranked = [
        (asset.id, (1 - share) * found[asset.id] + share * _common(own, tags_of(asset)))
        for asset in library.assets(list(found))
    ]
    return sorted(ranked, key=lambda row: (-row[1], row[0]))[:count]


def tags_of(asset: Asset) -> set[str]:
    """Return the tags of a record, and those that the user gave it."""
    return {*asset.tags, *tags_in(asset.metadata)}


def tags_in(record: Mapping[str, Any]) -> list[str]:
    """Return the tags that a record speaks of: a list of them, or a single one."""
    tags = record.get("tags")
    if isinstance(tags, str):
        return [tags]
    return [str(tag) for tag in tags] if isinstance(tags, list) else []


def _common(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _scores(results: Any) -> list[float]:
    return [] if results.scores is None else [float(score) for score in results.scores]
