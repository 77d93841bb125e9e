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


def test_a_file_that_is_none(run: Run, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", photos / "none.csv") == 2
    assert "Check the path" in capsys.readouterr().err
    assert run("import", photos / "red.png") == 2
    assert "is no catalogue" in capsys.readouterr().err
    with Library.open() as library:
        assert library.collections() == []
