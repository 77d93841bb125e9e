"""Thumbnails lie by content, whole or not at all, and never outgrow their cap for long."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from bowerbird.errors import StorageFullError
from bowerbird.store import thumbnails as module
from bowerbird.store.thumbnails import Thumbnails


def md5(name: object) -> str:
    return hashlib.md5(str(name).encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def kept(tmp_path: Path) -> Thumbnails:
    return Thumbnails(tmp_path / "thumbnails", 1000)


def test_what_is_put_comes_back(kept: Thumbnails, tmp_path: Path) -> None:
    key = md5("a")
    assert kept.get(key) is None
    kept.put(key, b"one")
    kept.put(key, b"other")
    assert kept.get(key) == b"other"
    assert (tmp_path / "thumbnails" / key[:2] / f"{key}.webp").read_bytes() == b"other"
    assert kept.total() == 5


def test_the_longest_unused_goes_first(kept: Thumbnails, tmp_path: Path) -> None:
    now = time.time()
    for i in range(10):
        kept.put(md5(i), bytes(100))
        path = tmp_path / "thumbnails" / md5(i)[:2] / f"{md5(i)}.webp"
        os.utime(path, (now - 1e6 + i, now - 1e6 + i))
    assert kept.get(md5(0)) is not None  # a use, noted
    kept.put(md5("new"), bytes(100))
    left = [i for i in range(10) if kept.get(md5(i)) is not None]
    assert left == [0, 3, 4, 5, 6, 7, 8, 9]
    assert kept.get(md5("new")) is not None
    assert kept.total() == 900


def test_a_use_is_noted_at_most_daily(kept: Thumbnails, tmp_path: Path) -> None:
    kept.put(md5("a"), b"x")
    path = tmp_path / "thumbnails" / md5("a")[:2] / f"{md5('a')}.webp"
    before = time.time() - 3600
    os.utime(path, (before, before))
    kept.get(md5("a"))
    assert path.stat().st_mtime == pytest.approx(before)


def test_the_sum_of_many_is_estimated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENOUGH", 8)
    folder = tmp_path / "thumbnails"
    for shard in range(256):
        (folder / f"{shard:02x}").mkdir(parents=True)
        (folder / f"{shard:02x}" / f"{shard:02x}{'0' * 30}.webp").write_bytes(bytes(10))
    walked: list[object] = []
    whole = Thumbnails._files
    monkeypatch.setattr(Thumbnails, "_files", lambda self: walked.append(1) or whole(self))
    kept = Thumbnails(folder, 1 << 20)
    kept.put(md5("a"), bytes(10))
    assert walked == []
    assert kept._total == pytest.approx(2570, rel=0.2)


def test_a_full_disk_leaves_nothing_half(
    kept: Thumbnails, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.put(md5("a"), b"old")

    def full(self: Path, data: bytes) -> int:
        self.open("wb").close()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StorageFullError):
        kept.put(md5("a"), b"new")
    monkeypatch.undo()
    assert kept.get(md5("a")) == b"old"
    assert list((tmp_path / "thumbnails").rglob("*.partial")) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "ABC", "0" * 31, "0" * 32 + "\n"])
def test_only_hashes_name_files(kept: Thumbnails, name: str) -> None:
    with pytest.raises(ValueError, match="not an md5"):
        kept.get(name)
