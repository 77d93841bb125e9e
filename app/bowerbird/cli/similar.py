"""Find pictures that look like a file or the picture at a URL."""

from __future__ import annotations

import argparse

from bowerbird.cli.hits import add_format
from bowerbird.cli.options import COMPLETE_FILES, add_narrowing, query
from bowerbird.cli.search import LIMIT, answer

HELP = "find pictures that look like a file"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    image = parser.add_argument(
        "images", nargs=1, metavar="FILE|URL", help="the picture; it need not be indexed"
    )
    image.complete = COMPLETE_FILES  # type: ignore[attr-defined]
    add_narrowing(parser)
    add_format(parser)
    parser.set_defaults(texts=(), unwanted=())


def run(options: argparse.Namespace) -> int:
    """Search by one picture; nothing found is exit code 1."""
    from bowerbird.library import Library

    with Library.open(options.library) as library:
        return answer(library, query(library, options, limit=LIMIT), options)
