"""A web server of pictures that answers as a test tells it, over real sockets."""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image


def picture(colour: str, size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a PNG of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "PNG")
    return stream.getvalue()


class Site:
    """Pages by path, and what goes wrong with them.

    Attributes:
        pages: Bodies by path; others are answered by 404.
        faults: For each path what happens to its next requests, in order: a status, `cut` after
            half of the body, or `reset`.
        asked: How often each path was asked for.
        headers: Sent with every answer that is a fault by status.
    """

    def __init__(self) -> None:
        self.url = ""
        self.pages: dict[str, bytes] = {}
        self.faults: dict[str, list[int | str]] = {}
        self.asked: Counter[str] = Counter()
        self.headers: dict[str, str] = {}


@contextmanager
def serve() -> Iterator[Site]:
    """Serve a site on a port of its own."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 0.5  # connections that nobody closes end

        def do_GET(self) -> None:
            site.asked[self.path] += 1
            body = site.pages.get(self.path)
            waiting = site.faults.get(self.path, [])
            fault = waiting.pop(0) if waiting else None
            if fault == "reset":
                self.connection.close()
                self.close_connection = True
                return
            status = fault if isinstance(fault, int) else 404 if body is None else 200
            sent = b"" if body is None or status != 200 else body
            self.send_response(status)
            for name, value in site.headers.items() if status != 200 else ():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            if fault == "cut":
                self.wfile.write(sent[: len(sent) // 2])
                self.close_connection = True
            else:
                self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Cut connections are what is tested."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        site.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield site
        server.shutdown()
        thread.join()
