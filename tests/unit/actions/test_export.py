"""Copying originals: names that clash, files that vanish, disks that fill."""

import errno
import shutil
from pathlib import Path

import pytest

from bowerbird.actions.export import copy_files
from bowerbird.errors import SourceDeniedError, StorageFullError


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "a" / "beach.jpg", tmp_path / "b" / "beach.jpg"]
    for number, path in enumerate(made):
        path.parent.mkdir()
        path.write_bytes(bytes([number]) * 100)
    return made


def test_copies_keep_all_of_one_name(pictures: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    steps = list(copy_files([(path.name, path) for path in pictures], 2, out))
    assert [(step.done, step.total, step.failed) for step in steps] == [(1, 2, 0), (2, 2, 0)]
    assert sorted(path.name for path in out.iterdir()) == ["beach (2).jpg", "beach.jpg"]
    assert (out / "beach (2).jpg").read_bytes() == pictures[1].read_bytes()


def test_a_file_that_is_there_is_never_written_over(pictures: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "beach.jpg").write_text("mine")
    list(copy_files([("beach.jpg", pictures[0])], 1, out))
    assert (out / "beach.jpg").read_text() == "mine"
    assert (out / "beach (2).jpg").read_bytes() == pictures[0].read_bytes()


def test_missing_originals_count_as_failed(tmp_path: Path) -> None:
    gone = tmp_path / "gone.jpg"
    steps = list(copy_files([("gone.jpg", gone), ("none.jpg", None)], 2, tmp_path / "out"))
    assert steps[-1].failed == 2
    assert list((tmp_path / "out").iterdir()) == []


def test_full_disk_leaves_no_half_file(
    pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(StorageFullError, match="Free some"):
        list(copy_files([("beach.jpg", pictures[0])], 1, tmp_path / "out"))
    assert list((tmp_path / "out").iterdir()) == []


def test_folder_that_cannot_be_made(pictures: list[Path], tmp_path: Path) -> None:
    with pytest.raises(SourceDeniedError, match="Choose another folder"):
        list(copy_files([("beach.jpg", pictures[0])], 1, pictures[0] / "below-a-file"))
