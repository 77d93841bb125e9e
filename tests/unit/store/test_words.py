"""Names fall into the words that people look for."""

import pytest

from bowerbird.store.store import Store
from bowerbird.store.words import match_query, metadata_text, split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("IMG_red_shoe-2.jpg", "IMG red shoe 2 jpg"),
        ("redShoe2.png", "redShoe2 png red Shoe 2"),
        ("ünïÇode", "ünïÇode ünï Çode"),
        ("猫の写真.jpg", "猫 の 写 真 jpg"),
        ("", ""),
        ("__--..", ""),
    ],
)
def test_split(text: str, words: str) -> None:
    assert split(text) == words


def test_only_quoted_words_reach_full_text() -> None:
    assert match_query('red "shoe OR') == '("red") AND ("shoe") AND ("OR"*)'
    assert match_query(" \t*!") == ""


def test_metadata_text_is_every_value() -> None:
    metadata = {"a": ["red shoe", {"b": 42}], "c": None, "d": True, "e": 1.5}
    assert metadata_text(metadata) == "red shoe 42 1 5"


@pytest.mark.parametrize(
    ("key", "query"),
    [
        ("a/IMG_red_shoe-2.jpg", "shoe"),
        ("a/IMG_red_shoe-2.jpg", "red sho"),
        ("a/IMG_red_shoe-2.jpg", "IMG_red_shoe-2.jpg"),
        ("a/redShoe2.jpg", "shoe"),
        ("a/redShoe2.jpg", "redshoe2"),
        ("a/redShoe2.jpg", "RedShoe2"),
        ("summer trip/x.jpg", "trip"),
        ("a/Crème brûlée.jpg", "creme brulee"),
        ("a/猫の写真.jpg", "写真"),
        ("a/DSC0042.jpg", "dsc0042"),
    ],
)
def test_a_name_is_found(store: Store, fill, key: str, query: str) -> None:
    fill([key, "b/other.png"])

    assert store.match_text(query, None, 10).tolist() == [1]


def test_all_words_are_needed(store: Store, fill) -> None:
    fill(["red/shoe.jpg", "red/hat.jpg"])
    assert store.match_text("red shoe", None, 10).tolist() == [1]
    assert store.match_text("red", None, 1).tolist() == [1]
