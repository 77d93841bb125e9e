"""List models, download one, or choose the one that searches."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from bowerbird.cli.progress import follow
from bowerbird.cli.terminal import amount, lines

if TYPE_CHECKING:
    from bowerbird.library import Library

HELP = "list models, download one, or choose one"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("do", nargs="?", choices=("list", "get", "use"), default="list")
    parser.add_argument(
        "model", nargs="?", metavar="MODEL", help="id of a model; for use also a checkpoint's path"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """List, get or use."""
    from bowerbird.library import Library

    if (options.do == "list") != (options.model is None):
        options.parser.error(f"{options.do} {'takes no' if options.model else 'needs a'} MODEL")
    with Library.open(options.library) as library:
        if options.do == "get":
            follow(library.get_model(options.model), options.model)
            print(f"{options.model} is here. Use it with: bowerbird models use {options.model}")
        elif options.do == "use":
            library.use_model(options.model)
            print(f"{options.model} is chosen. Run `bowerbird index` to embed what is there.")
        else:
            _list(library, as_json=options.json)
    return 0


def _list(library: Library, *, as_json: bool) -> None:
    models = library.models()
    if as_json:
        for model in models:
            print(json.dumps(asdict(model)))
        return
    rows = [
        (
            model.id,
            "in use" if model.active else "installed" if model.installed else "",
            amount(model.download_size) if model.download_size else "",
            str(model.dim),
            model.licence,
            model.languages,
            model.note,
        )
        for model in models
    ]
    lines(("model", "state", "download", "dim", "licence", "languages", "note"), rows, sys.stdout)
