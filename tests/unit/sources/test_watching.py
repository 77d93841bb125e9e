"""Changes are told of once, after they are over, and nothing else is."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bowerbird.sources import watching
from bowerbird.sources.watching import FolderWatch, remote_kind
from bowerbird.types import Keys

ENDINGS = frozenset({".jpg", ".png"})


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hands rest sooner, so that the tests do."""
    monkeypatch.setattr(watching, "QUIET_S", 0.15)


class Bell:
    """Counts how often it was rung."""

    def __init__(self) -> None:
        self.rung = 0
        self.keys: Keys = None
        self._news = threading.Event()

    def ring(self, keys: Keys) -> None:
        self.rung += 1
        self.keys = keys
        self._news.set()

    def wait(self, seconds: float = 10.0) -> bool:
        heard = self._news.wait(seconds)
        self._news.clear()
        return heard


@pytest.fixture
def bell() -> Bell:
    return Bell()


Watcher = Callable[..., FolderWatch]


@pytest.fixture
def watch(tmp_path: Path, bell: Bell) -> Iterator[Watcher]:
    made: list[FolderWatch] = []

    def begin(root: Path | None = None, **more: object) -> FolderWatch:
        one = FolderWatch(root or tmp_path, bell.ring, extensions=ENDINGS, **more)  # type: ignore[arg-type]
        made.append(one)
        end = time.monotonic() + 10
        while one._observer is None and not one.trouble and time.monotonic() < end:
            time.sleep(0.01)
        return one

    yield begin
    for one in made:
        one.close()


def test_a_new_a_changed_a_moved_and_a_lost_picture(
    tmp_path: Path, bell: Bell, watch: Watcher
) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    assert watch().trouble == ""
    picture = tmp_path / "deep" / "er" / "a.jpg"
    for act, keys in (
        (lambda: picture.write_bytes(b"1"), {"deep/er/a.jpg"}),
        (lambda: picture.write_bytes(b"22"), {"deep/er/a.jpg"}),
        (lambda: picture.rename(tmp_path / "b.jpg"), {"deep/er/a.jpg", "b.jpg"}),
        (lambda: (tmp_path / "b.jpg").rename(tmp_path / "part.tmp"), {"b.jpg", "part.tmp"}),
        (lambda: (tmp_path / "part.tmp").rename(tmp_path / "c.PNG"), {"part.tmp", "c.PNG"}),
        (lambda: (tmp_path / "c.PNG").unlink(), {"c.PNG"}),
        (lambda: shutil.rmtree(tmp_path / "deep"), None),
    ):
        act()
        assert bell.wait(), keys
        assert bell.keys == keys
        assert not bell.wait(watching.QUIET_S * 2), "told once"


def test_a_folder_that_comes_later_is_watched_as_well(
    tmp_path: Path, bell: Bell, watch: Watcher
) -> None:
    watch()
    (tmp_path / "new" / "folder").mkdir(parents=True)
    assert bell.wait()
    (tmp_path / "new" / "folder" / "a.jpg").write_bytes(b"1")
    assert bell.wait()


def test_what_is_no_picture_or_only_read_is_not_told_of(
    tmp_path: Path, bell: Bell, watch: Watcher
) -> None:
    picture, ours = tmp_path / "a.jpg", tmp_path / "library"
    picture.write_bytes(b"1")
    ours.mkdir()
    watch(exclude=(ours,))
    picture.read_bytes()
    list(tmp_path.iterdir())
    (tmp_path / "notes.txt").write_text("x")
    (ours / "thumbnail.jpg").write_bytes(b"1")
    assert not bell.wait(watching.QUIET_S * 3)


def test_a_burst_is_told_of_at_its_end(tmp_path: Path, bell: Bell, watch: Watcher) -> None:
    watch()
    with (tmp_path / "big.jpg").open("wb") as file:
        for _ in range(12):
            file.write(b"x" * 1000)
            file.flush()
            os.fsync(file.fileno())
            time.sleep(watching.QUIET_S / 4)
            assert bell.rung == 0, "it is being written"
    assert bell.wait()
    assert bell.rung == 1


def test_a_burst_without_end_is_told_of_now_and_then(
    tmp_path: Path, bell: Bell, watch: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LONGEST_S", 0.8)
    watch()
    for number in range(25):
        (tmp_path / f"{number}.jpg").write_bytes(b"1")
        time.sleep(0.1)
    assert bell.rung >= 2


@pytest.mark.logs_expected
def test_a_folder_that_cannot_be_watched_is_polled(
    tmp_path: Path, bell: Bell, watch: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watching, "POLL_S", 0.05)
    monkeypatch.setattr(watching.Observer, "start", full)
    one = watch()
    assert "inotify watch limit reached" in one.trouble
    assert "max_user_watches" in one.trouble
    assert bell.wait()
    assert bell.keys is None, "look everywhere"
    assert bell.wait(), "again and again"


@pytest.mark.logs_expected
def test_a_root_that_is_away_is_polled(tmp_path: Path, watch: Watcher) -> None:
    assert "cannot be watched" in watch(tmp_path / "gone").trouble


@pytest.mark.logs_expected
def test_what_goes_wrong_does_not_end_the_watch(tmp_path: Path) -> None:
    calls = []
    done = threading.Event()

    def fail(_: Keys) -> None:
        calls.append(1)
        if len(calls) == 2:
            done.set()
        raise ValueError("a fault")

    one = FolderWatch(tmp_path, fail, extensions=ENDINGS)
    try:
        while one._observer is None:
            time.sleep(0.01)
        (tmp_path / "a.jpg").touch()
        while not calls:
            time.sleep(0.01)
        (tmp_path / "b.jpg").touch()
        assert done.wait(10)
    finally:
        one.close()
    (tmp_path / "c.jpg").touch()
    time.sleep(watching.QUIET_S * 2)
    assert len(calls) == 2, "closed is closed"


def test_network_drives_are_known(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda / ext4 rw 0 0\n"
        "nas:/x /mnt/my\\040photos nfs4 rw 0 0\n"
        "me@host: /home/me/far fuse.sshfs rw 0 0\n"
    )
    assert remote_kind(Path("/mnt/my photos/2024"), mounts) == "nfs4"
    assert remote_kind(Path("/home/me/far"), mounts) == "fuse.sshfs"
    assert remote_kind(Path("/home/me/farther"), mounts) == ""
    assert remote_kind(Path("/x"), tmp_path / "none") == ""


def test_very_many_changes_are_not_listed(
    tmp_path: Path, bell: Bell, watch: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST_KEYS", 5)
    watch()
    for number in range(5):
        (tmp_path / f"{number}.jpg").write_bytes(b"1")
    assert bell.wait()
    assert bell.keys is not None
    for number in range(6):
        (tmp_path / f"x{number}.jpg").write_bytes(b"1")
    assert bell.wait()
    assert bell.keys is None
