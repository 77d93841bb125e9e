"""Copy the pictures that a query finds into a folder, or list them in a CSV or JSON file."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bowerbird.cli.hits import Found, found
from bowerbird.cli.options import COMPLETE_FILES, COMPLETE_FOLDERS, add_query, query
from bowerbird.cli.progress import follow

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Results

HELP = "copy or list the pictures that a query finds"
LIMIT = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_query(parser)
    target = parser.add_mutually_exclusive_group(required=True)
    for flag, kind, text, complete in (
        ("--to", "FOLDER", "copy the files there, never over one that exists", COMPLETE_FOLDERS),
        ("--csv", "FILE", "list them as CSV; - for stdout", COMPLETE_FILES),
        ("--jsonl", "FILE", "list them as JSON lines; - for stdout", COMPLETE_FILES),
    ):
        option = target.add_argument(flag, metavar=kind, help=text)
        option.complete = complete  # type: ignore[attr-defined]


def run(options: argparse.Namespace) -> int:
    """Export; nothing found, or a file that could not be copied, is exit code 1."""
    from bowerbird.library import Library

    with Library.open(options.library) as library:
        wish = query(library, options, limit=None)
        if options.limit is None and wish.has_terms:
            # Everything matches a ranked query somehow: without a limit it would copy the lot.
            options.limit = LIMIT
            wish = query(library, options, limit=LIMIT)
        results = library.search(wish)
        if not len(results):
            print("bowerbird: Nothing was found, so nothing is exported.", file=sys.stderr)
            return 1
        if options.to is not None:
            return _copy(library, results, Path(options.to))
        hits = found(library, results, wish.offset)
        if options.csv is not None:
            with _output(options.csv) as stream:
                _write_csv(hits, stream)
        else:
            with _output(options.jsonl) as stream:
                stream.writelines(json.dumps(_row(hit)) + "\n" for hit in hits)
    return 0


def _copy(library: Library, results: Results, folder: Path) -> int:
    ids = [int(asset) for asset in results.ids]
    last = follow(library.export(ids, folder.expanduser()), "export")
    failed = last.failed if last is not None else len(ids)
    print(f"{len(ids) - failed:,} pictures copied to {folder}")
    if failed:
        print(
            f"bowerbird: {failed:,} pictures could not be read, so they were not copied.",
            file=sys.stderr,
        )
    return 1 if failed else 0


def _row(hit: Found) -> dict[str, Any]:
    asset = hit.asset
    return {
        **hit.as_json(),
        "format": asset.format,
        "bytes": asset.size,
        "modified": asset.modified.isoformat(),
        "taken": asset.exif.taken and asset.exif.taken.isoformat(),
        "camera": asset.exif.camera,
        "md5": asset.md5,
        "tags": list(asset.tags),
        "metadata": dict(asset.metadata),
    }


def _write_csv(hits: Iterator[Found], stream: TextIO) -> None:
    writer: csv.DictWriter[str] | None = None
    for hit in hits:
        row = _row(hit)
        row["tags"] = ", ".join(row["tags"])
        row["metadata"] = json.dumps(row["metadata"]) if row["metadata"] else ""
        if writer is None:
            writer = csv.DictWriter(stream, fieldnames=list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)


@contextmanager
def _output(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdout
        return
    with (
        Path(name)
        .expanduser()
        .open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream
    ):
        yield stream
