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
