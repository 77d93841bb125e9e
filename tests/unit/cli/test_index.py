import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from bowerbird.library import Library

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


def test_new_folder(run: Run, photos: Path, capsys: Capture) -> None:
    assert run("index", photos, "--name", "Holiday") == 0
    assert capsys.readouterr().out.startswith("Holiday: 3 pictures; 3 worked on in ")


def test_again_does_nothing(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("index", indexed) == 0
    assert "; 0 worked on" in capsys.readouterr().out


def test_all_collections_when_none_is_named(run: Run, indexed: Path, capsys: Capture) -> None:
    Image.new("RGB", (9, 9), "white").save(indexed / "white.png")
    assert run("index") == 0
    assert "photos: 4 pictures, 1 failed" in capsys.readouterr().out


def test_by_name(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("index", "photos") == 0
    assert "photos: 3 pictures" in capsys.readouterr().out


def test_retry_failed(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("index", "--retry-failed") == 0
    assert "; 1 worked on" in capsys.readouterr().out


def test_nothing_is_indexed_when_one_path_is_wrong(
    run: Run, photos: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert run("index", photos, tmp_path / "typo") == 2
    assert "typo" in capsys.readouterr().err
    with Library.open() as library:
        assert library.counts().ok == 0


@pytest.mark.parametrize("words", [(), ("--name", "x"), ("a", "b", "--name", "x")])
def test_impossible(run: Run, capsys: Capture, words: tuple[str, ...]) -> None:
    assert run("index", *words) == 2
    assert capsys.readouterr().err.startswith("bowerbird: ")


def test_a_file_is_no_folder(run: Run, photos: Path, capsys: Capture) -> None:
    assert run("index", photos / "red.png") == 2
    assert "is a file" in capsys.readouterr().err


def test_a_source_that_is_away_does_not_stop_the_rest(
    run: Run, indexed: Path, tmp_path: Path, capsys: Capture
) -> None:
    other = tmp_path / "zoo"
    other.mkdir()
    Image.new("RGB", (9, 9), "white").save(other / "white.png")
    assert run("index", other) == 0
    shutil.move(indexed, tmp_path / "unplugged")
    capsys.readouterr()
    assert run("index") == 1
    said = capsys.readouterr()
    assert said.err.startswith("bowerbird: photos: ")
    assert said.out.startswith("zoo: 1 pictures")
    with Library.open() as library:
        assert library.counts(library.collection("photos")).missing == 0
