"""Ranks assets by their main colours, and counts the colours of many."""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bowerbird.errors import FilterError
from bowerbird.store import filters
from bowerbird.store.rows import id_list, oklab
from bowerbird.types import Colour, Filter, Swatch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.types import Vector

    Ids = NDArray[np.int64]

# Squared distance in OKLab at which a colour is another one; nearer, it counts in part.
_REACH = 0.022
# Share of a picture at which a colour is surely seen.
_SEEN = 0.2
# Chroma below which a colour is a grey; steps of hue and lightness that are counted apart.
_GREY, _HUES, _LIGHTS = 0.035, 12, 4
MOST = 10


def ranking(
    connection: sqlite3.Connection, colours: Sequence[Swatch], wanted: Filter | None
) -> tuple[Ids, Vector]:
    """Return matching ids, int64 [n], and how well their colours fit, float32 [n], best first.

    Raises:
        FilterError: A colour is none, or there are too many.
    """
    if not 1 <= len(colours) <= MOST:
        raise FilterError(f"1 to {MOST} colours can be looked for, not {len(colours)}.")
    condition, values = filters.where(wanted)
    sums, own = [], []
    for swatch in colours:
        lab = _lab(swatch.hex)
        apart = " + ".join(f"({axis} - ?) * ({axis} - ?)" for axis in ("lightness", "a", "b"))
        sums.append(f"sum(weight * max(0, 1 - ({apart}) / {_REACH}))")
        own += [number for number in lab for _ in range(2)]
    rows = connection.execute(
        f"SELECT asset_id, {', '.join(sums)} FROM colours JOIN assets ON assets.id = asset_id "
        f"WHERE {condition} GROUP BY asset_id",
        [*own, *values],
    ).fetchall()
    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    shares = np.array([tuple(row)[1:] for row in rows], np.float32).reshape(len(rows), len(colours))
    fits = [_fit(shares[:, at], swatch.amount) for at, swatch in enumerate(colours)]
    # All of them are wanted together: a picture without one of them fits none.
    scores: Vector = np.prod(fits, 0) ** np.float32(1 / len(fits))
    order = np.lexsort((ids, -scores))
    return ids[order], scores[order].astype(np.float32)


def _fit(share: Vector, amount: float | None) -> Vector:
    if amount is None:
        seen: Vector = np.minimum(share / np.float32(_SEEN), 1)
        return seen
    wanted = np.float32(amount)
    apart: Vector = np.abs(share - wanted) / np.maximum(wanted, np.float32(_SEEN))
    fit: Vector = np.maximum(0, 1 - apart)
    return fit


def _lab(code: str) -> tuple[float, float, float]:
    match = re.fullmatch(r"#([0-9a-fA-F]{6})", code)
    if match is None:
        raise FilterError(f"{code!r} is no colour. Write it as #c03030.")
    red, green, blue = bytes.fromhex(match[1])
    return oklab(Colour(red, green, blue, 1.0))


def histogram(connection: sqlite3.Connection, ids: Ids) -> list[tuple[str, float]]:
    """Return the colours of some assets, each as the mean of what is alike, and their shares.

    Args:
        connection: To read with.
        ids: The assets.

    Returns:
        `#rrggbb` and a share of all, the largest first; the shares sum to 1.
    """
    rows = connection.execute(
        "SELECT rgb, lightness, a, b, weight FROM json_each(?) "
        "CROSS JOIN colours ON asset_id = value",
        (id_list(ids),),
    ).fetchall()
    bins: dict[tuple[int, int], list[Any]] = {}
    for rgb, lightness, a, b, weight in rows:
        bins.setdefault(_bin(lightness, a, b), []).append((rgb, weight))
    whole = sum(weight for found in bins.values() for _, weight in found)
    shares = []
    for found in bins.values():
        total = sum(weight for _, weight in found)
        mean = [
            round(sum((rgb >> shift & 255) * weight for rgb, weight in found) / total)
            for shift in (16, 8, 0)
        ]
        shares.append(("#" + bytes(mean).hex(), total / whole))
    return sorted(shares, key=lambda one: (-one[1], one[0]))


def _bin(lightness: float, a: float, b: float) -> tuple[int, int]:
    light = min(_LIGHTS - 1, int(lightness * _LIGHTS))
    if math.hypot(a, b) < _GREY:
        return -1, light
    return int((math.atan2(b, a) / (2 * math.pi) % 1) * _HUES), light
