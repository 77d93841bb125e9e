"""Read what a product is from its title, description and picture: category, material, colour."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bowerbird.cli.terminal import complain, is_terminal, one_line
from bowerbird.errors import BowerbirdError, UsageError
from bowerbird.types import Product

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Attribute

HELP = "read a product's attributes out of its texts, and guess some from its picture"
# Lines of a list that are read at once.
_AT_ONCE = 64


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "title",
        metavar="TITLE",
        help="of a product; - for lines of title, tab, description, tab, picture, each answered by "
        "a JSON object with its number",
    )
    parser.add_argument("description", nargs="?", default="", help="of the same product")
    parser.add_argument(
        "--picture", metavar="FILE", help="guess from it what no word says; marked as guessed"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a product")


def run(options: argparse.Namespace) -> int:
    """Print attributes; a line that cannot be read is named and spares the others."""
    from bowerbird.library import Library

    with Library.open(options.library) as library:
        if options.title == "-":
            if options.picture or options.description:
                raise UsageError(
                    "With - each line has its own description and picture. Leave them out."
                )
            return 1 if _list(library, sys.stdin) else 0
        found = library.attributes(options.title, options.description, options.picture)
        _print(found, options.json)
    if not found and is_terminal(sys.stderr):
        print("None of these words says what a product is.", file=sys.stderr)
    return 0 if found else 1


def _list(library: Library, lines: Iterable[str]) -> bool:
    """Print an object for each line of a list; return whether one could not be read."""
    failed = False
    # Who types the lines wants an answer to each.
    many = 1 if sys.stdin.isatty() else _AT_ONCE
    rest = enumerate(lines, 1)
    while batch := list(itertools.islice(rest, many)):
        products = [_product(line) for _, line in batch]
        found = library.attributes_of(products)
        for (number, _), product, one in zip(batch, products, found, strict=True):
            answer = one
            if isinstance(one, BowerbirdError):
                complain(f"line {number}: {one}")
                failed = True
                answer = _by_words(library, product) or one
            print(json.dumps({"line": number, **_row(answer)}), flush=True)
    return failed


def _by_words(library: Library, product: Product) -> dict[str, Attribute] | BowerbirdError | None:
    """Return what the texts of a product say whose picture cannot be read."""
    if product.picture is None or not (product.title + product.description).strip():
        return None
    return library.attributes_of([replace(product, picture=None)])[0]


def _product(line: str) -> Product:
    title, description, own, *_ = [*line.rstrip("\r\n").split("\t"), "", ""]
    return Product(title, description, own.strip() or None)


def _row(found: dict[str, Attribute] | BowerbirdError) -> dict[str, Any]:
    if isinstance(found, BowerbirdError):
        return {"error": str(found)}
    return {
        name: {"value": one.value, "confidence": one.confidence, "source": one.source}
        for name, one in found.items()
    }


def _print(found: dict[str, Attribute], as_json: bool) -> None:
    if as_json:
        print(json.dumps(_row(found)), flush=True)
        return
    for name, one in found.items():
        guessed = "" if one.source == "word" else "\tguessed"
        print(f"{name}\t{one_line(one.value)}\t{one.confidence:.2f}{guessed}")
