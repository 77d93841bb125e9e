"""List, make, rename or forget collections; the pictures themselves are never touched."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from bowerbird.cli.terminal import lines, one_line
from bowerbird.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from bowerbird.library import Library
    from bowerbird.types import Auto, Collection

HELP = "list, make, rename or forget collections, or say when one is looked at"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    acts = ("list", "add", "rename", "auto", "files", "remove")
    parser.add_argument("do", nargs="?", choices=acts, default="list")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="collections to remove; old and new name; a collection and when it is looked at: "
        "change, hourly, daily, weekly, monthly or off; one to make; a catalogue and the folders "
        "whose files its users over HTTP may name",
    )
    parser.add_argument(
        "--managed",
        action="store_true",
        help="with add: make one that pictures are copied into, not one of records",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """List, make, rename, schedule, open or remove."""
    from bowerbird.library import Library

    names = options.names
    wrong = {
        "list": bool(names) and "list takes no names",
        "remove": not names and "remove needs the NAME of a collection",
        "rename": len(names) != 2 and "rename needs the NAME of a collection and its new one",
        "add": len(names) != 1 and "add needs one NAME for the collection",
        "files": not names and "files needs the NAME of a catalogue, and folders",
        "auto": len(names) != 2 and "auto needs the NAME of a collection and when to look at it",
    }[options.do]
    if wrong:
        options.parser.error(wrong)
    with Library.open(options.library) as library:
        if options.do == "list":
            _list(library, as_json=options.json)
        elif options.do == "add":
            made = library.add_managed if options.managed else library.add_catalogue
            _tell_made(made(names[0]), as_json=options.json)
        elif options.do == "files":
            library.set_roots(library.collection(names[0]), names[1:])
        elif options.do == "rename":
            library.rename_collection(library.collection(names[0]), names[1])
        elif options.do == "auto":
            library.set_auto(library.collection(names[0]), _auto(names[1]))
        else:
            for collection in [library.collection(name) for name in names]:
                library.remove_collection(collection)
                print(f"Forgot {one_line(collection.name)}. Its files are untouched.")
    return 0


def _tell_made(made: Collection, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"uuid": made.uuid, "name": made.name}))
    else:
        print(f"Made {one_line(made.name)} ({made.uuid}).")


def _list(library: Library, *, as_json: bool) -> None:
    rows = []
    for collection in library.collections():
        counts = library.counts(collection)
        if as_json:
            facts = {
                "uuid": collection.uuid,
                "name": collection.name,
                "kind": collection.kind,
                "location": collection.location,
                "ok": counts.ok,
                "failed": counts.failed,
                "missing": counts.missing,
                "bytes": counts.bytes,
                "auto": collection.auto,
                "videos": collection.videos,
                "last_sync": _written(collection.last_sync),
                "last_auto_sync": _written(collection.last_auto_sync),
            }
            print(json.dumps(facts))
            continue
        numbers = (f"{counts.ok}", f"{counts.failed}", f"{counts.missing}")
        rows.append((collection.name, *numbers, collection.location, collection.auto.value))
    if not as_json:
        titles = ("collection", "pictures", "failed", "missing", "where", "looked at")
        lines(titles, rows, sys.stdout)


def _auto(word: str) -> Auto:
    from bowerbird.types import Auto

    try:
        return Auto(word)
    except ValueError:
        raise UsageError(
            f"{word!r} says no time. Use one of {', '.join(auto.value for auto in Auto)}."
        ) from None


def _written(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()
