"""Lists pictures as CSV or JSON lines, a row a picture."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
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
        "metadata": dict(asset.metadata),
    }


def write_csv(hits: Iterable[Listed], stream: TextIO) -> Iterator[str]:
    """Write a header and a row a hit; yield the name of each that is written."""
    writer: csv.DictWriter[str] | None = None
    for hit in hits:
        found = row(hit)
        found["tags"] = ", ".join(found["tags"])
        found["metadata"] = json.dumps(found["metadata"]) if found["metadata"] else ""
        if writer is None:
            writer = csv.DictWriter(stream, fieldnames=list(found), lineterminator="\n")
            writer.writeheader()
        writer.writerow(found)
        yield hit.asset.name


def write_jsonl(hits: Iterable[Listed], stream: TextIO) -> Iterator[str]:
    """Write a JSON object a line; yield the name of each that is written."""
    for hit in hits:
        stream.write(json.dumps(row(hit)) + "\n")
        yield hit.asset.name
