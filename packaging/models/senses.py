"""Say which things words make one think of, so that texts lean to codes as pictures do.

A name of a thing that no labelled picture shows is a guess for a text tower that has heard captions
and a sentence teacher: of "lion" the teacher thinks of sea lions and lionfish, of "computer
keyboard" of computers. Its dictionary's explanation says it far better. So the code of every noun's
every meaning is predicted from those of the guessed classes, by how alike their explanations are
(as the sentence teacher reads them) and how near they are in WordNet (Lin, "An
Information-Theoretic Definition of Similarity", ICML 1998): a Gaussian process's mean, which stays
short for what is like none of the classes. Labels of pictures that have no class in the dictionary
have codes of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from data import Item
from naming import codes_of
from phrases import CAPTIONED, Sayings, key_of
from texts import Synset, TextTeacher
from torch import Tensor

LEAN = 1.56  # how far a text leans to the code of what it names, if that is a class
NEAR, NOISE = 0.4, 0.3  # the process's length scale, and how little it trusts a class's code
TREE = 0.3  # what WordNet's tree says of likeness, beside explanations
SENSES = 4  # of a noun; further ones are rare
# Pictures that a label needs for a code, and that it has to outweigh; how long it is at most.
FEWEST, PRIOR, LONGEST = 3, 4, 0.51
# Nouns by the dictionary that name nothing to see, in captions at least.
EMPTY = frozenset(
    """a an the of in on at to with and or by for from as is are be it its he she his her they them
    their this that no not up down out off over under into i my me we you us who what which while
    some one two three four five six seven eight nine ten another other others few lot many front
    back side top middle background foreground group couple pair picture photo image photograph
    number way kind type set piece inside outside near next s close small""".split()
)
PLURALS = (
    *(("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh")),
    *(("ies", "y"), ("men", "man"), ("s", "")),
)
WORDS = re.compile(r"[a-z']+")


class Nouns:
    """WordNet's nouns with what they may mean.

    Args:
        folder: Where WordNet's files lie.
        wordnet: Its synsets, as `read_wordnet` gives them.
    """

    def __init__(self, folder: Path, wordnet: dict[str, Synset]) -> None:
        self.keys = sorted(key for key in wordnet if key[0] == "n")
        self.row = {key: row for row, key in enumerate(self.keys)}
        self._uses = _read_uses(folder)
        self._irregular = dict(
            line.replace("_", " ").split(" ")[:2]
            for line in (folder / "noun.exc").read_text().splitlines()
            if "_" not in line
        )
        self._meanings = {}
        for line in (folder / "index.noun").read_text(encoding="latin-1").splitlines():
            if line[0] != " ":
                fields = line.split()
                found = [f"n{offset}" for offset in fields[-int(fields[2]) :]]
                self._meanings[fields[0].replace("_", " ")] = found[:SENSES]

    def names(self) -> list[str]:
        """Return all nouns that are words."""
        return [n for n in self._meanings if re.fullmatch(r"[a-z][a-z' -]+", n) and len(n) > 2]

    def common(self) -> list[str]:
        """Return the nouns that were met in texts."""
        return [noun for noun in self.names() if ("1", noun) in self._uses]

    def meanings(self, noun: str) -> tuple[list[int], np.ndarray]:
        """Return rows of `keys` that a noun may mean, and how likely each is."""
        found = self._meanings[noun]
        uses = self._uses.get(("1", noun), {})
        counts = np.array([uses.get(n + 1, 0) + 0.5 / (n + 1) for n in range(len(found))])
        return [self.row[key] for key in found], counts / counts.sum()

    def mentioned(self, text: str) -> tuple[list[str], int]:
        """Return the nouns in a text, the longest that fit, and how many things it says."""
        words = WORDS.findall(text.lower())
        found, said, place = [], 0, 0
        while place < len(words):
            for length in (3, 2, 1):
                noun = self._noun(words[place : place + length])
                if noun:
                    found.append(noun)
                    break
            said += bool(noun) or words[place] not in EMPTY
            place += length
        return found, said

    def _noun(self, words: list[str]) -> str | None:
        text = " ".join(words)
        if len(words) == 1 and (text in EMPTY or len(text) < 3):
            return None
        noun = self._singular(text)
        if noun is None or len(words) > 1:
            return noun
        uses = [sum(self._uses.get((kind, noun), {}).values()) for kind in "1234"]
        return noun if uses[0] >= sum(uses[1:]) else None

    def _singular(self, text: str) -> str | None:
        if text in self._irregular:
            return self._irregular[text]
        ends = [text, *(text[: -len(a)] + b for a, b in PLURALS if text.endswith(a))]
        return next((end for end in ends if end in self._meanings), None)


def _read_uses(folder: Path) -> dict[tuple[str, str], dict[int, int]]:
    """Return how often a word was met in each of its senses, by part of speech and word."""
    found: dict[tuple[str, str], dict[int, int]] = {}
    for line in (folder / "cntlist.rev").read_text(encoding="latin-1").splitlines():
        key, sense, count = line.split()
        word, _, rest = key.partition("%")
        kind = rest[0].replace("5", "3")  # a satellite is an adjective too
        found.setdefault((kind, word.replace("_", " ")), {})[int(sense)] = int(count)
    return found


def explained(nouns: Nouns, wordnet: dict[str, Synset], teacher: TextTeacher) -> np.ndarray:
    """Return the text teacher's vectors of every meaning's explanation, float16 [keys, 384]."""
    texts = []
    for key in nouns.keys:
        own = wordnet[key]
        kind = wordnet[own.parents[0]].names[0] if own.parents else "thing"
        texts.append(f"{', '.join(own.names)}, a kind of {kind}: {own.explanation}")
    return teacher.encode(texts)


def nearness(nouns: Nouns, wordnet: dict[str, Synset], classes: list[str]) -> np.ndarray:
    """Return Lin's similarity of every meaning and every class, float32 [keys, classes]."""
    kinds = {key: _kinds(wordnet, key) for key in nouns.keys}
    below = np.zeros(len(nouns.keys))
    for rows in kinds.values():
        below[[nouns.row[k] for k in rows]] += 1
    tells = (1 - np.log(below) / np.log(len(below))).astype(np.float32)
    shared = np.zeros((len(nouns.keys), len(classes)), np.float32)
    for column, key in enumerate(classes):
        rows = [nouns.row[k] for k in kinds[key]]
        shared[rows, column] = tells[rows]
    own = tells[[nouns.row[key] for key in classes]]
    found = np.zeros_like(shared)
    for row, key in enumerate(nouns.keys):
        nearest = shared[[nouns.row[k] for k in kinds[key]]].max(0)
        found[row] = 2 * nearest / (tells[row] + own + 1e-9)
    return found


def _kinds(wordnet: dict[str, Synset], key: str) -> set[str]:
    found, left = {key}, [key]
    while left:
        fresh = set(wordnet[left.pop()].parents) - found
        found |= fresh
        left += fresh
    return found


def predicted(codes: Tensor, tree: np.ndarray, vectors: np.ndarray, rows: list[int]) -> np.ndarray:
    """Return the code of every meaning, about as long as it is sure, float32 [keys, dim].

    Args:
        codes: the classes', [classes, dim].
        tree: what `nearness` returns.
        vectors: what `explained` returns.
        rows: of the classes among the meanings.
    """
    x = vectors.astype(np.float32)
    x -= x[rows].mean(0)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    alike = TREE * tree + (1 - TREE) * x @ x[rows].T
    kernel = np.exp((alike - 1) / NEAR)
    found = kernel @ np.linalg.solve(kernel[rows] + NOISE * np.eye(len(rows)), codes.numpy())
    return (found / np.linalg.norm(found[rows], axis=1).mean()).astype(np.float32)


def label_codes(
    items: list[Item], sayings: Sayings, pictures: Tensor, weights: np.ndarray
) -> dict[int, np.ndarray]:
    """Return the codes of labels that are no classes, by their keys, from the pictures they fit.

    Args:
        items: the pictures.
        sayings: their texts.
        pictures: unit embeddings, [n, dim].
        weights: how often each is drawn, [n].
    """
    owners: dict[int, set[int]] = {}
    for row, (item, own) in enumerate(zip(items, sayings.owned, strict=True)):
        if item.held_out or item.wordnet or item.set_name in CAPTIONED:
            continue
        for text in own:
            owners.setdefault(int(sayings.keys[text]), set()).add(row)
    owners = {key: rows for key, rows in owners.items() if len(rows) >= FEWEST}
    fits = torch.zeros(len(owners), len(items))
    for place, rows in enumerate(owners.values()):
        fits[place, list(rows)] = 1
    sure = LONGEST * np.array([len(rows) / (len(rows) + PRIOR) for rows in owners.values()])
    codes = codes_of(pictures, torch.from_numpy(weights), fits).numpy() * sure[:, None]
    return dict(zip(owners, codes, strict=True))


@dataclass(frozen=True)
class Codes:
    """Where texts lean.

    Attributes:
        nouns: the dictionary's.
        meant: the codes of its meanings, as `predicted` gives them.
        labels: those of labels, as `label_codes` gives them.
    """

    nouns: Nouns
    meant: np.ndarray
    labels: dict[int, np.ndarray]

    def of_noun(self, noun: str) -> np.ndarray:
        """Return the code of what a noun may mean, and of the label that it may be."""
        rows, chances = self.nouns.meanings(noun)
        found = chances @ self.meant[rows]
        own = self.labels.get(key_of(noun))
        if own is None:
            return found
        return (found + own) / max(1, np.linalg.norm(found + own) / LONGEST)

    def lean(self, texts: list[str], keys: list[int]) -> np.ndarray:
        """Return how texts lean: as their only noun does, or their label, or all their nouns.

        The more a text says beside its nouns, the less; a whole caption hardly does.

        Args:
            texts: captions, labels, names.
            keys: the meaning of each.

        Returns:
            float32 [texts, dim].
        """
        found = np.zeros((len(texts), self.meant.shape[1]), np.float32)
        for row, (text, key) in enumerate(zip(texts, keys, strict=True)):
            named, said = self.nouns.mentioned(text)
            if key in self.labels and not (named and said == 1):
                found[row] = LEAN * self.labels[key]
            elif named:
                found[row] = LEAN * np.mean([self.of_noun(noun) for noun in named], axis=0) / said
        return found
