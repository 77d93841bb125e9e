"""Make pictures that are like one, from its own patches; each becomes a new file."""

from __future__ import annotations

import argparse
from pathlib import Path

from bowerbird.cli.options import COMPLETE_FILES, COMPLETE_FOLDERS

HELP = "make pictures that are like one"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    file = parser.add_argument("file", metavar="FILE", type=Path, help="a picture")
    file.complete = COMPLETE_FILES  # type: ignore[attr-defined]
    folder = parser.add_argument(
        "--to", metavar="FOLDER", type=Path, help="write there, not beside the picture"
    )
    folder.complete = COMPLETE_FOLDERS  # type: ignore[attr-defined]
    parser.add_argument("--count", type=int, default=1, metavar="N", help="how many, 1 to 8 (1)")
    parser.add_argument(
        "--strength", type=float, default=0.35, metavar="S", help="how far from it, 0 to 1 (0.35)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="another number, other pictures (0)"
    )


def run(options: argparse.Namespace) -> int:
    """Print the path of each file that is written."""
    from bowerbird.library import Library

    folder = None if options.to is None else options.to.expanduser()
    with Library.open(options.library) as library:
        written = library.reimagine(
            options.file.expanduser(),
            folder,
            count=options.count,
            seed=options.seed,
            strength=options.strength,
        )
        for path in written:
            print(path, flush=True)
    return 0
