import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from bowerbird.cli import options
from bowerbird.errors import EmptyQueryError, FilterError, NotFoundError
from bowerbird.library import Library
from bowerbird.types import AllOf, AnyOf, Comparison, Query, Term


@pytest.fixture
def library() -> Iterator[Library]:
    with Library.open() as opened:
        yield opened


def query(library: Library, *words: str) -> Query:
    parser = argparse.ArgumentParser()
    options.add_query(parser)
    return options.query(library, parser.parse_args(words), limit=50)


def test_texts_and_weights(library: Library) -> None:
    wish = query(library, "a dog", "beach:0.5", "fog:-1.0")
    assert wish.texts == (Term("a dog"), Term("beach", 0.5), Term("fog", -1.0))
    assert wish.limit == 50


@pytest.mark.parametrize("text", ["ratio 16:9", "at 10:30", ":0.5", "a: b", "1.5"])
def test_what_only_looks_like_a_weight_is_text(library: Library, text: str) -> None:
    assert query(library, text).texts == (Term(text),)


def test_images_are_files_or_addresses(library: Library, tmp_path: Path) -> None:
    odd = tmp_path / "odd.png:0.5"
    odd.write_bytes(b"")
    words = ("--image", "a.jpg:0.5", "--image", "https://host:80/x.png", "--image", str(odd))
    assert query(library, *words).images == (
        Term(Path("a.jpg"), 0.5),
        Term("https://host:80/x.png"),
        Term(odd),
    )


def test_unwanted_is_a_file_where_there_is_one(library: Library, tmp_path: Path) -> None:
    picture = tmp_path / "cat.jpg"
    picture.write_bytes(b"")
    wish = query(library, "--not", str(picture), "--not", "a dog", "--not", "fog:0.3")
    assert wish.images == (Term(picture, -1.0),)
    assert wish.texts == (Term("a dog", -1.0), Term("fog", -0.3))


def test_a_minus_within_a_text_leaves_out(library: Library) -> None:
    wish = query(library, "dog -people", 'beach:0.5 -"palm trees" -fog:0.3', "t-shirt")
    assert wish.texts == (
        *(Term("dog"), Term("people", -1.0)),
        *(Term("beach", 0.5), Term("palm trees", -1.0), Term("fog", -0.3)),
        Term("t-shirt"),
    )


@pytest.mark.parametrize("text", ["x" * 5000, "nul\0byte"])
def test_unwanted_text_that_cannot_be_a_path(library: Library, text: str) -> None:
    assert query(library, "--not", text).texts == (Term(text, -1.0),)


def test_filters_and_collections_join(library: Library, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        library.add_folder(tmp_path / name)
    wish = query(library, "--where", "width > 5", "--in", "a", "--in", str(tmp_path / "b"))
    both = AnyOf((Comparison("collection", "=", "a"), Comparison("collection", "=", "b")))
    assert wish.filter == AllOf((Comparison("width", ">", 5), both))


def test_pages_and_switches(library: Library) -> None:
    words = ("--limit", "3", "--offset", "6", "--min-score", "0.2", "--group-by", "folder")
    wish = query(library, "x", *words, "--no-lexical")
    expected = Query((Term("x"),), (), limit=3, offset=6, min_score=0.2, group_by="folder")
    assert (wish.limit, wish.offset, wish.min_score, wish.group_by) == (
        expected.limit,
        expected.offset,
        expected.min_score,
        expected.group_by,
    )
    assert not wish.lexical


def test_nothing_asked_for(library: Library) -> None:
    with pytest.raises(EmptyQueryError, match="Describe"):
        query(library)


def test_unknown_collection_and_broken_filter(library: Library) -> None:
    with pytest.raises(NotFoundError):
        query(library, "x", "--in", "nowhere")
    with pytest.raises(FilterError):
        query(library, "x", "--where", "width >")
