"""What the training makes of a dictionary: which nouns a text names, and where they lean."""

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

TRAINING = Path(__file__).parents[3] / "packaging" / "models"
# Offset, names and kind of every noun; "crane" is a bird and, more often said, a machine.
THINGS = (
    ("00000001", "thing", ""),
    ("00000002", "animal", "00000001"),
    ("00000003", "bird", "00000002"),
    ("00000004", "crane", "00000003"),
    ("00000005", "heron", "00000003"),
    ("00000006", "machine", "00000001"),
    ("00000007", "crane", "00000006"),
    ("00000008", "digger", "00000006"),
    ("00000009", "polar_bear", "00000002"),
    ("00000010", "run", "00000001"),
)


@pytest.fixture
def senses(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(TRAINING))
    return importlib.import_module("senses")


@pytest.fixture
def dictionary(tmp_path: Path) -> Path:
    rows = []
    for offset, name, kind in THINGS:
        pointer = f"001 @ {kind} n 0000 " if kind else "000 "
        rows.append(f"{offset} 03 n 01 {name} 0 {pointer}| a {name}; it is one  ")
    for part in ("noun", "verb", "adj"):
        (tmp_path / f"data.{part}").write_text("\n".join(rows) if part == "noun" else "")
    names: dict[str, list[str]] = {}
    for offset, name, _ in THINGS:
        names.setdefault(name, []).append(offset)
    index = [f"{name} n {len(at)} 0 {len(at)} 0 {' '.join(at)}" for name, at in names.items()]
    (tmp_path / "index.noun").write_text("\n".join(["  1 A licence", *index]))
    (tmp_path / "noun.exc").write_text("geese goose\nherones heron\n")
    counts = (
        "crane%1:05:00:: 1 1",
        "crane%1:06:00:: 2 8",
        "run%1:04:00:: 1 2",
        "run%2:38:00:: 1 9",
    )
    (tmp_path / "cntlist.rev").write_text("\n".join(counts))
    return tmp_path


@pytest.fixture
def nouns(senses: ModuleType, dictionary: Path) -> Any:
    wordnet = importlib.import_module("texts").read_wordnet(dictionary)
    return senses.Nouns(dictionary, wordnet), wordnet


@pytest.mark.parametrize(
    ("text", "named", "said"),
    [
        ("a photo of a heron", ["heron"], 1),
        ("Two polar bears", ["polar bear"], 1),
        ("herones run past a red machine", ["heron", "machine"], 5),
        ("", [], 0),
    ],
)
def test_finds_the_nouns_of_a_text(nouns: Any, text: str, named: list[str], said: int) -> None:
    assert nouns[0].mentioned(text) == (named, said)


def test_composes_what_is_met_in_texts(nouns: Any) -> None:
    assert nouns[0].common() == ["crane", "run"]
    phrases = importlib.import_module("phrases")
    made = phrases.composed(nouns[0].common(), 5, 4)
    assert made == phrases.composed(nouns[0].common(), 5, 4)
    assert all(text.split()[0] in phrases.ADJECTIVES for text in made[:5])
    assert all(sum(noun in text for noun in ("crane", "run")) for text in made)
    assert len(made) == 9


def test_prefers_the_sense_that_is_used_most(nouns: Any) -> None:
    found, _ = nouns
    rows, chances = found.meanings("crane")
    assert found.keys[rows[int(chances.argmax())]] == "n00000007"
    assert chances.sum() == pytest.approx(1)


def test_a_word_for_no_class_leans_to_the_nearest_one(senses: ModuleType, nouns: Any) -> None:
    import torch

    found, wordnet = nouns
    classes = ["n00000005", "n00000008"]
    tree = senses.nearness(found, wordnet, classes)
    alike = np.random.default_rng(0).normal(size=(len(found.keys), 32))
    rows = [found.row[key] for key in classes]
    meant = senses.predicted(torch.eye(2), tree, alike, rows)
    bird, machine = meant[found.row["n00000004"]], meant[found.row["n00000007"]]
    assert bird[0] > bird[1]
    assert machine[1] > machine[0]
    assert np.linalg.norm(meant[rows], axis=1).mean() == pytest.approx(1, abs=1e-5)


def test_a_label_of_pictures_leans_to_its_own_code(senses: ModuleType, nouns: Any) -> None:
    found, _ = nouns
    meant = np.zeros((len(found.keys), 2), np.float32)
    meant[found.row["n00000005"]] = 1, 0
    codes = senses.Codes(found, meant, {7: np.array([0.0, 0.5])})
    leans = codes.lean(["a red sketch of a heron", "a heron", "xyz"], [7, 7, 8])
    assert leans[0] == pytest.approx(senses.LEAN * np.array([0, 0.5]))
    assert leans[1] == pytest.approx(senses.LEAN * np.array([1, 0]))
    assert not leans[2].any()
