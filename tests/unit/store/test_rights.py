"""What an older version left open to everybody is closed when it is opened."""

import os
import stat
from pathlib import Path

import pytest

from bowerbird.store.store import DATABASE, Store

pytestmark = pytest.mark.skipif(os.name == "nt", reason="rights of files are other ones there")


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def older(folder: Path) -> list[Path]:
    """A library as it was made before, open to everybody, and its files."""
    with Store.open(folder) as store:
        store.access().signing_secret()
    (folder / "library-before-20250101.sqlite").write_bytes(b"")
    files = sorted(folder.glob("library*"))
    for path in files:
        path.chmod(0o644)
    folder.chmod(0o755)
    return files


def test_it_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    before = older(folder)
    assert len(before) >= 2
    (tmp_path / "link").symlink_to(folder)
    with Store.open(tmp_path / "link"):
        assert rights(folder) == 0o700
        for path in {*before, *folder.glob(f"{DATABASE}*")}:
            assert rights(path) == 0o600, path.name


def test_what_is_not_ours_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "library"
    older(folder)
    monkeypatch.setattr("bowerbird.store.rights.os.geteuid", lambda: os.getuid() + 1)
    with Store.open(folder):
        assert rights(folder) == 0o755
        assert rights(folder / DATABASE) == 0o644


def test_a_folder_for_everybody_stays_and_links_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    older(folder)
    folder.chmod(0o1777)
    other = tmp_path / "other"
    other.write_text("")
    other.chmod(0o644)
    (folder / "library.sqlite.link").symlink_to(other)
    with Store.open(folder):
        assert (rights(folder), rights(other)) == (0o1777, 0o644)
        assert rights(folder / DATABASE) == 0o600


def test_where_it_cannot_be_done_the_library_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "library"
    older(folder)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("read-only file system")

    monkeypatch.setattr(Path, "chmod", refuse)
    with Store.open(folder) as store:
        assert store.counts().ok == 0
