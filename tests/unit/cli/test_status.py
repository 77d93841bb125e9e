import json
from collections.abc import Callable
from pathlib import Path

import pytest

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


def test_facts(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("status") == 0
    facts = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert facts["pictures"].startswith("3 of ")
    assert facts["failed"] == "1"
    assert facts["embedded"] == "3"
    assert facts["model"] == "fake-1"


def test_json(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("status", "--json") == 0
    status = json.loads(capsys.readouterr().out)
    assert status["assets"]["ok"] == 3
    assert status["collections"] == 1
