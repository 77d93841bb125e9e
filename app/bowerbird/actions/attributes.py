"""Reads what a product's title and description say of it: category, material, colour, ..."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bowerbird import paths
from bowerbird.errors import UsageError
from bowerbird.types import Attribute

# A text that is longer is none of a product.
MOST_CHARACTERS = 100_000
# How sure a word makes one, by where it stands; other ways to say a value are a little less plain.
# All are above what a guess may reach (`guesses.SUREST`).
_TITLE, _DESCRIPTION, _SYNONYM = 0.95, 0.9, 0.05
# The thing itself stands last in a title: a "denim jacket", a "dress shirt".
_LAST = frozenset({"category"})
# Words that take back what they stand before.
_WITHOUT = re.compile(r"\b(no|not|without|non|faux|free of|minus)[\s-]+(\w+[\s-]+)?$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say a value of an attribute: the value's own name, or a synonym."""

    name: str
    text: str
    pattern: re.Pattern[str]

    @property
    def is_synonym(self) -> bool:
        """Whether it is not the value's own name."""
        return self.text != self.name


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    length: int
    value: Phrase


Taxonomy = Mapping[str, tuple[Phrase, ...]]


@lru_cache(maxsize=1)
def shipped() -> Taxonomy:
    """Return the taxonomy that is shipped."""
    return parse(paths.resource("vocabulary/attributes.toml").read_text("utf-8"))


def parse(text: str) -> Taxonomy:
    """Return the taxonomy that a TOML text holds: attributes, their values, other words for them.

    Raises:
        UsageError: It is none.
    """
    try:
        data = tomllib.loads(text)
        return {
            name: tuple(
                Phrase(value, word, _pattern(word))
                for value, also in values.items()
                for word in (value, *also)
            )
            for name, values in data.items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        raise UsageError(f"The taxonomy cannot be read: {error}. Correct it.") from error


def _pattern(word: str) -> re.Pattern[str]:
    """Match a word as it is, or as its plural, whatever joins its parts."""
    parts = r"[\s-]+".join(re.escape(part) for part in re.split(r"[\s-]+", word.casefold()))
    return re.compile(rf"(?<![\w'])({parts})(es|s|'s)?(?![\w'])")


def read_attributes(
    title: str, description: str = "", taxonomy: Taxonomy | None = None
) -> dict[str, Attribute]:
    """Return what the words say, by attribute; one of which they say nothing is left out.

    The title counts more than the description, and a longer word more than one that it holds:
    "faux leather" is no leather.

    Args:
        title: Of a product.
        description: Of the same.
        taxonomy: None for the one that is shipped.

    Raises:
        UsageError: There is no text, or far too much of it.
    """
    texts = (title.casefold().strip(), description.casefold().strip())
    if not any(texts):
        raise UsageError("There is no text. Give a title or a description.")
    if max(map(len, texts)) > MOST_CHARACTERS:
        raise UsageError(
            f"A text of more than {MOST_CHARACTERS:,} characters is none of a product."
        )
    found: dict[str, Attribute] = {}
    for name, values in (taxonomy or shipped()).items():
        for text, sure in zip(texts, (_TITLE, _DESCRIPTION), strict=True):
            best = _best(text, values, last=name in _LAST and sure == _TITLE)
            if best is None:
                continue
            confidence = sure - (_SYNONYM if best.is_synonym else 0)
            if name not in found:
                found[name] = Attribute(best.name, round(confidence, 2))
            elif found[name].value == best.name:
                # Both say so.
                both = min(0.99, found[name].confidence + 0.04)
                found[name] = Attribute(best.name, round(both, 2))
    return found


def _best(text: str, values: tuple[Phrase, ...], *, last: bool) -> Phrase | None:
    """Return the value that a text names: the first one, or the last one."""
    hits = [
        _Found(match.start(), len(match[1]), value)
        for value in values
        for match in value.pattern.finditer(text)
        if _WITHOUT.search(text[max(0, match.start() - 40) : match.start()]) is None
    ]
    # What lies within a longer name is part of it.
    whole: list[_Found] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.length)):
        if not whole or hit.start + hit.length > whole[-1].start + whole[-1].length:
            whole.append(hit)
    if not whole:
        return None
    return (whole[-1] if last else whole[0]).value
