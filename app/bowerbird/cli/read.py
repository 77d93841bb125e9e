"""Read the text in pictures: of files, or of all that is indexed, so that searches find them.

The models that come with it read Latin and Chinese letters.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bowerbird.cli.options import COMPLETE_FILES, add_collection, narrowing
from bowerbird.cli.progress import follow
from bowerbird.cli.terminal import complain, duration, one_line
from bowerbird.errors import BowerbirdError, ModelMissingError, UsageError

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Progress, Reading

HELP = "read the text in pictures, so that searches find them by it"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    files = parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE|URL",
        help="a picture whose text is printed; without one, all that is indexed is read",
    )
    files.complete = COMPLETE_FILES  # type: ignore[attr-defined]
    add_collection(parser)
    parser.add_argument(
        "--where", metavar="EXPR", action="append", default=[], help="only in these"
    )
    parser.add_argument(
        "--again", action="store_true", help="also where it was read before, or could not be"
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a file, or one for all"
    )


def run(options: argparse.Namespace) -> int:
    """Read; a picture that cannot be read is exit code 1, the others are read all the same."""
    from bowerbird.library import Library

    if options.files and (options.within or options.where or options.again):
        raise UsageError(
            "--in, --where and --again choose among what is indexed. Name no FILE with them."
        )
    with Library.open(options.library) as library:
        if options.files:
            return _files(library, options)
        return _all(library, options)


def _files(library: Library, options: argparse.Namespace) -> int:
    failed = False
    for file in options.files:
        try:
            found = library.read(file)
        except BowerbirdError as error:
            if len(options.files) == 1 or isinstance(error, ModelMissingError):
                raise
            complain(str(error))
            failed = True
            continue
        if options.json:
            print(json.dumps(row(file, found)), flush=True)
            continue
        if len(options.files) > 1:
            print(one_line(file))
        for line in found.lines:
            print(one_line(line.text), flush=True)
    return 1 if failed else 0


def row(file: str, found: Reading) -> dict[str, Any]:
    """Return what was read in a picture as JSON has it; boxes are shares of its sides."""
    lines = [
        {
            "text": line.text,
            "confidence": round(line.confidence, 4),
            "box": [round(edge, 4) for edge in line.box],
        }
        for line in found.lines
    ]
    return {"path": file, "text": found.text, "lines": lines}


def _all(library: Library, options: argparse.Namespace) -> int:
    from bowerbird.types import AllOf, Comparison

    begun = time.monotonic()
    wanted = narrowing(library, options)
    troubles: list[str] = []
    steps = library.read_all(wanted, again=options.again)
    last = follow(_noting(steps, troubles), "text")
    for trouble in troubles:
        complain(f"{trouble.removesuffix('.')}.")
    done = 0 if last is None else last.done - last.failed
    has_text = Comparison("text", "exists", True)
    holding = len(library.matching(has_text if wanted is None else AllOf((wanted, has_text))))
    if options.json:
        print(json.dumps({"read": done, "failed": len(troubles), "with_text": holding}))
    else:
        took = duration(time.monotonic() - begun)
        failed = f", {len(troubles):,} could not be" if troubles else ""
        print(f"{done:,} pictures read in {took}{failed}; {holding:,} hold text")
    return 1 if troubles else 0


def _noting(steps: Iterator[Progress], troubles: list[str]) -> Iterator[Progress]:
    """Pass steps on, and note what failed."""
    failed = 0
    try:
        for step in steps:
            if step.failed > failed:
                failed = step.failed
                troubles.append(step.current)
            yield step
    finally:
        steps.close()  # type: ignore[attr-defined]  # generators have it
