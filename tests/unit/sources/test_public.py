"""Addresses that others name reach the public internet, and nothing else."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from urllib3.util import connection as urllib3_connection

from bowerbird.errors import DownloadError, SourceDeniedError, SourceOfflineError
from bowerbird.settings import Settings
from bowerbird.sources import public
from bowerbird.sources.given import PublicWeb
from bowerbird.sources.throttle import Throttle
from bowerbird.sources.web import Web
from helpers.web import Site, picture, serve


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1", "fec0::1", "::127.0.0.1", "2002:7f00:1::", "2002:c0a8:101::",
    ],
)  # fmt: skip
def test_what_is_not_public(address: str) -> None:
    assert not public.is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"]
)
def test_what_is_public(address: str) -> None:
    assert public.is_public(address)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as made:
        yield made


def resolve(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def found(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(public.socket, "getaddrinfo", found)


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, "1.1.1.1", "10.0.0.1")
    with pytest.raises(SourceDeniedError):
        public.public_address("shop.example", 80)
    resolve(monkeypatch, "1.1.1.1")
    assert public.public_address("shop.example", 80) == "1.1.1.1"
    resolve(monkeypatch)
    with pytest.raises(SourceDeniedError):
        public.public_address("shop.example", 80)


def test_an_unknown_name() -> None:
    with pytest.raises(OSError, match=r"name|not known"):
        public.public_address("nowhere.invalid", 80)
    with pytest.raises(OSError, match=r"name|not known"):
        public.public_address("x" * 300, 80)


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    """A name that is public when it is looked up and private afterwards (DNS rebinding)."""
    site.pages["/a.png"] = picture("red")
    asked: list[str] = []
    real = urllib3_connection.create_connection

    def first(host: str, port: int) -> str:
        return "127.0.0.1"  # stands for a public address that this machine can reach

    def connect(address: tuple[str, int], *rest: Any, **how: Any) -> socket.socket:
        asked.append(address[0])
        return real(address, *rest, **how)

    monkeypatch.setattr(public, "public_address", first)
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    web = Web(1 << 20, 0, Throttle(0), waits=False, public=True)
    port = site.url.rpartition(":")[2]
    with web.open(f"http://shop.example:{port}/a.png") as stream:
        assert stream.read() == picture("red")
    assert asked == ["127.0.0.1"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001"])
def test_own_addresses_are_not_asked(site: Site, host: str) -> None:
    site.pages["/a.png"] = picture("red")
    port = site.url.rpartition(":")[2]
    with pytest.raises(DownloadError, match="private_addresses = true in Bowerbird's settings"):
        PublicWeb(Settings()).read(f"http://{host}:{port}/a.png")
    assert not site.asked
    if host == "127.0.0.1":
        url = f"http://{host}:{port}/a.png"
        assert PublicWeb(Settings(private_addresses=True)).read(url) == picture("red")


def test_encryption_is_no_way_around(site: Site) -> None:
    port = site.url.rpartition(":")[2]
    with pytest.raises(DownloadError, match="public"):
        PublicWeb(Settings()).read(f"https://127.0.0.1:{port}/a.png")


def test_a_redirect_inwards_is_not_followed(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    site.pages["/secret.png"] = picture("red")
    site.faults["/a.png"] = [302, 302]
    site.headers["Location"] = f"{site.url}/secret.png"
    real = public.public_address
    calls: list[str] = []

    def one(host: str, port: int) -> str:
        calls.append(host)
        return "127.0.0.1" if host == "shop.example" else real(host, port)

    monkeypatch.setattr(public, "public_address", one)
    port = site.url.rpartition(":")[2]
    with pytest.raises(DownloadError, match="public"):
        PublicWeb(Settings()).read(f"http://shop.example:{port}/a.png")
    assert calls == ["shop.example", "127.0.0.1"]
    assert site.asked["/secret.png"] == 0


def test_no_proxy_looks_addresses_up_instead(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    monkeypatch.setenv("http_proxy", site.url)
    with pytest.raises(DownloadError):
        PublicWeb(Settings()).read("http://127.0.0.1:1/a.png")
    assert not site.asked


def test_a_host_that_is_silent_is_not_asked_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def unknown(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(public.socket, "getaddrinfo", unknown)
    web = PublicWeb(Settings())
    for number in range(50):
        with pytest.raises(DownloadError, match=r"shop\.example"):
            web.read(f"http://shop.example/{number}.jpg")
    assert len(asked) < 20


def test_names_that_are_made_up_are_not_all_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(public.socket, "getaddrinfo", unknown)
    monkeypatch.setattr("bowerbird.sources.web.MOST_HOSTS", 5)
    monkeypatch.setattr("bowerbird.sources.web.BACKOFF_S", 0)
    web = Web(1 << 20, 0, Throttle(0), waits=False, public=True)
    for number in range(12):
        with pytest.raises(SourceOfflineError):
            web.open(f"http://shop{number}.example/a.jpg")
    assert len(web._hosts) <= 5


def test_large_answers_are_cut(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    site.pages["/a.png"] = b"x" * 5000
    settings = Settings(private_addresses=True, max_url_bytes=1000)
    with pytest.raises(DownloadError, match="larger"):
        PublicWeb(settings).read(f"{site.url}/a.png")
