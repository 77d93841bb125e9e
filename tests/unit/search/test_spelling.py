import pytest

from bowerbird.search.spelling import respelt

KNOWN = ("white", "beach", "shirt", "umbrell", "short", "umbrella", "dog", "bicycle", "leach")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("wite", "white"),
        ("whiite", "white"),
        ("whife", "white"),
        ("hwite", "white"),
        ("bycicle", "bicycle"),
        ("A dog, an UMBRELA!", "a dog, an umbrella!"),
        ("wite bicicle", "white bicycle"),
        ("a white-shit", "a white-shirt"),
    ],
)
def test_a_slip_is_mended(text: str, meant: str) -> None:
    assert respelt(text, KNOWN)[0] == meant


def test_the_frequent_word_comes_first() -> None:
    assert respelt("shrt", KNOWN) == ["shirt", "short"]
    assert respelt("shrt on a peach", KNOWN) == ["shirt on a beach", "short on a leach"]


def test_one_slip_is_likelier_than_two() -> None:
    assert respelt("shortt", KNOWN) == ["short"]
    assert respelt("shoirtt", KNOWN) == ["shirt", "short"]


@pytest.mark.parametrize(
    "text",
    ["white umbrella", "umbrell", "dig", "dgo", "astronaut", "wihet", "4321", "", "white " * 40],
    ids=["known", "a stem", "short", "swapped", "strange", "two slips", "digits", "empty", "long"],
)
def test_nothing_is_mended_where_nothing_is_likely(text: str) -> None:
    assert respelt(text, KNOWN) == []


def test_without_known_words_nothing_is_guessed() -> None:
    assert respelt("wite", ()) == []
