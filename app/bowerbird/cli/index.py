"""Index folders, or bring collections up to date; without PATH, all of them."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.cli.options import COMPLETE_FOLDERS
from bowerbird.cli.progress import follow
from bowerbird.cli.terminal import duration, one_line
from bowerbird.errors import NotFoundError, SourceError, UsageError

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Collection

HELP = "index folders, or bring collections up to date"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    paths = parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a folder, or the name of a collection; all collections when left out",
    )
    paths.complete = COMPLETE_FOLDERS  # type: ignore[attr-defined]
    parser.add_argument("--name", help="name of the new collection; the folder's when left out")
    parser.add_argument(
        "--retry-failed", action="store_true", help="try the pictures again that failed before"
    )


def run(options: argparse.Namespace) -> int:
    """Index one collection after the other; one whose source is away does not stop the rest."""
    from bowerbird.library import Library

    if options.name is not None and len(options.paths) != 1:
        raise UsageError("--name names one new collection: give exactly one PATH with it.")
    with Library.open(options.library) as library:
        collections = _collections(library, options)
        away = 0
        for collection in collections:
            try:
                _sync(library, collection, retry_failed=options.retry_failed)
            except SourceError as error:
                if len(collections) == 1:
                    raise
                print(f"bowerbird: {collection.name}: {error}", file=sys.stderr)
                away += 1
    return 1 if away else 0


def _collections(library: Library, options: argparse.Namespace) -> list[Collection]:
    if options.paths:
        # All are looked up before any is indexed: a typing error should not wait for an hour.
        return [_collection(library, path, options.name) for path in options.paths]
    known = library.collections()
    if not known:
        raise UsageError("There is nothing to index yet. Name a folder: bowerbird index PATH.")
    return known


def _collection(library: Library, path: str, name: str | None) -> Collection:
    if Path(path).expanduser().exists():
        return library.add_folder(path, name)
    try:
        return library.collection(path)
    except NotFoundError:
        raise NotFoundError(
            f"There is no folder and no collection {path!r}. Check the path."
        ) from None


def _sync(library: Library, collection: Collection, *, retry_failed: bool) -> None:
    begun = time.monotonic()
    events = library.sync(collection, retry_failed=retry_failed)
    last = follow(events, collection.name)
    worked = last.done if last is not None else 0
    counts = library.counts(collection)
    sentence = f"{one_line(collection.name)}: {counts.ok:,} pictures"
    if counts.missing:
        sentence += f", {counts.missing:,} missing"
    if counts.failed:
        sentence += f", {counts.failed:,} failed (see `bowerbird failures`)"
    print(f"{sentence}; {worked:,} worked on in {duration(time.monotonic() - begun)}", flush=True)
