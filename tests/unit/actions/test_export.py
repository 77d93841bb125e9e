"""Taking pictures elsewhere: names that clash, files that vanish, disks that fill, every form."""

import contextlib
import csv
import errno
import io
import json
import os
import shutil
import threading
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from bowerbird.actions import contact_sheet, naming
from bowerbird.actions.export import Export, export
from bowerbird.errors import ConflictError, SourceDeniedError, StorageFullError, UsageError
from bowerbird.types import Asset, Collection, Exif, Hit, Listed, Progress, SourceKind, Status

HERE = Collection(1, "c", "Photos", SourceKind.FOLDER, "/photos")


def asset(number: int, name: str) -> Asset:
    when = datetime(2024, 5, 6, tzinfo=UTC)
    key = f"trip/rome/{name}"
    return Asset(number, f"u{number}", 1, key, name, 100, when, Status.OK, width=40, height=30)


def thumbnail(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "WEBP")
    return stream.getvalue()


def wanted(
    files: Iterable[tuple[str, Path | None]],
    template: str = "{name}",
    small: bytes | None = None,
) -> Export:
    files = list(files)
    hits = [
        Listed(at, Hit(at, 0.5), asset(at, name), HERE, f"/photos/{name}")
        for at, (name, _) in enumerate(files, 1)
    ]
    places = {at: path for at, (_, path) in enumerate(files, 1)}
    return Export(hits, len(files), lambda a: places[a.id], lambda _: small, template)


def run(files: Iterable[tuple[str, Path | None]], target: Path, form: str) -> list[Progress]:
    return list(export(wanted(files, small=thumbnail("red")), target, form))  # type: ignore[arg-type]


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "a" / "beach.jpg", tmp_path / "b" / "beach.jpg"]
    for number, path in enumerate(made):
        path.parent.mkdir()
        path.write_bytes(bytes([number]) * 100)
    return made


def test_copies_keep_all_of_one_name(pictures: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    steps = run([(path.name, path) for path in pictures], out, "copy")
    assert [(step.done, step.total, step.failed) for step in steps] == [(1, 2, 0), (2, 2, 0)]
    assert sorted(path.name for path in out.iterdir()) == ["beach (2).jpg", "beach.jpg"]
    assert (out / "beach (2).jpg").read_bytes() == pictures[1].read_bytes()


@pytest.mark.parametrize("form", ["copy", "link"])
def test_a_file_that_is_there_is_never_written_over(
    pictures: list[Path], tmp_path: Path, form: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "beach.jpg").write_text("mine")
    run([("beach.jpg", pictures[0])], out, form)
    assert (out / "beach.jpg").read_text() == "mine"
    assert (out / "beach (2).jpg").read_bytes() == pictures[0].read_bytes()


def test_links_share_the_file_and_fall_back_to_copies(
    pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run([("a.jpg", pictures[0])], tmp_path / "out", "link")
    assert (tmp_path / "out" / "a.jpg").stat().st_ino == pictures[0].stat().st_ino

    def refused(*_: object) -> None:
        raise OSError(errno.EXDEV, "other device")

    monkeypatch.setattr(os, "link", refused)
    run([("b.jpg", pictures[0])], tmp_path / "out", "link")
    assert (tmp_path / "out" / "b.jpg").read_bytes() == pictures[0].read_bytes()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize("form", ["copy", "link", "zip"])
def test_missing_originals_count_as_failed(tmp_path: Path, form: str) -> None:
    target = tmp_path / "out"
    steps = run([("gone.jpg", tmp_path / "gone.jpg"), ("none.jpg", None)], target, form)
    assert steps[-1].failed == 2
    if form == "zip":
        assert zipfile.ZipFile(target).namelist() == []
    else:
        assert list(target.iterdir()) == []


def test_full_disk_leaves_no_half_file(
    pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(StorageFullError, match="Free some"):
        run([("beach.jpg", pictures[0])], tmp_path / "out", "copy")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("form", ["zip", "html", "csv", "pdf"])
def test_a_file_that_is_cut_short_leaves_what_was_there(
    pictures: list[Path], tmp_path: Path, form: str
) -> None:
    target = tmp_path / "out" / "all"
    target.parent.mkdir()
    target.write_text("before")
    steps = export(
        wanted([(p.name, p) for p in pictures] * 30, small=thumbnail("red")),
        target,
        form,  # type: ignore[arg-type]
    )
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert target.read_text() == "before"
    assert [path.name for path in target.parent.iterdir()] == ["all"]


def test_folder_that_cannot_be_made(pictures: list[Path], tmp_path: Path) -> None:
    with pytest.raises(SourceDeniedError, match="Choose another folder"):
        run([("beach.jpg", pictures[0])], pictures[0] / "below-a-file", "copy")
    with pytest.raises(SourceDeniedError, match="Choose another folder"):
        run([("beach.jpg", pictures[0])], pictures[0] / "below-a-file" / "x.zip", "zip")


def test_zip_holds_every_file(pictures: list[Path], tmp_path: Path) -> None:
    target = tmp_path / "all.zip"
    run([(path.name, path) for path in pictures], target, "zip")
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["beach.jpg", "beach (2).jpg"]
        assert archive.read("beach (2).jpg") == pictures[1].read_bytes()
        assert archive.testzip() is None


def test_lists_say_all_that_is_known(tmp_path: Path) -> None:
    run([("a,b.jpg", None), ('"c".jpg', None)], tmp_path / "x.csv", "csv")
    with (tmp_path / "x.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["path"] for row in rows] == ["/photos/a,b.jpg", '/photos/"c".jpg']
    assert (rows[0]["rank"], rows[0]["score"], rows[0]["collection"]) == ("1", "0.5", "Photos")
    run([("a.jpg", None)], tmp_path / "x.jsonl", "jsonl")
    (found,) = map(json.loads, (tmp_path / "x.jsonl").read_text().splitlines())
    assert (found["key"], found["distance"], found["tags"]) == ("trip/rome/a.jpg", 0.5, [])


def test_page_holds_its_pictures_and_escapes_names(tmp_path: Path) -> None:
    run([("<b>&.jpg", None), ("none.jpg", None)], tmp_path / "My <page>.html", "html")
    page = (tmp_path / "My <page>.html").read_text("utf-8")
    assert "&lt;b&gt;&amp;.jpg" in page
    assert "<b>" not in page
    assert "<title>My &lt;page&gt;</title>" in page
    assert page.count("data:image/webp;base64,UklG") == 2


def test_sheets_go_over_several_pages(tmp_path: Path) -> None:
    files = [(f"{number}.jpg", None) for number in range(contact_sheet.PER_PAGE + 3)]
    steps = run(files, tmp_path / "sheet.pdf", "pdf")
    assert [step.done for step in steps] == [contact_sheet.PER_PAGE, len(files)]
    with contextlib.closing(pypdfium2.PdfDocument(tmp_path / "sheet.pdf")) as document:
        assert len(document) == 2
        assert document[0].get_size() == document[1].get_size()
    run(files, tmp_path / "sheet.png", "png")
    with Image.open(tmp_path / "sheet.png") as first, Image.open(tmp_path / "sheet-2.png") as more:
        assert first.size == (1240, 1754)
        assert more.size == (1240, 120 + 326), "it ends below its row"
        red = sum(
            count
            for count, pixel in first.getcolors(1 << 20) or []
            if pixel[0] > 200 > 60 > pixel[1]
        )
        assert red >= contact_sheet.PER_PAGE * 1000


def test_a_further_page_is_never_written_over_a_file(tmp_path: Path) -> None:
    mine = tmp_path / "sheet-2.png"
    mine.write_bytes(b"mine")
    files = [(f"{number}.jpg", None) for number in range(contact_sheet.PER_PAGE + 1)]
    with pytest.raises(ConflictError, match=r"sheet-2\.png.*is there already"):
        run(files, tmp_path / "sheet.png", "png")
    assert [path.name for path in tmp_path.glob("sheet*")] == [mine.name]
    assert mine.read_bytes() == b"mine"
    run(files[:-1], tmp_path / "sheet.png", "png")


def test_templates(tmp_path: Path, pictures: list[Path]) -> None:
    made = replace(asset(1, "a.b.JPG"), exif=Exif(taken=datetime(2020, 1, 2)))
    assert naming.named("{n} {date} {name}", made, 7, 120) == "007 2020-01-02 a.b.JPG"
    assert naming.named("{folder}-{width}x{height}", made, 1, 1) == "rome-40x30.JPG"
    assert naming.named("{name}", asset(1, "../x:y?.png"), 1, 1) == "x_y_.png"
    assert naming.named("{folder}", replace(made, key="a.jpg"), 1, 1) == "picture.JPG"
    list(export(wanted([("beach.jpg", pictures[0])], "{n}"), tmp_path / "out", "copy"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["1.jpg"]


@pytest.mark.parametrize(
    ("template", "says"),
    [("{nam}", "no {nam} of"), ("{", "cannot be read"), ("same", "All files"), ("", "All files")],
)
def test_templates_that_cannot_be(tmp_path: Path, template: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        list(export(wanted([], template), tmp_path / "out", "copy"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("template", ["{name.x}", "{name!r:>99999999999}", "{0}", "{name[0]}"])
def test_templates_cannot_reach_into_objects(tmp_path: Path, template: str) -> None:
    with pytest.raises(UsageError):
        list(export(wanted([("a.jpg", None)], template), tmp_path / "out", "copy"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_written_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    read: list[str] = []
    reader.start()
    run([("a.jpg", None)], pipe, "csv")
    reader.join()
    assert read[0].startswith("rank,score")
    assert pipe.is_fifo()
