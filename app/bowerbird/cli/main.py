"""Parses the command line, runs one command, and words every failure as a sentence."""

from __future__ import annotations

import argparse
import errno
import io
import os
import re
import shlex
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import NoReturn

from bowerbird import __version__, paths
from bowerbird.cli import (
    analyse,
    attributes,
    collections,
    compare,
    completion,
    cutout,
    detect,
    doctor,
    duplicates,
    export,
    failures,
    importing,
    index,
    keys,
    link,
    models,
    put,
    read,
    reimagine,
    search,
    serve,
    similar,
    status,
    sync,
    window,
)
from bowerbird.cli.options import add_global
from bowerbird.cli.terminal import complain
from bowerbird.errors import BowerbirdError, NotFoundError

COMMANDS: dict[str, ModuleType] = {
    "index": index,
    "sync": sync,
    "put": put,
    "import": importing,
    "search": search,
    "similar": similar,
    "collections": collections,
    "failures": failures,
    "duplicates": duplicates,
    "export": export,
    "link": link,
    "cutout": cutout,
    "reimagine": reimagine,
    "analyse": analyse,
    "detect": detect,
    "read": read,
    "compare": compare,
    "attributes": attributes,
    "serve": serve,
    "keys": keys,
    "models": models,
    "status": status,
    "doctor": doctor,
    "completion": completion,
}
# Those that put something into a library, serve one to those who do, or open none.
_MAKERS = (index, importing, put, serve, models, completion)
EXIT_CODES = """exit codes:
  0    done; for a search, something was found
  1    it failed, the sentence on stderr says why; for a search also: nothing was found
  2    the command asks for something impossible
  130  stopped by Ctrl-C; the next `bowerbird index` goes on where it stopped"""
INTERRUPTED = 130
BROKEN_PIPE = 141


class _Parser(argparse.ArgumentParser):
    """Says of a mistyped command which one may be meant, rather than naming all."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and exit with 2."""
        wrong = re.match(r"argument COMMAND: invalid choice: '(.*)' \(choose", message)
        if wrong:
            from difflib import get_close_matches

            near = get_close_matches(wrong[1], COMMANDS, n=1)
            advice = f"Did you mean {near[0]}?" if near else "bowerbird --help lists all."
            message = f"there is no command {wrong[1]!r}. {advice}"
        super().error(message)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(
        prog="bowerbird",
        description="Find any picture you have by describing it or showing something similar. "
        "Without a command, the window opens.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"bowerbird {__version__}")
    add_global(top, library=None, verbose=False)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    for name, module in COMMANDS.items():
        command = commands.add_parser(name, help=module.HELP, description=module.__doc__)
        add_global(command, library=argparse.SUPPRESS, verbose=argparse.SUPPRESS)
        module.arguments(command)
        command.set_defaults(run=module.run, parser=command)
    return top


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse, allowing the texts of a query before and after its options."""
    top = parser()
    options, rest = top.parse_known_args(arguments)
    command: argparse.ArgumentParser = getattr(options, "parser", top)
    if rest and hasattr(options, "texts") and not any(word.startswith("-") for word in rest):
        options.texts.extend(rest)
    elif rest:
        command.error(f"unknown arguments: {' '.join(rest)}; {_hint(options, rest)}")
    return options


def _hint(options: argparse.Namespace, rest: Sequence[str]) -> str:
    left_out = [word[1:] for word in rest if re.fullmatch(r"-\w{2,}", word)]
    if not left_out or not hasattr(options, "texts"):
        return "see --help"
    if options.texts:
        query = " ".join((*options.texts, *rest))
        return f"to leave something out, quote it all: '{query}', or say --not {left_out[0]}"
    # A shell takes quotes away, so that what begins with a minus looks like an option.
    return f"to leave something out, say --not {left_out[0]}, or ' {rest[0]}' with a space before"


def _check_library(options: argparse.Namespace) -> None:
    """Let no mistyped path become an empty library, where nothing is to be put into one.

    Raises:
        NotFoundError: The library that is named is not there.
    """
    from bowerbird.library import Library

    made = options.library is None or not hasattr(options, "run") or _makes(options)
    if not made and not Library.is_at(options.library):
        raise NotFoundError(
            f"There is no library at {options.library}. Check the path, or make one there: "
            f"bowerbird --library {shlex.quote(options.library)} index FOLDER."
        )


def _makes(options: argparse.Namespace) -> bool:
    """Return whether a command has something to put into a new library, or needs none."""
    if options.run in (collections.run, keys.run):
        return options.do in ("add", "make")
    return options.run in [module.run for module in _MAKERS]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the terminal front end; returns the exit code.

    Raises:
        SystemExit: From argparse, for `--help` (0) and for arguments that do not parse (2).
    """
    _allow_any_file_name()
    options = parse(arguments)
    _log(options.verbose)
    try:
        _check_library(options)
        code: int = getattr(options, "run", window.run)(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has enough; python's own flush at exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return _complain(
            "stopped. What is done is kept, and the next run goes on from here.", INTERRUPTED
        )
    except BowerbirdError as error:
        return _expected(error)
    except OSError as error:
        return _system(error)
    except Exception as error:  # noqa: BLE001  # a traceback on screen would be a bug
        return _unexpected(error)
    return code


def _allow_any_file_name() -> None:
    """Print file names that are not valid text as the bytes that they are.

    In an encoding that lacks characters, those are escaped rather than failing.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            utf8 = stream.encoding.lower().replace("-", "") == "utf8"
            stream.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")


def _log(verbose: bool) -> None:
    from bowerbird import logs

    logs.set_up(paths.log_folder(), verbose=verbose)


def _expected(error: BowerbirdError) -> int:
    import logging

    logging.getLogger(__name__).debug("the command failed", exc_info=error)
    return _complain(str(error), error.exit_code)


def _system(error: OSError) -> int:
    """Word what the system refused outside of any room, such as writing an output file."""
    if error.strerror is None:
        return _unexpected(error)
    where = f"{error.filename}: " if error.filename else ""
    advice = " Free some space and try again." if error.errno == errno.ENOSPC else ""
    _remember(error)
    return _complain(f"{where}{error.strerror}.{advice}", 1)


def _unexpected(error: Exception) -> int:
    _remember(error)
    log = paths.log_folder() / "bowerbird.log"
    return _complain(f"an unexpected error ({type(error).__name__}); {log} has the details.", 1)


def _remember(error: Exception) -> None:
    import logging

    logging.getLogger(__name__).error("the command failed", exc_info=error)


def _complain(sentence: str, code: int) -> int:
    complain(sentence)
    return code
