"""Filters in MongoDB's manner, tried on records in a real store."""

import pytest

from bowerbird.errors import FilterError
from bowerbird.library import Library
from bowerbird.server import ximilar
from bowerbird.server.ximilar import mongo
from bowerbird.types import Item

ROWS = [
    {"price": 5, "name": "a", "tags": ["x", "y"], "on": True},
    {"price": 20, "name": "b", "tags": ["y"], "on": False},
    {"price": "20", "name": "c", "tags": "x"},
    {"price": 35.5, "name": None},
    {"name": "e", "size": 7},
]


@pytest.fixture
def filled(library: Library) -> Library:
    catalogue = library.add_catalogue("rows")
    from helpers.api import look

    items = [Item(str(number), "", row) for number, row in enumerate(ROWS)]
    pictures = {str(number): look(number) for number in range(len(ROWS))}
    assert library.records(catalogue).insert(items, pictures) == {}
    return library


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        ({"name": "a"}, "0"),
        ({"tags": "x"}, "02"),
        ({"price": {"$eq": 20}}, "1"),
        ({"name": {"$ne": "a"}}, "1234"),
        ({"$not": {"name": "a"}}, "1234"),
        ({"price": {"$not": {"$gt": 10}}}, "024"),
        ({"name": "b", "on": False}, "1"),
        ({"$or": [{"name": "a"}, {"size": 7}]}, "04"),
        ({"$and": [{"tags": "y"}, {"price": 5}]}, "0"),
        ({"$nor": [{"tags": "y"}, {"size": 7}]}, "23"),
        ({"price": {"$lt": 20}}, "0"),
        ({"price": {"$gte": 5, "$lte": 20}}, "01"),
        # An order that is asked for by a text that is a number: of numbers and of texts.
        ({"$gte": {"price": "20"}}, "123"),
        ({"price": {"$gte": "20"}}, "123"),
        ({"name": {"$in": ["a", "c"]}}, "02"),
        ({"tags": {"$in": ["x", "z"]}}, "02"),
        ({"tags": {"$nin": ["x"]}}, "134"),
        ({"name": {"$in": [None, "a"]}}, "03"),
        ({"tags": {"$in": [["x", "y"], "z"]}}, "0"),
        ({"price": {"$in": [20, "20", True]}}, "12"),
        ({"price": {"$nin": [20, "20", 5]}}, "34"),
        ({"price": {"$in": list(range(100_000))}}, "01"),
        ({"name": {"$in": []}}, ""),
        ({"name": {"$nin": []}}, "01234"),
        ({"name": None}, "3"),
        ({"size": {"$exists": True}}, "4"),
        ({"size": {"$exists": False}}, "0123"),
        ({"tags": ["x", "y"]}, "0"),
        ({"_id": "3"}, "3"),
        ({"_id": {"$in": ["1", "4", "9"]}}, "14"),
        ({"$not": {"$or": [{"_id": "0"}, {"on": False}]}}, "234"),
    ],
)
def test_filters(filled: Library, tree: dict[str, object], found: str) -> None:
    wanted = mongo.read(tree, lambda name: "key" if name == "_id" else f"meta.{name}")
    assets = filled.assets(filled.matching(wanted).tolist())
    assert "".join(sorted(asset.key for asset in assets)) == found


@pytest.mark.parametrize(
    "tree",
    [
        [],
        "x",
        {"$foo": 1},
        {"price": {"$foo": 1}},
        {"price": {"$where": "1"}},
        {"$and": {}},
        {"$or": []},
        {"price": {}},
        {"price": {"$in": 3}},
        {"price": {"$gt": [1]}},
        {"price": {"$gt": {}}},
        {"$gte": 3},
        {"$not": 3},
        {"a": {"b": 1}},
    ],
)
def test_what_is_no_filter_is_refused(tree: object) -> None:
    with pytest.raises(FilterError):
        mongo.read(tree, str)


def test_all_operators_are_named_where_one_is_none() -> None:
    with pytest.raises(FilterError) as told:
        mongo.read({"$bogus": {"price": 1}}, str)
    for operator in ("$and", "$or", "$nor", "$not", "$gte", "$in", "$exists"):
        assert operator in str(told.value)


def test_what_is_no_value_is_refused_within_a_list() -> None:
    with pytest.raises(FilterError):
        mongo.read({"price": {"$in": [1, {}]}}, str)


def test_nesting_has_an_end() -> None:
    tree: dict[str, object] = {"a": 1}
    for _ in range(mongo.MOST_DEPTH + 2):
        tree = {"$not": tree}
    with pytest.raises(FilterError, match="deep"):
        mongo.read(tree, str)


def test_the_dialect_says_how_distances_are_made() -> None:
    assert "50 * (1 - cosine)" in (ximilar.__doc__ or "")
