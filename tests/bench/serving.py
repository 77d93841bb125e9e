"""Measures the HTTP server: searches by id and by picture over 16 connections, and its memory.

The library is a catalogue of 100,000 records with embeddings like those of pictures; the server is
`bowerbird serve` in a process of its own, the client this one, over real sockets. The baseline in
the same run is `ping` of the same server, which finds nothing: what HTTP itself costs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from photos import sources
from vectors import SPREAD, around, centres

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "app"))

from bowerbird.library import Library  # noqa: E402
from bowerbird.store.items import mark  # noqa: E402
from bowerbird.types import Decoded, Entry, Exif, Fingerprint, Item, Record, Scope  # noqa: E402

CONNECTIONS = 16
# Requests a second that many clients make who do not wait for each other.
PACE = 320
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second, and how long one takes, in milliseconds."""

    rate: float
    p50: float
    p99: float


def make(folder: Path, count: int) -> str:
    """Make a catalogue of records with embeddings, and return a key for it."""
    rng = np.random.default_rng(0)
    with Library.open(folder) as library:
        shop = library.add_catalogue("shop")
        store, encoder = library._store, library._encoder()
        middle, _ = centres(encoder.dim, rng)
        items = store.items(shop.id)
        for start in range(0, count, BATCH):
            numbers = range(start, min(start + BATCH, count))
            rows = [
                Item(str(n), f"http://shop.example/{n}.jpg", {"price": n % 500}) for n in numbers
            ]
            items.upsert(rows, "bench")
            vectors = around(middle, len(rows), SPREAD, rng)
            found = zip(rows, vectors, strict=True)
            store.write([_record(shop.id, *pair) for pair in found], encoder.id)
        index = store.vectors(encoder.id, encoder.dim)
        index.refresh()
        index.save()
        return library.access.make("bench", Scope.SEARCH)[1]


def _record(collection: int, item: Item, vector: np.ndarray) -> Record:
    entry = Entry(item.id, 1000, 1_700_000_000_000_000_000, mark(item.image))
    digest = f"{int(item.id):032x}"
    decoded = Decoded(
        640, 480, "jpeg", np.zeros((1, 1, 3), np.uint8), b"", int(item.id), 0, (), Exif()
    )
    return Record(
        collection, entry, fingerprint=Fingerprint(digest, digest), decoded=decoded,
        embedding=vector.astype(np.float32),
    )  # fmt: skip


def knn(key: str, count: int, total: int) -> Iterator[bytes]:
    """Yield searches by id, each for another record."""
    rng = np.random.default_rng(1)
    for number in rng.integers(0, total, count).tolist():
        body = json.dumps({"query_record": {"_id": str(number)}, "k": 20}).encode()
        yield request("/similarity/photos/v2/visualKNN", key, body, "application/json")


def uploads(key: str, count: int) -> Iterator[bytes]:
    """Yield searches by an uploaded picture."""
    photos = sources()
    for number in range(count):
        data = photos[number % len(photos)].read_bytes()
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        body = head + data + b"\r\n--x--\r\n"
        yield request("/api/search/?limit=20", key, body, "multipart/form-data; boundary=x")


def request(path: str, key: str, body: bytes, kind: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {key}\r\n"
        f"collection-id: shop\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def measure(port: int, requests: Iterator[bytes], connections: int, pace: float = 0) -> Rate:
    """Send requests over some connections at once.

    Each is sent as soon as the one before it is answered, or `pace` a second in all: then the time
    of one counts from when it was due, so that nothing that waits is left out.
    """
    times: list[float] = []

    async def one(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        due = time.perf_counter() + number / pace if pace else 0.0
        for data in requests:
            began = due or time.perf_counter()
            if pace:
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                due += connections / pace
            writer.write(data)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"the server answers {head[:60]!r}")
            length = next(
                int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length")
            )
            await reader.readexactly(length)
            times.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(connections)))
    seconds = time.perf_counter() - began
    p50, p99 = np.percentile(np.array(times) * 1000, [50, 99])
    return Rate(round(len(times) / seconds, 1), round(float(p50), 1), round(float(p99), 1))


def memory(process: int) -> float:
    """Return the memory of a process's own, MB; what it maps of files the system may drop."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="records")
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--library", type=Path, help="kept, and used again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        folder = options.library or Path(home) / "library"
        secret = folder / "bench-key"
        if not secret.exists():
            key = make(folder, options.count)
            secret.write_text(key)
        key = secret.read_text()
        serve(folder, home, lambda port, process: run(port, process, key, options))


def serve(folder: Path, home: str, work: Callable[[int, int], None]) -> None:
    """Run a server while something is measured."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bowerbird", "--library", str(folder), "serve", "--port", "0"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "app"), "XDG_CONFIG_HOME": home},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[1].rstrip(",")
        work(int(address.rpartition(":")[2]), process.pid)
    finally:
        process.terminate()
        process.wait()


def run(port: int, process: int, key: str, options: argparse.Namespace) -> None:
    def go(requests: Iterator[bytes], connections: int = CONNECTIONS, pace: float = 0) -> Rate:
        return asyncio.run(measure(port, requests, connections, pace))

    ping = request("/similarity/photos/v2/ping", key, b"", "application/json")
    go(knn(key, 500, options.count))
    bare = go(iter([ping] * 3000))
    found = go(knn(key, 5000, options.count))
    paced = go(knn(key, 6000, options.count), pace=PACE)
    picture = go(uploads(key, 300), 1)
    before = memory(process)
    rest = go(knn(key, max(0, options.requests - 11_500), options.count))
    after = memory(process)
    print(
        json.dumps(
            {
                "records": options.count,
                "connections": CONNECTIONS,
                "ping_per_s": bare.rate,
                "knn_per_s": found.rate,
                "knn_over_ping": round(found.rate / bare.rate, 3),
                "knn_p50_ms": found.p50,
                "knn_p99_ms": found.p99,
                "paced_per_s": paced.rate,
                "paced_p50_ms": paced.p50,
                "paced_p99_ms": paced.p99,
                "rest_per_s": rest.rate,
                "rest_p99_ms": rest.p99,
                "picture_p50_ms": picture.p50,
                "memory_mb": round(before, 1),
                "memory_after_mb": round(after, 1),
                "requests": options.requests,
            }
        )
    )


if __name__ == "__main__":
    main()
