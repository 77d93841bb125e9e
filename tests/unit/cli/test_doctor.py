import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bowerbird.library import Library
from bowerbird.types import Check

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


def test_healthy(run: Run, indexed: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    healthy = [Check("database", True, "3 pictures")]
    monkeypatch.setattr(Library, "doctor", lambda *_, **__: healthy)
    assert run("doctor") == 0
    assert capsys.readouterr().out == "ok\tdatabase\t3 pictures\n"


def test_ill(run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    ill = Check("index", False, "differs.", "Repair it.")
    asked = []

    def doctor(_: Library, *, repair: bool) -> list[Check]:
        asked.append(repair)
        return [ill]

    monkeypatch.setattr(Library, "doctor", doctor)
    assert run("doctor") == 1
    assert capsys.readouterr().out == "BAD\tindex\tdiffers. Repair it.\n"
    assert run("doctor", "--repair", "--json") == 1
    assert json.loads(capsys.readouterr().out)["advice"] == "Repair it."
    assert asked == [False, True]


def test_what_an_error_advises_is_said_once(
    run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ill = [Check("model", False, "It is damaged. Install it again.", "Install it again.")]
    monkeypatch.setattr(Library, "doctor", lambda *_, **__: ill)
    assert run("doctor") == 1
    assert capsys.readouterr().out == "BAD\tmodel\tIt is damaged. Install it again.\n"


def test_advice_is_a_sentence_of_its_own(
    run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Check("torch", True, "not installed", "Install it.")]
    monkeypatch.setattr(Library, "doctor", lambda *_, **__: found)
    assert run("doctor") == 0
    assert capsys.readouterr().out == "ok\ttorch\tnot installed. Install it.\n"


def test_real_checks_name_the_parts(run: Run, indexed: Path, capsys: Capture) -> None:
    run("doctor", "--json")
    names = {json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()}
    assert {"onnxruntime", "database", "text search", "thumbnails"} <= names


def test_a_library_that_does_not_open_is_a_finding(
    run: Run, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "library.sqlite").write_bytes(b"this is no database at all" * 100)
    assert run("doctor", "--library", tmp_path / "broken") == 1
    assert capsys.readouterr().out.startswith("BAD\tlibrary\t")
