"""Guesses what no word of a product's texts says, from embeddings of its words and its picture.

Texts are compared by parts: each word and each pair of neighbours that the taxonomy does not know
is held against every phrase of it ("kimono" lies near "gown"). A picture is held against the mean
of a value's phrases; its cosines are standardised, since some phrases are near to every picture.
How far the best value lies before the next one (margin) and how near it is at all (nearness) give
the log odds that it is right: `margin * a + nearness * b + offset`, fitted by
`packaging/models/attributes.py` and kept in `vocabulary/guesses.json`. Attributes and values that
are not told well enough apart are not in there, and nothing is ever guessed of them: colour,
style, material, pattern, neckline and the others (wrong too often, or said too seldom to know).

Measured by `tests/bench/attributes.py` on products that were not fitted on: from pictures, category
answers 24 % and is right 0.86 of the time, women or men 61 % and 0.87; from words, 16 % of synonyms
that the taxonomy is made to forget. All 36 of those titles were right, but they hold some nine
words, the method was chosen with both halves seen, and other ways to halve gave 0.64 to 0.9.
"""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from bowerbird import paths
from bowerbird.actions.attributes import Taxonomy
from bowerbird.types import Attribute

if TYPE_CHECKING:
    from bowerbird.engines.encoder import Encoder
    from bowerbird.types import Vector

# A guess is said to be no surer than this: the image tower has seen many of the very pictures that
# its guesses were measured on, and a word always is the better witness.
SUREST = 0.84
# So many words of a text are looked at; what a product is stands at its beginning.
MOST_WORDS = 24
_RUN = re.compile(r"[^a-z'\s-]+")
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
# Words that are not of a thing.
_IDLE = (
    "and are all any but can day every for from her him his its new not our per size set the this "
    "that they was with without you your"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """How well one attribute is guessed by one way.

    Attributes:
        usual: Mean and standard deviation of nearness, by value; these compete.
        odds: Weights of margin and nearness, and the offset, by value; these may be said.
        threshold: The probability from which one is said.
    """

    usual: Mapping[str, tuple[float, float]]
    odds: Mapping[str, tuple[float, float, float]]
    threshold: float


@dataclass(frozen=True, slots=True)
class Measures:
    """What is known of guesses: by attribute, from texts and from pictures, of one encoder."""

    encoder: str
    text: Mapping[str, Measured] = field(default_factory=dict)
    picture: Mapping[str, Measured] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One product of which some attributes are still unknown.

    Attributes:
        parts: Of its texts, see `parts`.
        picture: Its picture's embedding, float32 [dim], or None.
        known: Attributes that need no guess.
    """

    parts: tuple[str, ...]
    picture: Vector | None = None
    known: frozenset[str] = frozenset()


def read_measures() -> Measures:
    """Return what is shipped."""
    data = json.loads(paths.resource("vocabulary/guesses.json").read_text("utf-8"))
    return Measures(data["encoder"], _measured(data["text"]), _measured(data["picture"]))


def other_words(taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return words of things and places, from the vocabulary of tags, that a taxonomy lacks."""
    kinds = tomllib.loads(paths.resource("vocabulary/tags.toml").read_text("utf-8")).values()
    words = [text for kind in kinds for name, also in kind.items() for text in (name, *also)]
    known = [phrase.pattern for phrases in taxonomy.values() for phrase in phrases]
    return tuple(word for word in words if not any(one.search(word) for one in known))


def _measured(tables: dict[str, dict[str, Any]]) -> dict[str, Measured]:
    return {
        name: Measured(
            {value: (row[0], row[1]) for value, row in table["usual"].items()},
            {value: (row[0], row[1], row[2]) for value, row in table["odds"].items()},
            table["threshold"],
        )
        for name, table in tables.items()
    }


def parts(texts: Iterable[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the words of texts that the taxonomy does not know, and pairs of neighbours.

    The encoder reads English alone, so words in other scripts are left out.
    """
    found: dict[str, None] = {}
    idle = _IDLE.split()
    known = [phrase for phrases in taxonomy.values() for phrase in phrases]
    # A longer phrase first: a "t-shirt" holds a "shirt".
    known.sort(key=lambda phrase: -len(phrase.text))
    for text in texts:
        rest = " ".join(text.casefold().split()[:MOST_WORDS])
        for phrase in known:
            rest = phrase.pattern.sub("|", rest)
        for run in _RUN.split(rest):
            words = [word for word in _WORD.findall(run) if len(word) > 2 and word not in idle]
            found.update(dict.fromkeys(words))
            found.update((" ".join(pair), None) for pair in itertools.pairwise(words))
    return tuple(found)


class Guesser:
    """Guesses with one encoder; the phrases of the taxonomy are embedded once.

    Args:
        encoder: Embeds texts; where nothing is measured of it, nothing is ever guessed.
        taxonomy: The attributes, their values and phrases.
        measures: How well each is guessed.
        nothing: Words of no attribute; what is nearer to one of them says nothing.

    Raises:
        ModelError: The encoder cannot be loaded or run.
    """

    def __init__(
        self,
        encoder: Encoder,
        taxonomy: Taxonomy,
        measures: Measures,
        nothing: Sequence[str],
    ) -> None:
        self._encoder = encoder
        fits = measures.encoder == encoder.id
        self._text = dict(measures.text) if fits else {}
        self._picture = dict(measures.picture) if fits else {}
        self._taxonomy = {
            name: phrases
            for name, phrases in taxonomy.items()
            if name in self._text or name in self._picture
        }
        texts = [phrase.text for phrases in self._taxonomy.values() for phrase in phrases]
        texts += nothing
        rows = iter(encoder.encode_texts(texts) if texts else ())
        self._vectors = {
            name: np.array([next(rows) for _ in phrases], np.float32)
            for name, phrases in self._taxonomy.items()
        }
        # Where the phrases of each value stand, and how they begin.
        self._columns: dict[str, dict[str, list[tuple[int, frozenset[str]]]]] = {}
        for name, phrases in self._taxonomy.items():
            places = self._columns.setdefault(name, {})
            for column, phrase in enumerate(phrases):
                places.setdefault(phrase.name, []).append((column, _beginnings(phrase.text)))
        self._nothing = np.array(list(rows), np.float32).reshape(-1, encoder.dim)

    def guess(self, asked: Sequence[Asked]) -> list[dict[str, Attribute]]:
        """Return for each product what it may be, by attribute; mostly that is little.

        All texts are embedded in one call.

        Raises:
            ModelError: The encoder cannot be run.
        """
        texts = list(dict.fromkeys(part for one in asked for part in one.parts if self._text))
        vectors = self._encoder.encode_texts(texts) if texts else ()
        rows = dict(zip(texts, vectors, strict=True))
        return [self._guess(one, rows) for one in asked]

    def _guess(self, one: Asked, rows: Mapping[str, Vector]) -> dict[str, Attribute]:
        said: dict[str, Attribute] = {}
        own = [rows[part] for part in one.parts if part in rows]
        for name in self._taxonomy:
            if name in one.known:
                continue
            ways = []
            if own and name in self._text:
                near = self.by_text(name, one.parts, np.array(own, np.float32))
                ways.append(_judge(near, self._text[name]))
            if one.picture is not None and name in self._picture:
                ways.append(_judge(self.by_picture(name, one.picture), self._picture[name]))
            sure = [way for way in ways if way is not None]
            if sure:
                said[name] = max(sure, key=lambda way: way.confidence)
        return said

    def by_text(self, name: str, parts: Sequence[str], vectors: Vector) -> dict[str, float]:
        """Return how near the nearest part of a text is to each value's two nearest phrases.

        One phrase may be near by chance, two seldom are. What is nearer to a word of nothing does
        not count, nor does what begins like a phrase: the encoder knows words by their pieces,
        and takes a "park" for a "parka".

        Args:
            name: An attribute.
            parts: At least one.
            vectors: Of these, float32 [n, dim].
        """
        near = vectors @ self._vectors[name].T
        if len(self._nothing):
            near[near.max(1) <= (vectors @ self._nothing.T).max(1)] = -1
        found = dict.fromkeys(self._columns[name], -1.0)
        for row, part in zip(near.tolist(), parts, strict=True):
            own = _beginnings(part)
            for value, places in self._columns[name].items():
                best = sorted(row[at] for at, begins in places if own.isdisjoint(begins))[-2:]
                if best:
                    found[value] = max(found[value], sum(best) / len(best))
        return found

    def by_picture(self, name: str, vector: Vector) -> dict[str, float]:
        """Return how near a picture, float32 [dim], is to the mean of each value's phrases."""
        sums: dict[str, Vector] = {}
        for phrase, row in zip(self._taxonomy[name], self._vectors[name], strict=True):
            sums[phrase.name] = sums[phrase.name] + row if phrase.name in sums else row
        return {value: float(vector @ (row / np.linalg.norm(row))) for value, row in sums.items()}


def _beginnings(text: str) -> frozenset[str]:
    return frozenset(word[:4] for word in re.split(r"[\s-]+", text))


def best(
    near: Mapping[str, float], usual: Mapping[str, tuple[float, float]]
) -> tuple[str, float, float]:
    """Return the value that is nearest, its margin over the next one, and its nearness."""
    scores = sorted(
        ((near[value] - mean) / spread, value)
        for value, (mean, spread) in usual.items()
        if value in near
    )
    if not scores:
        return "", 0.0, 0.0
    nearness, value = scores[-1]
    return value, nearness - scores[-2][0] if len(scores) > 1 else 0.0, nearness


def _judge(near: Mapping[str, float], measured: Measured) -> Attribute | None:
    """Return the nearest value where it is probable enough."""
    value, margin, nearness = best(near, measured.usual)
    if value not in measured.odds:
        return None
    by_margin, by_nearness, offset = measured.odds[value]
    odds = margin * by_margin + nearness * by_nearness + offset
    sure = float(1 / (1 + np.exp(-np.clip(odds, -30, 30))))
    if sure < measured.threshold:
        return None
    return Attribute(value, round(min(sure, SUREST), 2), "embedding")
