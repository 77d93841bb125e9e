"""Find pictures that look like a file or the picture at a URL."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bowerbird.cli.hits import add_format, print_hits
from bowerbird.cli.options import COMPLETE_FILES, add_narrowing, narrowing, query
from bowerbird.cli.progress import follow
from bowerbird.cli.search import LIMIT, answer

if TYPE_CHECKING:
    from bowerbird.library import Library

HELP = "find pictures that look like a file"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    image = parser.add_argument(
        "images", nargs=1, metavar="FILE|URL", help="the picture; it need not be indexed"
    )
    image.complete = COMPLETE_FILES  # type: ignore[attr-defined]
    parser.add_argument(
        "--shape", action="store_true", help="by the shape of the subject, whatever its colours"
    )
    add_narrowing(parser)
    add_format(parser)
    parser.set_defaults(texts=(), unwanted=())


def run(options: argparse.Namespace) -> int:
    """Search by one picture; nothing found is exit code 1."""
    from bowerbird.library import Library

    with Library.open(options.library) as library:
        if options.shape:
            return _by_shape(library, options)
        return answer(library, query(library, options, limit=LIMIT), options)


def _by_shape(library: Library, options: argparse.Namespace) -> int:
    from bowerbird.types import Query

    follow(library.find_shapes(), "shapes")
    wish = Query(
        shape=library.shape(options.images[0]),
        filter=narrowing(library, options),
        limit=LIMIT if options.limit is None else options.limit,
        offset=options.offset,
        min_score=options.min_score,
        group_by=options.group_by,
        sort=options.sort,
    )
    results = library.search(wish)
    columns = options.columns
    print_hits(library, results, offset=options.offset, form=options.format, columns=columns)
    return 0 if len(results) else 1
