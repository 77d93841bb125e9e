"""List collections, rename or forget one; the pictures themselves are never touched."""

from __future__ import annotations

import argparse
import json
import sys

from bowerbird.cli.terminal import lines, one_line

HELP = "list collections, rename or forget one"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("do", nargs="?", choices=("list", "rename", "remove"), default="list")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="collections to remove; old and new name"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """List, rename or remove."""
    from bowerbird.library import Library

    if options.do == "list" and options.names:
        options.parser.error("list takes no names")
    if options.do == "remove" and not options.names:
        options.parser.error("remove needs the NAME of a collection")
    if options.do == "rename" and len(options.names) != 2:
        options.parser.error("rename needs the NAME of a collection and its new one")
    with Library.open(options.library) as library:
        if options.do == "rename":
            collection = library.collection(options.names[0])
            library.rename_collection(collection, options.names[1])
            return 0
        if options.do == "remove":
            for collection in [library.collection(name) for name in options.names]:
                library.remove_collection(collection)
                print(f"Forgot {one_line(collection.name)}. Its files are untouched.")
            return 0
        rows = []
        for collection in library.collections():
            counts = library.counts(collection)
            if options.json:
                print(
                    json.dumps(
                        {
                            "uuid": collection.uuid,
                            "name": collection.name,
                            "kind": collection.kind,
                            "location": collection.location,
                            "ok": counts.ok,
                            "failed": counts.failed,
                            "missing": counts.missing,
                            "bytes": counts.bytes,
                            "last_sync": collection.last_sync and collection.last_sync.isoformat(),
                        }
                    )
                )
                continue
            numbers = (f"{counts.ok}", f"{counts.failed}", f"{counts.missing}")
            rows.append((collection.name, *numbers, collection.location))
    lines(("collection", "pictures", "failed", "missing", "where"), rows, sys.stdout)
    return 0
