"""Groups of copies in the terminal."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bowerbird.library import Library
from bowerbird.types import Query

Run = Callable[..., int]


def test_groups_are_printed_in_every_form(
    run: Run, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("index", photos) == 0
    capsys.readouterr()
    assert run("duplicates") == 1
    assert capsys.readouterr().out == ""
    kept = photos / "best"
    kept.mkdir()
    shutil.copy2(photos / "red.png", kept / "same.png")
    assert run("index", photos) == 0
    capsys.readouterr()
    assert run("duplicates", "--keep", kept) == 0
    said = capsys.readouterr().out
    assert f"keep  {kept / 'same.png'}  60 x 40" in said
    assert "(lies where you keep pictures)" in said
    assert "1 groups; 1 copies to spare" in said
    assert run("duplicates", "--paths", "--keep", kept) == 0
    assert capsys.readouterr().out == f"{photos / 'red.png'}\n"
    assert run("duplicates", "--null", "--keep", kept) == 0
    assert capsys.readouterr().out == f"{photos / 'red.png'}\0"
    assert run("duplicates", "--json") == 0
    group = json.loads(capsys.readouterr().out)
    assert group["kind"] == "identical"
    assert len(group["pictures"]) == 2
    assert group["keep"] == group["pictures"][0]["uuid"]
    assert run("duplicates", "--where", "folder = nowhere") == 1


def test_the_copy_to_keep_gets_the_tags_of_the_others(run: Run, photos: Path) -> None:
    shutil.copy2(photos / "red.png", photos / "again.png")
    assert run("index", photos) == 0
    with Library.open() as library:
        ids = library.search(Query(limit=None)).ids.tolist()
        assets = {asset.name: asset for asset in library.assets(ids)}
        library.tag([assets["red.png"].id], ["mine"])
        library.tag([assets["again.png"].id], ["yours"])
    assert run("duplicates", "--merge-tags") == 0
    with Library.open() as library:
        (group,) = library.duplicates()
        assert group.assets[0].tags == ("mine", "yours")
