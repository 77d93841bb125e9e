import json
from collections.abc import Callable
from pathlib import Path

import pytest

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


def test_path_and_reason(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("failures") == 0
    path, reason, collection = capsys.readouterr().out.rstrip("\n").split("\t")
    assert path == str(indexed / "broken.jpg")
    assert reason
    assert collection == "photos"


def test_json_of_one_collection(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("failures", "--json", "--in", "photos") == 0
    row = json.loads(capsys.readouterr().out)
    assert set(row) == {"uuid", "collection", "path", "reason"}


def test_unknown_collection(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("failures", "--in", "typo") == 2
    assert "'typo'" in capsys.readouterr().err
