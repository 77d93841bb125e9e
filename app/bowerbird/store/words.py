"""Splits names into words for full-text search, and user input into safe FTS5 queries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

# A run of letters and digits, or one character of a script written without spaces.
_SPACELESS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_TOKEN = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")
_HUMP = re.compile(r"\d+|[^\W\d_]+")
_CASE = re.compile(r"(?<=[a-z\u00df-\u00ff])(?=[A-Z\u00c0-\u00de])")


def split(text: str) -> str:
    """Return the words of `text`, joined by spaces, ready to be indexed.

    `IMG_redShoe2.jpg` becomes `IMG redShoe2 jpg red Shoe 2`: whole runs first, so that phrases
    hold, then the parts of runs that mix cases or digits.
    """
    runs = _TOKEN.findall(text)
    parts = [part for run in runs for part in _parts(run)]
    return " ".join(runs + parts)


def _parts(run: str) -> list[str]:
    parts = [part for hump in _HUMP.findall(run) for part in _CASE.split(hump)]
    return parts if len(parts) > 1 else []


def match_query(text: str) -> str:
    """Return the FTS5 query for what a user typed, or an empty text when it holds no word.

    Every word must occur, the last one may be unfinished. Only quoted words reach FTS5, so that
    nothing a user types is an operator.
    """
    terms = [list(_variants(word)) for word in text.split()]
    terms = [variants for variants in terms if variants]
    if not terms:
        return ""
    needed = [_any_of(variants, "") for variants in terms[:-1]]
    return " AND ".join([*needed, _any_of(terms[-1], "*")])


def _variants(word: str) -> Iterator[str]:
    runs = _TOKEN.findall(word)
    if runs:
        yield " ".join(runs)
    if len(runs) == 1 and (parts := _parts(runs[0])):
        yield " ".join(parts)


def _any_of(variants: list[str], suffix: str) -> str:
    return "(" + " OR ".join(f'"{variant}"{suffix}' for variant in variants) + ")"


def metadata_text(metadata: Mapping[str, Any]) -> str:
    """Return the words of the values in free metadata, however deep they lie."""
    return split(" ".join(_values(metadata)))


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _values(inner)
    elif isinstance(value, str):
        yield value
    elif value is not None and not isinstance(value, bool):
        yield json.dumps(value)
