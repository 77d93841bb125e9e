"""Reads a filter in the manner of MongoDB's `find` as one of the library's own.

Both ways to write an operator are taken: `{"price": {"$gte": 200}}` as MongoDB has it, and
`{"$gte": {"price": 200}}` as some of the services' examples have it. A number that is written as a
text (`"200"`) is compared with numbers and with texts, where an order is asked for. A list as a
value asks for all of its members.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from bowerbird.errors import FilterError
from bowerbird.types import AllOf, AnyOf, Comparison, Filter, Not

# Nesting that nobody writes.
MOST_DEPTH = 30
_ORDERS = {"$lt": "<", "$lte": "<=", "$gt": ">", "$gte": ">="}
_LEAVES = ("$eq", "$ne", "$in", "$nin", "$exists", *_ORDERS)
_LISTS = ("$and", "$or", "$nor")
_ALL = (*_LEAVES, *_LISTS, "$not")
Naming = Callable[[str], str]


def read(tree: Any, name: Naming) -> Filter:
    """Return the filter that a tree of JSON stands for.

    Args:
        tree: An object.
        name: Gives the library's field for an attribute.

    Raises:
        FilterError: It is no such filter; the message says what is wrong.
    """
    return _whole(tree, name, 0)


def _whole(tree: Any, name: Naming, depth: int) -> Filter:
    if depth > MOST_DEPTH:
        raise FilterError("The filter is nested too deep.")
    if not isinstance(tree, Mapping):
        raise FilterError(f"A filter is an object, as in {{'price': 20}}, not {_short(tree)}.")
    return _all([_pair(key, value, name, depth + 1) for key, value in tree.items()])


def _pair(key: str, value: Any, name: Naming, depth: int) -> Filter:
    if key in _LISTS:
        if not isinstance(value, list) or not value:
            raise FilterError(f"{key} needs a list of filters.")
        parts = tuple(_whole(part, name, depth) for part in value)
        if key == "$and":
            return AllOf(parts)
        return AnyOf(parts) if key == "$or" else Not(AnyOf(parts))
    if key == "$not":
        return Not(_whole(value, name, depth))
    if key in _LEAVES:
        if not isinstance(value, Mapping) or not value:
            raise FilterError(f"{key} needs an attribute, as in {{'{key}': {{'price': 200}}}}.")
        return _all([_leaf(name(each), key, wanted) for each, wanted in value.items()])
    if key.startswith("$"):
        raise FilterError(f"There is no operator {_short(key)}. Use {', '.join(_ALL)}.")
    return _condition(name(key), value, depth)


def _condition(field: str, value: Any, depth: int) -> Filter:
    """Read what is asked of one attribute: a value, or operators."""
    if depth > MOST_DEPTH:
        raise FilterError("The filter is nested too deep.")
    if not isinstance(value, Mapping):
        return _leaf(field, "$eq", value)
    if not value:
        raise FilterError("An attribute is compared with a value, not with an empty object.")
    parts: list[Filter] = []
    for operator, wanted in value.items():
        if operator == "$not":
            parts.append(Not(_condition(field, wanted, depth + 1)))
        elif operator in _LEAVES:
            parts.append(_leaf(field, operator, wanted))
        else:
            raise FilterError(
                f"There is no operator {_short(operator)}. Use {', '.join(_LEAVES)} or $not."
            )
    return _all(parts)


def _leaf(field: str, operator: str, value: Any) -> Filter:
    if operator == "$ne":
        return Not(_leaf(field, "$eq", value))
    if operator == "$nin":
        return Not(_leaf(field, "$in", value))
    if operator == "$exists":
        return Comparison(field, "exists", bool(value))
    if operator == "$in":
        if not isinstance(value, list):
            raise FilterError("$in and $nin need a list of values.")
        # One comparison for them all, however many: lists and null are more than a value each.
        plain = [each for each in value if isinstance(each, str | int | float)]
        rest = [each for each in value if not isinstance(each, str | int | float)]
        parts = [Comparison(field, "in", plain)] if plain else []
        return AnyOf((*parts, *(_equal(field, each) for each in rest)))
    if operator == "$eq":
        return _equal(field, value)
    return _ordered(field, _ORDERS[operator], value)


def _equal(field: str, value: Any) -> Filter:
    if value is None:
        return Not(Comparison(field, "exists", True))
    if isinstance(value, list):
        return _all([_equal(field, each) for each in value])
    return Comparison(field, "=", _scalar(value))


def _ordered(field: str, sign: str, value: Any) -> Filter:
    plain = Comparison(field, sign, _scalar(value))
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return plain
        if math.isfinite(number):
            return AnyOf((plain, Comparison(field, sign, number)))
    return plain


def _scalar(value: Any) -> Any:
    if not isinstance(value, str | int | float | bool):
        raise FilterError(f"Cannot compare with {_short(value)}. Use a text, a number, or a truth.")
    return value


def _all(parts: list[Filter]) -> Filter:
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
