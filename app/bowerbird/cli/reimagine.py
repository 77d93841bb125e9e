"""Make pictures that are like one, from its own patches or by a model; each becomes a file."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.cli.options import COMPLETE_FILES, COMPLETE_FOLDERS
from bowerbird.cli.progress import follow
from bowerbird.types import Progress

if TYPE_CHECKING:
    from bowerbird.types import Variation

HELP = "make pictures that are like one"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    file = parser.add_argument("file", metavar="FILE", type=Path, help="a picture")
    file.complete = COMPLETE_FILES  # type: ignore[attr-defined]
    folder = parser.add_argument(
        "--to", metavar="FOLDER", type=Path, help="write there, not beside the picture"
    )
    folder.complete = COMPLETE_FOLDERS  # type: ignore[attr-defined]
    parser.add_argument("--count", type=int, default=1, metavar="N", help="how many, 1 to 8 (1)")
    parser.add_argument(
        "--strength", type=float, default=0.35, metavar="S", help="how far from it, 0 to 1 (0.35)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="another number, other pictures (0)"
    )
    parser.add_argument(
        "--model",
        default="patches",
        metavar="MODEL",
        help="patches (of the picture itself, without a model), or a downloaded one, which dreams "
        "up new ones (see `bowerbird models`)",
    )


def run(options: argparse.Namespace) -> int:
    """Print the path of each file that is written."""
    from bowerbird.library import Library

    folder = None if options.to is None else options.to.expanduser()
    with Library.open(options.library) as library:
        written = library.reimagine(
            options.file.expanduser(),
            folder,
            count=options.count,
            seed=options.seed,
            strength=options.strength,
            model=options.model,
        )
        follow(_printed(written), options.file.name)
    return 0


def _printed(written: Iterator[Variation]) -> Iterator[Progress]:
    """Print the path of each file when it is there, and say how far the rest is."""
    with contextlib.closing(written):  # type: ignore[type-var]  # it is a generator
        for step in written:
            if step.path is not None:
                print(step.path, flush=True)
            done = round(100 * step.done)
            yield Progress("drawing", done, 100, remaining_s=step.remaining_s)
