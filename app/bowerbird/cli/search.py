"""Find pictures by texts, pictures, or both; hits come best first."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bowerbird.cli.hits import add_format, print_hits
from bowerbird.cli.options import add_query, query
from bowerbird.cli.terminal import is_terminal

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Query, Results

HELP = "find pictures by texts, pictures, or both"
LIMIT = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_query(parser)
    add_format(parser)
    parser.add_argument(
        "--histogram",
        action="store_true",
        help="print the colours of the hits and their shares of all, not the hits",
    )


def run(options: argparse.Namespace) -> int:
    """Search and print; like grep, nothing found is exit code 1."""
    from bowerbird.library import Library

    with Library.open(options.library) as library:
        wish = query(library, options, limit=LIMIT)
        if options.histogram:
            return _histogram(library, wish)
        return answer(library, wish, options)


def _histogram(library: Library, wish: Query) -> int:
    found = library.colour_histogram(library.search(wish))
    for code, share in found:
        print(f"{code}\t{share:.4f}")
    return 0 if found else 1


def answer(library: Library, wish: Query, options: argparse.Namespace) -> int:
    """Print the hits of a query, and on a terminal what is to be known about them."""
    results = library.search(wish)
    columns = options.columns
    print_hits(library, results, offset=wish.offset, form=options.format, columns=columns)
    if options.format is None and is_terminal(sys.stderr):
        remark = _remark(library, wish, results)
        if remark:
            print(remark, file=sys.stderr)
    return 0 if len(results) else 1


def _remark(library: Library, wish: Query, results: Results) -> str:
    if not len(results):
        if not library.counts().ok:
            return "The library is empty. Index a folder first: bowerbird index PATH."
        return "Nothing was found. Loosen the filter or the least score."
    threshold = library.threshold
    if not wish.texts or wish.images or wish.sort or threshold is None:
        return ""
    fits = [
        hit.asset_id in results.worded or hit.score is None or hit.score >= threshold
        for hit in results
    ]
    if not any(fits):
        return f"No picture matches well (no score reaches {threshold:g}); these come closest."
    weak = fits[::-1].index(True)
    if not weak:
        return ""
    rank = wish.offset + len(fits) - weak + 1
    return (
        f"From rank {rank} on they only come close: no score reaches {threshold:g} (--min-score)."
    )
