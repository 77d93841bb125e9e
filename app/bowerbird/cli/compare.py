"""Say how much two pictures are alike."""

from __future__ import annotations

import argparse
import json

from bowerbird.cli.options import COMPLETE_FILES

HELP = "say how much two pictures are alike"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    for name in ("one", "other"):
        file = parser.add_argument(name, metavar="FILE|URL", help="a picture")
        file.complete = COMPLETE_FILES  # type: ignore[attr-defined]
    parser.add_argument("--json", action="store_true", help="a JSON object")


def run(options: argparse.Namespace) -> int:
    """Print cosine and level."""
    from bowerbird.library import Library

    with Library.open(options.library) as library:
        found = library.compare(options.one, options.other)
    if options.json:
        print(json.dumps({"score": round(found.score, 6), "level": found.level}))
    else:
        print(f"{found.score:.3f}\t{found.level}")
    return 0
