"""Print an address under which a picture in a bucket or on the web can be fetched for a while."""

from __future__ import annotations

import argparse

from bowerbird.errors import UsageError

HELP = "print an address of a picture that lies in a bucket or on the web"
HOUR_S, WEEK_S = 3600, 7 * 24 * 3600


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("uuids", nargs="+", metavar="UUID", help="as `search --json` prints them")
    parser.add_argument(
        "--expires",
        type=int,
        default=HOUR_S,
        metavar="SECONDS",
        help="how long it works for a bucket that is not public, a week at most (default: an hour)",
    )


def run(options: argparse.Namespace) -> int:
    """Print an address a line."""
    from bowerbird.library import Library

    if not 1 <= options.expires <= WEEK_S:
        raise UsageError(f"--expires must be between 1 and {WEEK_S} seconds.")
    with Library.open(options.library) as library:
        for uuid in options.uuids:
            address = library.link(library.asset(uuid), options.expires)
            if address is None:
                raise UsageError(
                    f"{uuid} lies on this machine and has no address on the web. "
                    "`bowerbird search --paths` prints paths."
                )
            print(address, flush=True)
    return 0
