from pathlib import Path

from bench.attributes import labelled, less, share, unseen, without
from bowerbird.actions.attributes import read_attributes, shipped


def test_labels_are_read_by_their_fields(tmp_path: Path) -> None:
    tsv = tmp_path / "items.tsv"
    tsv.write_text(
        "a.jpg\tnavy blue women's tops | casual tops | tops\n"
        "b.jpg\twhite men's sports shoes | sports sports shoes | sports shoes\n"
        "c.jpg\tblack gift set | formal gift set | gift set\n"
    )
    found = labelled(tsv)
    assert [one.truth["category"] for one in found] == ["top", "shoes", ""]
    assert [one.truth["gender"] for one in found] == ["women", "men", ""]
    assert [one.truth["colour"] for one in found] == ["blue", "white", "black"]
    assert [one.truth["style"] for one in found] == ["casual", "sporty", "formal"]
    assert found[0].picture == tmp_path / "a.jpg"


def test_the_words_of_an_attribute_are_taken_out() -> None:
    assert without(shipped(), "category", "Black men's T-Shirt") == "black men's"
    assert "kimono" not in str(less("category", "gown")["category"])
    assert all(phrase.text != "gown" for phrase in less("category", "gown")["category"])


def test_unseen_words_are_unknown_to_their_taxonomy() -> None:
    cases = list(unseen("sleeve", 0))
    for taxonomy, _, titles in cases:
        for case in titles:
            if case.value:
                assert "sleeve" not in read_attributes(case.title, taxonomy=taxonomy)
    assert {bool(case.value) for _, _, titles in cases for case in titles} == {True, False}


def test_shares() -> None:
    assert share([True, True, False, True], 8) == {"answered": 4, "share": 0.5, "right": 0.75}
    assert share([], 8) == {"answered": 0, "share": 0.0, "right": None}
