"""Suggests tags: the words of a vocabulary that a picture's embedding is unusually near to."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bowerbird import paths
from bowerbird.errors import UsageError
from bowerbird.types import Suggestion

if TYPE_CHECKING:
    from bowerbird.engines.encoder import Encoder
    from bowerbird.types import Vector

# A word is looked for in each of these sentences.
SENTENCES = ("{}", "a photo of {}", "a picture of {}")
# Pictures of a library that say how near a word usually is, where nothing else does.
ENOUGH = 100


@dataclass(frozen=True, slots=True)
class Word:
    """One tag: its kind, and what is looked for."""

    name: str
    kind: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usual:
    """What is known of words before a picture is seen, see `packaging/models/tags.py`.

    Attributes:
        encoder: The model whose cosines these are.
        slope: What a standard deviation of nearness adds to the log odds.
        prior_slope: What the logarithm of how common a word is adds.
        offset: The rest of the log odds.
        floor: How common a word counts at least, as a logarithm.
        threshold: The confidence at which a tag is worth showing.
        words: Mean and standard deviation of the cosine, and how common it is, by word.
    """

    encoder: str
    slope: float
    prior_slope: float
    offset: float
    floor: float
    threshold: float
    words: Mapping[str, tuple[float, float, float]]


def read_usual() -> Usual:
    """Return what is shipped."""
    data = json.loads(paths.resource("vocabulary/tags.json").read_text("utf-8"))
    return Usual(**{**data, "words": {name: tuple(row) for name, row in data["words"].items()}})


def read_vocabulary(own: Path) -> list[Word]:
    """Return the words to look for: those that are shipped, and the user's.

    Args:
        own: The user's file, which need not be there. Its words come after those that are shipped;
            a type without words takes these away.

    Raises:
        UsageError: The user's file cannot be understood.
    """
    found = _parse(paths.resource("vocabulary/tags.toml").read_text("utf-8"))
    try:
        mine = _parse(own.read_text("utf-8"))
    except FileNotFoundError:
        mine = {}
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"The vocabulary in {own} cannot be read ({error}). Correct or delete the file."
        ) from error
    for kind, words in mine.items():
        found[kind] = {**found.get(kind, {}), **words} if words else {}
    return [
        Word(name, kind, (name, *also))
        for kind, words in found.items()
        for name, also in words.items()
    ]


def _parse(text: str) -> dict[str, dict[str, list[str]]]:
    data: dict[str, Any] = tomllib.loads(text)
    for kind, words in data.items():
        if not isinstance(words, dict):
            raise TypeError(f"[{kind}] must be a table of words")
        for name, also in words.items():
            if not isinstance(also, list) or not all(isinstance(one, str) for one in also):
                raise TypeError(f"{name!r} must have a list of texts")
    return data


class Tagger:
    """Suggests tags with one encoder; the words are embedded once.

    Args:
        encoder: Embeds the words.
        words: The vocabulary.
        usual: What is known of them.
        sample: Embeddings of the library's own pictures, float32 [n, dim], for words and models
            of which nothing is known; words are left out while there are too few.
    """

    def __init__(
        self, encoder: Encoder, words: Sequence[Word], usual: Usual, sample: Vector
    ) -> None:
        texts = [s.format(text) for word in words for text in word.texts for s in SENTENCES]
        vectors = iter(encoder.encode_texts(texts)) if texts else iter(())
        rows = []
        for word in words:
            mean = np.mean([next(vectors) for _ in range(len(word.texts) * len(SENTENCES))], 0)
            rows.append(mean / np.linalg.norm(mean))
        self._usual = usual
        known = usual.words if usual.encoder == encoder.id else {}
        means, spreads, priors, kept = [], [], [], []
        for number, (word, row) in enumerate(zip(words, rows, strict=True)):
            common = usual.words[word.name][2] if word.name in usual.words else usual.floor
            if word.name in known:
                mean, spread, _ = known[word.name]
            elif len(sample) >= ENOUGH:
                cosines = sample @ row
                mean, spread = float(cosines.mean()), max(1e-4, float(cosines.std()))
            else:
                continue
            kept.append(number)
            means.append(mean)
            spreads.append(spread)
            priors.append(max(common, usual.floor))
        self._words = [words[number] for number in kept]
        self._vectors = np.array([rows[number] for number in kept], np.float32)
        self._mean, self._spread = np.array(means, np.float32), np.array(spreads, np.float32)
        self._prior = np.array(priors, np.float32)

    def suggest(
        self, embeddings: Vector, least: float | None = None
    ) -> list[tuple[Suggestion, ...]]:
        """Return tags for each picture, the surest first.

        Args:
            embeddings: float32 [n, dim], unit length.
            least: Confidence from which a tag is worth showing; None for what the dev photos say.
        """
        if not self._words:
            return [()] * len(embeddings)
        usual = self._usual
        near = (embeddings @ self._vectors.T - self._mean) / self._spread
        odds = usual.slope * near + usual.prior_slope * self._prior + usual.offset
        sure = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        line = usual.threshold if least is None else least
        return [
            tuple(
                Suggestion(self._words[at].name, self._words[at].kind, round(float(row[at]), 4))
                for at in np.argsort(-row, kind="stable")
                if row[at] >= line
            )
            for row in sure
        ]
