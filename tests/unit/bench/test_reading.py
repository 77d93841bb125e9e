from pathlib import Path

from bench.reading import Tally, lines_of, named, words
from helpers.readers import FakeReader


def test_words_are_counted_as_often_as_they_are_there() -> None:
    tally = Tally(FakeReader())  # type: ignore[arg-type]
    tally.seconds.append(0.5)
    tally.count(words("The cat, the dog"), words("the cat the cat"))
    assert tally.summary("clean") == {"clean_words": 4, "clean_share_read": 0.75, "clean_s": 0.5}
    assert tally.read == 4


def test_what_captions_name() -> None:
    caption = "Screenshot of the New Cluster dialog, showing an IP address"
    assert named(caption) == {"new", "cluster"}


def test_a_set_that_is_not_there(tmp_path: Path) -> None:
    assert list(lines_of(tmp_path, 5)) == []
