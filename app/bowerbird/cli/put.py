"""Take pictures into a managed collection, which lies in the library itself."""

from __future__ import annotations

import argparse
from pathlib import Path

from bowerbird.cli.terminal import complain
from bowerbird.errors import BowerbirdError, NotFoundError

HELP = "take pictures into a collection that lies in the library itself"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("collection", help="its name; made when there is none")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="pictures")
    parser.add_argument(
        "--unless-duplicate",
        action="store_true",
        help="leave out what is nearly the same as a picture of the library",
    )


def run(options: argparse.Namespace) -> int:
    """Copy them one by one; what is wrong with one does not stop the rest."""
    from bowerbird.library import Library

    failed = 0
    with Library.open(options.library) as library:
        try:
            collection = library.collection(options.collection)
        except NotFoundError:
            collection = library.add_managed(options.collection)
        for file in options.files:
            try:
                with file.open("rb") as stream:
                    asset = library.put(
                        collection, file.name, stream, unless_duplicate=options.unless_duplicate
                    )
            except OSError as error:
                complain(f"{file}: {error.strerror}")
            except BowerbirdError as error:
                complain(f"{file}: {error}")
            else:
                print(f"{asset.uuid}\t{file}")
                continue
            failed += 1
    return 1 if failed else 0
