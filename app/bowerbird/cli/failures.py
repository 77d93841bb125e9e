"""List the pictures that could not be indexed, each with its reason."""

from __future__ import annotations

import argparse
import json
import sys

from bowerbird.cli.options import add_collection
from bowerbird.cli.terminal import lines

HELP = "list what could not be indexed, and why"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_collection(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Print one line a failure: the path, the reason, the collection."""
    from bowerbird.library import Library

    with Library.open(options.library) as library:
        names = options.within
        chosen = [library.collection(name) for name in names] or library.collections()
        rows = [
            (library.address(collection, asset), asset.reason or "", collection.name, asset.uuid)
            for collection in chosen
            for asset in library.failures(collection)
        ]
    if options.json:
        for path, reason, name, uuid in rows:
            facts = {"uuid": uuid, "collection": name, "path": path, "reason": reason}
            print(json.dumps(facts))
        return 0
    lines(("picture", "reason", "collection"), [row[:3] for row in rows], sys.stdout)
    return 0
