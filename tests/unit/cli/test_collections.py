import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bowerbird.library import Library

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


def test_list(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("collections") == 0
    assert capsys.readouterr().out == f"photos\t3\t1\t0\t{indexed}\tchange\n"


def test_list_as_json(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("collections", "list", "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["name"], row["kind"], row["location"]) == ("photos", "folder", str(indexed))
    assert (row["ok"], row["failed"], row["missing"]) == (3, 1, 0)
    assert row["last_sync"]


def test_rename(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("collections", "rename", "photos", "Holidays") == 0
    with Library.open() as library:
        assert library.collection("Holidays").location == str(indexed)
    assert run("collections", "rename", "Holidays", " ") == 2
    assert "needs a name" in capsys.readouterr().err


def test_remove_keeps_the_files(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("collections", "remove", "photos") == 0
    assert "untouched" in capsys.readouterr().out
    assert (indexed / "red.png").exists()
    with Library.open() as library:
        assert library.collections() == []


def test_nothing_is_removed_when_one_name_is_wrong(
    run: Run, indexed: Path, capsys: Capture
) -> None:
    assert run("collections", "remove", "photos", "typo") == 2
    assert "'typo'" in capsys.readouterr().err
    with Library.open() as library:
        assert library.counts().ok == 3


@pytest.mark.parametrize(
    "words", [("remove",), ("list", "photos"), ("burn",), ("rename", "photos")]
)
def test_impossible(run: Run, words: tuple[str, ...]) -> None:
    assert run("collections", *words) == 2


def test_a_time_is_chosen(run: Run, indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("collections", "auto", "photos", "weekly") == 0
    assert run("collections") == 0
    assert "weekly" in capsys.readouterr().out
    assert run("collections", "auto", "photos", "sometimes") == 2
    assert "hourly" in capsys.readouterr().err


def test_a_new_one_is_said_by_name(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("collections", "add", "shop") == 0
    assert re.fullmatch(r"Made shop \([0-9a-f-]{32,36}\)\.\n", capsys.readouterr().out)
    assert run("collections", "add", "other", "--json") == 0
    assert json.loads(capsys.readouterr().out)["name"] == "other"
