"""Pictures are taken into the library from the terminal."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

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


def test_what_is_nearly_there_is_left_out(
    run: Run, indexed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)
    image = Image.fromarray(pixels).resize((320, 240), Image.Resampling.BICUBIC)
    image.save(indexed / "shapes.png")
    image.resize((200, 150)).save(tmp_path / "small.png")
    assert run("index", indexed) == 0
    capsys.readouterr()
    assert run("put", "Uploads", tmp_path / "small.png", "--unless-duplicate") == 1
    assert "nearly the same as shapes.png" in capsys.readouterr().err
    with Library.open() as library:
        uploads = library.collection("Uploads")
        assert library.counts(uploads).ok == 0
        assert not [p for p in (library.path / uploads.location).rglob("*") if p.is_file()]
    assert run("put", "Uploads", tmp_path / "small.png") == 0
