"""Pictures by their colours, and the colours of many pictures."""

from dataclasses import replace

import numpy as np
import pytest

from bowerbird.errors import FilterError
from bowerbird.store.store import Store
from bowerbird.types import Collection, Colour, Comparison, Swatch
from helpers.records import ENCODER, entry, success, unit

RED, BLUE, WHITE = (208, 32, 32), (32, 48, 192), (245, 245, 245)


@pytest.fixture
def coloured(store: Store, photos: Collection) -> Store:
    """1 is red, 2 red and blue by halves, 3 blue with a little red, 4 white."""
    made = (
        ((RED, 1.0),),
        ((RED, 0.5), (BLUE, 0.5)),
        ((BLUE, 0.9), (RED, 0.1)),
        ((WHITE, 1.0),),
    )
    vectors = unit(np.random.default_rng(0), len(made))
    records = []
    for number, parts in enumerate(made):
        record = success(photos.id, entry(f"{number}.jpg"), vectors[number])
        assert record.decoded is not None
        colours = tuple(Colour(*rgb, weight) for rgb, weight in parts)
        records.append(replace(record, decoded=replace(record.decoded, colours=colours)))
    store.write(records, ENCODER)
    return store


def ranked(store: Store, *swatches: Swatch, wanted: Comparison | None = None) -> list[int]:
    ids, scores = store.by_colours(swatches, wanted)
    assert (np.diff(scores) <= 0).all()
    assert ((scores >= 0) & (scores <= 1)).all()
    return [int(each) for each, score in zip(ids, scores, strict=True) if score > 0.3]


def test_a_colour_is_found_where_it_is_seen(coloured: Store) -> None:
    assert set(ranked(coloured, Swatch("#d02020"))) == {1, 2, 3}
    assert ranked(coloured, Swatch("#d02020"))[-1] == 3
    assert set(ranked(coloured, Swatch("#cc2828"))) == {1, 2, 3}, "colours that look alike count"
    assert ranked(coloured, Swatch("#f5f5f5")) == [4]
    assert ranked(coloured, Swatch("#20c040")) == []


def test_amounts_are_met(coloured: Store) -> None:
    assert ranked(coloured, Swatch("#d02020", 1.0))[0] == 1
    assert ranked(coloured, Swatch("#d02020", 0.5))[0] == 2
    assert ranked(coloured, Swatch("#d02020", 0.1), Swatch("#2030c0", 0.9))[0] == 3


def test_several_colours_are_wanted_together(coloured: Store) -> None:
    assert ranked(coloured, Swatch("#d02020"), Swatch("#2030c0")) == [2, 3]
    assert ranked(coloured, Swatch("#d02020"), Swatch("#f5f5f5")) == []
    only = Comparison("key", "=", "2.jpg")
    assert ranked(coloured, Swatch("#d02020"), Swatch("#2030c0"), wanted=only) == [3]


@pytest.mark.parametrize("code", ["red", "#12345", "#12345g", "", "123456"])
def test_what_is_no_colour(coloured: Store, code: str) -> None:
    with pytest.raises(FilterError, match="is no colour"):
        coloured.by_colours([Swatch(code)], None)


def test_how_many_colours(coloured: Store) -> None:
    for count in (0, 11):
        with pytest.raises(FilterError, match="1 to 10"):
            coloured.by_colours([Swatch("#ffffff")] * count, None)
    assert len(coloured.by_colours([Swatch("#ffffff")] * 10, None)[0]) == 4


def test_an_empty_library_has_no_colours(store: Store) -> None:
    ids, scores = store.by_colours([Swatch("#ffffff")], None)
    assert (len(ids), len(scores)) == (0, 0)
    assert store.colour_histogram(np.array([1, 2])) == []


def test_the_colours_of_many(coloured: Store) -> None:
    found = coloured.colour_histogram(np.array([1, 2, 3, 4]))
    assert sum(share for _, share in found) == pytest.approx(1)
    assert dict(found) == pytest.approx({"#d02020": 0.4, "#2030c0": 0.35, "#f5f5f5": 0.25})
    assert [share for _, share in found] == sorted((share for _, share in found), reverse=True)
