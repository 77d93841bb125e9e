"""The EXIF facts worth filtering on; whatever a hostile file says, nothing is raised."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any

from PIL import Image

from bowerbird.types import Exif

_ORIENTATION, _MAKE, _MODEL, _CHANGED = 0x112, 0x10F, 0x110, 0x132
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TAKEN, _DIGITISED = 0x9003, 0x9004
_DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?:\D(\d{1,2})\D(\d{1,2})(?:\D(\d{1,2}))?)?")
# Parts of makers' names that say nothing about the camera.
_NOISE = re.compile(
    r"\b(corporation|corp|company|co|ltd|inc|imaging|optical|camera|electronics|"
    r"techwin|digital)\b\.?,?",
    re.IGNORECASE,
)


def read(exif: Image.Exif) -> Exif:
    """Return what `exif` says, leaving out what does not make sense."""
    root = _items(exif)
    detail = _sub(exif, _EXIF_IFD)
    gps = _sub(exif, _GPS_IFD)
    latitude = _degrees(gps.get(2), gps.get(1), "S", 90)
    longitude = _degrees(gps.get(4), gps.get(3), "W", 180)
    if latitude is None or longitude is None or latitude == longitude == 0:
        latitude = longitude = None  # a receiver without a fix writes zeros
    return Exif(
        _date(detail.get(_TAKEN)) or _date(detail.get(_DIGITISED)) or _date(root.get(_CHANGED)),
        _camera(_text(root.get(_MAKE)), _text(root.get(_MODEL))),
        latitude,
        longitude,
    )


def orientation(exif: Image.Exif) -> int:
    """Return the EXIF orientation, 1 to 8."""
    value = _items(exif).get(_ORIENTATION, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _items(exif: Image.Exif) -> dict[int, Any]:
    try:
        return dict(exif)
    except Exception:  # noqa: BLE001  # the parser of a hostile block raises anything
        return {}


def _sub(exif: Image.Exif, tag: int) -> dict[int, Any]:
    try:
        return dict(exif.get_ifd(tag))
    except Exception:  # noqa: BLE001  # likewise
        return {}


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    value = value.split("\0")[0].encode("utf-8", "replace").decode()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())[:100]


def _date(value: object) -> datetime | None:
    found = _DATE.match(_text(value))
    if found is None:
        return None
    numbers = [int(part or 0) for part in found.groups()]
    if numbers[0] < 1800:
        return None
    try:
        return datetime(*numbers)  # type: ignore[arg-type]  # six of them
    except ValueError:
        return None


def _camera(make: str, model: str) -> str | None:
    """Join both, each word once: `NIKON CORPORATION`, `NIKON D90` give `NIKON D90`."""
    maker = " ".join(_NOISE.sub(" ", make).split()).rstrip(",.") or make
    if not maker or not model:
        return model or maker or None
    if model.lower().startswith(maker.split()[0].lower()):
        return model
    return f"{maker} {model}"


def _degrees(parts: object, reference: object, negative: str, limit: int) -> float | None:
    if not isinstance(parts, tuple) or not 1 <= len(parts) <= 3:
        return None
    try:
        numbers = [float(part) for part in parts]
    except (TypeError, ValueError, ArithmeticError):
        return None
    degrees = math.fsum(number / 60.0**place for place, number in enumerate(numbers))
    if not math.isfinite(degrees) or not 0 <= degrees <= limit:
        return None
    return -degrees if _text(reference).upper().startswith(negative) else degrees
