"""Servers that answer a byte at a time hold nobody for ever."""

import contextlib
import gc
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from bowerbird.errors import SourceOfflineError
from bowerbird.sources import public, web as module
from bowerbird.sources.deadline import Deadline
from bowerbird.sources.throttle import Throttle
from bowerbird.sources.web import Web
from helpers.web import Site, picture, serve

# Where a connection is cut between its beginning and its handshake, Python's own TLS leaves the
# socket to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <ssl:ResourceWarning")

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n"


@contextlib.contextmanager
def dripping(first: bytes) -> Iterator[str]:
    """Answer every request with some bytes, and then with one now and then."""
    ended = threading.Event()
    threads: list[threading.Thread] = []

    def answer(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            connection.sendall(first)
            while not ended.wait(0.02):
                connection.sendall(b"a")

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threads.append(threading.Thread(target=answer, args=(connection,)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        threads.append(threading.Thread(target=accept))
        threads[0].start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}/a.jpg"
        finally:
            ended.set()
            listening.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


@pytest.fixture(params=["as the user says", "public alone"])
def web(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(module, "WHOLE_S", 0.5)
    monkeypatch.setattr(module, "CONNECT_S", 1)  # bounds the handshake of TLS by itself
    # Stands for a public address that this machine can reach.
    monkeypatch.setattr(public, "public_address", lambda *_: "127.0.0.1")
    yield Web(1 << 20, 0, Throttle(0), waits=False, public=request.param == "public alone")
    gc.collect()


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "first", [b"", HEAD, HEAD + b"\r\n", HEAD + b"Connection: close\r\n\r\n", b"\x16\x03\x03\x40\0"]
)
def test_what_comes_too_slowly_is_cut(web: Web, scheme: str, first: bytes) -> None:
    began = time.monotonic()
    with (
        dripping(first) as address,
        pytest.raises(SourceOfflineError, match=r"too long|does not answer"),
    ):
        web.open(f"{scheme}://{address}")
    assert time.monotonic() - began < 5


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as made:
        yield made


def test_what_comes_in_time_is_left_alone(web: Web, site: Site) -> None:
    site.pages["/a.png"] = picture("red")
    for _ in range(3):
        with web.open(f"{site.url}/a.png") as stream:
            assert stream.read() == picture("red")
    time.sleep(0.6)
    web.open(f"{site.url}/a.png").close()


def test_nothing_is_begun_when_it_is_over() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Deadline.within(60) as deadline:
        Deadline.watch(ours)
        deadline.cut()
        assert theirs.recv(1) == b""
        with pytest.raises(TimeoutError):
            Deadline.watch(ours)
    Deadline.watch(ours)  # nobody waits any more
