"""A large bucket's listing compared with what a library knows: time and memory.

    python tests/bench/listing.py [--keys 1000000]

A server in a process of its own gives pages of a thousand keys, all known to the library but the
last page. The baseline is the same listing, taken one page after the other and thrown away.
"""

import argparse
import http.server
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PAGE, FOLDER = 1000, 5000
HEAD = '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>b</Name>'


def page(asked: dict[str, list[str]], keys: int) -> bytes:
    """Return one page of the listing, of keys behind `start-after`, or of folders."""
    if "delimiter" in asked:
        folders = "".join(
            f"<CommonPrefixes><Prefix>photos/{number:04d}/</Prefix></CommonPrefixes>"
            for number in range(-(-keys // FOLDER))
        )
        if asked.get("prefix", [""])[0] != "photos/":
            folders = "<CommonPrefixes><Prefix>photos/</Prefix></CommonPrefixes>"
        return f"{HEAD}<IsTruncated>false</IsTruncated>{folders}</ListBucketResult>".encode()
    first = behind(asked.get("start-after", [""])[0])
    last = min(first + PAGE, keys)
    rows = "".join(
        f"<Contents><Key>{key(number)}</Key>"
        "<LastModified>2026-01-01T00:00:00.000Z</LastModified>"
        f"<ETag>&quot;{number:032x}&quot;</ETag>"
        f"<Size>{size(number)}</Size>"
        "<StorageClass>STANDARD</StorageClass></Contents>"
        for number in range(first, last)
    )
    more = "true" if last < keys else "false"
    return f"{HEAD}<IsTruncated>{more}</IsTruncated>{rows}</ListBucketResult>".encode()


def behind(after: str) -> int:
    """Return the number of the first key behind a key or a folder."""
    if not after:
        return 0
    _, folder, name = after.split("/")
    return int(name.partition(".")[0]) + 1 if name else int(folder) * FOLDER


def key(number: int) -> str:
    """Name an object."""
    return f"photos/{number // FOLDER:04d}/{number:08d}.jpg"


def size(number: int) -> int:
    """Return how large an object is."""
    return 100_000 + number % 5_000_000


def serve(keys: int, latency_s: float) -> None:
    """Answer list requests until killed; the port is the first line of the output."""

    class Listing(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            time.sleep(latency_s)
            body = page(asked, keys)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listing)
    print(server.server_port, flush=True)
    server.serve_forever()


def memory_mb() -> float:
    """Return the process's own memory, without files that are mapped, MB."""
    status = Path("/proc/self/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Fill a library with rows, list, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--latency", type=float, default=0.0, help="of each answer, seconds")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.latency)
        return
    os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x")
    command = [sys.executable, __file__, "--serve", str(options.keys)]
    command += ["--latency", str(options.latency)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        with tempfile.TemporaryDirectory() as home:
            endpoint = f"http://127.0.0.1:{server.stdout.readline().strip()}"
            print(json.dumps(measure(Path(home), endpoint, options.keys)))
    finally:
        server.kill()


def measure(home: Path, endpoint: str, keys: int) -> dict[str, float | int]:
    """Time the bare listing, and the comparison."""
    from bowerbird.indexing.changes import Scan
    from bowerbird.library import Library
    from bowerbird.sources.listing import Lister, Part

    with Library.open(home) as library:
        how = {"endpoint": endpoint, "path_style": True, "region": "us-east-1"}
        collection = library.add_bucket("s3://b", **how)
        known = keys - PAGE
        with library._store.database.writing() as connection:
            connection.executemany(
                "INSERT INTO assets (uuid, collection_id, key, folder, name, size, mtime_ns, etag, "
                "status, moment) VALUES (?, ?, ?, '', ?, ?, 1767225600000000000, ?, 'ok', 0)",
                (
                    (f"{n:032x}", collection.id, key(n), key(n), size(n), f"{n:032x}")
                    for n in range(known)
                ),
            )
        source = library._source(collection)
        begun = time.perf_counter()
        account = source._account
        pages = Lister(source._page, "", account.url)._in_order(Part("", "", ""))
        listed = sum(len(found.objects) for found in pages)
        bare = time.perf_counter() - begun
        fixed = most = memory_mb()
        begun = time.perf_counter()
        with library._store.diff(collection.id, "none", retry_failed=False) as diff:
            scan = Scan(library._store, source, collection, diff)
            for _ in scan.listing():
                most = max(most, memory_mb())
            most = max(most, memory_mb())
            seen, total = diff.listed, diff.total
        took = time.perf_counter() - begun
        assert (listed, seen, total) == (keys, keys, keys)
        return {
            "keys": listed,
            "bare_listing_s": round(bare, 1),
            "diff_s": round(took, 1),
            "to_do": total,
            "memory_over_fixed_mb": round(most - fixed),
        }


if __name__ == "__main__":
    main()
