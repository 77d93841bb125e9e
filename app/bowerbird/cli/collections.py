"""`bowerbird collections`: what is indexed; and forgetting it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bowerbird.cli.output import bytes_text, table

if TYPE_CHECKING:
    from bowerbird.library import Library


def add(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the command."""
    parser = commands.add_parser(
        "collections", parents=[shared], help="list collections, or remove one"
    )
    actions = parser.add_subparsers(metavar="ACTION")
    actions.add_parser("list", parents=[shared], help="list them (the default)")
    remove = actions.add_parser(
        "remove", parents=[shared], help="forget a collection; its files stay"
    )
    remove.add_argument("collection", metavar="COLLECTION")
    parser.set_defaults(run=run)
    remove.set_defaults(run=run_remove)


def run(library: Library, options: argparse.Namespace) -> int:
    """List the collections with what they hold."""
    rows = []
    for collection in library.collections():
        counts = library.counts(collection)
        synced = collection.last_sync
        rows.append(
            (
                collection.name,
                f"{counts.ok:,}",
                f"{counts.failed:,}",
                f"{counts.missing:,}",
                bytes_text(counts.bytes),
                synced.astimezone().strftime("%Y-%m-%d %H:%M") if synced else "never",
                collection.location,
            )
        )
    table(rows, ("name", "pictures", "failed", "missing", "size", "last sync", "where"))
    return 0


def run_remove(library: Library, options: argparse.Namespace) -> int:
    """Forget one collection."""
    collection = library.collection(options.collection)
    library.remove_collection(collection)
    print(f"{collection.name} is forgotten; the files in {collection.location} are untouched.")
    return 0
