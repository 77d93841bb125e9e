from __future__ import annotations

import errno
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock

from bowerbird.engines import download
from bowerbird.engines.download import RemoteFile, complete, fetch, hub_url, verify
from bowerbird.errors import ConflictError, DownloadError, StorageFullError
from bowerbird.types import Progress
from helpers.hub import Hub, serve

BIG = np.random.default_rng(5).bytes(3_000_000)
SMALL = b'{"model_cfg": {}}'
NAMES = ["config.json", "model.bin"]


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serve() as found:
        found.files = {"/config.json": SMALL, "/model.bin": BIG}
        yield found


@pytest.fixture
def pauses() -> list[float]:
    return []


Get = Callable[..., list[Progress]]


@pytest.fixture
def get(hub: Hub, tmp_path: Path, pauses: list[float]) -> Get:
    def run(**sha256: str) -> list[Progress]:
        return list(start(hub, tmp_path, pauses, **sha256))

    return run


def start(hub: Hub, tmp_path: Path, pauses: list[float], **sha256: str) -> Iterator[Progress]:
    files = [
        RemoteFile(name, f"{hub.url}/{name}", sha256.get(name.partition(".")[0], ""))
        for name in NAMES
    ]
    return fetch(files, tmp_path / "model", title="Test", pause=pauses.append)


def cancel_halfway(hub: Hub, tmp_path: Path) -> int:
    """Break off once more than a MB is there; return how much."""
    for event in (running := start(hub, tmp_path, [])):
        if event.current == "model.bin" and event.done > 1_000_000:
            break
    running.close()  # type: ignore[attr-defined]
    return (tmp_path / "model" / "model.bin.part").stat().st_size


@pytest.fixture(autouse=True)
def every_chunk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_EVERY_S", 0.0)


def arrived(tmp_path: Path) -> bool:
    folder = tmp_path / "model"
    names = {path.name for path in folder.iterdir()} - {".lock", "bowerbird.json"}
    return (
        names == set(NAMES)
        and (folder / "model.bin").read_bytes() == BIG
        and (folder / "config.json").read_bytes() == SMALL
        and complete(folder, NAMES)
        and verify(folder, NAMES) == []
    )


def test_fetches_with_progress(hub: Hub, get: Get, tmp_path: Path) -> None:
    events = get()
    assert arrived(tmp_path)
    total = len(BIG) + len(SMALL)
    loading = [event for event in events if event.phase == "downloading"]
    assert [event.done for event in loading] == sorted(event.done for event in loading)
    assert loading[-1].done == total
    assert {event.total for event in loading} == {total}
    assert loading[-1].rate > 0
    assert loading[-1].remaining_s == 0
    assert any(event.phase == "checking" and event.current == "model.bin" for event in events)
    assert len(hub.downloads()) == 2


@pytest.mark.parametrize("fault", ["reset", "short", 500, 503, 429])
def test_a_fault_in_the_middle_is_mended(
    hub: Hub, get: Get, tmp_path: Path, pauses: list[float], fault: int | str
) -> None:
    hub.faults = [None, fault, fault]  # type: ignore[list-item]
    get()
    assert arrived(tmp_path)
    assert sum(pauses) == (2 if isinstance(fault, str) else 3)
    if isinstance(fault, str):
        assert hub.downloads()[2].startswith("bytes=")  # it went on, and did not begin anew


def test_a_fault_of_the_first_question_is_mended(hub: Hub, get: Get, tmp_path: Path) -> None:
    hub.probes = [503, "reset", 503]
    get()
    assert arrived(tmp_path)


def test_the_server_says_how_long_to_wait(hub: Hub, get: Get, pauses: list[float]) -> None:
    hub.faults, hub.retry_after = [429], "7"
    get()
    assert sum(pauses) == 7


def test_gives_up_in_the_end_and_keeps_what_came(
    hub: Hub, get: Get, tmp_path: Path, pauses: list[float]
) -> None:
    hub.faults = [None, "short", *[503] * 5]  # type: ignore[list-item]
    with pytest.raises(DownloadError, match=r"503.*what has arrived is kept"):
        get()
    assert sum(pauses) == 1 + 2 + 4 + 8 + 16
    assert not complete(tmp_path / "model", NAMES)
    hub.requests.clear()
    get()
    assert arrived(tmp_path)
    assert hub.downloads() == ["bytes=1500000-"]


def test_cancelled_and_resumed(hub: Hub, get: Get, tmp_path: Path) -> None:
    size = cancel_halfway(hub, tmp_path)
    assert 1_000_000 < size < len(BIG)
    assert not (tmp_path / "model" / "model.bin").exists()
    hub.requests.clear()
    first = next(event for event in get() if event.phase == "downloading")
    assert first.done >= size
    assert arrived(tmp_path)
    assert hub.downloads() == [f"bytes={size}-"]


def test_a_server_without_ranges_begins_anew(hub: Hub, get: Get, tmp_path: Path) -> None:
    hub.ranges = False
    cancel_halfway(hub, tmp_path)
    get()
    assert arrived(tmp_path)


def test_a_part_without_known_version_is_not_trusted(hub: Hub, get: Get, tmp_path: Path) -> None:
    hub.etags, hub.linked = False, ""
    cancel_halfway(hub, tmp_path)
    (tmp_path / "model" / "model.bin.part").write_bytes(b"x" * 1000)
    get()
    assert arrived(tmp_path)


@pytest.mark.parametrize("linked", [None, ""])
def test_another_version_between_begins_anew(
    hub: Hub, get: Get, tmp_path: Path, linked: str | None
) -> None:
    hub.linked = linked
    current, hub.files["/model.bin"] = hub.files["/model.bin"], b"old" * 1_000_000
    cancel_halfway(hub, tmp_path)
    hub.files["/model.bin"] = current
    get()
    assert arrived(tmp_path)


def test_changed_while_downloading(hub: Hub, tmp_path: Path) -> None:
    running = start(hub, tmp_path, [])
    next(event for event in running if event.current == "config.json")
    hub.files["/model.bin"] = b"short"
    with pytest.raises(DownloadError, match="changed while"):
        list(running)


def test_a_part_longer_than_the_file(hub: Hub, get: Get, tmp_path: Path) -> None:
    cancel_halfway(hub, tmp_path)
    (tmp_path / "model" / "model.bin.part").write_bytes(b"x" * 4_000_000)
    get()
    assert arrived(tmp_path)


def test_a_damaged_part_is_found_by_its_digest(hub: Hub, get: Get, tmp_path: Path) -> None:
    size = cancel_halfway(hub, tmp_path)
    (tmp_path / "model" / "model.bin.part").write_bytes(b"x" * size)
    with pytest.raises(DownloadError, match="checksum is wrong"):
        get()
    assert not (tmp_path / "model" / "model.bin").exists()
    get()
    assert arrived(tmp_path)


@pytest.mark.parametrize("where", ["hub", "catalog"])
def test_a_wrong_digest_is_refused(hub: Hub, get: Get, tmp_path: Path, where: str) -> None:
    pinned = {}
    if where == "hub":
        hub.linked = "0" * 64
    else:
        pinned = {"model": "0" * 64}
    with pytest.raises(DownloadError, match="checksum is wrong"):
        get(**pinned)
    assert not (tmp_path / "model" / "model.bin").exists()
    assert not complete(tmp_path / "model", NAMES)


def test_a_pinned_digest_that_is_right(get: Get, tmp_path: Path) -> None:
    get(model=hashlib.sha256(BIG).hexdigest())
    assert arrived(tmp_path)


def test_a_server_that_names_no_digest(hub: Hub, get: Get, tmp_path: Path) -> None:
    hub.linked = ""
    get()
    assert arrived(tmp_path)


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "add the model from a file"),
        (403, "mirror"),
        (404, "Update Bowerbird"),
        (418, "answered 418"),
    ],
)
def test_what_no_retry_can_mend(
    hub: Hub, get: Get, pauses: list[float], status: int, advice: str
) -> None:
    hub.probes = [status]
    with pytest.raises(DownloadError, match=advice):
        get()
    assert pauses == []


def test_nothing_at_that_address(hub: Hub, get: Get) -> None:
    hub.files = {}
    with pytest.raises(DownloadError, match="404"):
        get()


def test_no_server_at_all(hub: Hub, tmp_path: Path, pauses: list[float]) -> None:
    file = RemoteFile("a", "http://127.0.0.1:1/a")
    with pytest.raises(DownloadError, match="Check the connection"):
        list(fetch([file], tmp_path / "m", title="Test", pause=pauses.append))
    assert sum(pauses) == 31


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/a", "nonsense"])
def test_only_http(tmp_path: Path, url: str) -> None:
    with pytest.raises(DownloadError, match="HF_ENDPOINT"):
        list(fetch([RemoteFile("a", url)], tmp_path, title="Test"))


def test_a_redirect_may_not_leave_http(hub: Hub, get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.hub import _Handler

    def elsewhere(handler: Any) -> None:
        handler.send_response(302)
        handler.send_header("Location", "ftp://127.0.0.1/model.bin")
        handler.end_headers()

    monkeypatch.setattr(_Handler, "do_GET", elsewhere)
    with pytest.raises(DownloadError, match="not safe"):
        get()


def test_too_little_space_is_said_before_anything_is_sent(
    hub: Hub, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 9, 1_000_000))
    with pytest.raises(StorageFullError, match=r"70 MB more.* only 1 MB"):
        get()
    assert hub.downloads() == []


def test_the_disk_fills_up(
    hub: Hub, get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(download.os, "fsync", full)
        with pytest.raises(StorageFullError, match="Free some space"):
            get()
    get()
    assert arrived(tmp_path)


def test_a_folder_that_cannot_be_made(hub: Hub, get: Get, tmp_path: Path) -> None:
    (tmp_path / "model").write_text("a file is in the way")
    with pytest.raises(DownloadError, match="cannot be written"):
        get()


def test_two_processes_do_not_fetch_at_once(get: Get, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    with (
        FileLock(tmp_path / "model" / ".lock"),
        pytest.raises(ConflictError, match="another Bowerbird"),
    ):
        get()
    get()
    assert arrived(tmp_path)


def test_what_is_here_is_checked_and_not_fetched(hub: Hub, get: Get, tmp_path: Path) -> None:
    get()
    hub.requests.clear()
    events = get()
    assert hub.requests == []  # works without a network
    assert {event.phase for event in events} == {"checking"}
    damaged = bytearray(BIG)
    damaged[1000] ^= 1
    (tmp_path / "model" / "model.bin").write_bytes(damaged)
    assert complete(tmp_path / "model", NAMES)
    assert verify(tmp_path / "model", NAMES) == ["model.bin"]
    get()
    assert arrived(tmp_path)
    assert hub.downloads() == [""]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": {"model.bin": {}}}'])
def test_a_broken_manifest_means_nothing_is_here(get: Get, tmp_path: Path, content: str) -> None:
    get()
    (tmp_path / "model" / "bowerbird.json").write_text(content)
    assert not complete(tmp_path / "model", NAMES)
    get()
    assert arrived(tmp_path)


def test_an_incomplete_model_is_not_complete(get: Get, tmp_path: Path) -> None:
    get()
    folder = tmp_path / "model"
    assert not complete(folder, [*NAMES, "more.json"])
    (folder / "model.bin").write_bytes(BIG[:-1])
    assert not complete(folder, NAMES)
    (folder / "model.bin").unlink()
    assert not complete(folder, NAMES)
    assert json.loads((folder / "bowerbird.json").read_text())["files"].keys() == set(NAMES)


def test_hub_url_follows_the_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert hub_url("a/b", "c.bin") == "https://huggingface.co/a/b/resolve/main/c.bin"
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.test/ ")
    assert hub_url("a/b", "c.bin") == "https://mirror.test/a/b/resolve/main/c.bin"
