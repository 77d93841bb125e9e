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


@pytest.mark.parametrize(
    ("detail", "advice", "said"),
    [
        ("It is damaged. Mend it.", "Mend it.", "It is damaged. Mend it."),
        ("not installed", "Install it.", "not installed. Install it."),
    ],
    ids=["said once", "a sentence of its own"],
)
def test_advice_follows_what_was_found(
    detail: str,
    advice: str,
    said: str,
    run: Run,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [Check("model", True, detail, advice)]
    monkeypatch.setattr(Library, "doctor", lambda *_, **__: found)
    assert run("doctor") == 0
    assert capsys.readouterr().out == f"ok\tmodel\t{said}\n"


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
