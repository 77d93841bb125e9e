"""Say what a picture shows in the words that people type: captions, labels, templates, kinds."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from data import Item
from texts import Synset, ancestors

CAPTIONED = frozenset({"flickr8k", "coco", "conceptual", "figures"})
TEMPLATES = (
    "{}",
    "{}",
    "{}",
    "a {}",
    "a photo of a {}",
    "photo of {}",
    "a picture of a {}",
    "one {}",
    "the {}",
    "{}s",
    "close-up of a {}",
    "a small photo of a {}",
)
ADJECTIVES = (
    *("red", "blue", "green", "yellow", "white", "black", "brown", "grey", "pink", "purple"),
    *("orange", "wooden", "metal", "old", "small", "big", "tiny", "colorful", "dark", "bright"),
    *("broken", "wet", "round"),
)
TOGETHER = (
    *("{} and {}", "a {} with a {}", "{} on a {}", "a {} in front of a {}", "{} near {}"),
    "{} next to a {}",
)
KINDS = {
    "screenshots": ("screenshot", "a screenshot of a program", "dialog window", "user interface"),
    "emoji": ("emoji", "an icon", "a cartoon icon", "smiley and symbol"),
    "memes": ("meme", "a meme template", "funny picture"),
    "figures": ("illustration from a book", "figure"),
    "fashion": ("product photo", "product on a white background", "clothes and accessories"),
    "fashion-cutouts": ("product photo", "product on a white background"),
    "clothing": ("clothes", "a photo of clothing", "garment"),
}
GREY = ("black and white", "a black and white photo", "black and white picture", "monochrome")
COLOURED = ("{}", "mostly {}", "a {} picture", "{} colours", "something {}", "{} background")
# Name, and where on the colour circle of six it begins and ends.
HUES = (
    ("red", 0.0, 0.3),
    ("orange", 0.3, 0.75),
    ("yellow", 0.75, 1.2),
    ("green", 1.2, 2.7),
    ("blue", 2.7, 4.3),
    ("purple", 4.3, 5.1),
    ("pink", 5.1, 5.7),
)


@dataclass
class Phrases:
    """The texts of one picture with a number for each meaning, to know what else they fit."""

    texts: list[str] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    captioned: bool = False
    extras: list[tuple[tuple[str, ...], int]] = field(default_factory=list)


def key_of(text: str) -> int:
    """Return a number for a label, the same wherever it is used."""
    return zlib.crc32(text.lower().encode())


def phrases_of(items: list[Item], wordnet: dict[str, Synset], pixels: np.ndarray) -> list[Phrases]:
    """Return the texts of every picture, with what its set and its colours say of it."""
    found = []
    for row, item in enumerate(items):
        phrases = _phrases(row, item, wordnet)
        if item.set_name in KINDS:
            phrases.extras.append((KINDS[item.set_name], key_of(f"kind:{item.set_name}")))
        for colour in colours_of(pixels[row]):
            texts = GREY if colour == "grey" else tuple(t.format(colour) for t in COLOURED)
            phrases.extras.append((texts, key_of(f"colour:{colour}")))
        found.append(phrases)
    return found


def _phrases(row: int, item: Item, wordnet: dict[str, Synset]) -> Phrases:
    if item.set_name in CAPTIONED:
        texts = list(item.texts)
        return Phrases(texts, [-row - 1] * len(texts), captioned=True)
    texts = list(item.texts)
    if item.wordnet:
        texts += wordnet[item.wordnet].names[:3]
        texts += ancestors(wordnet, item.wordnet, 3)
    return Phrases(texts, [key_of(t) for t in texts])


def colours_of(pixels: np.ndarray) -> list[str]:
    """Return the colour that a picture mostly has, "grey" if it has none, nothing if mixed."""
    small = pixels[6::14, 6::14].reshape(-1, 3).astype(np.float32)
    high, low = small.max(1), small.min(1)
    span = high - low
    if span.mean() < 6:
        return ["grey"]
    red, green, blue = small.T
    turn = np.where(
        high == red,
        (green - blue) / (span + 1e-3) % 6,
        np.where(
            high == green, (blue - red) / (span + 1e-3) + 2, (red - green) / (span + 1e-3) + 4
        ),
    )
    vivid = (span > 0.35 * high) & (high > 60)
    parts = {name: (vivid & (turn >= a) & (turn < b)).mean() for name, a, b in HUES}
    parts["red"] += (vivid & (turn >= 5.7)).mean()
    parts["white"] = ((high > 215) & (span < 25)).mean()
    parts["black"] = (high < 40).mean()
    return [name for name, share in parts.items() if share > 0.4]


def name(label: str, chance: np.random.Generator) -> str:
    """Put a label into a template; labels that are phrases already stay mostly as they are."""
    if len(label.split()) > 3:
        return label
    bare = re.sub(r"^(a|an|the) ", "", label)
    text = TEMPLATES[int(chance.integers(len(TEMPLATES)))].format(bare)
    return re.sub(r"\ba (?=[aeiou])", "an ", text)


def composed(nouns: list[str], qualified: int, paired: int) -> list[str]:
    """Return nouns with an adjective, and nouns in twos, drawn by the same chance every time."""
    chance = np.random.default_rng(5)

    def draw(words: Sequence[str], count: int) -> list[str]:
        return [words[row] for row in chance.integers(len(words), size=count)]

    alone = map(" ".join, zip(draw(ADJECTIVES, qualified), draw(nouns, qualified), strict=True))
    twos = zip(draw(TOGETHER, paired), draw(nouns, paired), draw(nouns, paired), strict=True)
    return [*alone, *(form.format(one, other) for form, one, other in twos)]


@dataclass
class Sayings:
    """Every way in which the pictures are spoken of, written out once.

    Attributes:
        texts: all of them, each once.
        owned: rows of `texts` that fit each picture.
        keys: the meaning of each text; a caption's is its own.
        names: rows of `texts` that name each class.
    """

    texts: list[str]
    owned: list[list[int]]
    keys: np.ndarray
    names: list[list[int]]


def write_out(phrases: list[Phrases], prompts: list[list[str]]) -> Sayings:
    """Write out captions as they are, and labels and names in a few templates each."""
    place: dict[str, int] = {}
    keys: list[int] = []
    chance = np.random.default_rng(2)

    def row(text: str, key: int | None = None) -> int:
        if text not in place:
            place[text] = len(keys)
            keys.append(key_of(text) if key is None else key)
        return place[text]

    ways: dict[tuple[str, int], list[int]] = {}

    def named(label: str, key: int) -> list[int]:
        if (label, key) not in ways:
            said = [label, *(name(label, chance) for _ in range(3))]
            ways[label, key] = [row(text, key) for text in said]
        return ways[label, key]

    owned = []
    for found in phrases:
        rows = []
        for text, key in zip(found.texts, found.keys, strict=True):
            rows += [row(text)] if found.captioned else named(text, key)
        for texts, key in found.extras:
            rows += [row(text, key) for text in texts[:2]]
        owned.append(rows)
    names = [[r for label in labels for r in named(label, key_of(label))] for labels in prompts]
    return Sayings(list(place), owned, np.array(keys), names)
