"""A filter finds what it says and nothing else, whatever is written into it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from bowerbird.errors import FilterError
from bowerbird.store.filters import MAX_CONDITIONS
from bowerbird.store.store import Store
from bowerbird.types import AllOf, AnyOf, Collection, Comparison, Filter, Not
from helpers.records import ENCODER, entry, failure, success, unit

DAY = 86_400 * 10**9


@pytest.fixture
def library(store: Store, photos: Collection) -> Store:
    """1: a cat in Rome, 2: a wide dog, 3: in a folder of a like name, 4: failed, 5: missing."""
    v = unit(np.random.default_rng(0), 5)
    other = store.add_collection("Other", photos.kind, "/other")
    store.write(
        [
            success(
                photos.id,
                entry("trip/rome/100%_cat.jpg", 10, DAY),
                v[0],
                taken=datetime(2024, 6, 30, 12),
                camera="Leica Q",
            ),
            success(photos.id, entry("trip/DOG.jpg", 20, 2 * DAY), v[1], width=2000),
            success(other.id, entry("trip0/x.jpg", 30, 3 * DAY), v[2]),
            failure(photos.id, entry("trip/bad.jpg", 40)),
            success(photos.id, entry("gone.jpg", 50), v[4]),
        ],
        ENCODER,
    )
    store.mark_missing([5], 1)
    store.tag([1], ["Cat", "grey"])
    store.tag([2], ["dog"])
    store.set_metadata(
        1, {"price": 12.5, "sku": "A'1", "sold": True, "sizes": ["S", "XL"], "a.b": 1, "none": None}
    )
    store.set_metadata(2, {"price": "12.5", "sold": False, "sizes": "XL"})
    return store


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("colour", "=", "#ff0000", [1, 2, 3]),
        ("colour", "=", "f01010", [1, 2, 3]),
        ("colour", "=", "#00ff00", []),
        ("colour", "!=", "#00ff00", [1, 2, 3]),
        ("folder", "=", "trip", [1, 2]),
        ("folder", "=", "/trip/rome/", [1]),
        ("folder", "=", "", [1, 2, 3]),
        ("folder", "!=", "trip", [3]),
        ("folder", "in", ["trip/rome", "trip0"], [1, 3]),
        ("folder", "not in", ["trip/rome", "trip0"], [2]),
        ("folder", "in", [], []),
        ("folder", "contains", "ROM", [1]),
        ("folder", "=", "tr%", []),
        ("name", "contains", "%_", [1]),
        ("name", "contains", "dog", [2]),
        ("name", "=", "dog.jpg", []),
        ("name", "=", "' OR 1=1 --", []),
        ("key", "<", "trip/rome", [2]),
        ("size", "in", (10, 30), [1, 3]),
        ("size", ">=", 20, [2, 3]),
        ("size", "<", 1e300, [1, 2, 3]),
        ("size", "<", 10**30, [1, 2, 3]),
        ("width", "!=", 640, [2]),
        ("pixels", ">", 640 * 480, [2]),
        ("orientation", "=", "Landscape", [1, 2, 3]),
        ("format", "in", ["JPEG"], [1, 2, 3]),
        ("camera", "exists", True, [1]),
        ("camera", "exists", False, [2, 3]),
        ("camera", "!=", "Leica Q", [2, 3]),
        ("camera", "contains", "leica", [1]),
        ("taken", ">=", "2024-06-30", [1]),
        ("taken", "<", date(2024, 7, 1), [1]),
        ("taken", "=", datetime(2024, 6, 30, 12), [1]),
        ("taken", ">", 2024, [1]),
        ("taken", ">", "2024-07", []),
        ("modified", "<", "1970-01-03", [1]),
        ("modified", "=", datetime(1970, 1, 3, tzinfo=UTC), [2]),
        ("tag", "=", "cat", [1]),
        ("tag", "!=", "cat", [2, 3]),
        ("tag", "in", ["CAT", "dog"], [1, 2]),
        ("tag", "not in", ["CAT", "dog"], [3]),
        ("tag", "contains", "o", [2]),
        ("tag", "exists", True, [1, 2]),
        ("tag", "exists", False, [3]),
        ("collection", "=", "other", [3]),
        ("collection", "=", 2, [3]),
        ("collection", "!=", "other", [1, 2]),
        ("collection", "in", ["other", "photos"], [1, 2, 3]),
        ("collection", "=", "nobody", []),
        ("status", "=", "failed", [4]),
        ("status", "!=", "ok", [4, 5]),
        ("status", "in", ["ok", "missing"], [1, 2, 3, 5]),
        ("meta.price", "<", 13, [1]),
        ("meta.price", "=", "12.5", [2]),
        ("meta.price", "in", [12.5, "x"], [1]),
        ("meta.price", "exists", True, [1, 2]),
        ("meta.price", "!=", 12.5, [2, 3]),
        ("meta.sku", "=", "A'1", [1]),
        ("meta.sold", "=", True, [1]),
        ("meta.sold", "=", 1, []),
        ("meta.sold", "exists", False, [3]),
        ("meta.none", "exists", True, []),
        ("meta.sizes", "contains", "xl", [1, 2]),
        ("meta.sizes", "contains", "x", [2]),
        ("meta.a.b", "=", 1, [1]),
        ("meta.$[0]", "=", 1, []),
    ],
)
def test_comparisons(library: Store, field: str, op: str, value: Any, expected: list[int]) -> None:
    assert library.eligible(Comparison(field, op, value)).tolist() == expected


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (None, [1, 2, 3]),
        (AllOf(()), [1, 2, 3]),
        (AnyOf(()), []),
        (Not(AnyOf(())), [1, 2, 3]),
        (Not(Comparison("camera", "contains", "leica")), [2, 3]),
        (Not(Comparison("meta.price", ">", 1)), [2, 3]),
        (AnyOf((Comparison("tag", "=", "cat"), Comparison("width", ">", 1000))), [1, 2]),
        (AllOf((Comparison("tag", "=", "cat"), Not(Comparison("width", ">", 1000)))), [1]),
        (AllOf((Not(Comparison("status", "=", "ok")),)), [4, 5]),
        (AnyOf(tuple(Comparison("size", "=", i) for i in range(3000))), [1, 2, 3]),
    ],
)
def test_trees(library: Store, tree: Filter | None, expected: list[int]) -> None:
    assert library.eligible(tree).tolist() == expected


def test_filters_reach_text_and_browsing(library: Store) -> None:
    tree = Comparison("collection", "=", "photos")
    assert sorted(library.match_text("trip", tree, 10).tolist()) == [1, 2]
    ids, total = library.browse(tree, 1, 0)
    assert (ids.tolist(), total) == ([1], 2)


@pytest.mark.parametrize(
    ("field", "op", "value", "says"),
    [
        ("mood", "=", 1, "no field 'mood'.*width.*meta.KEY"),
        ("colour", "=", "red", "needs a colour such as #c03030"),
        ("colour", "<", "#ff0000", "cannot be compared"),
        ("width", "contains", 1, "cannot be compared by 'contains'.*<="),
        ("width", "~", 1, "cannot be compared"),
        ("width", "=", "wide", "needs a number of pixels, not 'wide'"),
        ("width", "=", True, "needs a number"),
        ("width", "=", float("nan"), "needs a number"),
        ("width", "in", 5, "a list"),
        ("width", "in", [1, "x"], "a list"),
        ("name", "in", "abc", "a list"),
        ("name", "=", None, "needs a text"),
        ("orientation", "=", "diagonal", "landscape, portrait or square"),
        ("taken", ">", "yesterday", "2024-06-30"),
        ("taken", ">", "2024-13-77", "2024-06-30"),
        ("meta.a", "=", [1], "needs a text, a number"),
        ("meta.", "=", 1, "no field"),
        ('meta.a"b', "=", 1, "no quote"),
        ("meta.a", "like", 1, "cannot be compared"),
    ],
)
def test_nonsense_is_refused_with_what_is_allowed(
    store: Store, field: str, op: str, value: Any, says: str
) -> None:
    with pytest.raises(FilterError, match=says):
        store.eligible(Comparison(field, op, value))


def nested(depth: int) -> Filter:
    tree: Filter = Comparison("folder", "=", "trip")
    for _ in range(depth):
        tree = Not(AllOf((AnyOf((tree, Comparison("meta.a", "=", 5))), AllOf(()))))
    return tree


@pytest.mark.parametrize("depth", [100, 300])
def test_endless_nesting_is_refused(store: Store, depth: int) -> None:
    with pytest.raises(FilterError, match="nested"):
        store.eligible(nested(depth))


def test_what_is_not_refused_is_understood_by_sqlite(library: Store) -> None:
    refused = 0
    for depth in range(60):
        try:
            found = library.eligible(nested(depth)).tolist()
        except FilterError:
            refused += 1
            continue
        assert not refused
        assert found == ([3] if depth % 2 else [1, 2])
    assert 40 < refused < 52


def test_pairs_of_negations_cost_nothing(library: Store) -> None:
    tree: Filter = Comparison("meta.price", ">", 1)
    for _ in range(150):
        tree = Not(Not(tree))
    assert library.eligible(tree).tolist() == [1]
    assert library.eligible(Not(tree)).tolist() == [2, 3]


@pytest.mark.parametrize("value", [12.5, "XL", True, "none of these"])
def test_many_values_are_one_condition(library: Store, value: object) -> None:
    """Each equal to what it is equal to alone, and quick in any number."""
    many = [*(f"odd {number}" for number in range(50_000)), *range(1000, 51_000), False, value]
    for field in ("meta.price", "meta.sizes", "meta.sold", "meta.sku"):
        alone = [library.eligible(Comparison(field, "=", each)).tolist() for each in (value, False)]
        expected = sorted({asset_id for ids in alone for asset_id in ids})
        assert library.eligible(Comparison(field, "in", many)).tolist() == expected


def test_too_many_conditions_are_refused(library: Store) -> None:
    leaves = tuple(Comparison("size", "=", number) for number in range(MAX_CONDITIONS))
    with pytest.raises(FilterError, match="conditions"):
        library.eligible(AllOf((Not(AnyOf(leaves)), Comparison("format", "=", "jpeg"))))
