"""`bowerbird search`: find pictures by words, by pictures, or both."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bowerbird.cli.output import Hits
from bowerbird.cli.query import add_filters, add_terms, read_query

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Query, Results

NOTHING_FOUND = 3


def add(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the command."""
    parser = commands.add_parser(
        "search",
        parents=[shared],
        help="find pictures by describing them, or by showing something like them",
        description="Finds pictures, best first. Ends with 3 when nothing was found.",
    )
    add_terms(parser)
    add_filters(parser)
    add_style(parser)
    parser.set_defaults(run=run)


def add_style(parser: argparse.ArgumentParser) -> None:
    """Add how hits are printed."""
    style = parser.add_mutually_exclusive_group()
    for name, what in (
        ("json", "one JSON object a line"),
        ("paths", "only the paths, one a line"),
        ("null", "only the paths, each ended by a NUL (for xargs -0)"),
    ):
        style.add_argument(
            f"--{name}", dest="style", action="store_const", const=name, default="table", help=what
        )


def run(library: Library, options: argparse.Namespace) -> int:
    """Search and print a page of hits."""
    query = read_query(library, options)
    results = library.search(query)
    Hits(library, options.style).print(results, query.offset + 1)
    if not len(results):
        print("bowerbird: Nothing was found.", file=sys.stderr)
        return NOTHING_FOUND
    if options.style == "table" and _is_doubtful(library, query, results):
        print("bowerbird: No good match; these are the closest.", file=sys.stderr)
    return 0


def _is_doubtful(library: Library, query: Query, results: Results) -> bool:
    """Whether the best hit of a plain description stays below the model's threshold."""
    plain = len(query.texts) == 1 and not query.images
    if not plain or results.scores is None or library.threshold is None:
        return False
    return float(results.scores.max()) < library.threshold
