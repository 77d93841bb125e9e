"""Turns rows into the shared words, and the shared words into rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bowerbird.types import (
    Asset,
    Collection,
    Colour,
    Entry,
    Exif,
    Orientation,
    Quality,
    SourceKind,
    Status,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def id_list(ids: Iterable[int] | NDArray[np.int64]) -> str:
    """Return ids as a JSON array: one variable for any number of them, read by `json_each`."""
    plain = ids.tolist() if hasattr(ids, "tolist") else list(ids)
    return json.dumps(plain, separators=(",", ":"))


def assets(connection: sqlite3.Connection, ids: Sequence[int] | NDArray[np.int64]) -> list[Asset]:
    """Read assets in the order of `ids`; unknown ids are left out."""
    wanted = id_list(ids)
    tags = _grouped(
        connection.execute(
            "SELECT asset_id, name FROM json_each(?) CROSS JOIN asset_tags ON asset_id = value "
            "JOIN tags ON tags.id = tag_id ORDER BY name",
            (wanted,),
        )
    )
    colours = _grouped(
        connection.execute(
            "SELECT asset_id, rgb, weight FROM json_each(?) CROSS JOIN colours ON asset_id = value "
            "ORDER BY asset_id, rank",
            (wanted,),
        )
    )
    rows = connection.execute(
        "SELECT assets.* FROM json_each(?) j CROSS JOIN assets ON assets.id = j.value "
        "ORDER BY j.key",
        (wanted,),
    ).fetchall()
    same = dict(
        map(
            tuple,
            connection.execute(
                # Named, since the planner would rather read all that are ok.
                "SELECT md5, count(*) FROM json_each(?) CROSS JOIN assets INDEXED BY assets_md5 "
                "ON md5 = value WHERE status = 'ok' GROUP BY md5 HAVING count(*) > 1",
                (json.dumps(list({row["md5"] for row in rows if row["md5"]})),),
            ),
        )
    )
    qualities = {
        row[0]: Quality(*row[1:])
        for row in connection.execute(
            "SELECT asset_id, overall, sharpness, brightness, composition FROM json_each(?) "
            "CROSS JOIN qualities ON asset_id = value",
            (wanted,),
        )
    }
    return [
        replace(
            _asset(row, tags.get(row["id"], ()), colours.get(row["id"], ())),
            copies=same.get(row["md5"], 1) - 1,
            quality=qualities.get(row["id"]),
        )
        for row in rows
    ]


def _grouped(rows: Iterable[sqlite3.Row]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for asset_id, *rest in rows:
        # An id asked for twice must not have its tags twice.
        group = found.setdefault(asset_id, [])
        if tuple(rest) not in group:
            group.append(tuple(rest))
    return found


def _asset(
    row: sqlite3.Row,
    tags: Iterable[tuple[Any, ...]],
    colours: Iterable[tuple[Any, ...]],
) -> Asset:
    taken = row["taken"]
    return Asset(
        id=row["id"],
        uuid=row["uuid"],
        collection_id=row["collection_id"],
        key=row["key"],
        name=row["name"],
        size=row["size"],
        modified=from_ns(row["mtime_ns"]),
        status=Status(row["status"]),
        reason=row["reason"],
        md5=row["md5"],
        format=row["format"],
        width=row["width"],
        height=row["height"],
        exif=Exif(
            datetime.fromisoformat(taken) if taken else None,
            row["camera"],
            row["latitude"],
            row["longitude"],
        ),
        tags=tuple(tag for (tag,) in tags),
        metadata=json.loads(row["metadata"]),
        time=row["time"],
        colours=tuple(
            Colour(rgb >> 16, rgb >> 8 & 255, rgb & 255, weight) for rgb, weight in colours
        ),
    )


def collection(row: sqlite3.Row) -> Collection:
    """Read one collection."""
    last = row["last_sync"]
    return Collection(
        row["id"],
        row["uuid"],
        row["name"],
        SourceKind(row["kind"]),
        row["location"],
        json.loads(row["config"]),
        datetime.fromisoformat(last) if last else None,
    )


def from_ns(mtime_ns: int) -> datetime:
    """Return a time of last change as UTC; what no calendar holds is clamped to its ends."""
    try:
        return _EPOCH + timedelta(microseconds=mtime_ns // 1000)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if mtime_ns > 0 else _EPOCH


def to_ns(when: datetime) -> int:
    """Return nanoseconds since the epoch; a naive time is taken for UTC, to compare like times."""
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1) * 1000


def place(entry: Entry) -> dict[str, Any]:
    """Return the columns that say where an entry lies and which version of it."""
    folder, _, name = entry.key.rpartition("/")
    return {
        "key": entry.key,
        "folder": folder,
        "name": name,
        "size": entry.size,
        "mtime_ns": entry.mtime_ns,
        "etag": entry.etag,
    }


def orientation(width: int, height: int) -> Orientation:
    """Return the shape of a picture; up to 2 % off counts as square."""
    if abs(width - height) * 50 <= max(width, height):
        return Orientation.SQUARE
    return Orientation.LANDSCAPE if width > height else Orientation.PORTRAIT


def oklab(colour: Colour) -> tuple[float, float, float]:
    """Return a colour in OKLab (Ottosson 2020): lightness 0..1, a and b about -0.4..0.4."""
    red, green, blue = (_linear(c / 255) for c in (colour.red, colour.green, colour.blue))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
