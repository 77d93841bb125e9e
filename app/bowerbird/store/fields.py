"""The fields that filters speak of: how each is found in the tables, compared, and written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from bowerbird.store.rows import oklab, to_ns
from bowerbird.types import Colour, Orientation, Status

ORDERED = ("=", "!=", "<", "<=", ">", ">=", "in", "not in", "exists")
WORDED = ("=", "!=", "in", "not in", "contains", "exists")
EVERY = ("=", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "exists")


@dataclass(frozen=True, slots=True)
class Field:
    """How one field is compared: its SQL, the operators it knows, and how values are read."""

    sql: str
    ops: tuple[str, ...]
    read: Callable[[Any], Any]
    wants: str


def read_number(value: Any) -> float | int:
    """Return a number as SQLite compares it.

    Raises:
        ValueError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    # Integers beyond SQLite's own compare as well as numbers with a point.
    return value if isinstance(value, float) or -(2**63) <= value < 2**63 else float(value)


def read_text(value: Any) -> str:
    """Return a text; a number as it is written.

    Raises:
        ValueError: It is neither.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError
    return str(value)


def _folder(value: Any) -> str:
    return read_text(value).strip("/")


def _one_of(kind: type[Status] | type[Orientation]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        return kind(read_text(value).lower()).value

    return read


def _kind(value: Any) -> str:
    kind = read_text(value).lower()
    if kind not in ("picture", "video"):
        raise ValueError
    return kind


def _lower(value: Any) -> str:
    return read_text(value).lower()


def _when(value: Any) -> datetime:
    """Read a datetime, a date or ISO 8601; a bare year is taken for its first moment."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    written = read_text(value)
    if re.fullmatch(r"\d{4}(-\d{2})?", written):
        written = f"{written}-01-01"[:10] if len(written) == 4 else f"{written}-01"
    return datetime.fromisoformat(written)


def _taken(value: Any) -> str:
    return _when(value).replace(tzinfo=None).isoformat()


def _modified(value: Any) -> int:
    when = _when(value)
    return to_ns(when if when.tzinfo else when.replace(tzinfo=UTC))


def _colour(value: Any) -> list[float]:
    match = re.fullmatch(r"#?([0-9a-fA-F]{6})", read_text(value))
    if match is None:
        raise ValueError
    red, green, blue = bytes.fromhex(match[1])
    return list(oklab(Colour(red, green, blue, 1.0)))


_DATE = "a date such as 2024-06-30 or 2024-06-30T12:00"
FIELDS: dict[str, Field] = {
    "collection": Field("", ("=", "!=", "in", "not in"), read_text, "a collection's name or id"),
    "folder": Field("assets.folder", WORDED, _folder, "a folder such as holidays/rome"),
    "tag": Field("", WORDED, read_text, "a tag"),
    "colour": Field("", ("=", "!="), _colour, "a colour such as #c03030"),
    "name": Field("assets.name", EVERY, read_text, "a text"),
    "key": Field("assets.key", EVERY, read_text, "a text"),
    # The key of a frame without its time.
    "file": Field(
        "iif(assets.folder = '', assets.name, assets.folder || '/' || assets.name)",
        EVERY,
        read_text,
        "a text",
    ),
    "kind": Field(
        "iif(assets.time IS NULL, 'picture', 'video')",
        ("=", "!=", "in", "not in"),
        _kind,
        "picture or video",
    ),
    "time": Field("assets.time", ORDERED, read_number, "a number of seconds"),
    "uuid": Field("assets.uuid", ("=", "!=", "in", "not in"), _lower, "an id"),
    "text": Field(
        "(SELECT nullif(text, '') FROM readings WHERE readings.md5 = assets.md5)",
        ("contains", "exists"),
        read_text,
        "a text",
    ),
    "md5": Field("assets.md5", ("=", "!=", "in", "not in", "exists"), _lower, "an md5"),
    "format": Field("assets.format", WORDED, _lower, "a format such as jpeg"),
    "camera": Field("assets.camera", WORDED, read_text, "a text"),
    "size": Field("assets.size", ORDERED, read_number, "a number of bytes"),
    "width": Field("assets.width", ORDERED, read_number, "a number of pixels"),
    "height": Field("assets.height", ORDERED, read_number, "a number of pixels"),
    "pixels": Field("assets.width * assets.height", ORDERED, read_number, "a number of pixels"),
    "copies": Field(
        "(SELECT count(*) - 1 FROM assets same INDEXED BY assets_md5 "
        "WHERE same.md5 = assets.md5 AND same.status = 'ok')",
        ORDERED,
        read_number,
        "a number of files of the same content elsewhere",
    ),
    **{
        name: Field(
            f"(SELECT {column} FROM qualities WHERE asset_id = assets.id)",
            ORDERED,
            read_number,
            "a number from 0 to 1",
        )
        for name, column in (
            ("quality", "overall"),
            ("sharpness", "sharpness"),
            ("brightness", "brightness"),
            ("composition", "composition"),
        )
    },
    **{
        name: Field(
            f"(SELECT count(*) - 1 FROM {state} own CROSS JOIN {state} other "
            f"INDEXED BY {state}_group ON other.grp = own.grp CROSS JOIN assets kept "
            "ON kept.id = other.asset_id AND kept.status = 'ok' "
            "WHERE own.asset_id = assets.id AND own.grp IS NOT NULL HAVING count(*) > 1)",
            ORDERED,
            read_number,
            kind,
        )
        for name, state, kind in (
            ("duplicates", "linked", "a number of other copies of the shot"),
            ("shots", "compared", "a number of other shots of the scene"),
        )
    },
    "latitude": Field("assets.latitude", ORDERED, read_number, "a number of degrees"),
    "longitude": Field("assets.longitude", ORDERED, read_number, "a number of degrees"),
    "orientation": Field(
        "assets.orientation",
        ("=", "!=", "in", "not in", "exists"),
        _one_of(Orientation),
        "landscape, portrait or square",
    ),
    "status": Field(
        "assets.status", ("=", "!=", "in", "not in"), _one_of(Status), "ok, failed or missing"
    ),
    "taken": Field("assets.taken", ORDERED, _taken, _DATE),
    "date": Field("assets.moment", ORDERED, _modified, _DATE),
    "modified": Field("assets.mtime_ns", ORDERED, _modified, _DATE),
}
