"""Catalogues are taken in from the terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bowerbird.library import Library

Run = Callable[..., int]


def test_a_feed_with_faults(run: Run, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = photos / "feed.csv"
    path.write_text("id,image,price\n1,red.png,5\n2,green.png,9\n3,gone.png,9\n4,s3://x,9\n")
    assert run("import", path, "--name", "Shop") == 1
    said = capsys.readouterr()
    assert "Shop: 3 records taken in" in said.out
    assert "2 pictures, 1 failed" in said.out
    assert "row 5 has a picture that is neither" in said.err
    assert run("import", path, "--name", "Shop", "--replace") == 1
    assert "nothing was taken out" in capsys.readouterr().err
    path.write_text("id,image,price\n1,red.png,6\n")
    assert run("import", path, "--name", "Shop", "--replace") == 0
    with Library.open() as library:
        counts = library.counts(library.collection("Shop"))
        assert (counts.ok, counts.missing, counts.failed) == (1, 1, 0)
    assert run("search", "--where", "meta.price = 6") == 0
    assert run("import", path, "--name", "SHOP") == 0, "a name is the same in whatever case"
    assert "Shop: 1 pictures, 1 missing" in capsys.readouterr().out
    assert run("search", "--in", "shop", "--where", "meta.price = 6") == 0


def test_a_file_that_is_none(run: Run, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", photos / "none.csv") == 2
    assert "Check the path" in capsys.readouterr().err
    assert run("import", photos / "red.png") == 2
    assert "is no catalogue" in capsys.readouterr().err
    with Library.open() as library:
        assert library.collections() == []


def test_metadata_comes_in_columns(
    run: Run, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = photos / "feed.csv"
    path.write_text('id,image,price,in\n1,red.png,5,"[""a""]"\n2,green.png,,\n')
    assert run("import", path) == 0
    capsys.readouterr()
    assert run("search", "--in", "feed", "--sort", "name", "--columns", "price, in,none") == 0
    rows = [line.split("\t")[3:] for line in capsys.readouterr().out.splitlines()]
    assert rows == [["5", '["a"]', ""], ["", "", ""]]
    assert run("search", "--json", "--in", "feed", "--sort", "name") == 0
    assert '"metadata": {"price": 5, "in": ["a"]}' in capsys.readouterr().out
    assert run("export", "--csv", tmp_path / "out.csv", "--in", "feed", "--sort", "name") == 0
    header, first, second = (tmp_path / "out.csv").read_text().splitlines()
    assert header.endswith("md5,tags,meta.in,meta.price")
    assert first.endswith(',"[""a""]",5')
    assert second.endswith(",,")


def test_ids_that_come_twice_are_told_once(
    run: Run, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = photos / "feed.csv"
    path.write_text("id,image\n1,red.png\n1,green.png\n2,red.png\n1,red.png\n")
    assert run("import", path, "--replace") == 1
    said = capsys.readouterr()
    assert "feed: 2 records taken in" in said.out
    assert said.err.count("2 rows repeat the id of another one") == 1
    assert "nothing was taken out" not in said.err


def test_pictures_that_all_fail_are_a_failure(run: Run, photos: Path) -> None:
    path = photos / "feed.csv"
    path.write_text("id,image\n1,gone.png\n2,away.png\n")
    assert run("import", path) == 1


def test_what_follows_an_open_quote_is_taken_in(
    run: Run, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = photos / "feed.csv"
    path.write_text('id,title,image\n1,x,red.png\n2,"broken,red.png\n3,x,green.png\n')
    assert run("import", path) == 1
    said = capsys.readouterr()
    assert "2 records taken in" in said.out
    assert "row 3 begins a text with a quote" in said.err


def test_a_header_that_is_not_understood(
    run: Run, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = photos / "feed.csv"
    path.write_text("foo,bar\n1,2\n")
    assert run("import", path) == 2
    assert "There are foo, bar." in capsys.readouterr().err
    with Library.open() as library:
        assert library.collections() == []


def test_prices_with_a_currency_are_compared(run: Run, photos: Path) -> None:
    path = photos / "feed.csv"
    path.write_text('id,image,price\n1,red.png,15.00 USD\n2,green.png,"$1,200.50"\n')
    assert run("import", path) == 0
    assert run("search", "--where", "meta.price < 50") == 0
    assert run("search", "--where", "meta.price > 2000") == 1
