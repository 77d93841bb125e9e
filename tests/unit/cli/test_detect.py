"""`bowerbird detect`: things with their boxes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bowerbird import paths

Run = Callable[..., int]


@pytest.fixture(autouse=True)
def _shipped() -> None:
    if not paths.resource("models/detector/config.json").exists():
        pytest.skip("the detector is not in resources")


def test_boxes(run: Run, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos = sorted((shared / "data" / "flickr8k" / "dev").glob("*.jpg"))[:8]
    assert run("detect", "--json", *photos) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["path"] for row in rows] == [str(photo) for photo in photos]
    boxes = [box for row in rows for box in row["boxes"]]
    assert "person" in {box["category"] for box in boxes}
    assert run("detect", "--least", "0.05", photos[0]) == 0
    many = capsys.readouterr().out
    assert run("detect", photos[0]) == 0
    assert len(many) >= len(capsys.readouterr().out)


@pytest.mark.parametrize("least", ["-1", "2", "x"])
def test_scores_that_are_none(run: Run, photos: Path, least: str) -> None:
    assert run("detect", "--least", least, photos / "red.png") == 2


def test_one_bad_picture_among_others(run: Run, photos: Path) -> None:
    (photos / "bad.png").write_bytes(b"x")
    assert run("detect", photos / "bad.png", photos / "red.png") == 1
    assert run("detect", photos / "none.png") == 1
