"""Attributes of products from the terminal."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


def test_words_that_say_nothing_find_nothing(run: Run, terminal: Callable[[], str]) -> None:
    assert run("attributes", "asdf") == 1
    assert "None of these words" in terminal()
    assert run("attributes", "red cotton shirt") == 0
    assert "None of these words" not in terminal()


def test_every_line_has_one_answer_with_its_number(
    run: Run, photos: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = f"red cotton shirt\n\nblue leather bag\t\t{photos}/none.png\n\t\t{photos}/none.png\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert run("attributes", "-") == 1
    said = capsys.readouterr()
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [row["line"] for row in rows] == [1, 2, 3, 4]
    assert rows[0]["material"]["value"] == "cotton"
    assert rows[2]["material"]["value"] == "leather"
    assert set(rows[1]) == set(rows[3]) == {"line", "error"}
    assert "line 3: There is no picture at" in said.err
