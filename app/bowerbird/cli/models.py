"""`bowerbird models`: list, download and choose the models that pictures are found with."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bowerbird.cli.output import bytes_text, follow, table

if TYPE_CHECKING:
    from bowerbird.library import Library


def add(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add the command."""
    parser = commands.add_parser("models", parents=[shared], help="list, get and use models")
    actions = parser.add_subparsers(metavar="ACTION")
    actions.add_parser("list", parents=[shared], help="list them (the default)")
    get = actions.add_parser("get", parents=[shared], help="download a model, or resume that")
    get.add_argument("model", metavar="MODEL")
    use = actions.add_parser("use", parents=[shared], help="find pictures with another model")
    use.add_argument("model", metavar="MODEL|FILE", help="its id, or an open_clip checkpoint")
    parser.set_defaults(run=run)
    get.set_defaults(run=run_get)
    use.set_defaults(run=run_use)


def run(library: Library, options: argparse.Namespace) -> int:
    """List the models."""
    rows = [
        (
            info.id,
            "in use" if info.active else "installed" if info.installed else "",
            bytes_text(info.download_size) if info.download_size else "",
            info.licence,
            info.languages,
            info.note,
        )
        for info in library.models()
    ]
    table(rows, ("model", "state", "download", "licence", "languages", ""))
    return 0


def run_get(library: Library, options: argparse.Namespace) -> int:
    """Download one model."""
    follow(library.get_model(options.model), options.model)
    print(f"{options.model} is here. Use it with: bowerbird models use {options.model}")
    return 0


def run_use(library: Library, options: argparse.Namespace) -> int:
    """Choose one model."""
    library.use_model(options.model)
    print("Chosen. Until `bowerbird index` has seen every picture, the model before answers.")
    return 0
