"""Pictures are taken into the library from the terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bowerbird.library import Library

Run = Callable[..., int]


def test_what_can_be_taken_is(run: Run, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, gone = photos / "red.png", photos / "gone.png"
    bad = photos / "bad.jpg"
    bad.write_bytes(b"no picture")
    assert run("put", "Uploads", good, gone, bad, photos / "green.png") == 1
    said = capsys.readouterr()
    assert [line.split("\t")[1] for line in said.out.splitlines()] == [
        str(good),
        str(photos / "green.png"),
    ]
    assert "gone.png: No such file" in said.err
    assert "bad.jpg" in said.err
    with Library.open() as library:
        assert library.counts(library.collection("Uploads")).ok == 2
        assert (photos / "red.png").exists()


def test_a_folder_takes_nothing(
    run: Run, indexed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("put", "photos", indexed / "red.png") == 1
    assert "Only managed" in capsys.readouterr().err
