"""Groups of copies in the terminal."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

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


def test_a_folder_to_keep_that_is_none_is_refused_before_the_search(
    run: Run,
    photos: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run("index", photos) == 0
    monkeypatch.delattr(Library, "find_duplicates")
    for wrong in (photos / "nowhere", photos / "red.png"):
        assert run("duplicates", "--paths", "--keep", wrong) == 2
        assert str(wrong) in capsys.readouterr().err


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


def test_similar_shots_are_shown_and_never_spared(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "scene"
    folder.mkdir()
    image = Image.effect_noise((64, 48), 90).resize((640, 480), Image.Resampling.NEAREST)
    image.convert("RGB").save(folder / "first.png")
    ImageDraw.Draw(image).ellipse((220, 120, 400, 400), fill=20)
    image.convert("RGB").save(folder / "second.png")
    assert run("index", folder) == 0
    capsys.readouterr()
    assert run("duplicates") == 1
    assert capsys.readouterr().out == ""
    assert run("duplicates", "--similar-shots") == 0
    said = capsys.readouterr().out
    assert said.startswith("best  ")
    assert "keep" not in said
    assert "1 groups of similar shots with 2 pictures" in said
    assert run("duplicates", "--similar-shots", "--json") == 0
    group = json.loads(capsys.readouterr().out)
    assert (group["kind"], len(group["pictures"])) == ("similar", 2)
    # They stay out of what is asked for without them.
    assert run("duplicates", "--paths") == 1
    assert capsys.readouterr().out == ""
    for listed in ("--paths", "--null"):
        assert run("duplicates", "--similar-shots", listed) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert "yours to choose" in said.err
