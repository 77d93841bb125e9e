"""Prints hits: a table on a terminal, lines for scripts, JSON, or bare paths."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bowerbird.cli.terminal import is_terminal, one_line, table

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Asset, Collection, Hit, Results

# Rows are fetched a page at a time, so that a million hits stream through little memory.
PAGE = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A hit with all that is printed of it."""

    rank: int
    hit: Hit
    asset: Asset
    collection: Collection
    path: str

    def as_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        score, distance = self.hit.score, self.hit.distance
        return {
            "rank": self.rank,
            "score": None if score is None else round(score, 6),
            "distance": None if distance is None else round(distance, 6),
            "uuid": self.asset.uuid,
            "collection": self.collection.name,
            "key": self.asset.key,
            "path": self.path,
            "width": self.asset.width,
            "height": self.asset.height,
        }


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add the choice between ways of printing."""
    choice = parser.add_mutually_exclusive_group()
    for flag, text in (
        ("--json", "one JSON object a line"),
        ("--paths", "one path a line"),
        ("--null", "paths, each followed by a NUL, as for xargs -0"),
    ):
        choice.add_argument(
            flag, dest="format", action="store_const", const=flag.strip("-"), help=text
        )


def found(library: Library, results: Results, offset: int = 0) -> Iterator[Found]:
    """Yield hits with their assets; those that another process removed meanwhile are left out."""
    collections = {collection.id: collection for collection in library.collections()}
    for start in range(0, len(results), PAGE):
        page = results[start : start + PAGE]
        assets = {asset.id: asset for asset in library.assets([hit.asset_id for hit in page])}
        for number, hit in enumerate(page, start):
            asset = assets.get(hit.asset_id)
            collection = None if asset is None else collections.get(asset.collection_id)
            if asset is not None and collection is not None:
                path = address(library, collection, asset)
                yield Found(offset + number + 1, hit, asset, collection, path)


def address(library: Library, collection: Collection, asset: Asset) -> str:
    """Return where the picture lies: a local path, or the URL of an object."""
    from bowerbird.types import SourceKind

    if collection.kind is SourceKind.FOLDER:
        return os.path.join(collection.location, *asset.key.split("/"))  # noqa: PTH118
    local = library.locate(asset)
    return f"{collection.location}/{asset.key}" if local is None else str(local)


def print_hits(library: Library, results: Results, *, offset: int, form: str | None) -> None:
    """Print a page of hits to stdout, in the form that was chosen."""
    hits = found(library, results, offset)
    if form is None and is_terminal(sys.stdout):
        _print_table(hits)
        return
    for one in hits:
        if form == "json":
            print(json.dumps(one.as_json()))
        elif form == "null":
            print(one.path, end="\0")
        elif form == "paths":
            print(one.path)
        else:
            score = "" if one.hit.score is None else f"{one.hit.score:.3f}"
            print(f"{one.rank}\t{score}\t{one_line(one.path)}")


def _print_table(hits: Iterator[Found]) -> None:
    rows = [
        (
            str(one.rank),
            "" if one.hit.score is None else f"{one.hit.score:.3f}",
            one.collection.name,
            one.asset.key,
            f"{one.asset.width or '?'} x {one.asset.height or '?'}",
        )
        for one in hits
    ]
    table(("", "score", "collection", "picture", "size"), rows, right=(0, 1, 4))
