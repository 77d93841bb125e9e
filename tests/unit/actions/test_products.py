"""Attributes of many products, from words first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bowerbird.actions.attributes import parse
from bowerbird.actions.guesses import Guesser, Measured, Measures
from bowerbird.actions.products import read_products
from bowerbird.errors import BowerbirdError, DecodeError, UsageError
from bowerbird.types import Product
from helpers.encoders import FakeEncoder

if TYPE_CHECKING:
    from bowerbird.types import Vector

USUAL = {"women": (0.0, 1.0), "men": (0.0, 1.0)}
SAYS = Measured(USUAL, dict.fromkeys(USUAL, (100.0, 0.0, 0.0)), 0.5)


class Desk:
    """Gives pictures and a guesser, and counts what was asked for."""

    def __init__(self) -> None:
        self.encoder = FakeEncoder()
        self.made = 0

    def embedded(self, picture: Path | str | bytes) -> Vector:
        if picture == b"broken":
            raise DecodeError("is no picture")
        return self.encoder.encode_texts(["female"])[0]

    def guesser(self) -> Guesser:
        self.made += 1
        taxonomy = parse('[gender]\nwomen = ["female"]\nmen = ["male"]')
        return Guesser(self.encoder, taxonomy, Measures("fake-1", {}, {"gender": SAYS}), ())


def read(desk: Desk, *products: Product) -> list[dict[str, str] | str]:
    found = read_products(products, desk.embedded, desk.guesser)
    return [
        str(one)
        if isinstance(one, BowerbirdError)
        else {name: f"{said.value} {said.source}" for name, said in one.items()}
        for one in found
    ]


def test_words_come_first_and_guesses_fill_in() -> None:
    first, second = read(
        Desk(),
        Product("Red dress", picture=b"fine"),
        Product("Men's shirt", picture=b"fine"),
    )
    # In the order of the taxonomy, whoever found them.
    assert list(first.items() if isinstance(first, dict) else ()) == [
        ("category", "dress word"),
        ("gender", "women embedding"),
        ("colour", "red word"),
    ]
    assert second == {"category": "shirt word", "gender": "men word"}


def test_one_that_cannot_be_read_spares_the_others() -> None:
    rows = read(Desk(), Product(""), Product("Hat"), Product("Hat", picture=b"broken"))
    assert "no text" in str(rows[0])
    assert rows[1] == {"category": "hat word"}
    assert rows[2] == "is no picture"
    too_long = read_products([Product("a" * 100_001)], Desk().embedded, Desk().guesser)[0]
    assert isinstance(too_long, UsageError)


def test_a_picture_needs_no_text() -> None:
    assert read(Desk(), Product("", picture=b"fine")) == [{"gender": "women embedding"}]


def test_the_model_is_asked_for_once_and_only_where_there_is_something_to_guess() -> None:
    desk = Desk()
    assert read(desk, Product("\u4e2d\u6587"), Product("Red hat")) == [
        {}, {"category": "hat word", "colour": "red word"},
    ]  # fmt: skip
    assert desk.made == 0
    read(desk, Product("Kimono"), Product("Sarong"))
    assert desk.made == 1
    assert np.isfinite(desk.embedded(b"fine")).all()
