"""`bowerbird doctor`: what is installed, what runs on what, and whether the library is sound."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bowerbird.library import Library


def add(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the command."""
    parser = commands.add_parser(
        "doctor", parents=[shared], help="check the installation and the library"
    )
    parser.add_argument("--repair", action="store_true", help="make anew what can be made anew")
    parser.set_defaults(run=run)


def run(library: Library, options: argparse.Namespace) -> int:
    """Print one check a line; 1 when something is wrong."""
    checks = library.doctor(repair=options.repair)
    for check in checks:
        print(f"{'ok ' if check.ok else 'BAD'} {check.name}: {check.detail}")
        if not check.ok and check.advice:
            print(f"    {check.advice}")
    return 0 if all(check.ok for check in checks) else 1
