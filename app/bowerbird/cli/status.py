"""Say what the library holds and how far it is indexed."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from bowerbird.cli.terminal import amount, lines

HELP = "say what the library holds"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(options: argparse.Namespace) -> int:
    """Print one fact a line."""
    from bowerbird.library import Library

    with Library.open(options.library) as library:
        status = library.status()
    if options.json:
        print(json.dumps(asdict(status), default=str))
        return 0
    counts = status.assets
    rows = (
        ("library", str(status.path)),
        ("collections", f"{status.collections:,}"),
        ("pictures", f"{counts.ok:,} of {amount(counts.bytes)}"),
        ("failed", f"{counts.failed:,}"),
        ("missing", f"{counts.missing:,}"),
        ("model", status.encoder_id),
        ("embedded", f"{status.embedded:,}"),
        ("database", amount(status.database_bytes)),
        ("thumbnails", amount(status.thumbnail_bytes)),
    )
    lines(("", ""), rows, sys.stdout)
    return 0
