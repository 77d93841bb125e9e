"""Options that several commands share, and the query that they make together."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowerbird.errors import EmptyQueryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bowerbird.library import Library
    from bowerbird.types import Filter, Query, Swatch, Term

# What shtab, which is only imported to print a completion, knows these arguments by.
COMPLETE_FILES = {"bash": "_shtab_compgen_files", "zsh": "_files", "tcsh": "f"}
COMPLETE_FOLDERS = {"bash": "_shtab_compgen_dirs", "zsh": "_files -/", "tcsh": "d"}

# A weight has a decimal point, so that "16:9" and "at 10:30" stay texts.
_WEIGHTED = re.compile(r"(?s)(.+):(-?\d+\.\d+)")
_CODE = re.compile(r"[0-9a-fA-F]{6}")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def add_global(parser: argparse.ArgumentParser, *, library: Any, verbose: Any) -> None:
    """Add what works before and after a command's name; there the default is SUPPRESS."""
    path = parser.add_argument(
        "--library",
        metavar="PATH",
        default=library,
        help="folder of the library; else $BOWERBIRD_LIBRARY, else your own",
    )
    path.complete = COMPLETE_FOLDERS  # type: ignore[attr-defined]
    parser.add_argument(
        "--verbose", action="store_true", default=verbose, help="say on stderr what goes on"
    )


def add_query(parser: argparse.ArgumentParser) -> None:
    """Add the terms of a query and everything that narrows it."""
    parser.add_argument(
        "texts",
        nargs="*",
        metavar="TEXT",
        help="a description, in quotes when it has several words; 'dog -people' leaves people "
        "out; a weight may follow: beach:0.5",
    )
    for flag, target, kind, text in (
        ("--image", "images", "FILE|URL", "a picture to find similar ones of"),
        ("--not", "unwanted", "TEXT|FILE", "what the hits should not be like"),
    ):
        option = parser.add_argument(
            flag, dest=target, metavar=kind, action="append", default=[], help=text
        )
        option.complete = COMPLETE_FILES  # type: ignore[attr-defined]
    parser.add_argument(
        "--colour",
        metavar="#RRGGBB[:SHARE]",
        action="append",
        default=[],
        help="a colour that hits have, with the share of the picture that has it, as in "
        "#c03030:0.5; can be given several times",
    )
    add_narrowing(parser)


def add_narrowing(parser: argparse.ArgumentParser) -> None:
    """Add what narrows a query: collections, a filter, a page, a score."""
    add_collection(parser)
    parser.add_argument(
        "--where",
        metavar="EXPR",
        action="append",
        default=[],
        help="""a filter, such as 'width >= 1000 and tag = "cat"'""",
    )
    parser.add_argument("--limit", metavar="N", type=_count, help="hits to show (50)")
    parser.add_argument("--offset", metavar="N", type=_count, default=0, help="hits to leave out")
    parser.add_argument("--min-score", metavar="S", type=float, help="least cosine of a hit")
    parser.add_argument("--group-by", metavar="FIELD", help="keep the best hit of each value")
    parser.add_argument(
        "--sort",
        metavar="ORDER",
        help="date, name, folder, size, pixels, quality, colour, content, group or shots; "
        "-date is newest first",
    )
    parser.add_argument(
        "--no-lexical", action="store_true", help="do not look into names, folders, tags and text"
    )


def add_collection(parser: argparse.ArgumentParser) -> None:
    """Add `--in`, which can be given several times."""
    parser.add_argument(
        "--in",
        dest="within",
        metavar="COLLECTION",
        action="append",
        default=[],
        help="only this collection, by name or folder",
    )


def query(library: Library, options: argparse.Namespace, *, limit: int | None) -> Query:
    """Return the query that the options describe; `limit` is for when none is given.

    Raises:
        EmptyQueryError: Nothing was asked for.
        UsageError: A filter does not parse, or a collection is unknown.
    """
    from bowerbird.types import Query

    texts, images = _terms(options)
    narrowed = narrowing(library, options)
    colours = [_swatch(colour) for colour in getattr(options, "colour", ())]
    if not texts and not images and not colours and narrowed is None:
        raise EmptyQueryError(
            "The query is empty. Describe what you look for, show a picture with --image, "
            "or narrow with --in or --where."
        )
    return Query(
        texts=tuple(texts),
        images=tuple(images),
        colours=tuple(colours),
        filter=narrowed,
        limit=limit if options.limit is None else options.limit,
        offset=options.offset,
        min_score=options.min_score,
        group_by=options.group_by,
        lexical=not options.no_lexical,
        sort=options.sort,
    )


def is_address(text: str) -> bool:
    """Return whether `text` is an http(s) URL."""
    return _ADDRESS.match(text) is not None


def _terms(options: argparse.Namespace) -> tuple[list[Term[str]], list[Any]]:
    from bowerbird.types import Term

    texts = [term for text in options.texts for term in _described(text)]
    images: list[Any] = [_picture(_weighted_file(image)) for image in options.images]
    for unwanted in options.unwanted:
        term = _weighted_file(unwanted)
        against = Term(term.value, -abs(term.weight))
        if is_address(term.value) or _is_file(term.value):
            images.append(_picture(against))
        else:
            texts.append(against)
    return texts, images


def _swatch(text: str) -> Swatch:
    from bowerbird.types import Swatch

    code, _, share = text.partition(":")
    try:
        amount = float(share) if share else None
    except ValueError:
        amount = -1.0
    if amount is not None and not 0 < amount <= 1:
        raise UsageError(f"{text!r}: the share of a colour lies between 0 and 1, as in {code}:0.5.")
    return Swatch(f"#{code}" if _CODE.fullmatch(code) else code, amount)


def _picture(term: Term[str]) -> Term[Path] | Term[str]:
    from bowerbird.types import Term

    return term if is_address(term.value) else Term(Path(term.value), term.weight)


def _described(text: str) -> Iterator[Term[str]]:
    from bowerbird.types import Term, read_terms

    for part in read_terms(text):
        term = _weighted(part.value)
        yield term if part.weight > 0 else Term(term.value, -abs(term.weight))


def _weighted(text: str) -> Term[str]:
    from bowerbird.types import Term

    match = _WEIGHTED.fullmatch(text)
    return Term(match[1], float(match[2])) if match else Term(text)


def _weighted_file(name: str) -> Term[str]:
    """A file whose very name looks weighted is meant as it is."""
    from bowerbird.types import Term

    return Term(name) if _is_file(name) else _weighted(name)


def _is_file(name: str) -> bool:
    try:
        return Path(name).expanduser().is_file()
    except (OSError, ValueError):  # too long, or a NUL: a text
        return False


def narrowing(library: Library, options: argparse.Namespace) -> Filter | None:
    """Return what `--where` and `--in` leave; None for everything.

    Raises:
        FilterError: The expression does not parse, or names what does not exist.
        NotFoundError: There is no such collection.
    """
    from bowerbird.types import AllOf, AnyOf, Comparison

    parts = [library.parse_filter(expression) for expression in options.where]
    names = [library.collection(name).name for name in options.within]
    if names:
        parts.append(AnyOf(tuple(Comparison("collection", "=", name) for name in names)))
    if len(parts) > 1:
        return AllOf(tuple(parts))
    return parts[0] if parts else None


def _count(text: str) -> int:
    """A whole number from 0; argparse words what is not one."""
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return number
