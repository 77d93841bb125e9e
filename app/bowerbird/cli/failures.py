"""`bowerbird failures`: which files could not be indexed, and why."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bowerbird.cli.output import table

if TYPE_CHECKING:
    from bowerbird.library import Library


def add(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the command."""
    parser = commands.add_parser(
        "failures",
        parents=[shared],
        help="list files that could not be indexed, with reasons",
        description="A failed file is tried again when it changes, "
        "or with: bowerbird index --retry-failed",
    )
    parser.add_argument("--in", dest="collection", metavar="COLLECTION", help="only in this one")
    parser.set_defaults(run=run)


def run(library: Library, options: argparse.Namespace) -> int:
    """Print one failure a line."""
    chosen = library.collection(options.collection) if options.collection else None
    names = {collection.id: collection.name for collection in library.collections()}
    rows = [
        (names[asset.collection_id], asset.key, asset.reason or "")
        for asset in library.failures(chosen)
    ]
    table(rows, ("collection", "file", "reason"))
    return 0
