"""Models that are no encoders: all ways in which a download can go wrong, and what is left."""

import errno
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bowerbird.engines import download, shelf as shelf_module
from bowerbird.engines.onnx_segmenter import OnnxSegmenter
from bowerbird.engines.shelf import Shelf
from bowerbird.errors import (
    DownloadError,
    ModelMissingError,
    NotFoundError,
    StorageFullError,
)
from helpers.hub import Hub, serve
from helpers.networks import SIDE, network, row

PATH = "/someone/cutter/releases/download/v0.0.0/Tiny.onnx"
# A network with much behind it that nobody reads, so that there is something to break off.
DATA = network(told="x" * 2_000_000)


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """GitHub, as far as it is needed here: a redirect without a digest, and a version."""
    with serve() as found:
        found.files = {PATH: DATA}
        found.linked = ""
        monkeypatch.setenv("BOWERBIRD_GITHUB", found.url)
        yield found


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path, [row(DATA)], "cutout")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "fetch", partial(download.fetch, pause=lambda _: None))


def test_a_model_is_fetched_and_runs(shelf: Shelf, release: Hub) -> None:
    (info,) = shelf.list()
    assert (info.id, info.kind, info.installed) == ("tiny", "cutout", False)
    assert shelf.check() == []
    with pytest.raises(ModelMissingError, match="bowerbird models get tiny"):
        shelf.folder("tiny")
    events = list(shelf.get("tiny"))
    assert max(event.done for event in events) == len(DATA)
    assert release.requests[-1][0] == PATH
    assert shelf.list()[0].installed
    picture = np.random.default_rng(0).integers(0, 200, (1, SIDE, SIDE, 3), np.uint8)
    matte = OnnxSegmenter(shelf.row("tiny"), shelf.folder("tiny")).segment(picture)
    assert (matte.min(), matte.max()) == (0, 1)
    assert [line.ok for line in shelf.check()] == [True]


def test_an_unknown_id(shelf: Shelf) -> None:
    for call in (shelf.row, shelf.folder, lambda name: list(shelf.get(name))):
        with pytest.raises(NotFoundError, match="Did you mean tiny"):
            call("tinny")


@pytest.mark.parametrize("fault", ["reset", "short"])
def test_a_network_lost_in_the_middle_goes_on_where_it_was(
    shelf: Shelf, release: Hub, fault: str
) -> None:
    release.faults = [fault]
    list(shelf.get("tiny"))
    first, second = release.downloads()
    assert first == ""
    assert second.startswith("bytes=")
    assert int(second.removeprefix("bytes=").rstrip("-")) > 0
    assert (shelf.folder("tiny") / "Tiny.onnx").read_bytes() == DATA


def test_a_network_that_does_not_come_back(shelf: Shelf, release: Hub) -> None:
    release.faults = ["short", *[503] * 20]
    with pytest.raises(DownloadError, match="what has arrived is kept"):
        list(shelf.get("tiny"))
    assert not shelf.installed("tiny")
    release.faults = []
    list(shelf.get("tiny"))
    assert release.downloads()[-1].startswith("bytes=")
    assert shelf.installed("tiny")


def test_cancelled_and_taken_up_again(shelf: Shelf, release: Hub, tmp_path: Path) -> None:
    running = shelf.get("tiny")
    for event in running:
        if event.done > 100_000:
            break
    running.close()  # type: ignore[attr-defined]
    assert not shelf.installed("tiny")
    assert (tmp_path / "tiny" / "Tiny.onnx.part").stat().st_size > 0
    list(shelf.get("tiny"))
    assert shelf.installed("tiny")


@pytest.mark.parametrize(
    "data",
    [DATA[:-1], DATA[:-1] + b"x", b"<html>Please log in</html>", b"version https://git-lfs"],
    ids=["truncated", "another byte", "a page", "a pointer"],
)
def test_what_is_not_the_file_is_thrown_away(
    shelf: Shelf, release: Hub, tmp_path: Path, data: bytes
) -> None:
    release.files[PATH] = data
    with pytest.raises(DownloadError, match=r"checksum is wrong.*BOWERBIRD_GITHUB"):
        list(shelf.get("tiny"))
    assert not shelf.installed("tiny")
    assert not list((tmp_path / "tiny").glob("*.onnx*"))
    release.files[PATH] = DATA
    list(shelf.get("tiny"))
    assert shelf.installed("tiny")


def test_a_disk_that_is_nearly_full(
    shelf: Shelf, release: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 9, 1_000_000))
    with pytest.raises(StorageFullError, match="Tiny needs"):
        list(shelf.get("tiny"))
    assert release.downloads() == [], "nothing was asked for but what it is"


def test_a_disk_that_fills_up(shelf: Shelf, release: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(download.os, "fsync", full)
        with pytest.raises(StorageFullError, match="Free some space"):
            list(shelf.get("tiny"))
    assert not shelf.installed("tiny")
    list(shelf.get("tiny"))
    assert shelf.installed("tiny")


@pytest.mark.parametrize("status", [404, 403])
def test_a_release_that_is_gone(shelf: Shelf, release: Hub, status: int) -> None:
    release.probes = [status]
    with pytest.raises(DownloadError, match="BOWERBIRD_GITHUB"):
        list(shelf.get("tiny"))


def test_damage_is_found_and_mended(shelf: Shelf, release: Hub, tmp_path: Path) -> None:
    list(shelf.get("tiny"))
    path = tmp_path / "tiny" / "Tiny.onnx"
    path.write_bytes(DATA[:-1] + b"x")
    (line,) = shelf.check()
    assert not line.ok
    assert "Tiny.onnx" in line.detail
    assert "bowerbird models get tiny" in line.advice
    list(shelf.get("tiny"))
    assert path.read_bytes() == DATA
    path.write_bytes(DATA[:100])
    assert not shelf.installed("tiny"), "its size says it without a look inside"
