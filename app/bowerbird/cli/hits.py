"""Prints hits: a table on a terminal, lines for scripts, JSON, or bare paths."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
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
    parser.add_argument(
        "--columns",
        metavar="KEY,...",
        type=lambda text: [key.strip() for key in text.split(",") if key.strip()],
        default=[],
        help="print what the metadata says under these keys, too",
    )


def print_hits(
    library: Library,
    results: Results,
    *,
    offset: int,
    form: str | None,
    columns: Sequence[str] = (),
) -> None:
    """Print a page of hits to stdout, in the form that was chosen, with columns of metadata."""
    hits = library.listed(results, offset)
    if form is None and is_terminal(sys.stdout):
        _print_table(hits, columns)
        return
    paths: set[str] = set()
    for one in hits:
        if form in ("null", "paths"):
            # Frames of a video share its file.
            if one.asset.time is None or one.path not in paths:
                print(one.path, end="\0" if form == "null" else "\n")
            paths.add(one.path)
        elif form == "json":
            print(json.dumps(one.as_json()))
        else:
            score = "" if one.hit.score is None else f"{one.hit.score:.3f}"
            print(one.rank, score, _timed(one_line(one.path), one), *_said(one, columns), sep="\t")


def _timed(place: str, one: Listed) -> str:
    """Return where a hit lies, of a frame also when."""
    return f"{place} at {one.asset.timecode}" if one.asset.timecode else place


def _said(one: Listed, columns: Sequence[str]) -> list[str]:
    """Return what the metadata of a hit says."""
    found = (one.asset.metadata.get(key, "") for key in columns)
    return [one_line(value if isinstance(value, str) else json.dumps(value)) for value in found]


def _print_table(hits: Iterator[Listed], columns: Sequence[str]) -> None:
    rows = [
        (
            str(one.rank),
            "" if one.hit.score is None else f"{one.hit.score:.3f}",
            one.collection.name,
            _timed(one.asset.file_key, one),
            f"{one.asset.width or '?'} x {one.asset.height or '?'}",
            *_said(one, columns),
        )
        for one in hits
    ]
    if not rows:
        return
    titles = ("", "score", "collection", "picture", "size", *columns)
    table(titles, rows, right=(0, 1, 4))
