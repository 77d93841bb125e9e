"""Groups of copies in the terminal."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bowerbird.library import Library
from bowerbird.library.duplicates import Duplicates
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
    assert "1 group; 1 copy to spare" in said
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


def test_a_record_of_a_file_in_a_folder_is_no_copy_of_it(
    run: Run, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "link").symlink_to(photos)
    for name, named in (("shop", photos), ("again", tmp_path / "link")):
        (tmp_path / f"{name}.csv").write_text(f"id,image\n1,{named / 'red.png'}\n")
        assert run("import", tmp_path / f"{name}.csv") == 0
    capsys.readouterr()
    for form in ("--paths", "--json"):
        assert run("duplicates", form) == 1, "two records of one file"
        assert capsys.readouterr().out == ""
    assert run("index", photos) == 0
    capsys.readouterr()
    assert run("duplicates", "--paths", "--similar-shots") == 2
    assert run("duplicates", "--paths") == 1, "a file and its records"
    assert run("duplicates", "--similar-shots") == 1
    assert capsys.readouterr().out == ""
    shutil.copy2(photos / "red.png", photos / "same.png")
    assert run("index", photos) == 0
    capsys.readouterr()
    assert run("duplicates", "--json") == 0
    group = json.loads(capsys.readouterr().out)
    paths = [Path(each["path"]) for each in group["pictures"]]
    assert sorted(path.name for path in paths) == ["red.png", "same.png"]
    assert run("duplicates", "--paths") == 0
    (spare,) = capsys.readouterr().out.splitlines()
    assert spare == str(paths[1])
    with Library.open() as library:
        assets = library.assets(library.matching(None).tolist())
        red = next(asset for asset in assets if asset.name == "same.png")
        assert {asset.md5 for asset in library.near_duplicates(red)} <= {red.md5}
        assert library.place(red) not in map(library.place, library.near_duplicates(red))


def test_paths_are_those_of_files_in_folders_alone(
    run: Run, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere.png"
    shutil.copy2(photos / "red.png", elsewhere)
    (tmp_path / "shop.csv").write_text(f"id,image\n1,{elsewhere}\n")
    assert run("index", photos) == 0
    assert run("import", tmp_path / "shop.csv") == 0
    assert run("collections", "add", "Mine", "--managed") == 0
    assert run("put", "Mine", photos / "red.png") == 0
    capsys.readouterr()
    assert run("duplicates", "--paths", "--keep", photos) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "bowerbird: 2 copies are left out: not in a folder of yours" in said.err
    (tmp_path / "best").mkdir()
    assert run("duplicates", "--paths", "--keep", tmp_path / "best") == 0


def test_paths_leave_out_what_may_be_the_last(
    run: Run, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photos / "best").mkdir()
    kept = photos / "best" / "same.png"
    shutil.copy2(photos / "red.png", kept)
    assert run("index", photos) == 0
    capsys.readouterr()
    kept.unlink()
    assert run("duplicates", "--paths", "--keep", photos / "best") == 0
    said = capsys.readouterr()
    assert (said.out, "1 copies are left out: of what is kept" in said.err) == ("", True)
    shutil.copy2(photos / "red.png", kept)
    (photos / "red.png").write_bytes(b"another picture by now")
    assert run("duplicates", "--paths", "--keep", photos / "best") == 0
    said = capsys.readouterr()
    assert (said.out, "1 copies are left out: gone or changed" in said.err) == ("", True)


def test_a_folder_to_keep_that_is_none_is_refused_before_the_search(
    run: Run,
    photos: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run("index", photos) == 0
    monkeypatch.delattr(Duplicates, "find_duplicates")
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
    assert "1 group of similar shots with 2 pictures" in said
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
