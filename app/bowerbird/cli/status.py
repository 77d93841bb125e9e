"""`bowerbird status`: what the library holds."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bowerbird.cli.output import bytes_text

if TYPE_CHECKING:
    from bowerbird.library import Library


def add(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the command."""
    parser = commands.add_parser("status", parents=[shared], help="say what the library holds")
    parser.set_defaults(run=run)


def run(library: Library, options: argparse.Namespace) -> int:
    """Print one fact a line."""
    status = library.status()
    counts = status.assets
    facts = {
        "library": str(status.path),
        "collections": f"{status.collections:,}",
        "pictures": f"{counts.ok:,} ({bytes_text(counts.bytes)})",
        "failed": f"{counts.failed:,}",
        "missing": f"{counts.missing:,}",
        "searchable": f"{status.embedded:,} with {status.encoder_id}",
        "database": bytes_text(status.database_bytes),
        "thumbnails": bytes_text(status.thumbnail_bytes),
    }
    for name, value in facts.items():
        print(f"{name:12} {value}")
    return 0
