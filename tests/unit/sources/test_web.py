"""Pictures on the web, from a server that misbehaves."""

import threading
import time
from collections.abc import Iterator

import pytest

from bowerbird.errors import (
    SourceDeniedError,
    SourceError,
    SourceOfflineError,
    TooLargeError,
)
from bowerbird.sources import web as module
from bowerbird.sources.throttle import Throttle
from bowerbird.sources.web import SILENT, Web
from helpers.web import Site, serve


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as made:
        yield made


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(module, "BACKOFF_S", 0)


def web(most_bytes: int = 1 << 20, per_second: float = 0) -> Web:
    return Web(most_bytes, per_second, Throttle(0))


def test_a_body_comes_whole_and_can_be_sought(site: Site) -> None:
    site.pages["/a"] = b"0123456789"
    with web().open(f"{site.url}/a") as stream:
        assert stream.read() == b"0123456789"
        stream.seek(3)
        assert stream.read(2) == b"34"


def test_what_breaks_off_is_fetched_again(site: Site) -> None:
    site.pages["/a"] = b"0123456789" * 1000
    site.faults["/a"] = ["cut", 503, "reset", 429]
    with web().open(f"{site.url}/a") as stream:
        assert stream.read() == site.pages["/a"]
    assert site.asked["/a"] == 5


def test_a_host_says_when_to_come_again(site: Site) -> None:
    site.pages["/a"] = b"x"
    site.faults["/a"] = [429]
    site.headers["Retry-After"] = "1"
    begun = time.monotonic()
    web().open(f"{site.url}/a").close()
    assert time.monotonic() - begun >= 1


def test_refusals_say_whether_another_try_may_help(site: Site) -> None:
    site.faults = {"/forbidden": [403], "/busy": [503] * 9}
    with pytest.raises(SourceError, match="404") as gone:
        web().open(f"{site.url}/gone")
    assert type(gone.value) is SourceError
    with pytest.raises(SourceDeniedError, match="403"):
        web().open(f"{site.url}/forbidden")
    with pytest.raises(SourceOfflineError, match="503"):
        web().open(f"{site.url}/busy")


@pytest.mark.parametrize(
    "url", ["http://", "ftp://x/y", "http://[broken", "file:///etc/passwd", "x", "http://a b/c"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(SourceError):
        web().open(url)


def test_too_large_a_body_is_refused_before_and_while_it_comes(site: Site) -> None:
    site.pages["/a"] = bytes(5000)
    with pytest.raises(TooLargeError, match="max_url_bytes"):
        web(4999).open(f"{site.url}/a")
    web(5000).open(f"{site.url}/a").close()


def test_a_host_that_is_away_is_not_asked_for_every_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CONNECT_S", 0.2)
    one = web()
    for _ in range(SILENT):
        with pytest.raises(SourceOfflineError, match="does not answer"):
            one.open("http://127.0.0.1:9/a")
    begun = time.monotonic()
    for _ in range(100):
        with pytest.raises(SourceOfflineError, match="does not answer"):
            one.open("http://127.0.0.1:9/a")
    assert one._hosts["127.0.0.1:9"].silent == SILENT
    assert time.monotonic() - begun < 1


def test_one_host_is_asked_a_few_times_a_second(site: Site) -> None:
    site.pages["/a"] = b"x"
    one, begun = web(per_second=20), time.monotonic()
    threads = [
        threading.Thread(target=lambda: one.open(f"{site.url}/a").close()) for _ in range(11)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - begun >= 0.5


def test_bytes_are_let_through_at_their_rate() -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    throttle = Throttle(1000, clock=lambda: now[0], sleep=sleep)
    for _ in range(5):
        throttle.take(500)
    assert sum(slept) == pytest.approx(2.0)
    now[0] += 60
    throttle.take(500)
    assert sum(slept) == pytest.approx(2.0)
