"""Find pictures that look like a file or the picture at a URL."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from bowerbird.cli.hits import add_format, print_hits
from bowerbird.cli.options import COMPLETE_FILES, add_narrowing, narrowing, query
from bowerbird.cli.progress import follow
from bowerbird.cli.search import LIMIT, answer
from bowerbird.errors import UsageError

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
        "--shape",
        action="store_true",
        help="by the shape of the subject, whatever its colours; the first such search looks "
        "through the whole library",
    )
    parser.add_argument(
        "--turned", action="store_true", help="with --shape, also by that shape turned or mirrored"
    )
    parser.add_argument(
        "--box",
        type=_box,
        metavar="L,T,R,B",
        help="by this part of the picture alone: left, top, right and bottom in pixels, as "
        "`bowerbird detect` prints them",
    )
    add_narrowing(parser)
    add_format(parser)
    parser.set_defaults(texts=(), unwanted=())


def run(options: argparse.Namespace) -> int:
    """Search by one picture; nothing found is exit code 1."""
    from bowerbird.library import Library

    if options.turned and not options.shape:
        raise UsageError("--turned is about shapes. Give --shape as well.")
    with Library.open(options.library) as library:
        shown: str | bytes = options.images[0]
        if options.box is not None:
            shown = library.part(shown, options.box)
        if options.shape:
            return _by_shape(library, shown, options)
        wish = query(library, options, limit=LIMIT)
        if options.box is not None:
            wish = replace(wish, images=(shown,))
        return answer(library, wish, options)


def _box(text: str) -> tuple[int, ...]:
    """Four whole numbers with commas between them; argparse words what is not."""
    numbers = text.replace(" ", "").split(",")
    if len(numbers) != 4 or not all(number.removeprefix("-").isdecimal() for number in numbers):
        raise argparse.ArgumentTypeError(f"{text!r} is no box, such as 10,20,300,200")
    return tuple(map(int, numbers))


def _by_shape(library: Library, shown: str | bytes, options: argparse.Namespace) -> int:
    from bowerbird.types import Query

    steps = library.find_shapes()
    if waiting := next(steps).total:
        print(
            f"The shapes of {waiting:,} pictures are looked at first, once for each; "
            "what is done stays done.",
            file=sys.stderr,
            flush=True,
        )
    follow(steps, "shapes")
    wish = Query(
        shape=library.shape(shown, turned=options.turned),
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
