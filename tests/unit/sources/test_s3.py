"""Buckets: against moto's server over real HTTP, and against servers that misbehave."""

import http.server
import io
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import keyring
import keyring.core
import numpy as np
import pytest
from PIL import Image

from bowerbird import paths
from bowerbird.engines.models import Models
from bowerbird.errors import (
    ConflictError,
    SourceDeniedError,
    SourceError,
    SourceOfflineError,
    UsageError,
)
from bowerbird.library import Library
from bowerbird.sources import events, s3
from bowerbird.sources.picking import Picker
from bowerbird.sources.s3 import S3Source, split
from bowerbird.sources.throttle import Throttle
from bowerbird.types import Asset, Collection, Comparison, Entry, Query
from helpers.encoders import FakeEncoder
from helpers.keyrings import LockedKeyring, MemoryKeyring
from helpers.moto_server import serve, use_keys

# moto's own threads and warnings are its own affair.
pytestmark = [pytest.mark.threads_expected, pytest.mark.logs_expected]
PICKER = Picker(frozenset({".jpg", ".png"}), ("trash",))


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Somebody's keys, and nobody else's configuration."""
    use_keys(monkeypatch, tmp_path)


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with serve() as url:
        yield url


@pytest.fixture
def bucket(service: str) -> Iterator[Callable[[str, bytes], None]]:
    """An empty bucket `shop`; puts objects into it."""
    client = boto3.client("s3", endpoint_url=service)
    client.create_bucket(Bucket="shop")
    yield lambda key, body: client.put_object(Bucket="shop", Key=key, Body=body)
    for found in client.list_objects_v2(Bucket="shop").get("Contents", ()):
        client.delete_object(Bucket="shop", Key=found["Key"])
    client.delete_bucket(Bucket="shop")


def source(service: str, url: str = "s3://shop", **config: object) -> S3Source:
    return S3Source(url, {"endpoint": service, "path_style": True, **config}, PICKER, Throttle(0))


def picture(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, "PNG")
    return stream.getvalue()


def test_pictures_below_the_prefix_are_listed(service: str, bucket: Callable) -> None:
    names = (
        "a.jpg",
        "in/b.PNG",
        "in/deep/c.jpg",
        "in/notes.txt",
        "in/.hid/d.jpg",
        "in/trash/e.jpg",
    )
    for key in (*names, "in/empty/", "inner/f.jpg"):
        bucket(key, b"x" * len(key))
    found = list(source(service, "s3://shop/in/").entries())
    assert all(isinstance(entry, Entry) for entry in found)
    assert [entry.key for entry in found] == ["b.PNG", "deep/c.jpg"]
    first = found[0]
    assert isinstance(first, Entry)
    assert (first.size, len(first.etag)) == (len("in/b.PNG"), 32)
    assert first.mtime_ns > 1_600_000_000 * 10**9
    assert len(list(source(service).entries())) == 4


def test_many_pages_come_whole(
    service: str, bucket: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(25):
        bucket(f"{number:02d}.jpg", b"x")
    one = source(service)
    ask = one._client.list_objects_v2
    pages: list[int] = []

    def small(**how: object) -> object:
        pages.append(1)
        return ask(**how, MaxKeys=10)

    monkeypatch.setattr(one._client, "list_objects_v2", small)
    assert [entry.key for entry in one.entries()] == [f"{number:02d}.jpg" for number in range(25)]
    assert len(pages) == 3


def test_some_keys_alone(service: str, bucket: Callable) -> None:
    bucket("in/a.jpg", b"12345")
    found = list(source(service, "s3://shop/in").entries_at(["a.jpg", "gone.jpg", "notes.txt"]))
    whole = list(source(service, "s3://shop/in").entries())
    assert [(e.key, e.size, e.etag) for e in found] == [(e.key, e.size, e.etag) for e in whole]  # type: ignore[union-attr]


def test_bodies_can_be_sought(
    service: str, bucket: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "IN_MEMORY", 10)
    bucket("a.jpg", b"0123456789" * 5)
    with source(service).open("a.jpg") as stream:
        stream.seek(-3, io.SEEK_END)
        assert stream.read() == b"789"
        stream.seek(0)
        assert stream.read() == b"0123456789" * 5
    assert source(service).locate("a.jpg") is None
    with pytest.raises(SourceError, match="not there any more"):
        source(service).open("gone.jpg")


def test_a_bucket_that_is_not_there(service: str) -> None:
    with pytest.raises(SourceOfflineError, match="no bucket 'none'"):
        source(service, "s3://none").check()


def test_a_service_that_is_not_there() -> None:
    one = source("http://127.0.0.1:9", region="x")
    one._client.meta.events.unregister("needs-retry.s3")
    with pytest.raises(SourceOfflineError, match="does not answer"):
        one.check()


def test_no_keys_and_no_such_profile(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(SourceDeniedError, match="aws configure"):
        source(service).check()
    with pytest.raises(SourceDeniedError, match="profile"):
        source(service, profile="nobody").check()


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("s3://a", ("a", "")),
        ("s3://a/", ("a", "")),
        ("s3://a/b/c/", ("a", "b/c/")),
    ],
)
def test_addresses(url: str, parts: tuple[str, str]) -> None:
    assert split(url) == parts


@pytest.mark.parametrize("url", ["", "a/b", "s3://", "http://a/b"])
def test_wrong_addresses(url: str) -> None:
    with pytest.raises(UsageError, match="s3://bucket"):
        split(url)


# --- servers that misbehave ---------------------------------------------------------------------


class Answer(http.server.BaseHTTPRequestHandler):
    """Gives the answers of `script` in turn, the last one again and again."""

    script: list[tuple[int, bytes, int]]
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, body, said = self.script[min(len(self.asked), len(self.script)) - 1]
        self.send_response(status)
        self.send_header("Content-Length", str(said))
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[S3Source, list[str]]]]:
    """Makes a source of a server that gives certain answers."""
    servers = []

    def make(*script: tuple[int, bytes, int]) -> tuple[S3Source, list[str]]:
        asked: list[str] = []
        handler = type("Scripted", (Answer,), {"script": list(script), "asked": asked})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return source(f"http://127.0.0.1:{server.server_port}"), asked

    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def fault(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()


def page(*keys: str, more: str = "") -> bytes:
    rows = "".join(
        f"<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
        f'<ETag>"e"</ETag><Size>3</Size></Contents>'
        for key in keys
    )
    cut = f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>"
    token = f"<NextContinuationToken>{more}</NextContinuationToken>" if more.strip() else ""
    return f"<ListBucketResult>{cut}{token}{rows}</ListBucketResult>".encode()


def whole(status: int, body: bytes) -> tuple[int, bytes, int]:
    return status, body, len(body)


@pytest.mark.parametrize(
    ("status", "code", "kind", "said"),
    [
        (403, "AccessDenied", SourceDeniedError, "s3:ListBucket"),
        (403, "SignatureDoesNotMatch", SourceDeniedError, "does not know who asks"),
        (403, "RequestTimeTooSkewed", SourceDeniedError, "clock"),
        (503, "SlowDown", SourceOfflineError, "SlowDown"),
        (301, "PermanentRedirect", SourceOfflineError, "region"),
    ],
)
def test_refusals_are_worded(
    broken: Callable, status: int, code: str, kind: type[SourceError], said: str
) -> None:
    one, _ = broken(whole(status, fault(code)))
    with pytest.raises(kind, match=said):
        one.check()


def test_a_busy_service_is_asked_again(broken: Callable) -> None:
    one, asked = broken(
        whole(503, fault("SlowDown")), whole(503, fault("SlowDown")), whole(200, page("a.jpg"))
    )
    assert [entry.key for entry in one.entries()] == ["a.jpg"]
    assert len(asked) == 3


def test_a_listing_without_a_way_on_concludes_nothing(broken: Callable) -> None:
    one, _ = broken(whole(200, page("a.jpg", more=" ")))
    with pytest.raises(SourceError, match="broke off"):
        list(one.entries())
    one, _ = broken(
        whole(200, page("a.jpg", more="again")), whole(200, page("b.jpg", more="again"))
    )
    with pytest.raises(SourceError, match="broke off"):
        list(one.entries())


def test_a_cut_page_concludes_nothing(broken: Callable) -> None:
    body = page("a.jpg", "b.jpg")
    one, _ = broken((200, body[: len(body) // 2], len(body)))
    with pytest.raises(SourceError):
        list(one.entries())


def test_a_cut_body_is_fetched_again(broken: Callable) -> None:
    one, asked = broken((200, b"12", 5), (200, b"", 5), (200, b"12345", 5))
    with one.open("a.jpg") as stream:
        assert stream.read() == b"12345"
    assert len(asked) == 3
    one, asked = broken((200, b"12", 5))
    with pytest.raises(SourceError):
        one.open("a.jpg")


# --- a library ----------------------------------------------------------------------------------


def test_a_bucket_is_a_collection_like_others(
    service: str, bucket: Callable, tmp_path: Path
) -> None:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    for name, colour in (("red", "red"), ("blue", "blue"), ("new/green", "green")):
        bucket(f"pics/{name}.png", picture(colour))
    bucket("pics/broken.jpg", b"no picture")
    how = {"endpoint": service, "path_style": True}
    with Library.open(tmp_path / "library") as library:
        collection = library.add_bucket("s3://shop/pics/", **how)
        assert (collection.name, collection.location) == ("pics", "s3://shop/pics")
        assert library.add_bucket("s3://shop/pics", **how) == collection
        with pytest.raises(ConflictError, match="part of"):
            library.add_bucket("s3://shop/pics/new", **how)
        with pytest.raises(ConflictError, match="contains"):
            library.add_bucket("s3://shop", **how)
        with pytest.raises(SourceOfflineError, match="no bucket"):
            library.add_bucket("s3://none", **how)
        list(library.sync(collection))
        assert (library.counts().ok, library.counts().failed) == (3, 1)
        (asset,) = library.assets(
            library.search(Query(filter=Comparison("folder", "=", "new"))).ids.tolist()
        )
        assert library.address(collection, asset) == "s3://shop/pics/new/green.png"
        assert library.preview(asset, 100).shape == (48, 64, 3)
        fetched = library.fetch(asset)
        assert fetched is not None
        assert (fetched.name, fetched.read_bytes()) == ("green.png", picture("green"))
        assert library.fetch(asset) == fetched
        every = library.search(Query(limit=None))
        last = list(library.export(every, tmp_path / "out"))[-1]
        assert (last.done, last.failed) == (3, 0)
        assert library.watch(collection, lambda _: None) is None
        client = boto3.client("s3", endpoint_url=service)
        client.copy_object(Bucket="shop", Key="pics/moved.png", CopySource="shop/pics/red.png")
        client.delete_object(Bucket="shop", Key="pics/red.png")
        client.delete_object(Bucket="shop", Key="pics/blue.png")
        steps = list(library.sync(collection))
        assert steps[-1].total == 1, "moved is not read anew"
        assert (library.counts().ok, library.counts().missing) == (2, 1)
        assert b"testing" not in (tmp_path / "library" / "library.sqlite").read_bytes()


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    encoder = FakeEncoder()
    monkeypatch.setattr(Models, "encoder", lambda *_: encoder)
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """An empty keyring, and no keys anywhere else."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    made = MemoryKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", made)
    return made


def add(library: Library, service: str, **how: object) -> Collection:
    return library.add_bucket("s3://shop/pics", endpoint=service, path_style=True, **how)  # type: ignore[arg-type]


def keys_of(library: Library, status: str = "ok") -> dict[str, Asset]:
    found = library.search(Query(filter=Comparison("status", "=", status), limit=None))
    return {asset.key: asset for asset in library.assets(found.ids.tolist())}


def test_keys_lie_in_the_keyring_alone(
    service: str, bucket: Callable, library: Library, ring: MemoryKeyring
) -> None:
    bucket("pics/a.png", picture("red"))
    with pytest.raises(SourceDeniedError, match="no keys"):
        add(library, service)
    collection = add(library, service, keys=("AKIAmine", "very-secret"))
    assert collection.config["keyring"] is True
    assert "very-secret" in next(iter(ring.kept.values()))
    list(library.sync(collection))
    assert library.counts(collection).ok == 1
    for path in library.path.rglob("*"):
        if path.is_file():
            assert b"very-secret" not in path.read_bytes()
            assert b"AKIAmine" not in path.read_bytes()
    ring.kept.clear()
    with pytest.raises(SourceDeniedError, match="not in the system's keyring"):
        list(library.sync(collection))
    add(library, service, keys=("AKIAmine", "another"))
    assert len(library.collections()) == 1
    list(library.sync(collection))
    library.remove_collection(collection)
    assert ring.kept == {}


def test_keys_that_do_not_open_are_not_kept(
    service: str, library: Library, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceOfflineError, match="no bucket"):
        add(library, service, keys=("AKIAmine", "very-secret"))
    assert ring.kept == {}
    monkeypatch.setattr(keyring.core, "_keyring_backend", LockedKeyring())
    with pytest.raises(UsageError, match="aws configure"):
        add(library, service, keys=("AKIAmine", "very-secret"))
    assert library.collections() == []


def test_keys_that_do_not_open_leave_those_that_do(
    service: str, bucket: Callable, library: Library, ring: MemoryKeyring
) -> None:
    bucket("pics/a.png", picture("red"))
    add(library, service, keys=("AKIAmine", "very-secret"))
    before = dict(ring.kept)
    with pytest.raises(SourceDeniedError, match="profile"):
        add(library, service, keys=("AKIAmine", "wrong"), profile="nobody")
    assert ring.kept == before


def test_a_bucket_can_be_reached_in_another_way(
    service: str, bucket: Callable, library: Library
) -> None:
    bucket("pics/a.png", picture("red"))
    first = add(library, service)
    with pytest.raises(SourceDeniedError, match="profile"):
        add(library, service, profile="nobody")
    assert library.collection("pics").config == first.config
    again = add(library, service, requester_pays=True)
    assert again.id == first.id
    assert library.collection("pics").config["requester_pays"] is True


def test_links_open_without_keys(service: str, bucket: Callable, library: Library) -> None:
    bucket("pics/a b.png", picture("red"))
    collection = add(library, service)
    list(library.sync(collection))
    (asset,) = keys_of(library).values()
    address = library.link(asset, 60)
    assert address is not None
    assert "X-Amz-Expires=60" in address or "Expires=" in address
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == picture("red")
    public = source(service, "s3://shop/pics", anonymous=True).link("a b.png", 60)
    assert public == f"{service}/shop/pics/a%20b.png"


def test_a_moved_object_is_not_fetched_whole(
    service: str, bucket: Callable, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (900, 900, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    bucket("pics/a.png", stream.getvalue())
    collection = add(library, service)
    list(library.sync(collection))
    library.tag([keys_of(library)["a.png"].id], ["mine"])
    client = boto3.client("s3", endpoint_url=service)
    client.copy_object(Bucket="shop", Key="pics/new/b.png", CopySource="shop/pics/a.png")
    client.delete_object(Bucket="shop", Key="pics/a.png")
    asked: list[int] = []
    whole = S3Source.fetch_range

    def counted(self: S3Source, key: str, start: int, end: int) -> bytes:
        asked.append(end - start)
        return whole(self, key, start, end)

    monkeypatch.setattr(S3Source, "fetch_range", counted)
    monkeypatch.setattr(S3Source, "open", lambda *_: pytest.fail("it was fetched whole"))
    list(library.sync(collection))
    assert keys_of(library)["new/b.png"].tags == ("mine",)
    assert asked == [1 << 20, 1024]


def test_a_cut_listing_goes_on_where_it_stopped(
    service: str, bucket: Callable, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        bucket(f"pics/{number // 6}/{number:02d}.png", picture("red"))
    ask = S3Source._page
    asked: list[object] = []
    fails = [12]

    def small(self: S3Source, **how: object) -> dict[str, object]:
        if not how.keys() & {"MaxKeys", "Delimiter"}:
            asked.append(how.get("StartAfter"))
        if fails and len(asked) > fails[0]:
            raise SourceOfflineError("cut")
        return ask(self, **{"MaxKeys": 2, **how})

    collection = add(library, service)
    monkeypatch.setattr(S3Source, "_page", small)
    with pytest.raises(SourceOfflineError, match="cut"):
        list(library.sync(collection))
    assert library.counts(collection).ok == 0
    (left,) = (library.path / "listings").iterdir()
    asked.clear()
    fails.clear()
    list(library.sync(collection))
    assert library.counts(collection).ok == 60
    assert asked
    assert None not in asked, "the listing began anew"
    assert not left.exists()
    # Nothing is concluded of what an old listing says.
    client = boto3.client("s3", endpoint_url=service)
    client.delete_object(Bucket="shop", Key="pics/0/00.png")
    list(library.sync(collection))
    assert (library.counts(collection).ok, library.counts(collection).missing) == (59, 1)


def test_a_body_goes_on_where_it_broke_off(broken_bodies: tuple[S3Source, list[str]]) -> None:
    one, ranges = broken_bodies
    with one.open("a.jpg") as stream:
        assert stream.read() == BODY
    assert ranges == ["", "bytes=400-", "bytes=800-"]


def test_a_body_that_changed_begins_anew(broken_bodies: tuple[S3Source, list[str]]) -> None:
    one, ranges = broken_bodies
    with one.open("changing.jpg") as stream:
        assert stream.read() == BODY
    assert ranges == ["", "bytes=400-", ""]


def test_a_service_without_ranges_is_not_appended(
    broken_bodies: tuple[S3Source, list[str]],
) -> None:
    one, ranges = broken_bodies
    with one.open("rangeless.jpg") as stream:
        assert stream.read() == BODY
    assert ranges == ["", "bytes=400-"]


BODY = bytes(range(250)) * 4


@pytest.fixture
def broken_bodies() -> Iterator[tuple[S3Source, list[str]]]:
    """A bucket that breaks off after 400 bytes, and what was asked of it."""
    ranges: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            ranges.append(asked)
            changes = "changing" in self.path
            if "rangeless" in self.path:
                asked = ""
            if changes and self.headers.get("If-Match"):
                self.send_response(412)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            start = int(asked.removeprefix("bytes=").rstrip("-") or 0)
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(BODY) - start))
            self.send_header("ETag", '"e"')
            self.end_headers()
            whole = len(ranges) > 1 and ("changing" in self.path or "rangeless" in self.path)
            self.wfile.write(BODY[start:] if whole else BODY[start : start + 400])
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield source(f"http://127.0.0.1:{server.server_port}"), ranges
    server.shutdown()
    server.server_close()


def test_a_queue_tells_of_changes(
    service: str, bucket: Callable, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "WAIT_S", 1)
    monkeypatch.setattr(events, "PAUSE_S", 0.2)
    client = boto3.client("sqs", endpoint_url=service)
    queue = client.create_queue(QueueName="events")["QueueUrl"]
    bucket("pics/a b.png", picture("red"))
    collection = add(library, service, queue=queue)
    list(library.sync(collection))
    told: list[object] = []
    watch = library.watch(collection, told.append)
    assert watch is not None

    def event(key: str) -> dict[str, object]:
        return {"s3": {"bucket": {"name": "shop"}, "object": {"key": key}}}

    plain = {"Records": [event("pics/a+b.png"), event("other/c.png"), event("pics/n.txt")]}
    bridge = {
        "source": "aws.s3",
        "detail": {"bucket": {"name": "shop"}, "object": {"key": "pics/d e.png"}},
    }
    notification = {"Type": "Notification", "Message": json.dumps(plain)}
    bodies = [{"Event": "s3:TestEvent"}, plain, bridge, notification, {"hello": 1}]
    for body in [*map(json.dumps, bodies), "no json"]:
        client.send_message(QueueUrl=queue, MessageBody=body)
    seen: set[str] = set()
    for _ in range(100):
        for keys in told:
            assert isinstance(keys, frozenset)
            seen |= keys
        if seen == {"a b.png", "d e.png"}:
            break
        time.sleep(0.1)
    assert seen == {"a b.png", "d e.png"}
    assert watch.trouble == ""
    client.delete_queue(QueueUrl=queue)
    for _ in range(100):
        if watch.trouble:
            break
        time.sleep(0.1)
    assert "sqs:ReceiveMessage" in watch.trouble
    watch.close()
