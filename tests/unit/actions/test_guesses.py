"""Guesses of what no word says; the encoder sees colours, so that these stand for all."""

import numpy as np
import pytest

from bowerbird.actions.attributes import parse, read_attributes, shipped
from bowerbird.actions.guesses import (
    MOST_WORDS,
    SUREST,
    Asked,
    Guesser,
    Measured,
    Measures,
    best,
    other_words,
    parts,
    read_measures,
)
from bowerbird.engines.models import Models
from bowerbird.paths import model_cache
from helpers.encoders import FakeEncoder

TAXONOMY = parse('[tone]\nwarm = ["red", "red orange"]\ncold = ["blue", "blue green"]')
USUAL = {"warm": (0.0, 1.0), "cold": (0.0, 1.0)}
SAYS = Measured(USUAL, dict.fromkeys(USUAL, (10.0, 1.0, -2.0)), 0.6)
MEASURES = Measures("fake-1", {"tone": SAYS}, {"tone": SAYS})
RED = FakeEncoder().encode_texts(["red"])[0]


def guesser(encoder: FakeEncoder | None = None, measures: Measures = MEASURES) -> Guesser:
    return Guesser(encoder or FakeEncoder(), TAXONOMY, measures, ())


def test_a_picture_is_named_by_the_value_it_is_nearest_to() -> None:
    said = guesser().guess([Asked((), RED)])[0]["tone"]
    assert (said.value, said.source) == ("warm", "embedding")
    assert 0.6 <= said.confidence <= SUREST


def test_a_part_of_a_text_is_named_so_too() -> None:
    # "yellow orange" is warm, and is spelled like no phrase of it but one.
    said = guesser().guess([Asked(("yellow", "yellow red"))])[0]
    assert {name: one.value for name, one in said.items()} == {"tone": "warm"}
    assert guesser().guess([Asked(())]) == [{}]


def test_what_is_known_or_unmeasured_is_not_guessed() -> None:
    assert guesser().guess([Asked((), RED, frozenset({"tone"}))]) == [{}]
    for wrong in (
        Measures("another-1", {"tone": SAYS}, {"tone": SAYS}),
        Measures("fake-1"),
        Measures("fake-1", picture={"tone": Measured(USUAL, {"cold": (10.0, 1.0, -2.0)}, 0.6)}),
        Measures("fake-1", picture={"tone": Measured(USUAL, dict(SAYS.odds), 0.9999999)}),
    ):
        assert guesser(measures=wrong).guess([Asked((), RED)]) == [{}]


def test_what_is_nearer_to_nothing_says_nothing() -> None:
    asked = [Asked(("yellow",))]
    assert guesser().guess(asked)[0]
    aware = Guesser(FakeEncoder(), TAXONOMY, MEASURES, ["yellow"])
    assert aware.guess(asked) == [{}]


def test_all_texts_are_embedded_in_one_call_and_phrases_once() -> None:
    encoder = FakeEncoder()
    made = guesser(encoder)
    phrases = encoder.texts
    assert phrases == 6
    made.guess([Asked(("yellow", "sand")), Asked(("yellow",)), Asked(("clay",))])
    assert encoder.texts == phrases + 3


def test_what_begins_like_a_phrase_does_not_count() -> None:
    made = guesser()
    vectors = FakeEncoder().encode_texts(["redwood"])
    near = made.by_text("tone", ["warmer"], vectors)
    # "warm" is left out; "red" and "red orange" are still compared.
    assert near["warm"] != pytest.approx(-1)
    assert made.by_text("tone", ["warmer red orange"], vectors)["warm"] == pytest.approx(-1)


def test_parts_are_the_unknown_words_and_their_neighbours() -> None:
    assert parts(["Red kimono robe-coat, handmade"], TAXONOMY) == (
        "kimono", "robe-coat", "kimono robe-coat", "handmade",
    )  # fmt: skip
    assert (
        parts(
            ["The new red size 42", "\u4e2d\u6587 \u043f\u043b\u0430\u0442\u044c\u0435", ""],
            TAXONOMY,
        )
        == ()
    )
    assert len(parts(["alpha beta gamma " * 10_000], TAXONOMY)) <= 2 * MOST_WORDS


def test_the_best_value_needs_others() -> None:
    assert best({}, USUAL) == ("", 0.0, 0.0)
    assert best({"warm": 0.5, "cold": 0.2}, USUAL) == ("warm", pytest.approx(0.3), 0.5)
    assert best({"warm": 0.5, "cold": 0.2}, {"warm": (0.4, 0.1), "cold": (0.0, 0.1)}) == (
        "cold", pytest.approx(1.0), pytest.approx(2.0),
    )  # fmt: skip


def test_what_is_shipped_fits_the_taxonomy_and_the_built_in_model() -> None:
    measures = read_measures()
    models = Models(model_cache())
    assert measures.encoder == models.encoder().id
    models.close()
    for table in (measures.text, measures.picture):
        for name, measured in table.items():
            values = {phrase.name for phrase in shipped()[name]}
            assert measured.odds.keys() <= measured.usual.keys() <= values
            assert 0.5 <= measured.threshold < SUREST


def test_a_word_is_always_surer_than_a_guess() -> None:
    least = min(
        one.confidence
        for phrases in shipped().values()
        for phrase in phrases
        for one in read_attributes("x", phrase.text).values()
    )
    assert least > SUREST


def test_words_of_nothing_are_not_of_the_taxonomy() -> None:
    words = other_words(shipped())
    assert len(words) > 50
    assert not [word for word in words if read_attributes(word)]
    assert np.isin(["dog"], words).all()
