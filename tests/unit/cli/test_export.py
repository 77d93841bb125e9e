import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


def test_copies(run: Run, indexed: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out"
    assert run("export", "red", "--limit", "1", "--to", out) == 0
    assert [path.name for path in out.iterdir()] == ["red.png"]
    assert capsys.readouterr().out == f"1 pictures copied to {out}\n"


def test_a_filter_alone_exports_all_of_it(run: Run, indexed: Path, tmp_path: Path) -> None:
    assert run("export", "--where", "format = png", "--to", tmp_path / "out") == 0
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_files_that_are_gone_are_counted(
    run: Run, indexed: Path, tmp_path: Path, capsys: Capture
) -> None:
    (indexed / "red.png").unlink()
    assert run("export", "--in", "photos", "--to", tmp_path / "out") == 1
    said = capsys.readouterr()
    assert said.out.startswith("2 pictures copied")
    assert said.err == "bowerbird: 1 pictures could not be read, so they were not copied.\n"


def test_csv_on_stdout(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("export", "blue", "--csv", "-") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["path"] == f"{indexed}/sea/blue.png"
    assert rows[0]["md5"]


def test_json_lines_in_a_file(run: Run, indexed: Path, tmp_path: Path) -> None:
    target = tmp_path / "hits.jsonl"
    assert run("export", "blue", "--limit", "2", "--jsonl", target) == 0
    rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert len(rows) == 2
    assert rows[0]["tags"] == []


def test_a_file_that_cannot_be_written(
    run: Run, indexed: Path, tmp_path: Path, capsys: Capture, caplog: pytest.LogCaptureFixture
) -> None:
    assert run("export", "blue", "--csv", tmp_path, "--limit", 1) == 1
    assert "cannot be written: Is a directory. Choose another folder." in capsys.readouterr().err


def test_nothing_found(run: Run, indexed: Path, tmp_path: Path, capsys: Capture) -> None:
    assert run("export", "--where", "width > 999", "--to", tmp_path / "out") == 1
    assert "Nothing was found" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [("red",), ("--to", "x"), ("red", "--to", "x", "--csv", "y")])
def test_impossible(run: Run, words: tuple[str, ...]) -> None:
    assert run("export", *words) == 2


@pytest.mark.parametrize("form", ["csv", "jsonl", "html", "pdf", "png", "zip", "to", "link"])
def test_every_form_says_what_it_did_and_writes_over_nothing(
    run: Run, indexed: Path, tmp_path: Path, capsys: Capture, form: str
) -> None:
    target = tmp_path / "mine"
    assert run("export", "red", f"--{form}", target) == 0
    said = capsys.readouterr().out
    assert said.startswith("3 pictures ")
    assert said.endswith(f" {target}\n")
    assert ("copied to" in said) == (form in ("to", "link"))
    assert ("linked" in said) == (form == "link")
    if form not in ("to", "link"):
        target.write_bytes(b"mine")
        assert run("export", "red", f"--{form}", target) == 2
        assert "is there already. Choose another name" in capsys.readouterr().err
        assert target.read_bytes() == b"mine"
