"""`bowerbird similar`: what looks like this file."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bowerbird.cli import search
from bowerbird.cli.query import add_filters

if TYPE_CHECKING:
    from bowerbird.library import Library


def add(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the command."""
    parser = commands.add_parser(
        "similar", parents=[shared], help="find pictures that look like a file"
    )
    parser.add_argument("image", nargs=1, metavar="FILE", help="a file, an URL, or - for stdin")
    add_filters(parser)
    search.add_style(parser)
    parser.set_defaults(run=run, text=[], also=[], without=[])


def run(library: Library, options: argparse.Namespace) -> int:
    """Search with the file alone."""
    return search.run(library, options)
