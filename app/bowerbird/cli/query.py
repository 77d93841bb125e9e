"""The options that describe a query, shared by the commands that take one."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TypeVar

from bowerbird.errors import EmptyQueryError, UsageError
from bowerbird.library import Library
from bowerbird.types import AllOf, AnyOf, Comparison, Filter, Query, Term

T = TypeVar("T")
_WEIGHT = re.compile(r"(\d+(?:\.\d+)?|\.\d+):(.+)", re.DOTALL)
WEIGHT_HELP = "a weight may stand before it, as in 0.5:%s"


def add_terms(parser: argparse.ArgumentParser) -> None:
    """Add what is searched for: texts and pictures."""
    parser.add_argument("text", nargs="*", metavar="TEXT", help="a description")
    parser.add_argument(
        "--and",
        dest="also",
        action="append",
        default=[],
        metavar="TEXT",
        help=f"a further description; {WEIGHT_HELP % 'at night'}",
    )
    parser.add_argument(
        "--image",
        action="append",
        default=[],
        metavar="FILE|URL",
        help=f"a picture that hits look like, - for standard input; {WEIGHT_HELP % 'shoe.jpg'}",
    )
    parser.add_argument(
        "--not",
        dest="without",
        action="append",
        default=[],
        metavar="TEXT|FILE",
        help="what hits must not look like",
    )


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add which assets may be hits, and which page of them."""
    parser.add_argument(
        "--in",
        dest="collections",
        action="append",
        default=[],
        metavar="COLLECTION",
        help="only in this collection (a name, a folder or an id)",
    )
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="EXPR",
        help="only where this holds, as in: width >= 1000 and tag = cat",
    )
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="hits (20)")
    parser.add_argument("--offset", type=int, default=0, metavar="N", help="hits to skip (0)")
    parser.add_argument("--min-score", type=float, metavar="S", help="cosine that hits must reach")
    parser.add_argument("--group-by", metavar="FIELD", help="only the best hit of each value")
    parser.add_argument(
        "--no-lexical", action="store_true", help="do not look at names, folders and tags"
    )


def read_query(library: Library, options: argparse.Namespace) -> Query:
    """Make the query that the options describe.

    Raises:
        EmptyQueryError: They describe nothing.
        UsageError: A filter, weight or collection is wrong.
    """
    texts = [_term(text) for text in options.also]
    if options.text:
        texts.insert(0, Term(" ".join(options.text)))
    images = [_image(value) for value in options.image]
    for value in options.without:
        term = _term(value)
        if Path(term.value).is_file():
            images.append(Term(Path(term.value), -term.weight))
        else:
            texts.append(Term(term.value, -term.weight))
    wanted = _filter(library, options)
    if any(not term.value.strip() for term in texts) or not (texts or images or wanted):
        raise EmptyQueryError(
            "The query is empty. Describe what you look for, or show a picture with --image."
        )
    return Query(
        texts=tuple(texts),
        images=tuple(images),
        filter=wanted,
        limit=options.limit,
        offset=options.offset,
        min_score=options.min_score,
        group_by=options.group_by,
        lexical=not options.no_lexical,
    )


def _term(value: str) -> Term[str]:
    match = _WEIGHT.fullmatch(value)
    if match is None or Path(value).exists():
        return Term(value)
    return Term(match[2], float(match[1]))


def _image(value: str) -> Term[Path | str | bytes]:
    term = _term(value)
    if term.value == "-":
        return Term(sys.stdin.buffer.read(), term.weight)
    if re.match(r"https?://", term.value):
        return Term(term.value, term.weight)
    if "://" in term.value:
        raise UsageError(f"{term.value} cannot be fetched. Use an http or https address.")
    return Term(Path(term.value), term.weight)


def _filter(library: Library, options: argparse.Namespace) -> Filter | None:
    parts: list[Filter] = [library.parse_filter(expression) for expression in options.where]
    if options.collections:
        chosen = [library.collection(ref) for ref in options.collections]
        parts.append(AnyOf(tuple(Comparison("collection", "=", c.name) for c in chosen)))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))
