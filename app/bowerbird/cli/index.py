"""Index folders, or bring collections up to date; without PATH, all of them."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowerbird.cli.options import COMPLETE_FOLDERS
from bowerbird.cli.progress import follow
from bowerbird.cli.terminal import complain, duration, one_line
from bowerbird.errors import NotFoundError, SourceError, UsageError

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Collection

_TEXTS = {
    "endpoint": "address of a service that speaks like S3",
    "region": "where the bucket lies",
    "profile": "of the AWS configuration",
    "queue": "address of an SQS queue that the bucket sends its events to",
}
_FLAGS = {
    "anonymous": "the bucket is public",
    "path_style": "the service wants the bucket in the path",
    "requester_pays": "pay for what is read",
}
HELP = "index folders, or bring collections up to date"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    paths = parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a folder, s3://bucket/prefix, or the name of a collection; all when left out",
    )
    paths.complete = COMPLETE_FOLDERS  # type: ignore[attr-defined]
    parser.add_argument("--name", help="name of the new collection; the folder's when left out")
    parser.add_argument(
        "--retry-failed", action="store_true", help="try the pictures again that failed before"
    )
    parser.add_argument(
        "--video",
        action=argparse.BooleanOptionalAction,
        help="look into the videos of the folder from now on, or pass over them again",
    )
    bucket = parser.add_argument_group("buckets")
    for name, text in _TEXTS.items():
        bucket.add_argument(f"--{name}", metavar=name.upper(), help=text)
    for name, text in _FLAGS.items():
        bucket.add_argument(f"--{name.replace('_', '-')}", action="store_true", help=text)
    bucket.add_argument(
        "--keys",
        action="store_true",
        help="ask for key and secret, and keep them in the system's keyring; else they come from "
        "the AWS configuration",
    )


def run(options: argparse.Namespace) -> int:
    """Index one collection after the other; one whose source is away does not stop the rest."""
    from bowerbird.library import Library

    if options.name is not None and len(options.paths) != 1:
        raise UsageError("--name names one new collection: give exactly one PATH with it.")
    if options.video is not None and not options.paths:
        raise UsageError("--video is for single folders: give their PATH with it.")
    with Library.open(options.library) as library:
        chosen = _collections(library, options)
        if options.video is not None:
            for collection in chosen:
                library.set_videos(collection, wanted=options.video)
            chosen = [library.collection(collection.id) for collection in chosen]
        return _all(library, chosen, retry_failed=options.retry_failed)


def bring_up_to_date(folder: Path | None, names: list[str], retry_failed: bool) -> int:
    """Sync the collections of these names, or all."""
    from bowerbird.library import Library

    with Library.open(folder) as library:
        chosen = [library.collection(name) for name in names] or library.collections()
        return _all(library, chosen, retry_failed=retry_failed)


def _all(library: Library, collections: list[Collection], *, retry_failed: bool) -> int:
    away = 0
    for collection in collections:
        try:
            sync_and_tell(library, collection, retry_failed=retry_failed)
        except SourceError as error:
            if len(collections) == 1:
                raise
            complain(f"{collection.name}: {error}")
            away += 1
    return 1 if away else 0


def _collections(library: Library, options: argparse.Namespace) -> list[Collection]:
    if options.paths:
        # All are looked up before any is indexed: a typing error should not wait for an hour.
        return [_collection(library, path, options) for path in options.paths]
    known = library.collections()
    if not known:
        raise UsageError("There is nothing to index yet. Name a folder: bowerbird index PATH.")
    return known


def _reached(options: argparse.Namespace) -> dict[str, Any]:
    """Return how a bucket is reached."""
    how = {name: getattr(options, name) for name in (*_TEXTS, *_FLAGS)}
    return how | {"keys": _ask_keys() if options.keys else None}


def _ask_keys() -> tuple[str, str]:
    """Ask for keys on the terminal, unseen, or read two lines."""
    if sys.stdin.isatty():
        from getpass import getpass

        found = (input("Key: ").strip(), getpass("Secret: ").strip())
    else:
        found = (sys.stdin.readline().strip(), sys.stdin.readline().strip())
    if not all(found):
        raise UsageError("--keys needs a key and a secret, a line each.")
    return found


def _collection(library: Library, path: str, options: argparse.Namespace) -> Collection:
    if path.startswith("s3://"):
        return library.add_bucket(path, options.name, **_reached(options))
    if Path(path).expanduser().exists():
        return library.add_folder(path, options.name)
    try:
        return library.collection(path)
    except NotFoundError:
        raise NotFoundError(
            f"There is no folder and no collection {path!r}. Check the path."
        ) from None


def sync_and_tell(library: Library, collection: Collection, *, retry_failed: bool) -> bool:
    """Sync one collection and say what came of it; return whether all of the work failed."""
    begun = time.monotonic()
    events = library.sync(collection, retry_failed=retry_failed)
    last = follow(events, collection.name)
    worked = last.done if last is not None else 0
    counts = library.counts(collection)
    sentence = f"{one_line(collection.name)}: {counts.ok:,} pictures"
    if counts.missing:
        sentence += f", {counts.missing:,} missing"
    if counts.failed:
        sentence += f", {counts.failed:,} failed (see `bowerbird failures`)"
    print(f"{sentence}; {worked:,} worked on in {duration(time.monotonic() - begun)}", flush=True)
    return last is not None and 0 < last.done == last.failed
