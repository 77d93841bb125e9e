"""What commands print: progress, hits, sizes; rich on a terminal, plain lines in a pipe."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from bowerbird.library import Library
from bowerbird.types import Asset, Collection, Hit, Progress

# Seconds between two lines of progress in a pipe.
LINE_EVERY_S = 5.0


def follow(steps: Iterator[Progress], title: str) -> Progress:
    """Show the progress of something long until it ends, and return its last counts."""
    return _bar(steps, title) if sys.stderr.isatty() else _lines(steps, title)


def _lines(steps: Iterator[Progress], title: str) -> Progress:
    last = Progress("")
    told = time.monotonic()
    for step in steps:
        last = _later(last, step)
        if time.monotonic() - told >= LINE_EVERY_S:
            told = time.monotonic()
            print(f"{title}: {_sentence(step)}", file=sys.stderr, flush=True)
    return last


def _bar(steps: Iterator[Progress], title: str) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
    )
    last = Progress("")
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, said="")
        for step in steps:
            last = _later(last, step)
            bar.update(task, completed=step.done, total=step.total, said=_sentence(step))
    return last


def _later(last: Progress, step: Progress) -> Progress:
    """Keep the counts of the work itself, which `scanning` and `finishing` do not have."""
    return last if step.phase in ("scanning", "finishing") else step


def _sentence(step: Progress) -> str:
    parts = [step.phase]
    count = bytes_text if step.phase == "downloading" else "{:,}".format
    if step.total is not None:
        parts.append(f"{count(step.done)} of {count(step.total)}")
    elif step.done:
        parts.append(count(step.done))
    if step.failed:
        parts.append(f"{step.failed:,} failed")
    if step.rate:
        rate = bytes_text(step.rate) if step.phase == "downloading" else f"{step.rate:.1f}"
        parts.append(f"{rate}/s")
    if step.remaining_s is not None:
        parts.append(f"{duration(step.remaining_s)} left")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Return a time as people say it: `42 s`, `3 min`, `2 h 10 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def bytes_text(count: float) -> str:
    """Return a size with its unit: `512 B`, `1.5 MB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def table(rows: Sequence[Sequence[str]], header: Sequence[str]) -> None:
    """Print rows: aligned below a header on a terminal, tab-separated in a pipe."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(*header, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        shown.add_row(*map(Text, row))
    Console().print(shown)


class Hits:
    """Prints hits in one of the ways a search can be asked for.

    Args:
        library: For paths and the names of collections.
        style: `table`, `json` (an object a line), `paths` (one a line), `null` (ended by NUL).
    """

    def __init__(self, library: Library, style: str) -> None:
        self._library = library
        self._style = style
        self._collections: dict[int, Collection] = {c.id: c for c in library.collections()}

    def print(self, hits: Sequence[Hit], first_rank: int = 1) -> None:
        """Print a page; `first_rank` is the rank of its first hit."""
        assets = {a.id: a for a in self._library.assets([hit.asset_id for hit in hits])}
        found = [
            (rank, hit, assets[hit.asset_id])
            for rank, hit in enumerate(hits, first_rank)
            if hit.asset_id in assets
        ]
        if self._style == "table":
            self._table(found)
            return
        for rank, hit, asset in found:
            if self._style == "json":
                print(json.dumps(self._row(rank, hit, asset), ensure_ascii=False))
            elif path := self._path(asset):
                end = "\0" if self._style == "null" else "\n"
                sys.stdout.write(path + end)

    def _table(self, found: list[tuple[int, Hit, Asset]]) -> None:
        rows = [
            (
                str(rank),
                "" if hit.score is None else f"{hit.score:.3f}",
                f"{asset.width} x {asset.height}" if asset.width else "",
                self._path(asset) or f"{asset.key} (not there now)",
            )
            for rank, hit, asset in found
        ]
        table(rows, ("", "score", "size", "picture"))

    def _row(self, rank: int, hit: Hit, asset: Asset) -> dict[str, Any]:
        collection = self._collections.get(asset.collection_id)
        return {
            "rank": rank,
            "score": None if hit.score is None else round(hit.score, 6),
            "distance": None if hit.distance is None else round(hit.distance, 6),
            "uuid": asset.uuid,
            "collection": collection.name if collection else None,
            "key": asset.key,
            "path": self._path(asset),
            "width": asset.width,
            "height": asset.height,
        }

    def _path(self, asset: Asset) -> str | None:
        path = self._library.locate(asset)
        return None if path is None else str(path)
