"""`bowerbird serve` in a process of its own, asked by the services' own clients and by worse."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from bowerbird.library import Library
from bowerbird.types import Scope
from helpers.api import look

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Served:
    """A server that runs."""

    url: str
    library: Path
    secret: str
    key_id: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@contextlib.contextmanager
def start(library: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bowerbird", "--library", str(library), "serve", "--port", "0",
         *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "app")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        yield process.stdout.readline().split()[1].rstrip(","), process
    finally:
        process.terminate()
        process.wait(30)
        errors = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
    assert "Traceback" not in errors


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    folder = tmp_path / "library"
    with Library.open(folder) as library:
        library.add_catalogue("shop")
        library.add_managed("drop")
        key, secret = library.access.make("all", Scope.ADMIN)
    with start(folder) as (url, process):
        yield Served(url, folder, secret, key.id, process)


def test_similarix_own_client(served: Served, tmp_path: Path) -> None:
    from similarix.client import Similarix, SimilarixAPIError

    client = Similarix(served.secret, served.url)
    collections = client.list_collections()["result"]["collections"]
    drop = next(row for row in collections if row["name"] == "drop")
    assert client.get_collection(drop["uuid"])["result"]["collection"] == drop
    for number in range(4):
        path = tmp_path / f"{number}.png"
        path.write_bytes(look(number))
        with path.open("rb") as file:
            done = client.upload_to_managed_collection(drop["uuid"], file)
        assert done["result"]["file"] == f"{number}.png"
    with (tmp_path / "2.png").open("rb") as file:
        hits = client.image_search(file)["result"]["files"]
    assert hits[0]["file_name"] == "2.png"
    assert len(client.text_search("a red circle")["result"]["files"]) == 4
    assert drop["uuid"] in client.trigger_sync(drop["uuid"])["result"]["message"]
    assert client.check_sync_status(drop["uuid"])["success"]
    with pytest.raises(SimilarixAPIError, match="403"):
        Similarix("wrong", served.url).list_collections()


def test_ximilar_own_client(served: Served) -> None:
    from ximilar.client.search import SimilarityPhotosClient, SimilarityProductsClient

    for kind, service in (
        (SimilarityPhotosClient, "photos"),
        (SimilarityProductsClient, "products"),
    ):
        # Its client asks its own home who may, unless the address is "localhost".
        endpoint = f"http://localhost:{served.port}/similarity/{service}/v2/"
        client = kind(token=served.secret, collection_id="shop", endpoint=endpoint)
        rows = [
            {"_id": f"{service}-{n}", "_base64": base64.b64encode(look(n)).decode(), "price": n}
            for n in range(6)
        ]
        assert client.ping()["status"]["code"] == 200
        assert client.insert(rows)["status"]["code"] == 210
        assert client.insert(rows)["status"]["code"] == 411
        found = client.search({"_id": f"{service}-3"}, k=2, fields_to_return=["_id", "price"])
        assert found["answer_records"][0]["price"] == 3
        some = client.search({"_id": f"{service}-3"}, k=9, filter={"price": {"$gte": 4}})
        assert len(some["answer_records"]) >= 2
        assert client.random(count=2)["answer_count"] == 2
        assert client.update([{"_id": f"{service}-1", "day": "monday"}])["status"]["code"] == 205
        got = client.get_records([{"_id": f"{service}-1"}], fields_to_return=["*"])
        assert got["answer_records"][0]["day"] == "monday"
        ranked = client.search_and_rank({"_id": f"{service}-1"}, [{"_id": f"{service}-2"}])
        assert len(ranked["answer_distances"]) == 1
        every = list(client.all_records_iter(batch_size=4))
        assert len(every) == client.get_all_ids()["answer_count"]
        assert client.remove([{"_id": f"{service}-1"}])["status"]["code"] == 220


def test_it_serves_while_a_folder_is_indexed(served: Served, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}.png").write_bytes(look(number, (160 + number % 50, 120)))
    token = {"Authorization": f"Token {served.secret}"}
    index = [sys.executable, "-m", "bowerbird", "--library", str(served.library), "index"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "app")}
    running = subprocess.Popen([*index, str(folder)], env=env, stdout=subprocess.DEVNULL)
    answers = 0
    with requests.Session() as session:
        while running.poll() is None:
            answer = session.get(f"{served.url}/api/search/?query=dot&limit=5", headers=token)
            assert answer.status_code == 200, answer.text
            answers += answer.ok
        assert running.returncode == 0
        rows = session.get(f"{served.url}/api/collections/", headers=token).json()["result"]
    assert answers > 5
    assert {row["name"]: row["stats"]["total_files"] for row in rows["collections"]}[
        "photos"
    ] == 300


def test_many_callers_at_once(served: Served) -> None:
    """Each gets the answer to its own question."""
    with Library.open(served.library) as library:
        records = library.records(library.collection("shop"))
        from bowerbird.types import Item

        items = [Item(str(n)) for n in range(16)]
        assert not records.insert(items, {str(n): look(n) for n in range(16)})
    headers = {"Authorization": f"Token {served.secret}", "collection-id": "shop"}

    def ask(number: int) -> bool:
        record = {"_id": str(number % 16)}
        if number % 4 == 0:
            record = {"_base64": base64.b64encode(look(number % 16)).decode()}
        answer = requests.post(
            f"{served.url}/similarity/photos/v2/visualKNN",
            headers=headers,
            json={"query_record": record, "k": 1},
            timeout=60,
        ).json()
        return bool(answer["answer_records"] == [{"_id": str(number % 16)}])

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(400)))


def test_slow_clients_hold_nobody_up(served: Served) -> None:
    """Connections that say nothing, or a byte at a time, leave others alone."""
    ended = threading.Event()
    idle = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(60)]
    drips = idle[:20]

    def drip() -> None:
        line = b"POST /api/search/ HTTP/1.1\r\nHost: localhost\r\nX: "
        for at in range(len(line)):
            if ended.wait(0.02):
                return
            for connection in drips:
                with contextlib.suppress(OSError):
                    connection.send(line[at : at + 1])

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        for _ in range(20):
            ping = requests.get(f"{served.url}/similarity/photos/v2/ping", timeout=5)
            assert ping.ok
    finally:
        ended.set()
        thread.join()
        for connection in idle:
            connection.close()


def test_killed_while_it_takes_pictures_in(served: Served) -> None:
    """What it said was taken is there afterwards, and nothing is half there."""
    headers = {"Authorization": f"Token {served.secret}", "collection-id": "shop"}
    taken: list[str] = []
    enough = threading.Event()

    def insert() -> None:
        for number in range(5000):
            record = {"_id": str(number), "_base64": base64.b64encode(look(number)).decode()}
            try:
                answer = requests.post(
                    f"{served.url}/similarity/photos/v2/insert",
                    headers=headers,
                    json={"records": [record]},
                    timeout=30,
                )
            except requests.RequestException:
                return  # also in the middle of an answer
            assert answer.ok
            taken.append(str(number))
            if len(taken) == 10:
                enough.set()

    thread = threading.Thread(target=insert)
    thread.start()
    assert enough.wait(60)
    served.process.send_signal(signal.SIGKILL)
    thread.join()
    with Library.open(served.library) as library:
        shop = library.collection("shop")
        assert set(taken) <= set(library.records(shop).get(taken))
        for _ in library.sync(shop):
            pass
        counts = library.counts(shop)
        assert len(taken) <= counts.ok <= len(taken) + 1
        assert (counts.failed, counts.missing, counts.pending) == (0, 0, 0)


def test_ended_by_a_signal_it_writes_counters_down(served: Served) -> None:
    token = {"Authorization": f"Token {served.secret}"}
    for _ in range(3):
        assert requests.get(f"{served.url}/api/collections/", headers=token, timeout=30).ok
    served.process.terminate()
    assert served.process.wait(30) in (0, -signal.SIGTERM)
    with Library.open(served.library) as library:
        (used,) = library.access.usage(served.key_id)
        assert (used.call, used.calls) == ("collections", 3)


def test_over_tls(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", key, "-out", certificate],
        capture_output=True,
        check=False,
    ) if _has_openssl() else None  # fmt: skip
    if made is None or made.returncode:
        pytest.skip("openssl is not there to make a certificate with")
    files = ("--tls-certificate", str(certificate), "--tls-key", str(key))
    with start(tmp_path / "library", "--host", "0.0.0.0", *files) as (url, _):
        assert url.startswith("https://0.0.0.0:")
        address = url.replace("0.0.0.0", "localhost")
        ping = requests.get(
            f"{address}/similarity/photos/v2/ping", verify=str(certificate), timeout=30
        )
        assert ping.ok
        plain = address.replace("https", "http")
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{plain}/similarity/photos/v2/ping", timeout=30)


def _has_openssl() -> bool:
    import shutil

    return shutil.which("openssl") is not None


def test_whatever_the_description_allows(served: Served) -> None:
    """Hundreds of requests made up from the OpenAPI: never a 5xx, nor what is not described."""
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{served.url}/openapi.json",
         "--checks", "not_a_server_error,status_code_conformance,response_schema_conformance",
         "--max-examples", "8", "--phases", "examples,coverage,fuzzing", "--workers", "1",
         "--seed", "1", "--no-color",
         "--exclude-path-regex", "/reimagine", "--request-timeout", "60",
         "-H", f"Authorization: Token {served.secret}", "-H", f"X-API-Key: {served.secret}",
         "-H", "collection-id: shop"],
        capture_output=True,
        text=True,
        cwd=served.library,
        timeout=540,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    found = re.search(r"(\d+) generated", done.stdout)
    assert found is None or int(found[1]) > 300


def test_every_field_of_the_documents(served: Served) -> None:
    """The answers that three documents show, field by field; the others are in test_printed."""
    from helpers.documents import Replayed, examples

    folder = ROOT.parent / "shared" / "api"
    if not folder.is_dir():
        pytest.skip(f"needs the services' documents in {folder}, which are not there")
    replayed = Replayed(served.url, served.secret, served.key_id)
    with Library.open(served.library) as library:
        drop = library.collection("drop").uuid
    differences = replayed.compare(examples(folder), drop)
    assert not differences, "\n".join(differences)
    assert replayed.compared >= 19
