"""`bowerbird analyse` and `bowerbird compare`: what pictures tell."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bowerbird import paths

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


@pytest.fixture(autouse=True)
def _shipped() -> None:
    if not paths.resource("models/segmenter/config.json").exists():
        pytest.skip("the segmenter is not in resources")


def draw(path: Path) -> Path:
    image = Image.new("RGB", (400, 300), "#f4f4f4")
    ImageDraw.Draw(image).polygon([(120, 60), (300, 240), (120, 240)], fill="#c02020")
    image.save(path)
    return path


def test_words_and_json(run: Run, tmp_path: Path, capsys: Capture) -> None:
    picture = draw(tmp_path / "a.png")
    assert run("analyse", picture, "--colours", 2) == 0
    said = capsys.readouterr().out
    for words in ("400 x 300", "#f4f4f4", "#c02020", "sharpness", "of the picture"):
        assert words in said
    assert run("analyse", "--json", picture, picture) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == rows[1]
    assert sum(colour["weight"] for colour in rows[0]["colours"]) == pytest.approx(1, abs=1e-3)
    assert len(rows[0]["silhouette"]["embedding"]) == 256


def test_a_shape_however_it_is_turned(run: Run, tmp_path: Path, capsys: Capture) -> None:
    picture = draw(tmp_path / "a.png")
    with Image.open(picture) as image:
        image.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "b.png")

    def cosine(*words: str) -> float:
        assert run("analyse", "--json", *words, picture, tmp_path / "b.png") == 0
        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        one, other = (np.array(row["silhouette"]["embedding"]) for row in rows)
        return float(one @ other)

    assert cosine("--turned") > 0.95 > 0.8 > cosine()


def test_one_bad_file_among_others(run: Run, tmp_path: Path, capsys: Capture) -> None:
    bad = tmp_path / "a\x1b[31m.png"
    bad.write_text("no picture")
    files = (bad, tmp_path / "gone.png", draw(tmp_path / "good.png"))
    assert run("analyse", *files) == 1
    said = capsys.readouterr()
    assert "good.png" in said.out
    first, second = said.err.splitlines()
    assert "a\\x1b[31m.png cannot be used" in first
    assert second == f"bowerbird: There is no picture at {files[1]}. Check the path."
    assert run("analyse", bad) == 1
    assert "\x1b" not in capsys.readouterr().err
    assert run("analyse", "--colours", "11", *files) == 2
    assert capsys.readouterr().err.count("1 to 10") == 1


def test_a_damaged_vocabulary_is_said_once(
    run: Run, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "vocabulary.toml"
    own.write_text("[a")
    monkeypatch.setattr(paths, "config_file", lambda: tmp_path / "settings.toml")
    picture = draw(tmp_path / "a.png")
    assert run("analyse", picture, picture) == 2
    assert f"The vocabulary in {own} cannot be read" in capsys.readouterr().err


def test_compare(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("compare", indexed / "red.png", indexed / "red.png") == 0
    assert capsys.readouterr().out == "1.000\thigh\n"
    assert run("compare", "--json", indexed / "red.png", indexed / "sea" / "blue.png") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["score"] < 0.9
    assert run("compare", indexed / "red.png", indexed / "broken.jpg") == 1
    assert "broken.jpg cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("analyse",),
        ("read",),
        ("similar",),
        ("search", "--image"),
        ("reimagine",),
        ("cutout",),
        ("attributes", "shirt", "--picture"),
    ],
)
def test_a_picture_that_is_not_there_is_a_failure_everywhere(
    run: Run, photos: Path, words: tuple[str, ...]
) -> None:
    assert run(*words, photos / "none.png") == 1


def test_a_picture_that_is_not_there_cannot_be_compared(run: Run, photos: Path) -> None:
    assert run("compare", photos / "none.png", photos / "red.png") == 1
