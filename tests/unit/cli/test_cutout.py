import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from bowerbird.engines.models import Models
from bowerbird.engines.segmenter import BuiltinSegmenter
from bowerbird.errors import ModelMissingError
from helpers.segmenters import write_segmenter

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


@pytest.fixture(autouse=True)
def segmenter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = BuiltinSegmenter(write_segmenter(tmp_path / "segmenter"))
    monkeypatch.setattr(Models, "segmenter", lambda *_: found)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    # In a picture of one colour there is no subject.
    shown = ImageOps.expand(Image.new("RGB", (50, 30), "#dc0000"), 5, "#f00000")
    shown.save(folder / "red.png")
    return folder


def test_says_what_it_wrote(run: Run, photos: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out"
    assert run("cutout", photos / "red.png", "--to", out) == 0
    assert capsys.readouterr().out == f"{out}/red-cutout.png\n"
    assert (out / "red-cutout.png").is_file()


def test_a_failure_is_a_sentence_and_exit_code_1(
    run: Run, photos: Path, tmp_path: Path, capsys: Capture
) -> None:
    gone = tmp_path / "gone.png"
    assert run("cutout", gone, photos / "red.png", "--to", tmp_path / "out", "--mask") == 1
    said = capsys.readouterr()
    assert said.err == f"bowerbird: {gone} cannot be read: No such file or directory.\n"
    assert said.out.endswith("red-mask.png\n")


def test_nothing_in_a_picture_is_said(
    run: Run, photos: Path, tmp_path: Path, capsys: Capture
) -> None:
    Image.new("RGB", (60, 40), "red").save(photos / "plain.png")
    assert run("cutout", photos / "plain.png", "--to", tmp_path) == 0
    assert capsys.readouterr().out == f"{tmp_path}/plain-cutout.png  (no subject was found)\n"


def test_what_was_found_only_half_is_said(
    run: Run, photos: Path, tmp_path: Path, capsys: Capture
) -> None:
    ImageOps.expand(Image.new("RGB", (50, 30), "#800000"), 5, "#780000").save(photos / "faint.png")
    assert run("cutout", photos / "faint.png", "--to", tmp_path) == 0
    assert capsys.readouterr().out.endswith(
        "faint-cutout.png  (what the subject is was not clear)\n"
    )
    assert run("cutout", "--json", photos / "faint.png", photos / "red.png", "--to", tmp_path) == 0
    doubts = [json.loads(line)["doubt"] for line in capsys.readouterr().out.splitlines()]
    assert doubts == ["what the subject is was not clear", ""]


def test_json(run: Run, photos: Path, tmp_path: Path, capsys: Capture) -> None:
    assert run("cutout", "--json", "--format", "webp", photos / "red.png", "--to", tmp_path) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["target"] == str(tmp_path / "red-cutout.webp")
    assert 0.9 < row["coverage"] < 1


def test_a_model_that_is_not_here_is_refused(
    run: Run, photos: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = Models.segmenter

    def segmenter(_: Models, model_id: str = "builtin") -> object:
        if model_id == "u2net":
            raise ModelMissingError("It is not here. Run `bowerbird models get u2net`.")
        return shipped(_)

    monkeypatch.setattr(Models, "segmenter", segmenter)
    out = tmp_path / "out"
    assert run("cutout", photos / "red.png", "--to", out, "--model", "u2net") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "bowerbird: It is not here. Run `bowerbird models get u2net`.\n"
    assert not out.exists()


def test_addresses_and_folders_are_refused_with_advice(
    run: Run, photos: Path, capsys: Capture
) -> None:
    assert run("cutout", "http://x.org/a.jpg") == 2
    assert "Save what lies at http://x.org/a.jpg" in capsys.readouterr().err
    assert run("cutout", photos) == 1
    assert f"is a folder; name its pictures, as in {photos}/*.jpg" in capsys.readouterr().err
