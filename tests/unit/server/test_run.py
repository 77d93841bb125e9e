"""How connections are bounded, over real sockets."""

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from bowerbird.library import Library
from bowerbird.server import run
from helpers.api import Api, head, serving, talk

PING = b"GET /similarity/photos/v2/ping HTTP/1.1\r\nHost: localhost\r\n"


def connect(api: Api) -> socket.socket:
    host, port = api.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def ends(connection: socket.socket) -> bool:
    """Whether the server ends a connection, in time."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(65536):
            pass
    return True


@pytest.fixture
def hasty(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setattr(run, "HEAD_S", 0.5)
    with serving(library) as running:
        yield running


@pytest.mark.parametrize("line", [b"X-A: " + b"a" * 60_000 + b"\r\n", b"a" * 65_536])
def test_a_head_without_an_end_is_not_kept(api: Api, line: bytes) -> None:
    sent = 0
    with connect(api) as connection:
        connection.sendall(PING if line.startswith(b"X") else PING + b"X-A: ")
        with contextlib.suppress(OSError):
            for _ in range(1000):
                connection.sendall(line)
                sent += len(line)
    assert sent < 8 << 20  # what lies in the buffers of the system, and no more
    assert api.get("/similarity/photos/v2/ping").ok


def test_a_long_body_is_no_head(api: Api) -> None:
    """Heads behind long bodies, and many requests at once, are counted for what they are."""
    body = b"{" + b" " * 300_000 + b"}"
    path = "/similarity/photos/v2/getRecordCount"
    lines = ("collection-id: none", "Content-Type: application/json")
    asked = head(api, path, *lines, f"Content-Length: {len(body)}") + body
    last = PING + b"Connection: close\r\n\r\n"
    answers = talk(api, asked * 3 + (PING + b"\r\n") * 100 + last, wait=20)
    assert answers.count(b"HTTP/1.1 404") == 3
    assert answers.count(b"HTTP/1.1 200") == 101


@pytest.mark.parametrize("first", [b"", b"GET /", PING + b"\r\n", PING + b"\r\n\r\n"])
def test_connections_that_ask_nothing_end(hasty: Api, first: bytes) -> None:
    """Also those that send a byte now and then, which is no request."""
    with connect(hasty) as connection:
        connection.sendall(first)
        if b"ping" in first:
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
            connection.sendall(b"\r\n")
        began = time.monotonic()
        assert ends(connection)
        assert time.monotonic() - began < 5


def test_a_body_that_goes_on_behind_its_answer_ends(hasty: Api) -> None:
    with connect(hasty) as connection:
        connection.sendall(
            b"POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n"
        )
        assert connection.recv(65536).startswith(b"HTTP/1.1 404")
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - began < 5:
                connection.sendall(b"a")
                time.sleep(0.05)
        assert time.monotonic() - began < 5


def test_so_many_connections_and_no_more(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MOST_CONNECTIONS", 8)
    with contextlib.ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(connect(api))
        assert ends(stack.enter_context(connect(api)))
    for _ in range(100):  # those that ended make room
        if talk(api, PING + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200"):
            break
        time.sleep(0.05)
    else:
        raise AssertionError("nobody is let in any more")
