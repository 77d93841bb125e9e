"""A sync in another process does, pauses, ends and fails like one in this."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from bowerbird import apart, paths
from bowerbird.errors import BowerbirdError, ConflictError, SourceOfflineError
from bowerbird.library import Library
from bowerbird.types import Query


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(80):
        colour = (3 * number, 255 - 3 * number, 128)
        Image.new("RGB", (64, 48), colour).save(folder / f"{number:02d}.png")
    (folder / "broken.jpg").write_bytes(b"no picture")
    return folder


def children() -> set[int]:
    """Return the processes that this one has begun and that still run."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,stat=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    return {int(line.split()[0]) for line in listed if "bowerbird.apart" in line}


def test_it_does_the_same(library: Library, photos: Path) -> None:
    collection = library.add_folder(photos)
    steps = list(apart.sync(library, collection))
    assert (steps[-1].done, steps[-1].total, steps[-1].failed) == (81, 81, 1)
    assert library.counts().ok == 80
    # What another process wrote is found in this one.
    assert len(library.search(Query(texts=("a green picture",), limit=100))) == 80
    assert [step.done for step in apart.sync(library, collection)][-1] == 0
    assert library.failures()[0].name == "broken.jpg"


def test_errors_come_back_as_they_are(library: Library, photos: Path) -> None:
    collection = library.add_folder(photos)
    here = library.sync(collection)
    next(here)
    with pytest.raises(ConflictError):
        list(apart.sync(library, collection))
    here.close()  # type: ignore[attr-defined]
    photos.rename(photos.with_name("away"))
    with pytest.raises(SourceOfflineError, match="not there"):
        list(apart.sync(library, collection))


@pytest.mark.skipif(sys.platform == "win32", reason="ps lists the processes")
def test_leaving_it_ends_it_and_keeps_what_is_done(library: Library, photos: Path) -> None:
    collection = library.add_folder(photos)
    steps = apart.sync(library, collection)
    for step in steps:
        if step.phase == "indexing" and step.done >= 40:
            break
    assert len(children()) == 1
    steps.close()  # type: ignore[attr-defined]
    assert children() == set()
    kept = library.counts().ok + library.counts().failed
    assert 30 < kept < 81
    assert list(apart.sync(library, collection))[-1].total == 81 - kept
    assert library.counts().ok == 80


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_killed_process_is_said_and_loses_nothing(library: Library, photos: Path) -> None:
    collection = library.add_folder(photos)
    steps = apart.sync(library, collection)
    next(steps)
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    with pytest.raises(BowerbirdError, match="sync again"):
        list(steps)
    list(apart.sync(library, collection))
    assert library.counts().ok == 80


def test_nothing_is_asked_of_it_nothing_is_done() -> None:
    """The pipe closes before a word is said: the window was closed at once."""
    done = subprocess.run(
        apart._command(), input="", capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_a_few_keys_need_no_process(library: Library, photos: Path) -> None:
    collection = library.add_folder(photos)
    steps = apart.sync(library, collection, keys=["00.png", "01.png"])
    next(steps)
    if sys.platform != "win32":
        assert children() == set()
    list(steps)
    assert library.counts().ok == 2
    many = apart.sync(library, collection, keys=[f"{number:02d}.png" for number in range(40)])
    next(many)
    if sys.platform != "win32":
        assert len(children()) == 1
    list(many)
    assert library.counts().ok == 40


@pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP")
def test_a_process_that_hangs_is_not_waited_for(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "PATIENCE_S", 0.2)
    steps = apart.sync(library, library.add_folder(photos))
    next(steps)
    (child,) = children()
    os.kill(child, signal.SIGSTOP)
    steps.close()  # type: ignore[attr-defined]
    assert children() == set()
    list(apart.sync(library, library.collections()[0]))
    assert library.counts().ok == 80
