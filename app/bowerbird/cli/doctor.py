"""Check what is installed, what runs on what, and the health of the library."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from bowerbird.cli.terminal import lines
from bowerbird.errors import LibraryError

if TYPE_CHECKING:
    from bowerbird.types import Check

HELP = "check the installation and the library"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("--repair", action="store_true", help="mend what can be made anew")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Print one line a check; exit code 1 when one of them is not ok."""
    from bowerbird.library import Library
    from bowerbird.types import Check

    try:
        with Library.open(options.library) as library:
            checks = library.doctor(repair=options.repair)
    except LibraryError as error:
        # A library that does not open is a finding too.
        checks = [Check("library", False, str(error))]
    if options.json:
        for check in checks:
            print(json.dumps(asdict(check)))
    else:
        rows = [("ok" if check.ok else "BAD", check.name, _finding(check)) for check in checks]
        lines(("", "what", "finding"), rows, sys.stdout)
    return 0 if all(check.ok for check in checks) else 1


def _finding(check: Check) -> str:
    if not check.advice:
        return check.detail
    # The sentence of an error ends with what to do already.
    detail = check.detail.removesuffix(check.advice).rstrip().removesuffix(".")
    return f"{detail}. {check.advice}"
