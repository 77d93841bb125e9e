from __future__ import annotations

import hashlib
import http.client
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest

from bowerbird.engines import transfer
from bowerbird.engines.transfer import TransferBrokenError, open_at, probe
from bowerbird.errors import DownloadError
from helpers.hub import Hub, serve

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serve() as found:
        found.files = {"/a": CONTENT}
        yield found


def read(url: str, start: int) -> tuple[int, bytes]:
    stream = open_at(url, start, probe(url))
    try:
        return stream.offset, b"".join(iter(lambda: stream.read(1000), b""))
    finally:
        stream.close()


@pytest.mark.parametrize("redirect", [True, False])
def test_learns_size_version_and_digest(hub: Hub, redirect: bool) -> None:
    hub.redirect = redirect
    remote = probe(f"{hub.url}/a")
    assert remote.size == len(CONTENT)
    assert remote.sha256 == hashlib.sha256(CONTENT).hexdigest() == remote.version
    hub.linked = "not-a-digest"
    assert probe(f"{hub.url}/a").sha256 == ""
    assert probe(f"{hub.url}/a").version == f'"{hashlib.md5(CONTENT).hexdigest()}"'


def test_a_weak_mark_is_no_version(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.linked = ""
    described = transfer._described

    def weak(body: http.client.HTTPResponse, hops: list[Message]) -> Any:
        etag = body.headers["ETag"]
        body.headers.replace_header("ETag", f"W/{etag}")
        return described(body, hops)

    monkeypatch.setattr(transfer, "_described", weak)
    assert probe(f"{hub.url}/a").version == ""


def test_opens_where_it_is_asked_to(hub: Hub) -> None:
    assert read(f"{hub.url}/a", 0) == (0, CONTENT)
    assert read(f"{hub.url}/a", 500) == (500, CONTENT[500:])
    hub.ranges = False
    assert read(f"{hub.url}/a", 500) == (0, CONTENT)


def test_without_a_version_it_begins_anew(hub: Hub) -> None:
    hub.linked, hub.etags = "", False
    assert read(f"{hub.url}/a", 500) == (0, CONTENT)


def test_another_size_is_another_file(hub: Hub) -> None:
    remote = probe(f"{hub.url}/a")
    hub.files["/a"] = CONTENT[:-1]
    with pytest.raises(DownloadError, match="changed"):
        open_at(f"{hub.url}/a", 0, remote)


def test_the_same_size_with_another_digest_is_another_file(hub: Hub) -> None:
    remote = probe(f"{hub.url}/a")
    hub.files["/a"] = CONTENT[::-1]
    with pytest.raises(DownloadError, match="changed"):
        open_at(f"{hub.url}/a", 500, remote)


def test_the_server_says_when(hub: Hub) -> None:
    hub.probes, hub.retry_after = [503, 503], "12"
    with pytest.raises(TransferBrokenError) as caught:
        probe(f"{hub.url}/a")
    assert caught.value.wait_s == 12
    hub.retry_after = "Wed, 21 Oct 2026 07:28:00 GMT"
    with pytest.raises(TransferBrokenError) as caught:
        probe(f"{hub.url}/a")
    assert caught.value.wait_s is None
