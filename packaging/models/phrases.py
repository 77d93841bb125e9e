"""Say what a picture shows in the words that people type: captions, labels, templates, kinds."""

from __future__ import annotations

import re
import zlib
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
    "many {}s",
    "close-up of a {}",
    "a small photo of a {}",
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
STOP_WORDS = frozenset(
    """a an the is are was be in on at of to with and or by for from his her its their there this
    that it as while into up down out over some other another who which has have two""".split()
)
GREY = ("black and white", "a black and white photo", "black and white picture", "monochrome")


@dataclass
class Phrases:
    """The texts of one picture with a number for each meaning, to know what else they fit."""

    texts: list[str] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    captioned: bool = False


def key_of(text: str) -> int:
    """Return a number for a label, the same wherever it is used."""
    return zlib.crc32(text.lower().encode())


def phrases_of(items: list[Item], wordnet: dict[str, Synset]) -> list[Phrases]:
    """Return the texts of every picture."""
    return [_phrases(row, item, wordnet) for row, item in enumerate(items)]


def _phrases(row: int, item: Item, wordnet: dict[str, Synset]) -> Phrases:
    if item.set_name in CAPTIONED:
        texts = list(item.texts)
        return Phrases(texts, [-row - 1] * len(texts), captioned=True)
    texts = list(item.texts)
    if item.wordnet:
        texts += wordnet[item.wordnet].names[:3]
        texts += ancestors(wordnet, item.wordnet, 3)
    return Phrases(texts, [key_of(t) for t in texts])


def is_grey(pixels: np.ndarray) -> bool:
    """Tell whether a picture has (almost) no colour."""
    small = pixels[::8, ::8].astype(np.int16)
    return bool((small.max(-1) - small.min(-1)).mean() < 6)


def say(phrases: Phrases, chance: np.random.Generator) -> tuple[str, int]:
    """Return one way to name the picture, and its key."""
    index = int(chance.integers(len(phrases.texts)))
    text, key = phrases.texts[index], phrases.keys[index]
    if not phrases.captioned:
        return name(text, chance), key
    words = text.split()
    roll = chance.random()
    if roll < 0.1:
        words = [w for w in words if w.lower() not in STOP_WORDS] or words
    elif roll < 0.2 and len(words) > 6:
        start = int(chance.integers(0, len(words) - 4))
        words = words[start : start + int(chance.integers(4, 9))]
    return " ".join(words), key


def name(label: str, chance: np.random.Generator) -> str:
    """Put a label into a template; labels that are phrases already stay mostly as they are."""
    if len(label.split()) > 3:
        return label
    text = TEMPLATES[int(chance.integers(len(TEMPLATES)))].format(label)
    return re.sub(r"\ba (?=[aeiou])", "an ", text)
