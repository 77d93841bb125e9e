"""A network between a client and a service that fails as networks do."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from urllib.parse import urlsplit

# Each is what happens to one answer.
FAULTS = (
    "reset",  # the connection ends before a word
    "refused",  # 503 SlowDown
    "broken",  # 500 InternalError
    "skewed",  # 403 RequestTimeTooSkewed: a clock is wrong
    "denied",  # 403 AccessDenied
    "gone",  # 404 NoSuchBucket, as while a service starts anew
    "cut",  # half of the body, then the end
    "short",  # half of the body, and a length that says so
    "empty",  # 200 and nothing
    "page",  # 200 and the page of a captive portal
    "slow",  # the body in drips, for a while
)
_CODES = {
    "refused": (503, "SlowDown"),
    "broken": (500, "InternalError"),
    "skewed": (403, "RequestTimeTooSkewed"),
    "denied": (403, "AccessDenied"),
    "gone": (404, "NoSuchBucket"),
}


class Wire:
    """What goes wrong, how often.

    Attributes:
        url: Where to reach the service through it.
        chance: How likely an answer is to fail, 0..1.
        seen: How many answers failed, by fault.
    """

    def __init__(self, seed: int) -> None:
        self.url = ""
        self.chance = 0.0
        self.seen: dict[str, int] = {}
        self._random = Random(seed)
        self._lock = threading.Lock()

    def fault(self) -> str | None:
        with self._lock:
            if self._random.random() >= self.chance:
                return None
            fault = self._random.choice(FAULTS)
            self.seen[fault] = self.seen.get(fault, 0) + 1
            return fault


class _Handler(BaseHTTPRequestHandler):
    """Passes a request on, and the answer back as the wire lets it."""

    protocol_version = "HTTP/1.1"
    timeout = 5
    disable_nagle_algorithm = True
    wire: Wire
    host: str

    def do_GET(self) -> None:
        fault = self.wire.fault()
        if fault == "reset":
            self.close_connection = True
        elif fault in _CODES:
            status, code = _CODES[fault]
            self._answer(status, {}, f"<Error><Code>{code}</Code></Error>".encode())
        else:
            self._pass(fault)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _pass(self, fault: str | None) -> None:
        behind = http.client.HTTPConnection(self.host, timeout=30)
        # Signatures are made for the name that the client asked.
        behind.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            behind.putheader(name, value)
        behind.endheaders()
        found = behind.getresponse()
        body, headers = found.read(), dict(found.getheaders())
        behind.close()
        half = body[: len(body) // 2]
        if fault == "cut":
            self._answer(found.status, headers, half, said=len(body))
        elif fault == "page":
            self._answer(200, {"Content-Type": "text/html"}, b"<html>Please log in</html>")
        else:
            body = {"short": half, "empty": b""}.get(fault or "", body)
            self._answer(found.status, headers, body, slowly=fault == "slow")

    def _answer(
        self,
        status: int,
        headers: dict[str, str],
        body: bytes,
        *,
        said: int | None = None,
        slowly: bool = False,
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        length = len(body) if said is None else said
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command == "HEAD":
            return
        step = 512 if slowly else max(1, len(body))
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            time.sleep(0.002 if slowly else 0)
        if length != len(body):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Cut connections are what is tested."""


@contextmanager
def wire(service: str, seed: int = 0) -> Iterator[Wire]:
    """Lay a wire to a service on this machine."""
    made = Wire(seed)
    handler = type("Handler", (_Handler,), {"wire": made, "host": urlsplit(service).netloc})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        made.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield made
        server.shutdown()
        thread.join()
