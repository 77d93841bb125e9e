"""Take the pictures that a query finds elsewhere: copies, a ZIP, lists, a gallery, a sheet."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bowerbird.cli.options import COMPLETE_FILES, COMPLETE_FOLDERS, add_query, query
from bowerbird.cli.progress import follow
from bowerbird.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bowerbird.types import Progress

HELP = "copy or list the pictures that a query finds"
LIMIT = 50
FORMS = (
    ("--to", "FOLDER", "copy", "copy the files there, never over one that exists"),
    ("--link", "FOLDER", "link", "hard-link them there, or copy where that cannot be"),
    ("--zip", "FILE", "zip", "pack them into a ZIP file"),
    ("--csv", "FILE", "csv", "list them as CSV; - for stdout"),
    ("--jsonl", "FILE", "jsonl", "list them as JSON lines; - for stdout"),
    ("--html", "FILE", "html", "show them on a page with small pictures in it"),
    ("--pdf", "FILE", "pdf", "print them small as contact sheets"),
    ("--png", "FILE", "png", "draw contact sheets; the second page is NAME-2.png"),
)
# What the last line says of each form; lists and sheets show pictures rather than take them.
_DONE = {
    "copy": "copied to",
    "link": "linked or copied to",
    "zip": "packed into",
    "csv": "listed in",
    "jsonl": "listed in",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_query(parser)
    target = parser.add_mutually_exclusive_group(required=True)
    for flag, kind, form, text in FORMS:
        option = target.add_argument(flag, metavar=kind, dest=form, help=text)
        complete = COMPLETE_FOLDERS if kind == "FOLDER" else COMPLETE_FILES
        option.complete = complete  # type: ignore[attr-defined]
    parser.add_argument(
        "--name",
        metavar="TEMPLATE",
        default="{name}",
        help="name copies, as in '{n} {date} {name}'; also stem, folder, width, height",
    )


def run(options: argparse.Namespace) -> int:
    """Export; nothing found, or a file that could not be copied, is exit code 1."""
    from bowerbird.library import Library

    form: Any = next(form for _, _, form, _ in FORMS if getattr(options, form) is not None)
    target = getattr(options, form)
    with Library.open(options.library) as library:
        wish = query(library, options, limit=None)
        if options.limit is None and wish.has_terms:
            # Everything matches a ranked query somehow: without a limit it would copy the lot.
            options.limit = LIMIT
            wish = query(library, options, limit=LIMIT)
        results = library.search(wish)
        if not len(results):
            print("bowerbird: Nothing was found, so nothing is exported.", file=sys.stderr)
            return 1
        listed = target == "-" and form in ("csv", "jsonl")
        place = sys.stdout if listed else _free(Path(target).expanduser())
        steps = library.export(results, place, form, template=options.name, offset=wish.offset)
        return _say(steps, len(results), place, form)


def _free(target: Path) -> Path:
    """Return a target that holds nothing yet, or is a folder or a device.

    Raises:
        ConflictError: It is a file with something in it.
    """
    if target.is_file() and target.stat().st_size:
        raise ConflictError(f"{target} is there already. Choose another name, or move it away.")
    return target


def _say(steps: Iterator[Progress], count: int, place: Path | TextIO, form: str) -> int:
    last = follow(steps, "export")
    failed = last.failed if last is not None else count
    # Who writes a list to stdout or a pipe wants nothing else there.
    if isinstance(place, Path) and (place.is_file() or place.is_dir()):
        print(f"{count - failed:,} pictures {_DONE.get(form, 'shown in')} {place}")
    if failed:
        print(
            f"bowerbird: {failed:,} pictures could not be read, so they were not copied.",
            file=sys.stderr,
        )
    return 1 if failed else 0
