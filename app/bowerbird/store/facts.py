"""Counts what the free metadata of assets holds, so that it can be chosen from."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bowerbird.store.rows import id_list
from bowerbird.types import Fact

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Assets that are read at most, keys that are worth a menu, values that are worth a line.
READ, KEYS, VALUES = 100_000, 40, 60


def facts(
    connection: sqlite3.Connection, condition: str, values: Sequence[Any]
) -> tuple[Fact, ...]:
    """Return the keys of the metadata, the most common first, with what can be chosen of each.

    Args:
        connection: To read with.
        condition: Which assets, as `filters.where` gives it.
        values: Its values.
    """
    if connection.execute("SELECT 1 FROM assets WHERE metadata != '{}' LIMIT 1").fetchone() is None:
        return ()
    described = (
        f"(SELECT assets.metadata FROM assets WHERE assets.metadata != '{{}}' AND {condition} "
        f"LIMIT {READ})"
    )
    rows = connection.execute(
        "SELECT j.key AS name, sum(j.type IN ('integer', 'real')) AS numbers, count(*) AS many, "
        "min(CASE WHEN j.type IN ('integer', 'real') THEN j.value END), "
        "max(CASE WHEN j.type IN ('integer', 'real') THEN j.value END) "
        f"FROM {described} d, json_each(d.metadata) j WHERE j.type NOT IN ('null', 'object') "
        f"GROUP BY name ORDER BY many DESC, name LIMIT {KEYS}",
        values,
    ).fetchall()
    found = []
    for name, numbers, many, least, most in rows:
        if 2 * numbers > many:
            found.append(Fact(name, many, least=least, most=most))
        elif common := _common(connection, described, values, name):
            found.append(Fact(name, many, values=common))
    return tuple(found)


def _common(
    connection: sqlite3.Connection, described: str, values: Sequence[Any], name: str
) -> tuple[tuple[str, int], ...]:
    """Return the values that several assets share, also those in lists; titles are of no use."""
    rows = connection.execute(
        "SELECT CASE v.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE v.atom END, "
        f"count(*) AS many FROM {described} d, json_each(d.metadata) j, json_tree(j.value) v "
        "WHERE j.key = ? AND j.type = 'array' AND v.type IN ('text', 'true', 'false') "
        "GROUP BY 1 "
        "UNION ALL "
        "SELECT CASE j.type WHEN 'text' THEN j.atom ELSE j.type END, count(*) AS many "
        f"FROM {described} d, json_each(d.metadata) j "
        "WHERE j.key = ? AND j.type IN ('text', 'true', 'false') GROUP BY 1 "
        f"ORDER BY many DESC, 1 LIMIT {VALUES}",
        [*values, name, *values, name],
    ).fetchall()
    shared = tuple((str(value), int(many)) for value, many in rows)
    is_choice = len(shared) <= 12 or (len(shared) > 0 and shared[0][1] > 1)
    return shared if is_choice else ()


def keys(connection: sqlite3.Connection, ids: NDArray[np.int64]) -> list[str]:
    """Return the keys that the metadata of some assets has, by name."""
    found = connection.execute(
        "SELECT DISTINCT m.key FROM json_each(?) j CROSS JOIN assets ON assets.id = j.value "
        "JOIN json_each(assets.metadata) m ORDER BY m.key",
        (id_list(ids),),
    ).fetchall()
    return [str(row[0]) for row in found]
