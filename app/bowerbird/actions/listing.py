"""Lists pictures as CSV or JSON lines, a row a picture."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from bowerbird.types import Listed


def row(listed: Listed) -> dict[str, Any]:
    """Return all that is known of a hit."""
    asset = listed.asset
    return {
        **listed.as_json(),
        "format": asset.format,
        "bytes": asset.size,
        "modified": asset.modified.isoformat(),
        "taken": asset.exif.taken and asset.exif.taken.isoformat(),
        "camera": asset.exif.camera,
        "md5": asset.md5,
        "tags": list(asset.tags),
    }


def write_csv(hits: Iterable[Listed], stream: TextIO, keys: Sequence[str]) -> Iterator[str]:
    """Write a header and a row a hit, metadata in columns; yield the name of each.

    Args:
        hits: The pictures.
        stream: Where to.
        keys: Those of the metadata that have a column, called `meta.KEY`.
    """
    writer: csv.DictWriter[str] | None = None
    for hit in hits:
        found = row(hit)
        found["tags"] = ", ".join(found["tags"])
        metadata = found.pop("metadata")
        found |= {f"meta.{key}": _cell(metadata.get(key)) for key in keys}
        if writer is None:
            writer = csv.DictWriter(stream, fieldnames=list(found), lineterminator="\n")
            writer.writeheader()
        writer.writerow(found)
        yield hit.asset.name


def _cell(value: Any) -> Any:
    """Return a value as a cell holds it: texts and numbers as they are, all else as JSON."""
    if value is None:
        return ""
    is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def write_jsonl(hits: Iterable[Listed], stream: TextIO) -> Iterator[str]:
    """Write a JSON object a line; yield the name of each that is written."""
    for hit in hits:
        stream.write(json.dumps(row(hit)) + "\n")
        yield hit.asset.name
