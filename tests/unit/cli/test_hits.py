import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bowerbird.cli import hits
from bowerbird.library import Library
from bowerbird.types import Query

Capture = pytest.CaptureFixture[str]


def printed(query: Query, form: str | None) -> None:
    with Library.open() as library:
        results = library.search(query)
        hits.print_hits(library, results, offset=query.offset, form=form)


def test_json_has_all_keys(indexed: Path, capsys: Capture) -> None:
    printed(Query(texts=("red",), offset=1, limit=1), "json")
    [line] = capsys.readouterr().out.splitlines()
    hit = json.loads(line)
    assert list(hit) == [
        *("rank", "score", "distance", "good", "worded", "uuid", "collection"),
        *("key", "path", "time", "width", "height", "metadata"),
    ]
    assert hit["rank"] == 2
    assert hit["collection"] == "photos"
    assert (hit["width"], hit["height"]) == (60, 40)
    assert hit["score"] + hit["distance"] == pytest.approx(1.0)
    assert hit["path"] == str(indexed / hit["key"])


def test_browsing_has_no_scores(indexed: Path, capsys: Capture) -> None:
    printed(Query(limit=1), "json")
    hit = json.loads(capsys.readouterr().out)
    assert hit["score"] is None
    assert hit["distance"] is None


def test_paths_and_nul(indexed: Path, capsys: Capture) -> None:
    printed(Query(texts=("blue",), limit=1), "paths")
    assert capsys.readouterr().out == f"{indexed}/sea/blue.png\n"
    printed(Query(texts=("blue",), limit=2), "null")
    first, second, end = capsys.readouterr().out.split("\0")
    assert first == f"{indexed}/sea/blue.png"
    assert second
    assert end == ""


def test_lines_for_a_pipe(indexed: Path, capsys: Capture) -> None:
    printed(Query(texts=("green",), limit=1), None)
    rank, score, path = capsys.readouterr().out.rstrip("\n").split("\t")
    assert rank == "1"
    assert float(score) > 0.5
    assert path.endswith("green.png")


def test_table_for_a_person(indexed: Path, terminal: Callable[[], str]) -> None:
    printed(Query(texts=("blue",)), None)
    shown = terminal()
    assert "sea/blue.png" in shown
    assert "60 x 40" in shown


def test_more_than_a_page(indexed: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bowerbird.library.pictures._PAGE", 2)
    printed(Query(texts=("red",)), "json")
    ranks = [json.loads(line)["rank"] for line in capsys.readouterr().out.splitlines()]
    assert ranks == [1, 2, 3]


def test_hits_that_are_gone_are_left_out(
    indexed: Path, capsys: Capture, run: Callable[..., int]
) -> None:
    with Library.open() as library:
        results = library.search(Query(texts=("red",)))
        library.remove_collection(library.collection("photos"))
        assert list(library.listed(results)) == []
