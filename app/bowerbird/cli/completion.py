"""`bowerbird completion`: a script that makes the shell complete commands and options."""

from __future__ import annotations

import argparse
from importlib import import_module

SHELLS = ("bash", "zsh", "tcsh")


def add(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the command."""
    parser = commands.add_parser(
        "completion",
        parents=[shared],
        help="print shell completion",
        description='For bash: eval "$(bowerbird completion bash)"',
    )
    parser.add_argument("shell", choices=SHELLS)
    parser.set_defaults(run_alone=run)


def run(options: argparse.Namespace) -> int:
    """Print the script; no library is needed for it."""
    import shtab

    # The whole parser is made by the module that imports this one.
    whole = import_module("bowerbird.cli.main").parser()
    print(shtab.complete(whole, options.shell))
    return 0
