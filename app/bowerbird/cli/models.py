"""List models, download one, or choose the one that searches."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from dataclasses import asdict
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from bowerbird.cli.progress import follow
from bowerbird.cli.terminal import amount, is_terminal, tabbed, table

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import ModelInfo

HELP = "list models, download one, or choose one"
# How a model that was downloaded is used, by what it is for.
_USE = {
    "search": "bowerbird models use {id}",
    "cutout": "bowerbird cutout --model {id} FILE, or always: bowerbird models use {id}",
    "detect": "bowerbird detect --model {id} FILE, or always: bowerbird models use {id}",
    "reimagine": "bowerbird reimagine --model {id} FILE",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("do", nargs="?", choices=("list", "get", "use"), default="list")
    parser.add_argument(
        "model", nargs="?", metavar="MODEL", help="id of a model; for use also a checkpoint's path"
    )
    parser.add_argument(
        "--for",
        dest="kind",
        choices=("search", "cutout", "detect"),
        help="what to use it for, where an id (builtin) is one of several",
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
            _say_here(library, options.model)
        elif options.do == "use":
            _use(library, options.model, options.kind)
        else:
            _list(library, as_json=options.json)
    return 0


def _say_here(library: Library, model_id: str) -> None:
    (found, *_) = (model for model in library.models() if model.id == model_id)
    print(f"{model_id} is here. Use it with: {_USE[found.kind].format(id=model_id)}")
    if found.needs:
        print(found.needs)


def _use(library: Library, model_id: str, kind: str | None) -> None:
    named = [model for model in library.models() if model.id == model_id]
    kinds = {model.kind for model in named}
    used = any(each.kind == "search" and each.active and each.installed for each in named)
    if used and kind is None:
        print(f"{model_id} is in use already.")
    elif kind == "cutout" or kinds == {"cutout"}:
        library.cut_out_with(model_id)
        print(f"{model_id} removes backgrounds from now on.")
    elif kind == "detect" or kinds == {"detect"}:
        library.detect_with(model_id)
        print(f"{model_id} finds things in pictures from now on.")
    else:
        library.use_model(model_id)
        print(f"{model_id} is chosen. Run `bowerbird index` to embed what is there.")


def _state(model: ModelInfo) -> str:
    if model.active:
        return "in use" if model.installed else "chosen, but missing"
    return "installed" if model.installed else ""


def _list(library: Library, *, as_json: bool) -> None:
    models = library.models()
    if as_json:
        for model in models:
            print(json.dumps(asdict(model)))
        return
    models = sorted(models, key=lambda model: [*_USE].index(model.kind))
    if is_terminal(sys.stdout):
        _show(models)
        return
    rows = [
        (*_facts(model)[:4], str(model.dim or ""), model.licence, model.languages, _note(model))
        for model in models
    ]
    tabbed(rows, sys.stdout)


def _facts(model: ModelInfo) -> tuple[str, ...]:
    size = amount(model.download_size) if model.download_size else ""
    return model.id, model.kind, _state(model), size, model.licence


def _note(model: ModelInfo) -> str:
    return " ".join(filter(None, (model.note, model.needs)))


def _show(models: list[ModelInfo]) -> None:
    """Print a table, and below it the sentences, which a column would break after every word."""
    titles = ("model", "for", "state", "download", "licence")
    table(titles, [_facts(model) for model in models], whole=range(len(titles)))
    print()
    for model in models:
        spoken = f" Languages: {model.languages}." if model.languages else ""
        text = f"{model.id} ({model.kind}): {_note(model)}{spoken}"
        print(textwrap.fill(text, get_terminal_size().columns, subsequent_indent="  "))
