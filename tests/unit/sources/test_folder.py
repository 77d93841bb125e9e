"""Listing a real folder: what is there, what is skipped, and what is said about the rest."""

import os
from pathlib import Path

import pytest

from bowerbird.errors import SourceDeniedError, SourceError, SourceOfflineError
from bowerbird.sources.folder import FolderSource
from bowerbird.sources.picking import Picker
from bowerbird.types import Entry, Unreadable

EXTENSIONS = frozenset({".jpg", ".png"})


def make(root: Path, *keys: str) -> None:
    for key in keys:
        path = root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(key.encode())


def source(root: Path, **options: object) -> FolderSource:
    return FolderSource(root, Picker(EXTENSIONS, **options))  # type: ignore[arg-type]


def keys(root: Path, **options: object) -> list[str]:
    found = list(source(root, **options).entries())
    assert all(isinstance(entry, Entry) for entry in found)
    return sorted(entry.key for entry in found)


def unreadable(root: Path) -> dict[str, str]:
    found = source(root).entries()
    return {entry.key: entry.reason for entry in found if isinstance(entry, Unreadable)}


def test_lists_pictures_below_the_root(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "B.PNG", "deep/er/c.jpg", "notes.txt", "no-ending")
    assert keys(tmp_path) == ["B.PNG", "a.jpg", "deep/er/c.jpg"]
    entry = next(e for e in source(tmp_path).entries() if e.key == "deep/er/c.jpg")
    facts = (tmp_path / "deep/er/c.jpg").stat()
    assert entry == Entry("deep/er/c.jpg", facts.st_size, facts.st_mtime_ns)


def test_hidden_and_ignored(tmp_path: Path) -> None:
    make(tmp_path, ".hidden.jpg", ".git/a.jpg", "trash/b.jpg", "x/trash/c.jpg", "x/d.jpg", "E.jpg")
    assert keys(tmp_path, ignore=("trash",)) == ["E.jpg", "x/d.jpg"]
    assert keys(tmp_path, ignore=("TRASH", "e.*")) == ["x/d.jpg"]
    assert keys(tmp_path, ignore=("x/trash",)) == ["E.jpg", "trash/b.jpg", "x/d.jpg"]
    assert ".git/a.jpg" in keys(tmp_path, hidden=True)


def test_links_are_followed_and_loops_are_not(tmp_path: Path) -> None:
    make(tmp_path, "root/z/a.jpg", "outside/b.jpg", "root/z/deep/c.jpg")
    root = tmp_path / "root"
    (root / "loop").symlink_to(root)
    (root / "z" / "deep" / "up").symlink_to(root / "z")
    (root / "a-link").symlink_to(root / "z")
    (root / "other").symlink_to(tmp_path / "outside")
    (root / "zother").symlink_to(tmp_path / "outside")
    (root / "file.jpg").symlink_to(tmp_path / "outside" / "b.jpg")
    assert keys(root) == ["file.jpg", "other/b.jpg", "z/a.jpg", "z/deep/c.jpg"]


def test_broken_link_is_reported(tmp_path: Path) -> None:
    make(tmp_path, "good.jpg")
    (tmp_path / "broken.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (tmp_path / "self.jpg").symlink_to(tmp_path / "self.jpg")
    found = unreadable(tmp_path)
    assert set(found) == {"broken.jpg", "self.jpg"}
    assert "link is broken" in found["broken.jpg"]


def test_unreadable_folder_is_reported_and_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a.jpg", "locked/b.jpg", "open/c.jpg")
    real = os.scandir

    def scandir(path: str | Path) -> object:
        if str(path).rstrip("/").endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = list(source(tmp_path).entries())
    assert sorted(e.key for e in found if isinstance(e, Entry)) == ["a.jpg", "open/c.jpg"]
    assert [e for e in found if isinstance(e, Unreadable)] == [
        Unreadable("locked", "may not be read; change the folder's permissions")
    ]


def test_folder_that_vanishes_while_listing_is_reported(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "gone/b.jpg")
    listing = source(tmp_path).entries()
    first = next(listing)
    assert isinstance(first, Entry)
    (tmp_path / "gone" / "b.jpg").unlink()
    (tmp_path / "gone").rmdir()
    rest = list(listing)
    assert [type(entry) for entry in rest] == [Unreadable]


def test_pipes_are_never_opened(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    assert keys(tmp_path) == ["a.jpg"]


@pytest.mark.skipif(os.name != "posix", reason="names are text elsewhere")
def test_names_that_are_no_text_are_reported(tmp_path: Path) -> None:
    make(tmp_path, "ä ö 日本 🐦.jpg", "new\nline.jpg")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jpg")).touch()
    found = list(source(tmp_path).entries())
    assert sorted(e.key for e in found if isinstance(e, Entry)) == [
        "new\nline.jpg",
        "ä ö 日本 🐦.jpg",
    ]
    assert [e for e in found if isinstance(e, Unreadable)] == [
        Unreadable("caf?.jpg", "has a name that is not valid text; rename it")
    ]


def test_root_that_is_gone_or_no_folder_is_offline(tmp_path: Path) -> None:
    make(tmp_path, "file.jpg")
    for root in (tmp_path / "gone", tmp_path / "file.jpg"):
        with pytest.raises(SourceOfflineError, match="is not there"):
            source(root).check()
        with pytest.raises(SourceOfflineError):
            list(source(root).entries())


def test_root_without_rights_is_denied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def scandir(_: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(SourceDeniedError, match="Change its permissions"):
        source(tmp_path).check()


def test_open_reads_and_stays_inside(tmp_path: Path) -> None:
    make(tmp_path, "root/a.jpg", "secret.jpg")
    inside = source(tmp_path / "root")
    with inside.open("a.jpg") as stream:
        assert stream.read() == b"root/a.jpg"
        stream.seek(0)
    for key in ("../secret.jpg", "/etc/passwd", "x/../../secret.jpg", "a\0.jpg"):
        with pytest.raises(SourceError, match="leads out"):
            inside.open(key)
    with pytest.raises(FileNotFoundError):
        inside.open("none.jpg")
    (tmp_path / "root" / "folder.jpg").mkdir()
    with pytest.raises((SourceError, OSError)):
        inside.open("folder.jpg")
    os.mkfifo(tmp_path / "root" / "pipe.jpg")
    with pytest.raises(SourceError, match="not a regular file"):
        inside.open("pipe.jpg")
    assert inside.locate("a.jpg") == tmp_path / "root" / "a.jpg"


@pytest.mark.parametrize("key", ["a\\..\\..\\b.jpg", "c:b.jpg", "a.jpg:stream"])
def test_keys_that_windows_would_read_otherwise_stay_inside(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sep", "\\")
    with pytest.raises(SourceError, match="leads out"):
        source(tmp_path).open(key)


def test_depth_costs_no_recursion(tmp_path: Path) -> None:
    deep = "/".join(["d"] * 300) + "/a.jpg"
    make(tmp_path, deep)
    assert keys(tmp_path) == [deep]
