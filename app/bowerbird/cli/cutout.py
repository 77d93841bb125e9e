"""Remove the background of pictures, into new files; the pictures stay as they are."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bowerbird.cli.options import COMPLETE_FILES, COMPLETE_FOLDERS, is_address
from bowerbird.cli.terminal import complain
from bowerbird.errors import UsageError

HELP = "remove the background of pictures"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    files = parser.add_argument("files", nargs="+", metavar="FILE", help="a picture")
    files.complete = COMPLETE_FILES  # type: ignore[attr-defined]
    folder = parser.add_argument(
        "--to", metavar="FOLDER", type=Path, help="write there, not beside each picture"
    )
    folder.complete = COMPLETE_FOLDERS  # type: ignore[attr-defined]
    parser.add_argument(
        "--format", choices=("png", "webp"), default="png", help="of the new files (png)"
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--mask", action="store_true", help="write the matte alone")
    choice.add_argument(
        "--behind",
        metavar="GROUND",
        default="",
        help="put a colour such as white or #ffffff, blur (the own background, out of focus), or "
        "a picture behind the subject",
    )
    parser.add_argument(
        "--model",
        metavar="MODEL",
        help="what finds the subject: builtin, or a downloaded one (see `bowerbird models`); else "
        "what the settings say",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Cut out; a file that could not be done is exit code 1, the others are done all the same."""
    from bowerbird.library import Library

    for file in options.files:
        if is_address(file):
            raise UsageError(f"cutout takes files. Save what lies at {file}, and name that file.")
    files = [Path(file).expanduser() for file in options.files]
    folder = None if options.to is None else options.to.expanduser()
    failed = False
    with Library.open(options.library) as library:
        written = library.cut_out(
            files,
            folder,
            kind=options.format,
            mask_only=options.mask,
            behind=options.behind,
            model=options.model,
            told=complain,
        )
        for done in written:
            failed = failed or done.target is None
            if options.json:
                row = {
                    "source": str(done.source),
                    "target": done.target and str(done.target),
                    "coverage": round(done.coverage, 4),
                    "reason": done.reason,
                    "doubt": done.doubt,
                }
                print(json.dumps(row), flush=True)
            elif done.target is None:
                complain(f"{done.source} {done.reason}.")
            else:
                note = done.doubt and f"  ({done.doubt})"
                print(f"{done.target}{note}", flush=True)
    return 1 if failed else 0
