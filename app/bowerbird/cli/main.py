"""Reads the command line, runs one command, and words what went wrong.

Exit codes: 0 done; 1 it failed; 2 the command line or the query is wrong; 3 a search found
nothing; 130 interrupted.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from bowerbird import __version__, logs, paths
from bowerbird.cli import (
    collections,
    completion,
    doctor,
    export,
    failures,
    index,
    models,
    search,
    similar,
    status,
)
from bowerbird.errors import BowerbirdError
from bowerbird.library import Library

COMMANDS = (
    index,
    search,
    similar,
    collections,
    failures,
    models,
    status,
    doctor,
    export,
    completion,
)
INTERRUPTED = 130

log = logging.getLogger(__name__)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    main = argparse.ArgumentParser(
        prog="bowerbird",
        description="Finds any picture you have by describing it, or by showing something like it.",
        epilog="Without a command, the window opens.",
    )
    main.add_argument("--version", action="version", version=f"bowerbird {__version__}")
    main.add_argument("--library", type=Path, metavar="PATH", help="folder of the library")
    main.add_argument("--verbose", action="store_true", help="show the log and tracebacks")
    # The same options behind the command; what is not given there leaves the first alone.
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--library", type=Path, metavar="PATH", help="folder of the library")
    shared.add_argument("--verbose", action="store_true", help="show the log and tracebacks")
    commands = main.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for module in COMMANDS:
        module.add(commands, shared)
    return main


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments` (None for the program's own); return the exit code."""
    options = parser().parse_args(arguments)
    logs.set_up(paths.log_folder(), verbose=options.verbose)
    try:
        code = _run(options)
        sys.stdout.flush()
    except BowerbirdError as error:
        return _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail("Stopped. What was done is kept; the same command goes on.", INTERRUPTED)
    except BrokenPipeError:
        # The reader has enough, as with `| head`; Python must not complain again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        log.exception("unexpected error")
        where = paths.log_folder() / "bowerbird.log"
        return _fail(f"Something unexpected went wrong ({error!r}). Details are in {where}", 1)
    return code


def _run(options: argparse.Namespace) -> int:
    if options.command is None:
        return _window(options.library)
    run: Callable[[argparse.Namespace], int] | None = getattr(options, "run_alone", None)
    if run is not None:
        return run(options)
    with Library.open(options.library) as library:
        code: int = options.run(library, options)
        return code


def _window(library: Path | None) -> int:
    shown = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in shown):
        return _fail(
            "There is no display to open the window on. "
            "Use a command instead; `bowerbird --help` lists them.",
            1,
        )
    # By name: front ends do not import each other, and Qt loads only when it is wanted.
    code: int = import_module("bowerbird.gui.app").main([], library=library)
    return code


def _fail(sentence: str, code: int) -> int:
    print(f"bowerbird: {sentence}", file=sys.stderr)
    return code
