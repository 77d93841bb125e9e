"""Print a script that makes a shell complete the command line."""

from __future__ import annotations

import argparse

HELP = "print the completion script of a shell"
SHELLS = ("bash", "zsh", "tcsh")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("shell", choices=SHELLS, help="the shell to make it for")


def run(options: argparse.Namespace) -> int:
    """Print the script of one shell."""
    import shtab

    from bowerbird.cli.main import parser

    print(shtab.complete(parser(), options.shell))
    return 0
