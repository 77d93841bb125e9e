"""The little behaviour that the shared words have."""

from datetime import UTC, datetime

import numpy as np
import pytest

from bowerbird.types import Asset, Colour, Hit, Query, Results, Status, Term, read_terms


def test_results_are_a_sequence_of_hits() -> None:
    results = Results(np.array([5, 3]), np.array([0.5, 0.25], np.float32), 9)
    assert len(results) == 2
    assert list(results) == [Hit(5, 0.5), Hit(3, 0.25)]
    assert results[-1] == Hit(3, 0.25)
    assert results[:1] == [Hit(5, 0.5)]
    with pytest.raises(IndexError):
        results[2]


def test_distance_follows_from_score() -> None:
    assert Hit(1, 0.25).distance == 0.75
    assert Hit(1, None).distance is None
    assert Results(np.array([5]), None, 1)[0].score is None


def test_colour_as_hex() -> None:
    assert Colour(255, 0, 10, 0.5).hex == "#ff000a"


def test_folder_of_an_asset() -> None:
    now = datetime.now(UTC)
    for key, folder in (("a/b/c.jpg", "a/b"), ("c.jpg", "")):
        assert Asset(1, "u", 1, key, "c.jpg", 1, now, Status.OK).folder == folder


def test_what_ranks() -> None:
    assert not Query().has_terms
    assert Query(texts=("a",)).has_terms
    assert Query(embeddings=(np.ones(3, np.float32),)).has_terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("   ", ()),
        ("red  shoes ", (Term("red shoes"),)),
        ("beach -people", (Term("beach"), Term("people", -1.0))),
        ('-"two dogs" park', (Term("park"), Term("two dogs", -1.0))),
        ("t-shirt", (Term("t-shirt"),)),
        (
            "black-and-white -red -blue",
            (Term("black-and-white"), Term("red", -1.0), Term("blue", -1.0)),
        ),
        ("- ", (Term("-"),)),
    ],
)
def test_a_minus_leaves_out(text: str, terms: tuple[Term[str], ...]) -> None:
    assert read_terms(text) == terms
