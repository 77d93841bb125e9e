"""What a product's texts say of it."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bowerbird.actions.attributes import MOST_CHARACTERS, parse, read_attributes, shipped
from bowerbird.errors import UsageError
from bowerbird.types import Attribute


def values(title: str, description: str = "") -> dict[str, str]:
    return {name: one.value for name, one in read_attributes(title, description).items()}


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (
            "Women's Red Floral Summer Dress",
            {"category": "dress", "gender": "women", "colour": "red", "pattern": "floral"},
        ),
        ("Mens slim-fit denim jacket", {"category": "jacket", "material": "denim", "fit": "slim"}),
        ("Vegan Leather Tote", {"category": "bag", "material": "faux leather"}),
        ("V-Neck long sleeved merino jumper", {"neckline": "v-neck", "category": "sweater"}),
        ("NAVY STRIPED TEES", {"colour": "blue", "pattern": "striped", "category": "t-shirt"}),
        ("Dress shirt", {"category": "shirt"}),
        ("Oak side table", {"category": "table", "material": "wood"}),
    ],
)
def test_titles(title: str, said: dict[str, str]) -> None:
    found = values(title)
    assert {name: found.get(name) for name in said} == said


def test_the_title_counts_more_and_both_the_most() -> None:
    found = read_attributes("Black dress", "A white dress of soft cotton.")
    assert found["colour"].value == "black"
    assert found["material"].value == "cotton"
    assert found["material"].confidence < found["colour"].confidence
    assert found["category"].confidence > found["colour"].confidence


def test_what_is_taken_back_is_not_said() -> None:
    assert "material" not in values("Bag, no leather")
    assert values("Bag without real leather, cotton")["material"] == "cotton"


@pytest.mark.parametrize(
    "title", ["Redwood shelf brackets", "Trancoat", "123", "\u4e2d\u6587", "---"]
)
def test_parts_of_words_say_nothing(title: str) -> None:
    found = values(title)
    assert not found.keys() & {"colour", "category"}


def test_no_text_and_too_much_of_it() -> None:
    for nothing in ("", "  ", "\n\t"):
        with pytest.raises(UsageError, match="no text"):
            read_attributes(nothing)
    assert values("dress", "red " * (MOST_CHARACTERS // 4))["colour"] == "red"
    with pytest.raises(UsageError, match="characters"):
        read_attributes("a" * (MOST_CHARACTERS + 1))


def test_every_value_is_found_by_its_own_name() -> None:
    for name, known in shipped().items():
        for value in known:
            if not value.is_synonym:
                assert values(value.name).get(name) == value.name, (name, value.name)


@pytest.mark.parametrize("text", ["[a", "a = 1", "[a]\nb = 1", "[a]\nb = [1]"])
def test_a_broken_taxonomy(text: str) -> None:
    with pytest.raises(UsageError, match="taxonomy"):
        parse(text)


def test_many_products_from_a_list(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bowerbird.cli.main import main

    run: Callable[[list[str]], int] = main
    assert run(["attributes", "Red dress"]) == 0
    assert capsys.readouterr().out == "category\tdress\t0.95\ncolour\tred\t0.95\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("Red dress\tSilk\n\nBlue hat\n"))
    assert run(["attributes", "-"]) == 1
    said = capsys.readouterr()
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [row["category"]["value"] for row in rows[::2]] == ["dress", "hat"]
    assert "line 2: There is no text" in said.err


def test_a_list_with_a_picture_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bowerbird.cli.main import main

    run: Callable[[list[str]], int] = main
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    lines = f"Red hat\t\t{broken}\nBlue hat\t\t{tmp_path / 'none.png'}\nHat\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert run(["attributes", "-"]) == 1
    said = capsys.readouterr()
    assert [json.loads(line)["category"]["source"] for line in said.out.splitlines()] == [
        "word"
    ] * 3
    assert "line 1:" in said.err
    assert "line 2:" in said.err
    assert run(["attributes", "Red hat", "--picture", str(broken)]) == 1
    assert "cannot be used" in capsys.readouterr().err
    assert run(["attributes", "-", "--picture", str(broken)]) != 0
    assert "Leave them out" in capsys.readouterr().err


def test_contradictory_words_and_other_languages() -> None:
    # Of a colour the first one counts, of a category the last one, which is the thing itself.
    assert values("Black white shirt dress") == {"category": "dress", "colour": "black"}
    assert values("Rotes Kleid aus Samt") == {}


def test_a_guess_is_told_from_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    from bowerbird.cli.attributes import _print

    found = {"gender": Attribute("women", 0.8, "embedding"), "colour": Attribute("red", 0.95)}
    _print(found, False)
    assert capsys.readouterr().out == "gender\twomen\t0.80\tguessed\ncolour\tred\t0.95\n"
    _print(found, True)
    assert json.loads(capsys.readouterr().out)["gender"] == {
        "value": "women", "confidence": 0.8, "source": "embedding",
    }  # fmt: skip
