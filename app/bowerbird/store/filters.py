"""Compiles a filter tree into a WHERE clause; values are only ever bound, never written in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import accumulate
from typing import Any, TypeAlias

from bowerbird.errors import FilterError
from bowerbird.store.fields import EVERY, FIELDS, Field, read_number, read_text
from bowerbird.types import AllOf, Comparison, Filter, Not

Clause: TypeAlias = "tuple[str, list[Any]]"
# SQLite's parser keeps a stack of 100; brackets are what fills it.
MAX_BRACKETS = 40
MAX_DEPTH = 200
# Each binds six values at most, and SQLite takes 32,766 of a statement.
MAX_CONDITIONS = 4000
_META = re.compile(r"meta\.(.+)", re.DOTALL)
# Squared distance in OKLab at which colours go by one name, and the share that makes one a main
# colour of a picture.
_ALIKE, _MAIN = 0.011, 0.06


def where(tree: Filter | None) -> Clause:
    """Return the condition on `assets` for `tree` and its values.

    Only assets with status `ok` match, unless the tree itself speaks of the status.

    Raises:
        FilterError: A field or operator is unknown, or a value is of the wrong kind.
    """
    if tree is None:
        return "assets.status = 'ok'", []
    if _conditions(tree, 0) > MAX_CONDITIONS:
        raise FilterError(
            f"The filter has over {MAX_CONDITIONS} conditions. Ask for several values of a field "
            "in one list."
        )
    sql, values = _compile(tree, 0)
    if _brackets(sql) > MAX_BRACKETS:
        raise _too_deep()
    if _speaks_of_status(tree):
        return sql, values
    return f"assets.status = 'ok' AND {sql}", values


def column(field: str) -> Clause:
    """Return the expression that gives the value of `field`, for grouping.

    Raises:
        FilterError: There is no such field, or it can have several values.
    """
    if match := _META.fullmatch(field):
        return "json_extract(assets.metadata, ?)", [_path(match[1])]
    if field == "collection":
        return "assets.collection_id", []
    known = FIELDS.get(field)
    if known is None or not known.sql:
        allowed = [name for name, each in FIELDS.items() if each.sql]
        raise FilterError(f"Cannot group by {field!r}. Use {', '.join(allowed)} or meta.KEY.")
    return known.sql, []


def _speaks_of_status(tree: Filter) -> bool:
    if isinstance(tree, Comparison):
        return tree.field == "status"
    if isinstance(tree, Not):
        return _speaks_of_status(tree.part)
    return any(_speaks_of_status(part) for part in tree.parts)


def _conditions(tree: Filter, depth: int) -> int:
    if depth > MAX_DEPTH:
        raise _too_deep()
    while isinstance(tree, Not):
        tree = tree.part
    if isinstance(tree, Comparison):
        return 1
    return sum(_conditions(part, depth + 1) for part in tree.parts)


def _compile(tree: Filter, depth: int) -> Clause:
    if depth > MAX_DEPTH:
        raise _too_deep()
    if isinstance(tree, Comparison):
        return _comparison(tree)
    if isinstance(tree, Not):
        return _not(tree.part, depth + 1)
    parts = [_compile(part, depth + 1) for part in tree.parts]
    if not parts:
        return ("TRUE" if isinstance(tree, AllOf) else "FALSE"), []
    return _balanced(parts, " AND " if isinstance(tree, AllOf) else " OR ")


def _not(part: Filter, depth: int) -> Clause:
    """Negate, where pairs of negations leave no trace but that unknown becomes false."""
    negated = True
    while isinstance(part, Not):
        part, negated = part.part, not negated
    sql, values = _compile(part, depth)
    return f"({sql}) IS {'NOT ' if negated else ''}TRUE", values


def _brackets(sql: str) -> int:
    """How deep the brackets of a clause go."""
    depths = accumulate(1 if c == "(" else -1 for c in sql if c in "()")
    return max(depths, default=0)


def _too_deep() -> FilterError:
    return FilterError("The filter is nested too deep. Simplify it.")


def _balanced(parts: list[Clause], word: str) -> Clause:
    """Join parts pairwise: a flat chain of a thousand would be too deep for SQLite's parser."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    left, right = _balanced(parts[:half], word), _balanced(parts[half:], word)
    return f"({left[0]}{word}{right[0]})", left[1] + right[1]


def _comparison(leaf: Comparison) -> Clause:
    if match := _META.fullmatch(leaf.field):
        return _metadata(_path(match[1]), leaf)
    field = FIELDS.get(leaf.field)
    if field is None:
        raise FilterError(
            f"There is no field {leaf.field!r} to filter by. Use {', '.join(FIELDS)} or meta.KEY."
        )
    if leaf.op not in field.ops:
        raise FilterError(f"{leaf.field} cannot be compared by {leaf.op!r}. {_use(field.ops)}")
    if leaf.op == "exists":
        return _exists(leaf.field, field.sql, wanted=leaf.value)
    value = _read(leaf, field)
    if leaf.field in _SPECIAL:
        return _SPECIAL[leaf.field](leaf.op, value)
    return _plain(field.sql, leaf.op, value)


def _read(leaf: Comparison, field: Field) -> Any:
    """Check the value of a comparison; for `in` a list of them."""
    try:
        if leaf.op in ("in", "not in"):
            if isinstance(leaf.value, str) or not hasattr(leaf.value, "__iter__"):
                raise ValueError
            return [field.read(value) for value in leaf.value]
        return (read_text if leaf.op == "contains" else field.read)(leaf.value)
    except (ValueError, OverflowError) as error:
        several = "a list, each " if leaf.op in ("in", "not in") else ""
        raise FilterError(
            f"{leaf.field} {leaf.op} needs {several}{field.wants}, not {leaf.value!r}."
        ) from error


def _plain(sql: str, op: str, value: Any) -> Clause:
    if op == "in":
        return f"{sql} IN (SELECT value FROM json_each(?))", [json.dumps(value)]
    if op == "not in":
        return _negated(_plain(sql, "in", value))
    if op == "contains":
        return f"{sql} LIKE ? ESCAPE '\\'", [f"%{_escaped(value)}%"]
    if op == "!=":
        return _negated(_plain(sql, "=", value))
    return f"{sql} {op} ?", [value]


def _exists(field: str, sql: str, *, wanted: Any) -> Clause:
    if field == "tag":
        sql = "EXISTS (SELECT 1 FROM asset_tags WHERE asset_id = assets.id)"
    elif field == "folder":
        sql = "assets.folder != ''"
    else:
        sql = f"{sql} IS NOT NULL"
    return (sql, []) if wanted else _negated((sql, []))


def _negated(clause: Clause) -> Clause:
    return f"({clause[0]}) IS NOT TRUE", clause[1]


def _collection(op: str, value: Any) -> Clause:
    if op in ("!=", "not in"):
        return _negated(_collection("in", value if op == "not in" else [value]))
    wanted = value if isinstance(value, list) else [value]
    return (
        "assets.collection_id IN (SELECT c.id FROM collections c, json_each(?) j "
        "WHERE c.name = j.value OR c.uuid = j.value OR CAST(c.id AS TEXT) = j.value)",
        [json.dumps(wanted)],
    )


def _folder_clause(op: str, value: Any) -> Clause:
    if op in ("!=", "not in"):
        return _negated(_folder_clause("=" if op == "!=" else "in", value))
    if op == "contains":
        return _plain("assets.folder", op, value)
    if op == "in":
        return _balanced([_folder_clause("=", each) for each in value] or [("FALSE", [])], " OR ")
    if not value:
        return "TRUE", []
    # "0" follows "/": the range of all keys below the folder, which an index can serve.
    return (
        "(assets.folder = ? OR (assets.folder >= ? AND assets.folder < ?))",
        [value, f"{value}/", f"{value}0"],
    )


def _tag(op: str, value: Any) -> Clause:
    if op in ("!=", "not in"):
        return _negated(_tag("=" if op == "!=" else "in", value))
    condition, values = _plain("tags.name", op, value)
    if op == "in":
        # A value of json_each has no collation; the column's must come first to ignore case.
        condition = "EXISTS (SELECT 1 FROM json_each(?) j WHERE tags.name = j.value)"
    return (
        "assets.id IN (SELECT asset_id FROM asset_tags JOIN tags ON tags.id = tag_id "
        f"WHERE {condition})",
        values,
    )


def _colour_clause(op: str, value: list[float]) -> Clause:
    if op == "!=":
        return _negated(_colour_clause("=", value))
    apart = " + ".join(f"({axis} - ?) * ({axis} - ?)" for axis in ("lightness", "a", "b"))
    return (
        "EXISTS (SELECT 1 FROM colours WHERE asset_id = assets.id "
        f"AND weight >= {_MAIN} AND {apart} < {_ALIKE})",
        [number for number in value for _ in range(2)],
    )


_SPECIAL: dict[str, Callable[[str, Any], Clause]] = {
    "collection": _collection,
    "folder": _folder_clause,
    "tag": _tag,
    "colour": _colour_clause,
}


def _metadata(path: str, leaf: Comparison) -> Clause:
    """Compare free metadata: numbers with numbers, texts with texts; a list by what it holds."""
    if leaf.op not in EVERY:
        raise FilterError(f"{leaf.field} cannot be compared by {leaf.op!r}. {_use(EVERY)}")
    kind = "json_type(assets.metadata, ?)"
    if leaf.op == "exists":
        sql = f"({kind} IS NOT NULL AND {kind} != 'null')"
        clause: Clause = sql, [path, path]
        return clause if leaf.value else _negated(clause)
    if leaf.op in ("!=", "not in"):
        positive = Comparison(leaf.field, "=" if leaf.op == "!=" else "in", leaf.value)
        return _negated(_metadata(path, positive))
    value = _read(leaf, Field("", EVERY, _scalar, "a text, a number, true or false"))
    if leaf.op == "contains":
        return (
            f"CASE {kind} WHEN 'array' THEN EXISTS (SELECT 1 FROM json_each(assets.metadata, ?) "
            "WHERE CAST(value AS TEXT) = ? COLLATE NOCASE) "
            "ELSE json_extract(assets.metadata, ?) LIKE ? ESCAPE '\\' END",
            [path, path, value, path, f"%{_escaped(value)}%"],
        )
    if leaf.op in ("=", "in"):
        return _among(path, value if leaf.op == "in" else [value])
    types = _JSON_TYPES[type(value)]
    return (
        f"({kind} IN ({types}) AND json_extract(assets.metadata, ?) {leaf.op} ?)",
        [path, path, value],
    )


def _among(path: str, values: list[Any]) -> Clause:
    """Compare with some values: each is only equal to what is of its kind."""
    kinds: dict[str, list[Any]] = {}
    for value in values:
        kinds.setdefault(_JSON_TYPES[type(value)], []).append(value)
    parts: list[Clause] = []
    for types, same in kinds.items():
        one = len(same) == 1
        found = "= ?" if one else "IN (SELECT value FROM json_each(?))"
        wanted = same[0] if one else json.dumps(same)
        parts.append(
            (
                "CASE json_type(assets.metadata, ?) WHEN 'array' THEN "
                "EXISTS (SELECT 1 FROM json_each(assets.metadata, ?) AS own "
                f"WHERE own.type IN ({types}) AND own.value {found}) "
                f"ELSE json_type(assets.metadata, ?) IN ({types}) "
                f"AND json_extract(assets.metadata, ?) {found} END",
                [path, path, wanted, path, path, wanted],
            )
        )
    return _balanced(parts or [("FALSE", [])], " OR ")


# json_extract gives 1 for true; the type keeps it from being equal to the number.
_JSON_TYPES = {
    bool: "'true', 'false'",
    int: "'integer', 'real'",
    float: "'integer', 'real'",
    str: "'text'",
}


def _scalar(value: Any) -> Any:
    if not isinstance(value, bool | int | float | str):
        raise ValueError
    return value if isinstance(value, bool | str) else read_number(value)


def _path(key: str) -> str:
    """Return the JSON path of one metadata key, dots and all.

    Raises:
        FilterError: The key holds a quote or backslash, which SQLite's paths cannot express.
    """
    if not key or '"' in key or "\\" in key:
        raise FilterError(f"meta.{key} cannot be filtered by: a key holds no quote or backslash.")
    return f'$."{key}"'


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", str(text))


def _use(ops: tuple[str, ...]) -> str:
    return f"Use one of: {', '.join(ops)}."
