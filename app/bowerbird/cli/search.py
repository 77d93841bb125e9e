"""Find pictures by texts, pictures, or both; hits come best first."""

from __future__ import annotations

import argparse
import math
import shlex
import sys
from typing import TYPE_CHECKING

from bowerbird.cli.hits import add_format, print_hits
from bowerbird.cli.options import add_query, query
from bowerbird.cli.terminal import is_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    if is_terminal(sys.stderr):
        remark = _remark(library, wish, results) or _one_by_one(options.texts)
        if remark:
            print(remark, file=sys.stderr)
    return 0 if len(results) else 1


def _no_hits(library: Library, wish: Query, results: Results) -> str:
    if not library.counts().ok:
        return "The library is empty. Index a folder first: bowerbird index PATH."
    if wish.limit == 0:
        return ""
    if wish.offset and results.total:
        return f"The hits end before rank {wish.offset + 1:,}."
    return "Nothing was found. Loosen the filter or the least score."


def _remark(library: Library, wish: Query, results: Results) -> str:
    if not len(results):
        return _no_hits(library, wish, results)
    if results.good is None or wish.sort:
        return ""
    fits = [hit.good or hit.worded for hit in results]
    # What is unwanted moves the scores, and pushes good ones down among the others.
    alone = len(wish.texts) == 1
    line = ""
    if alone and results.line is not None:
        # Rounded up, for a score that is shown as the line may lie below it.
        line = f" (scores are below {math.ceil(round(results.line * 1000, 6)) / 1000:g})"
    if not any(fits):
        guess = f" Did you mean {results.meant!r}?" if results.meant else ""
        return f"No picture matches well{line}; these come closest.{guess}"
    remarks = []
    if any(hit.worded and not hit.good for hit in results):
        remarks.append(
            "Some stand so high for the words in their name, folder, tags or text (--no-lexical)."
        )
    if not alone and not all(fits):
        remarks.append(f"{sum(fits):,} of these {len(fits):,} match what is wanted well.")
    weak = fits[::-1].index(True) if alone else 0
    if weak:
        rank = wish.offset + len(fits) - weak + 1
        remarks.append(f"From rank {rank} on they only come close{line}.")
    return "\n".join(remarks)


def _one_by_one(texts: Sequence[str]) -> str:
    """Return what to say of words without quotes, which are a description each."""
    if len(texts) < 2 or any(set(text) & set(" :") for text in texts):
        return ""
    quoted = shlex.quote(" ".join(texts))
    return f"These are {len(texts)} descriptions. To search for one, quote it: {quoted}"
