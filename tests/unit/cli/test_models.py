import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bowerbird import paths
from bowerbird.cli import models
from bowerbird.errors import DownloadError
from bowerbird.library import Library
from bowerbird.types import Progress

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


def test_list(run: Run, capsys: Capture) -> None:
    assert run("models") == 0
    rows = [row.split("\t") for row in capsys.readouterr().out.splitlines()]
    assert rows[0][:3] == ["builtin", "search", "in use"]
    assert len(rows) > 1
    assert {len(row) for row in rows} == {8}
    kinds = [row[1] for row in rows]
    assert kinds == sorted(kinds, key=["search", "cutout", "detect", "reimagine"].index)
    assert ["builtin", "cutout", "in use"] in [row[:3] for row in rows]
    (unclip,) = (row for row in rows if row[1] == "reimagine")
    assert "6.4 GB" in unclip[3]
    assert unclip[5] == "CreativeML-OpenRAIL++-M"


def test_list_as_json(run: Run, capsys: Capture) -> None:
    assert run("models", "list", "--json") == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["id"] == "builtin"
    assert first["active"]


def test_get(run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def get(_: Library, model: str) -> Iterator[Progress]:
        asked.append(model)
        yield Progress("downloading", 1, 1)

    monkeypatch.setattr(Library, "get_model", get)
    assert run("models", "get", "clip-b32-256") == 0
    assert asked == ["clip-b32-256"]
    assert "bowerbird models use clip-b32-256" in capsys.readouterr().out


def test_a_download_that_fails(run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def get(_: Library, model: str) -> Iterator[Progress]:
        yield Progress("downloading", 1, 2)
        raise DownloadError(f"{model} did not come. Try again.")

    monkeypatch.setattr(Library, "get_model", get)
    assert run("models", "get", "x") == 1
    said = capsys.readouterr()
    assert said.err == "bowerbird: x did not come. Try again.\n"
    assert said.out == ""


def test_use(run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("models", "use", "builtin") == 0
    assert capsys.readouterr().out == "builtin is in use already.\n"
    listed = Library.models
    monkeypatch.setattr(
        Library, "models", lambda library: [replace(m, active=False) for m in listed(library)]
    )
    assert run("models", "use", "builtin") == 0
    assert "bowerbird index" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("model", "use"),
    [
        ("u2net", "bowerbird cutout --model u2net"),
        ("unclip-small", "bowerbird reimagine --model unclip-small"),
    ],
)
def test_how_what_was_fetched_is_used(
    run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch, model: str, use: str
) -> None:
    monkeypatch.setattr(Library, "get_model", lambda *_: iter([Progress("downloading", 1, 1)]))
    monkeypatch.setattr("bowerbird.cli.models.follow", lambda steps, _: list(steps))
    assert run("models", "get", model) == 0
    assert use in capsys.readouterr().out


def test_what_is_chosen_and_gone_is_said(run: Run, capsys: Capture) -> None:
    file = paths.config_file()
    file.parent.mkdir(parents=True)
    file.write_text('cutout_model = "u2net"')
    assert run("models") == 0
    rows = [row.split("\t")[:3] for row in capsys.readouterr().out.splitlines()]
    assert ["u2net", "cutout", "chosen, but missing"] in rows
    assert ["builtin", "cutout", "installed"] in rows


def test_use_to_cut_out(run: Run, capsys: Capture) -> None:
    assert run("models", "use", "builtin", "--for", "cutout") == 0
    assert capsys.readouterr().out == "builtin removes backgrounds from now on.\n"
    assert run("models", "use", "u2net") == 1
    assert "bowerbird models get u2net" in capsys.readouterr().err
    assert run("models", "use", "unclip-small") == 2
    assert "bowerbird reimagine --model unclip-small" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("get",), ("use",), ("list", "builtin"), ("get", "nosuch")])
def test_impossible(run: Run, capsys: Capture, words: tuple[str, ...]) -> None:
    assert run("models", *words) == 2
    assert capsys.readouterr().err


def test_a_person_reads_sentences_below_the_table(
    run: Run, terminal: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "is_terminal", lambda _: True)
    monkeypatch.setenv("COLUMNS", "80")
    assert run("models") == 0
    shown = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in terminal().splitlines()]
    assert all(len(line) <= 80 for line in shown)
    assert any(
        line.split() == ["birefnet-general-lite", "cutout", "224.0", "MB", "MIT"] for line in shown
    )
    at = shown.index("")
    assert shown[at + 1].startswith("builtin (search): Ships with Bowerbird")
    assert "languages. Needs 3 GB of memory. Languages: over 100" in "\n".join(shown[at:])
