"""Say which everyday objects are where in pictures."""

from __future__ import annotations

import argparse
import json

from bowerbird.cli.options import COMPLETE_FILES
from bowerbird.cli.terminal import complain, one_line
from bowerbird.errors import BowerbirdError

HELP = "say which everyday objects are where in pictures"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    files = parser.add_argument("files", nargs="+", metavar="FILE|URL", help="a picture")
    files.complete = COMPLETE_FILES  # type: ignore[attr-defined]
    parser.add_argument(
        "--least", type=float, metavar="S", help="least score, 0 to 1; else what suits the detector"
    )
    parser.add_argument(
        "--model", metavar="ID", help="what looks for them; see bowerbird models list"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Print what is in each picture; one that cannot be read is exit code 1."""
    from bowerbird.library import Library

    failed = False
    with Library.open(options.library) as library:
        for file in options.files:
            try:
                found = library.detect(file, options.least, model=options.model)
            except BowerbirdError as error:
                if len(options.files) == 1:
                    raise
                complain(str(error))
                failed = True
                continue
            if options.json:
                boxes = [
                    {"category": one.category, "score": round(one.score, 4), "box": one.box}
                    for one in found
                ]
                print(json.dumps({"path": file, "boxes": boxes}))
                continue
            print(one_line(file))
            for one in found:
                print(f"  {one.score:4.0%}  {one.category:14}  {', '.join(map(str, one.box))}")
    return 1 if failed else 0
