"""Take the records of a catalogue in (TSV, CSV, JSON lines, Parquet) and fetch their pictures."""

from __future__ import annotations

import argparse
from pathlib import Path

from bowerbird.cli.index import sync_and_tell
from bowerbird.cli.progress import follow
from bowerbird.cli.terminal import complain, one_line

HELP = "take the records of a catalogue in, with their pictures"
# So many rows that are no records are told one by one.
TOLD = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help=".tsv, .csv, .jsonl or .parquet")
    parser.add_argument("--name", help="name of the catalogue; the file's when left out")
    parser.add_argument("--id", metavar="COLUMN", default="", help="the column that holds the ids")
    parser.add_argument(
        "--image", metavar="COLUMN", default="", help="the column of addresses or paths"
    )
    parser.add_argument(
        "--replace", action="store_true", help="records that FILE does not hold leave the catalogue"
    )


def run(options: argparse.Namespace) -> int:
    """Import, then fetch and index what is new."""
    from bowerbird.library import Library

    with Library.open(options.library) as library:
        path: Path = options.file.expanduser()
        name = options.name or path.stem
        bad: list[str] = []
        notes: list[str] = []
        events = library.import_catalogue(
            path,
            name,
            bad.append,
            noted=notes.append,
            id_column=options.id,
            image_column=options.image,
            replace=options.replace,
        )
        last = follow(events, path.name)
        taken = (last.done - last.failed) if last is not None else 0
        print(f"{one_line(name)}: {taken:,} records taken in", flush=True)
        for sentence in bad[:TOLD]:
            complain(f"{path.name}: {sentence}")
        if len(bad) > TOLD:
            complain(f"{path.name}: {len(bad) - TOLD:,} more rows have faults")
        for sentence in notes:
            complain(f"{path.name}: {sentence}")
        lost = sync_and_tell(library, library.collection(name), retry_failed=False)
        return 1 if bad or notes or lost else 0
