"""Make, list and revoke the keys of the HTTP API; a secret is shown once and kept nowhere."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from bowerbird.cli.options import add_collection
from bowerbird.cli.terminal import lines, one_line

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import ApiKey

HELP = "make, list and revoke the keys of the HTTP API"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("do", nargs="?", choices=("list", "make", "revoke"), default="list")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="what a new key is called; keys to revoke"
    )
    parser.add_argument(
        "--scope",
        choices=("search", "write", "admin"),
        default="search",
        help="search (the default); write: also take pictures in, change and sync; admin: also "
        "make and delete collections",
    )
    add_collection(parser)
    parser.add_argument(
        "--per-minute", type=int, default=0, metavar="N", help="requests a minute; else no limit"
    )
    parser.add_argument(
        "--credits", type=int, metavar="N", help="pictures to reimagine; else no limit"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Make, list or revoke."""
    from bowerbird.library import Library

    names = options.names
    wrong = {
        "list": bool(names) and "list takes no names",
        "make": len(names) != 1 and "make needs one NAME for the key",
        "revoke": not names and "revoke needs the NAME or id of a key",
    }[options.do]
    if wrong:
        options.parser.error(wrong)
    with Library.open(options.library) as library:
        if options.do == "make":
            _make(library, options)
        elif options.do == "revoke":
            for name in names:
                key = library.access.revoke(name)
                print(f"Revoked {one_line(key.name)} ({key.id}).")
        else:
            _list(library, as_json=options.json)
    return 0


def _make(library: Library, options: argparse.Namespace) -> None:
    from bowerbird.types import Scope

    uuids = [library.collection(name).uuid for name in options.within]
    key, secret = library.access.make(
        options.names[0],
        Scope(options.scope),
        uuids or None,
        per_minute=options.per_minute,
        credits=options.credits,
    )
    if options.json:
        print(json.dumps({"id": key.id, "name": key.name, "secret": secret}))
        return
    print(f"id      {key.id}\nsecret  {secret}")
    print(
        "The secret is shown this once. Clients that ask for one key take the secret; "
        "Thread Genius' api_key is the id, its api_secret the secret.",
        file=sys.stderr,
    )


def _list(library: Library, *, as_json: bool) -> None:
    names = {one.uuid: one.name for one in library.collections()}
    rows = []
    for key in library.access.known():
        used = library.access.usage(key.id)
        within = [names.get(uuid, "(removed)") for uuid in key.collections or ()]
        if as_json:
            print(json.dumps(_facts(key, within) | {"calls": sum(each.calls for each in used)}))
            continue
        last = f"{key.last_used:%Y-%m-%d %H:%M}" if key.last_used else "never"
        where = "all" if key.collections is None else ", ".join(within)
        calls = str(sum(each.calls for each in used))
        rows.append((key.name, key.id, key.scope.value, where, calls, last))
    if not as_json:
        lines(("key", "id", "scope", "collections", "calls", "last used"), rows, sys.stdout)


def _facts(key: ApiKey, within: list[str]) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scope": key.scope.value,
        "collections": None if key.collections is None else within,
        "per_minute": key.per_minute,
        "credits": key.credits,
        "created": key.created.isoformat(),
        "last_used": key.last_used.isoformat() if key.last_used else None,
    }
