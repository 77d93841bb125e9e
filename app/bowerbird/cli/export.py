"""`bowerbird export`: copy what a search finds into a folder, or list it as CSV or JSON lines."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowerbird.cli.output import follow
from bowerbird.cli.query import add_filters, add_terms, read_query
from bowerbird.cli.search import NOTHING_FOUND

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Asset, Hit


def add(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the command."""
    parser = commands.add_parser(
        "export",
        parents=[shared],
        help="copy what a search finds, or write it as a list",
        description="Files are copied, never moved, and never over a file that is there.",
    )
    add_terms(parser)
    add_filters(parser)
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--to", type=Path, metavar="FOLDER", help="copy the files into a folder")
    target.add_argument("--csv", action="store_true", help="write a CSV table to stdout")
    target.add_argument("--jsonl", action="store_true", help="write JSON lines to stdout")
    parser.set_defaults(run=run)


def run(library: Library, options: argparse.Namespace) -> int:
    """Search, then copy or list the hits."""
    hits = list(library.search(read_query(library, options)))
    if not hits:
        print("bowerbird: Nothing was found.", file=sys.stderr)
        return NOTHING_FOUND
    if options.to is not None:
        ids = [hit.asset_id for hit in hits]
        last = follow(library.export(ids, options.to.expanduser()), "export")
        print(f"{last.done - last.failed:,} copied to {options.to}, {last.failed:,} failed")
        return 1 if last.failed else 0
    assets = {asset.id: asset for asset in library.assets([hit.asset_id for hit in hits])}
    rows = [_row(hit, assets[hit.asset_id]) for hit in hits if hit.asset_id in assets]
    if options.csv:
        _print_csv(rows)
    else:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    return 0


def _print_csv(rows: list[dict[str, Any]]) -> None:
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        flat = row | {"tags": " ".join(row["tags"]), "colours": " ".join(row["colours"])}
        writer.writerow(flat | {"metadata": json.dumps(row["metadata"], ensure_ascii=False)})


def _row(hit: Hit, asset: Asset) -> dict[str, Any]:
    return {
        "uuid": asset.uuid,
        "key": asset.key,
        "score": hit.score,
        "size": asset.size,
        "md5": asset.md5,
        "format": asset.format,
        "width": asset.width,
        "height": asset.height,
        "modified": asset.modified.isoformat(),
        "taken": asset.exif.taken.isoformat() if asset.exif.taken else None,
        "camera": asset.exif.camera,
        "latitude": asset.exif.latitude,
        "longitude": asset.exif.longitude,
        "tags": list(asset.tags),
        "colours": [colour.hex for colour in asset.colours],
        "metadata": dict(asset.metadata),
    }
