"""Prints hits: a table on a terminal, lines for scripts, JSON, or bare paths."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bowerbird.cli.terminal import is_terminal, one_line, table

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Listed, Results


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add the choice between ways of printing."""
    choice = parser.add_mutually_exclusive_group()
    for flag, text in (
        ("--json", "one JSON object a line"),
        ("--paths", "one path a line"),
        ("--null", "paths, each followed by a NUL, as for xargs -0"),
    ):
        choice.add_argument(
            flag, dest="format", action="store_const", const=flag.strip("-"), help=text
        )


def print_hits(library: Library, results: Results, *, offset: int, form: str | None) -> None:
    """Print a page of hits to stdout, in the form that was chosen."""
    hits = library.listed(results, offset)
    if form is None and is_terminal(sys.stdout):
        _print_table(hits)
        return
    for one in hits:
        if form == "json":
            print(json.dumps(one.as_json()))
        elif form == "null":
            print(one.path, end="\0")
        elif form == "paths":
            print(one.path)
        else:
            score = "" if one.hit.score is None else f"{one.hit.score:.3f}"
            print(f"{one.rank}\t{score}\t{one_line(one.path)}")


def _print_table(hits: Iterator[Listed]) -> None:
    rows = [
        (
            str(one.rank),
            "" if one.hit.score is None else f"{one.hit.score:.3f}",
            one.collection.name,
            one.asset.key,
            f"{one.asset.width or '?'} x {one.asset.height or '?'}",
        )
        for one in hits
    ]
    table(("", "score", "collection", "picture", "size"), rows, right=(0, 1, 4))
