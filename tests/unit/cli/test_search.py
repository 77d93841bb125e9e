import json
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.encoders import FakeEncoder

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


def first(output: str) -> str:
    return Path(output.splitlines()[0]).name


@pytest.mark.parametrize("colour", ["red", "green", "blue"])
def test_by_text(run: Run, indexed: Path, capsys: Capture, colour: str) -> None:
    assert run("search", f"something {colour}", "--paths", "--no-lexical") == 0
    assert first(capsys.readouterr().out) == f"{colour}.png"


def test_by_picture_and_against_one(run: Run, indexed: Path, capsys: Capture) -> None:
    words = ("--image", indexed / "red.png", "--not", indexed / "green.png")
    assert run("search", *words, "--paths") == 0
    shown = capsys.readouterr().out
    assert first(shown) == "red.png"
    assert shown.splitlines()[-1].endswith("green.png")


def test_filter_alone_browses(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("search", "--where", "folder = sea", "--paths") == 0
    assert capsys.readouterr().out == f"{indexed}/sea/blue.png\n"


def test_nothing_found_is_exit_code_1(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("search", "red", "--where", "width > 1000") == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("words", [(), ("",), ("  ",), ("red", "--where", ""), ("red:0.0",)])
def test_queries_that_ask_for_nothing(
    run: Run, indexed: Path, capsys: Capture, words: tuple[str, ...]
) -> None:
    assert run("search", *words) == 2
    assert capsys.readouterr().err.startswith("bowerbird: ")


def test_a_person_is_told_when_nothing_matches_well(
    run: Run, indexed: Path, encoder: FakeEncoder, terminal: Callable[[], str]
) -> None:
    encoder.threshold = 2.0
    assert run("search", "crimson") == 0
    assert "No picture matches well" in terminal()
    encoder.threshold, encoder.known = 0.6, ("red",)
    assert run("search", "redd") == 0
    assert "closest. Did you mean 'red'?" in terminal()
    encoder.threshold = 0.60049
    assert run("search", "redd") == 0
    assert "(scores are below 0.601)" in terminal(), "0.600 may be shown of one below"
    encoder.threshold = 0.609
    assert run("search", "redd") == 0
    assert "(scores are below 0.609)" in terminal()
    encoder.threshold = 2.0
    assert run("search", "red") == 0
    shown = terminal()
    assert "matches well" not in shown, "a file is called so"
    assert "stand so high for the words" in shown
    assert "From rank 2 on they only come close (scores are below 2)." in shown
    assert run("search", "crimson -green", "--paths") == 0
    assert "No picture matches well; these come closest." in terminal()
    assert run("search", "red -green", "--paths") == 0
    shown = terminal()
    assert "only come close" not in shown
    assert "1 of these 3 match what is wanted well." in shown
    assert run("search", "red", "--offset", 5000) == 1
    assert terminal() == "The hits end before rank 5,001.\n"
    assert run("search", "red", "--limit", 0) == 1
    assert "Loosen" not in terminal(), "nothing was asked for"
    encoder.threshold = -1.0
    assert run("search", "red") == 0
    shown = terminal()
    assert "come close" not in shown
    assert "stand so high" not in shown


def test_scripts_are_told_what_matches_well(
    run: Run, indexed: Path, encoder: FakeEncoder, capsys: Capture
) -> None:
    def told(*words: str) -> list[tuple[bool | None, bool]]:
        assert run("search", *words, "--json") == 0
        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return [(row["good"], row["worded"]) for row in rows]

    encoder.threshold = 2.0
    assert told("red") == [(True, True), (False, False), (False, False)]
    assert told("red", "--no-lexical") == [(False, False)] * 3
    assert told("red", "green", "--no-lexical") == [(None, False)] * 3
    encoder.threshold = None
    assert told("red")[1] == (None, False)


def test_words_without_quotes_are_told_apart(
    run: Run, indexed: Path, terminal: Callable[[], str]
) -> None:
    assert run("search", "red", "car") == 0
    assert "These are 2 descriptions. To search for one, quote it: 'red car'" in terminal()
    assert run("search", "red car", "sea") == 0
    assert "descriptions" not in terminal()


def test_a_person_is_told_why_nothing_is_found(
    run: Run, indexed: Path, terminal: Callable[[], str]
) -> None:
    assert run("search", "red", "--min-score", "2") == 1
    assert "Loosen" in terminal()


@pytest.mark.parametrize("wanted", [("red",), ("red -green",), ("red", "green")])
def test_a_person_is_told_that_the_library_is_empty(
    run: Run, terminal: Callable[[], str], wanted: tuple[str, ...]
) -> None:
    assert run("search", *wanted) == 1
    shown = terminal()
    assert "Index a folder first" in shown
    assert "score" not in shown


def test_colours_with_and_without_words(
    run: Run, indexed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("search", "--colour", "#dc1e1e", "--paths") == 0
    assert capsys.readouterr().out.split() == [str(indexed / "red.png")]
    assert run("search", "--colour", "dc1e1e:0.9", "anything", "--paths") == 0
    assert capsys.readouterr().out.split() == [str(indexed / "red.png")]
    assert run("search", "--colour", "#ffffff") == 1
    assert run("search", "--colour", "#dc1e1e:2") == 2
    assert "between 0 and 1" in capsys.readouterr().err
    assert run("search", "--colour", "crimson") == 2
    assert "is no colour" in capsys.readouterr().err


def test_the_colours_of_hits(run: Run, indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("search", "--in", "photos", "--histogram") == 0
    rows = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert set(rows) == {"#dc1e1e", "#1eb428", "#1e3cdc"}
    assert sum(map(float, rows.values())) == pytest.approx(1, abs=0.001)


def test_a_colour_that_is_none_is_named_as_it_was_written(
    run: Run, indexed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("search", "--colour", "red") == 2
    assert "'red' is no colour. Write it as #c03030." in capsys.readouterr().err
