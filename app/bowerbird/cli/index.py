"""`bowerbird index`: add folders and bring collections up to date."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bowerbird.cli.output import follow
from bowerbird.errors import BowerbirdError, NotFoundError, UsageError

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Collection


def add(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the command."""
    parser = commands.add_parser(
        "index",
        parents=[shared],
        help="add folders of pictures, or sync those added before",
        description="Adds folders and indexes what is new or changed. Stopping it loses nothing: "
        "the same command goes on.",
    )
    parser.add_argument(
        "path", nargs="*", metavar="PATH", help="folders, or collections; none for all known"
    )
    parser.add_argument("--name", help="name of the new collection")
    parser.add_argument(
        "--retry-failed", action="store_true", help="try failed files again, unchanged or not"
    )
    parser.set_defaults(run=run)


def run(library: Library, options: argparse.Namespace) -> int:
    """Sync every collection named; one that fails does not keep the others from it."""
    if options.name and len(options.path) != 1:
        raise UsageError("--name goes with exactly one folder.")
    chosen = [_collection(library, path, options.name) for path in options.path]
    if not options.path:
        chosen = library.collections()
    if not chosen:
        raise UsageError("Nothing is indexed yet. Name a folder: bowerbird index ~/Pictures")
    worst = 0
    for collection in chosen:
        try:
            _sync(library, collection, retry_failed=options.retry_failed)
        except BowerbirdError as error:
            print(f"bowerbird: {collection.name}: {error}", file=sys.stderr)
            worst = max(worst, error.exit_code)
    return worst


def _collection(library: Library, path: str, name: str | None) -> Collection:
    """Return the collection of that name or folder, made when the folder is new."""
    try:
        return library.collection(path)
    except NotFoundError:
        return library.add_folder(path, name)


def _sync(library: Library, collection: Collection, *, retry_failed: bool) -> None:
    steps = library.sync(collection, retry_failed=retry_failed)
    try:
        last = follow(steps, collection.name)
    finally:
        steps.close()  # type: ignore[attr-defined]  # stops the decoders at once on Ctrl-C
    counts = library.counts(collection)
    told = [f"{last.done - last.failed:,} indexed", f"{counts.ok:,} in all"]
    if counts.failed:
        told.append(f"{counts.failed:,} failed (see: bowerbird failures)")
    if counts.missing:
        told.append(f"{counts.missing:,} missing")
    print(f"{collection.name}: {', '.join(told)}")
