"""Attributes of products: how often words and embeddings speak, and how often they are right.

    python tests/bench/attributes.py ../shared/data

Measured is the half that the shipped odds (`packaging/models/attributes.py`) were not fitted on:

- labels: `fashion/items.tsv`, whose labels name colour, gender, article and usage. Words read the
  label as it stands; the embedding has the picture, and the label without the words of the
  attribute that is asked for.
- unseen: synonyms of the taxonomy, one at a time taken out of it, in a few titles; and words that
  are none of its values, of which nothing should be said.

The pictures were among those that the built-in image tower was trained on, so those of a shop are
told less well. The last line is JSON.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bowerbird.actions.attributes import Taxonomy, read_attributes, shipped
from bowerbird.actions.guesses import Asked, Guesser, other_words, parts, read_measures
from bowerbird.decode.decoder import load_pixels
from bowerbird.engines.encoder import Encoder
from bowerbird.engines.models import DEFAULT, Models
from bowerbird.paths import model_cache

TITLES = ("{}", "red women's {}", "new {} for every day, size M", "soft {} by acme")
# What is of no attribute: other goods, model names, other languages.
NOTHING = (
    "wallet tie perfume deodorant cufflinks football umbrella keyring notebook shampoo superstar "
    "zoom ultraboost classic edition acme zzz model kleid hemd hose tasche schuhe chemise robe "
    "pantalon zapatos camisa vestido scarpe borsa"
)
BATCH = 64


@dataclass(frozen=True)
class Labelled:
    """A product shot: its label, and what the label's own fields say."""

    picture: Path
    label: str
    truth: dict[str, str]


@dataclass(frozen=True)
class Unseen:
    """A title with a word that the taxonomy is not to know, and its value, empty for none."""

    title: str
    value: str


class Remembering:
    """An encoder's texts, each embedded once: every taxonomy here is nearly the same."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: dict[str, np.ndarray] = {}
        self.id, self.dim = encoder.id, encoder.dim

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        """Return unit vectors, float32 [n, dim]."""
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        self._rows |= zip(new, self._encoder.encode_texts(new) if new else (), strict=True)
        return np.array([self._rows[text] for text in texts], np.float32).reshape(-1, self.dim)


def labelled(tsv: Path) -> list[Labelled]:
    """Return the rows of fashion's TSV."""
    found = []
    for line in tsv.read_text(encoding="utf-8").splitlines():
        name, _, texts = line.partition("\t")
        first, usage, article = texts.split(" | ")
        fields = {
            "colour": first.partition("'")[0].rpartition(" ")[0] or first.split()[0],
            "gender": first,
            "category": article,
            "style": "sporty" if usage.startswith("sports ") else usage.split()[0],
        }
        truth = {name: _said(name, text) for name, text in fields.items()}
        found.append(Labelled(tsv.parent / name, first, truth))
    return found


def _said(attribute: str, text: str) -> str:
    found = read_attributes(text, taxonomy={attribute: shipped()[attribute]}).get(attribute)
    return "" if found is None else found.value


def without(taxonomy: Taxonomy, attribute: str, text: str) -> str:
    """Return a text without the words of an attribute."""
    for phrase in sorted(taxonomy[attribute], key=lambda phrase: -len(phrase.text)):
        text = phrase.pattern.sub(" ", text.casefold())
    return " ".join(text.split())


def unseen(attribute: str, half: int) -> Iterator[tuple[Taxonomy, list[str], list[Unseen]]]:
    """Yield titles with a word, and what is known without it: a taxonomy, and words of nothing.

    Every other synonym of an attribute comes first, then every other word of no value.
    """
    nothing = list(other_words(shipped()))
    for phrase in [one for one in shipped()[attribute] if one.is_synonym][half::2]:
        taxonomy = less(attribute, phrase.text)
        titles = [title.format(phrase.text) for title in TITLES]
        # What the words that are left still read is not for the embedding.
        silent = [t for t in titles if attribute not in read_attributes(t, taxonomy=taxonomy)]
        yield taxonomy, nothing, [Unseen(title, phrase.name) for title in silent]
    words = [word for word in NOTHING.split() if not read_attributes(word)]
    for word in [*words, *nothing][half::2]:
        others = [other for other in nothing if word not in other and other not in word]
        yield shipped(), others, [Unseen(title.format(word), "") for title in TITLES]


def less(attribute: str, text: str) -> Taxonomy:
    """Return the taxonomy without one phrase."""
    kept = tuple(phrase for phrase in shipped()[attribute] if phrase.text != text)
    return {**shipped(), attribute: kept}


def picture_vectors(encoder: Encoder, pictures: Sequence[Path]) -> np.ndarray:
    """Return one unit vector a picture, float32 [pictures, dim]."""
    rows = []
    for start in range(0, len(pictures), BATCH):
        batch = []
        for path in pictures[start : start + BATCH]:
            with path.open("rb") as stream:
                batch.append(load_pixels(stream, path.name, encoder.spec, max_pixels=10**9))
        rows.append(encoder.encode_images(np.stack(batch)))
    return np.concatenate(rows)


def share(right: Sequence[bool], asked: int) -> dict[str, Any]:
    """Return how many were answered, their share, and the share of these that is right."""
    precision = round(float(np.mean(right)), 3) if right else None
    return {
        "answered": len(right),
        "share": round(len(right) / max(1, asked), 3),
        "right": precision,
    }


def asked(held: Sequence[Labelled], name: str, vectors: np.ndarray) -> list[Asked]:
    """Return what the embedding is to guess of labels: without the words of that attribute."""
    texts = [without(shipped(), name, one.label) for one in held]
    return [
        Asked(parts([text], shipped()), vector) for text, vector in zip(texts, vectors, strict=True)
    ]


def of_labels(guesser: Guesser, held: Sequence[Labelled], vectors: np.ndarray) -> dict[str, Any]:
    """Return what words say of labels, and what the embedding does without them."""
    figures: dict[str, Any] = {}
    for name in ("category", "gender", "style", "colour"):
        words = [
            found.value == one.truth[name]
            for one in held
            if (found := read_attributes(one.label).get(name))
        ]
        felt, sure = [], []
        guesses = guesser.guess(asked(held, name, vectors))
        for one, said in zip(held, guesses, strict=True):
            if name in said:
                felt.append(said[name].value == one.truth[name])
                sure.append(said[name].confidence)
        figures[name] = {
            "words": share(words, len(held)),
            "embedding": share(felt, len(held)),
            "confidence": round(float(np.mean(sure)), 3) if sure else None,
        }
    return figures


def of_unseen(encoder: Encoder, name: str, half: int) -> dict[str, Any]:
    """Return how often a synonym that is taken out of the taxonomy is still understood."""
    measures = read_measures()
    right: list[bool] = []
    synonyms = others = false = 0
    for taxonomy, nothing, cases in unseen(name, half):
        guesser = Guesser(encoder, taxonomy, measures, nothing)
        said = guesser.guess([Asked(parts([case.title], taxonomy)) for case in cases])
        for case, found in zip(cases, said, strict=True):
            synonyms += bool(case.value)
            others += not case.value
            if name in found:
                right.append(found[name].value == case.value)
                false += not case.value
    return {
        **share(right, synonyms + others),
        "synonyms_understood": round(sum(right) / max(1, synonyms), 3),
        "said_of_nothing": round(false / max(1, others), 3),
    }


def main() -> None:
    """Embed everything, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="a folder with fashion/items.tsv")
    options = parser.parse_args()
    models = Models(model_cache())
    encoder = models.encoder(DEFAULT)
    held = labelled(options.data / "fashion" / "items.tsv")[1::2]
    guesser = Guesser(encoder, shipped(), read_measures(), other_words(shipped()))
    labels = of_labels(guesser, held, picture_vectors(encoder, [one.picture for one in held]))
    measures = read_measures()
    texts: Any = Remembering(encoder)
    others = {name: of_unseen(texts, name, 1) for name in measures.text}
    began = time.perf_counter()
    guesser.guess(asked(held, "category", np.zeros((len(held), encoder.dim), np.float32)))
    rate = len(held) / (time.perf_counter() - began)
    models.close()
    for kind, rows in (("labels", labels), ("unseen", others)):
        for name, row in rows.items():
            print(f"{kind}  {name}  {json.dumps(row)}")
    print(json.dumps({"labels": labels, "unseen": others, "texts_per_second": round(rate)}))


if __name__ == "__main__":
    main()
