"""What never reaches the application, over real sockets."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from bowerbird.errors import DownloadError, LibraryError
from bowerbird.library import Library
from bowerbird.server.app import THREADS
from bowerbird.server.description import schema
from bowerbird.server.gate import Limits, is_loopback, most_bytes
from bowerbird.server.pictures import MOST_FETCHED
from bowerbird.store.access import Access
from helpers.api import Api, head, look, serving, talk
from helpers.documents import missing

FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'


@pytest.fixture
def hasty(library: Library) -> Iterator[Api]:
    with serving(library, Limits(body_s=0.5, answer_s=5)) as running:
        yield running


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", ""])
def test_only_own_names(api: Api, host: str) -> None:
    answer = talk(api, f"GET /v0/catalog HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 421", b"HTTP/1.1 400"))
    assert b"catalog_id" not in answer


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:80"])
def test_own_names(api: Api, host: str) -> None:
    path = "/similarity/photos/v2/ping"
    answer = talk(api, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200")


def test_no_other_site_may_read_answers(api: Api) -> None:
    answer = api.get("/similarity/photos/v2/ping", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_a_site_that_was_allowed(library: Library) -> None:
    with serving(library, origins=["https://shop.example"]) as api:
        ping = "/similarity/photos/v2/ping"
        fine = api.get(ping, headers={"Origin": "https://shop.example"})
        assert fine.headers["access-control-allow-origin"] == "https://shop.example"
        # Scripts read what else an answer says, and why they are refused.
        assert "x-remaining-credits" in fine.headers["access-control-expose-headers"]
        late = api.get("/v0/usage", headers={"Origin": "https://shop.example", "Host": "x"})
        assert late.status_code == 421
        assert late.headers["access-control-allow-origin"] == "https://shop.example"
        other = api.get(ping, headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


def test_a_body_that_says_it_is_too_large_is_not_read(api: Api) -> None:
    answer = talk(api, head(api, "/api/search/", "Content-Length: 104857600"))
    assert answer.startswith(b"HTTP/1.1 413")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["success"] is False


@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [
        ("/api/search", "multipart/form-data; boundary=x", 403),
        ("/v0/catalog/1234/upload", "multipart/form-data; boundary=x", 401),
        ("/v1/embed", "application/json", 401),
        ("/similarity/photos/v2/visualKNN", "application/json", 401),
        ("/similarity/photos/v2/visualKNN", "text/plain", 401),
        ("/reimagine/v1/reimagine", "multipart/form-data; boundary=x", 403),
    ],
)
@pytest.mark.parametrize("length", ["Content-Length: 20000000", "Transfer-Encoding: chunked"])
def test_nothing_is_read_of_whoever_has_no_key(
    api: Api, path: str, kind: str, status: int, length: str
) -> None:
    """Its dialect says so before the body came, which never does here."""
    keys = ("Authorization: Token wrong", "x-api-key: wrong")
    lines = ("Host: localhost", *keys, f"Content-Type: {kind}", length, "Connection: close")
    asked = "\r\n".join((f"POST {path} HTTP/1.1", *lines)) + "\r\n\r\n"
    began = time.monotonic()
    answer = talk(api, asked.encode())
    assert answer.startswith(f"HTTP/1.1 {status}".encode())
    assert time.monotonic() - began < 5


@pytest.mark.logs_expected
def test_a_library_that_cannot_be_read_is_said_by_the_dialect(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> None:
        raise LibraryError("/home/someone/library is damaged")

    monkeypatch.setattr(Access, "find", damaged)
    token = {"Authorization": f"Token {api.secret}"}
    answer = api.post("/api/search/", headers=token, files={"file": b"x"})
    assert (answer.status_code, answer.json()["success"]) == (500, False)
    assert "someone" not in answer.text


def test_a_token_is_got_without_a_key(api: Api) -> None:
    form = {"api_key": api.key_id, "api_secret": api.secret}
    assert api.post("/v0/token/", data=form).ok


def test_a_slash_at_the_end_of_a_path_changes_no_limit(api: Api) -> None:
    path, size = "/v0/catalog/1234/upload", 30 << 20
    for each in (path, path + "/"):
        answer = talk(api, head(api, each, f"Content-Length: {size}", "Connection: close") + b"{")
        assert answer.startswith(b"HTTP/1.1 4")
        assert not answer.startswith(b"HTTP/1.1 413")


def test_a_body_that_grows_too_large_is_cut(api: Api) -> None:
    host, port = api.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(
            head(
                api,
                "/api/search/",
                "Transfer-Encoding: chunked",
                "Content-Type: multipart/form-data; boundary=x",
            )
        )
        connection.sendall(b"%x\r\n%s\r\n" % (len(FORM), FORM))
        chunk = b"%x\r\n" % (1 << 20) + b"\0" * (1 << 20) + b"\r\n"
        sent = 0
        try:
            for _ in range(200):
                connection.sendall(chunk)
                sent += 1
        except OSError:
            pass
        assert sent < 60
        try:
            answer = connection.recv(65536)
        except OSError:
            answer = b"HTTP/1.1 413"  # it was reset before it was read
        assert answer.startswith(b"HTTP/1.1 413")


def test_a_body_that_does_not_come(hasty: Api) -> None:
    began = time.monotonic()
    lines = ("Content-Length: 1000", "Content-Type: multipart/form-data; boundary=x")
    answer = talk(hasty, head(hasty, "/api/search/", *lines) + FORM)
    assert answer.startswith(b"HTTP/1.1 408")
    assert time.monotonic() - began < 8


def test_an_answer_that_takes_too_long(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller is told to come again; what was begun ends behind it."""
    ended = threading.Event()
    collections = Library.collections

    def slow(self: Library) -> object:
        ended.wait(5)
        return collections(self)

    monkeypatch.setattr(Library, "collections", slow)
    with serving(library, Limits(body_s=0.2, answer_s=0.3)) as api:
        token = {"Authorization": f"Token {api.secret}"}
        answer = api.get("/api/collections/", headers=token)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert answer.json()["success"] is False
        ended.set()


def test_a_body_that_is_cut_off(api: Api) -> None:
    host, port = api.url.removeprefix("http://").split(":")
    lines = ("Content-Length: 1000", "Content-Type: multipart/form-data; boundary=x")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head(api, "/api/search/", *lines) + FORM)
    assert api.get("/similarity/photos/v2/ping").ok


@pytest.mark.parametrize("lines", [("Content-Encoding: gzip", "Content-Length: 2")])
def test_packed_bodies_are_refused(api: Api, lines: tuple[str, ...]) -> None:
    answer = talk(api, head(api, "/v1/embed", *lines, "Connection: close") + b"{}")
    assert answer.startswith(b"HTTP/1.1 415")


def test_too_many_at_once_are_told_to_come_again(library: Library) -> None:
    with serving(library, Limits(most_requests=0)) as api:
        answer = api.get("/v1/catalog/products")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert "error" in answer.json()


@pytest.mark.parametrize("noise", [b"\0\1\2\3" * 50, b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 9])
def test_what_is_no_http(api: Api, noise: bytes) -> None:
    talk(api, noise, wait=1)
    assert api.get("/similarity/photos/v2/ping").ok


def test_paths_with_and_without_a_slash_at_their_end(api: Api) -> None:
    how = {"headers": {"Authorization": f"Token {api.secret}"}}
    assert api.get("/api/collections", **how).json() == api.get("/api/collections/", **how).json()


def test_no_traceback_reaches_a_caller(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("at /home/someone/secret.py")

    monkeypatch.setattr(Library, "collections", broken)
    answer = api.get("/api/collections/", headers={"Authorization": f"Token {api.secret}"})
    assert answer.status_code == 500
    assert answer.json()["success"] is False
    assert "secret" not in answer.text
    for _ in range(100):  # it is written down once the caller has the answer
        if "secret" in caplog.text:
            break
        time.sleep(0.05)
    assert "secret" in caplog.text


def test_every_dialect_words_an_unknown_path(api: Api) -> None:
    assert api.get("/api/nothing").json()["success"] is False
    assert api.get("/similarity/photos/v2/nothing").json()["status"]["code"] == 402
    assert "error" in api.get("/v1/nothing").json()
    assert api.get("/v0/nothing").json()["status"]["code"] == 404
    assert "error" in api.get("/reimagine/v1/nothing").json()


def test_all_of_it_is_described(api: Api) -> None:
    page = api.get("/docs")
    assert page.ok
    # Nothing of it comes from elsewhere.
    assert "https://" not in page.text.replace("https://fastapi.tiangolo.com", "")
    described = api.get("/openapi.json").json()
    assert len(described["paths"]) > 60
    assert all(len(tag["description"]) > 200 for tag in described["tags"])
    for path, verbs in described["paths"].items():
        for verb, operation in verbs.items():
            answers = operation["responses"]
            assert "422" not in answers, path
            assert "400" in answers
            if "security" in operation:
                assert {"403", "429"} <= answers.keys()
            content = next(answers[status]["content"] for status in answers if status < "3")
            example = content.get("application/json", {}).get("example")
            assert example or "image/jpeg" in content, f"{verb} {path}"


@pytest.mark.parametrize(
    ("operation", "statuses", "never"),
    [
        ("get /api/search", {"200", "400", "403", "413", "421", "429", "503"}, {"401", "404"}),
        ("post /api/collections/{uuid}/sync", {"202", "403", "404", "409"}, {"200", "401"}),
        ("post /similarity/photos/v2/insert", {"401", "402", "403", "404", "411", "412"}, {"507"}),
        ("post /similarity/photos/v2/get", {"401", "402", "403", "404"}, {"411", "412"}),
        ("get /similarity/photos/v2/ping", {"200", "400", "421"}, {"401", "403", "429"}),
        ("post /v1/catalog/search", {"401", "403", "404", "409"}, {"402"}),
        ("get /v0/token", {"401", "429"}, {"403"}),
        ("delete /v0/catalog/{catalog_id}", {"401", "403", "404", "409"}, {"402"}),
        (
            "post /reimagine/v1/reimagine",
            {"200", "400", "401", "402", "403", "429", "500"},
            {"408", "413", "415", "421", "503"},
        ),
    ],
)
def test_the_answers_that_a_dialect_gives_are_described(
    api: Api, operation: str, statuses: set[str], never: set[str]
) -> None:
    verb, _, path = operation.partition(" ")
    described = api.get("/openapi.json").json()["paths"][path][verb]["responses"]
    assert statuses <= described.keys()
    assert not never & described.keys()
    for status, answer in described.items():
        content = answer["content"]
        assert status < "3" or content["application/json"]["example"]


def test_what_is_described_is_what_is_answered(api: Api) -> None:
    """The status and the form of refusals, in the words of each dialect."""
    described = api.get("/openapi.json").json()["paths"]
    secret = api.key(credits=0)
    file = {"image_file": ("a.png", look(1))}
    key, token = {"X-API-Key": api.secret}, {"Authorization": f"Token {api.secret}"}
    for verb, path, how, status in (
        ("get", "/api/search", {"params": {"query": "x"}}, 403),
        ("get", "/api/search", {"params": {"query": "x"}, "headers": {"Host": "x.y"}}, 421),
        ("post", "/v1/embed", {"headers": {**key, "Content-Length": str(1 << 40)}}, 413),
        ("post", "/v1/embed", {"headers": {**key, "Content-Encoding": "gzip"}, "data": b"x"}, 415),
        ("post", "/v1/catalog/search", {"headers": key, "json": {"product_id": "none"}}, 404),
        ("get", "/v0/usage", {}, 401),
        ("post", "/reimagine/v1/reimagine", {"headers": {"x-api-key": secret}, "files": file}, 402),
        ("post", "/similarity/photos/v2/find", {"headers": token, "json": {"filter": {}}}, 400),
    ):
        answer = getattr(api, verb)(path, **how)
        assert answer.status_code == status, path
        content = described[path][verb]["responses"][str(status)]["content"]
        assert missing(content["application/json"]["example"], answer.json()) == []


def test_answers_have_schemas(api: Api) -> None:
    described = api.get("/openapi.json").json()["paths"]
    for path, verbs in described.items():
        for verb, operation in verbs.items():
            answers = operation["responses"]
            content = next(answers[status]["content"] for status in answers if status < "3")
            json_ = content.get("application/json")
            assert json_ is None or json_["schema"]["properties"], f"{verb} {path}"
    text: object = {"type": ["string", "null"]}
    example = {"a": ["x"], "b": 1.5, "c": True, "d": None, "e": [], "metadata": {"f": 1}}
    assert schema(example)["properties"] == {
        "a": {"type": "array", "items": text},
        "b": {"type": ["number", "null"]},
        "c": {"type": ["boolean", "null"]},
        "d": {},
        "e": {"type": "array", "items": {}},
        "metadata": {},
    }


def test_sizes_by_path() -> None:
    assert most_bytes("/v0/catalog/1234/upload") > most_bytes("/v1/embed") > most_bytes("/api/x")
    assert most_bytes("/v0/token") < 1 << 20


@pytest.mark.parametrize(
    ("host", "own"),
    [("localhost", True), ("127.0.0.5", True), ("::1", True), ("0.0.0.0", False), ("x.y", False)],
)
def test_loopback(host: str, own: bool) -> None:
    assert is_loopback(host) is own


def test_addresses_that_do_not_answer_hold_nobody_up(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bowerbird.server.pictures.FETCH_PATIENCE_S", 0.2)
    ended, many = threading.Event(), THREADS + 8

    def silent(*_: object) -> bytes:
        ended.wait(30)
        raise DownloadError("the address does not answer")

    monkeypatch.setattr(Library, "read_public", silent)
    with serving(library) as api, ThreadPoolExecutor(many) as pool:
        headers = {"X-API-Key": api.secret, "Authorization": f"Token {api.secret}"}

        def ask(number: int) -> int:
            body = {"image_url": f"http://example.com/{number}.jpg"}
            url = f"{api.url}/v1/embed"
            return requests.post(url, headers=headers, json=body, timeout=60).status_code

        asked = [pool.submit(ask, number) for number in range(many)]
        try:
            for _ in range(200):
                if sum(one.done() for one in asked) >= many - MOST_FETCHED:
                    break
                time.sleep(0.05)
            # Those that wait leave room for others.
            assert api.get("/similarity/photos/v2/ping").ok
            assert api.get("/api/collections/", headers=headers).ok
            assert not ended.is_set()
        finally:
            ended.set()
        answers = [one.result() for one in asked]
    assert (answers.count(400), answers.count(503)) == (MOST_FETCHED, many - MOST_FETCHED)
