"""Read what a product's title and description say of it: category, material, pattern, colour."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from bowerbird.cli.terminal import one_line
from bowerbird.errors import UsageError

if TYPE_CHECKING:
    from bowerbird.types import Attribute

HELP = "read a product's attributes out of its texts"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "title", metavar="TITLE", help="of a product; - for lines of title, tab, description"
    )
    parser.add_argument("description", nargs="?", default="", help="of the same product")
    parser.add_argument("--json", action="store_true", help="one JSON object a product")


def run(options: argparse.Namespace) -> int:
    """Print attributes; a line without a text is named and spares the others."""
    from bowerbird.library import Library

    failed = False
    with Library.open(options.library) as library:
        if options.title != "-":
            _print(library.attributes(options.title, options.description), options.json)
            return 0
        for number, line in enumerate(sys.stdin, 1):
            title, _, description = line.rstrip("\n").partition("\t")
            try:
                _print(library.attributes(title, description), True)
            except UsageError as error:
                print(f"bowerbird: line {number}: {error}", file=sys.stderr)
                failed = True
    return 1 if failed else 0


def _print(found: dict[str, Attribute], as_json: bool) -> None:
    if as_json:
        rows = {
            name: {"value": one.value, "confidence": one.confidence} for name, one in found.items()
        }
        print(json.dumps(rows), flush=True)
        return
    for name, one in found.items():
        print(f"{name}\t{one_line(one.value)}\t{one.confidence:.2f}")
