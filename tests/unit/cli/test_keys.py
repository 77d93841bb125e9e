"""`bowerbird keys`: made once, shown once, taken back."""

import json
from collections.abc import Callable

import pytest

from bowerbird.library import Library
from bowerbird.types import Scope

Run = Callable[..., int]


def test_make_list_revoke(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("collections", "add", "shop") == 0
    capsys.readouterr()
    assert run("keys", "make", "site", "--scope", "write", "--in", "shop", "--per-minute", "9") == 0
    shown = capsys.readouterr()
    lines = dict(line.split(None, 1) for line in shown.out.splitlines())
    assert "once" in shown.err
    with Library.open() as library:
        key = library.access.find(lines["secret"])
        assert key is not None
        assert (key.id, key.scope, key.per_minute) == (lines["id"], Scope.WRITE, 9)
        assert key.collections == (library.collection("shop").uuid,)
    assert run("keys") == 0
    listed = capsys.readouterr().out
    assert "site" in listed
    assert lines["secret"] not in listed
    assert run("keys", "--json") == 0
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (row["name"], row["collections"], row["calls"]) == ("site", ["shop"], 0)
    assert run("keys", "revoke", "site") == 0
    assert run("keys", "revoke", "site") == 2
    assert run("keys", "--json") == 0
    assert "{" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ("make",),
        ("make", "a", "b"),
        ("make", " "),
        ("make", "a", "--in", "none"),
        ("make", "a", "--scope", "root"),
        ("make", "a", "--credits", "-1"),
        ("revoke",),
        ("list", "x"),
    ],
)
def test_wrong_words(run: Run, words: tuple[str, ...]) -> None:
    assert run("keys", *words) == 2
