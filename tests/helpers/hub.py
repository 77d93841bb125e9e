"""A model hub on localhost that can be told to misbehave."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Hub:
    """Files by path, and what goes wrong. Each fault is used up by the request that meets it.

    Attributes:
        files: Content by path.
        faults: Applied to the next GETs of more than one byte, in order: an HTTP status, `reset` or
            `short` (half of what was asked for, then the connection is cut).
        probes: The same for the next requests of a single byte.
        ranges: Whether Range is understood.
        etags: Whether versions are told.
        linked: A digest to claim instead of the right one; empty to claim none.
        redirect: Whether files lie behind a redirect, as on the real hub.
        requests: Path and Range of each GET that was answered, in order.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[int | str] = field(default_factory=list)
    probes: list[int | str] = field(default_factory=list)
    ranges: bool = True
    etags: bool = True
    linked: str | None = None
    redirect: bool = True
    retry_after: str = ""
    requests: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    def downloads(self) -> list[str]:
        """Return the Range of every answer that was not a question for one byte."""
        return [wanted for _, wanted in self.requests if wanted != "bytes=0-0"]


@contextmanager
def serve() -> Iterator[Hub]:
    """Run a hub until the block ends."""
    hub = Hub()

    class Handler(_Handler):
        pass

    Handler.hub = hub
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        hub, path = self.hub, self.path
        name = path.removeprefix("/cdn")
        content = hub.files.get(name)
        if content is None:
            self.send_error(404)
        elif hub.redirect and not path.startswith("/cdn"):
            self.send_response(302)
            self.send_header("Location", f"/cdn{path}")
            self._link(content)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._answer(name, content)

    def _link(self, content: bytes) -> None:
        digest = hashlib.sha256(content).hexdigest() if self.hub.linked is None else self.hub.linked
        if digest:
            self.send_header("X-Linked-Etag", f'"{digest}"')

    def _answer(self, name: str, content: bytes) -> None:
        hub = self.hub
        wanted = self.headers.get("Range", "")
        faults = hub.probes if wanted == "bytes=0-0" else hub.faults
        fault = faults.pop(0) if faults else None
        hub.requests.append((name, wanted))
        if isinstance(fault, int):
            self.send_response(fault)
            if hub.retry_after:
                self.send_header("Retry-After", hub.retry_after)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        etag = f'"{hashlib.md5(content).hexdigest()}"'
        if self.headers.get("If-Range", etag) != etag:
            wanted = ""
        found = re.match(r"bytes=(\d+)-(\d*)", wanted) if hub.ranges else None
        part = self._head(content, found, etag if hub.etags else "")
        if fault is not None:
            part = part[: len(part) // 2]
            self.close_connection = True
        self.wfile.write(part)
        if fault == "reset":
            self.connection.setsockopt(*_ABORT)

    def _head(self, content: bytes, found: re.Match[str] | None, etag: str) -> bytes:
        part = content
        if found:
            start, end = int(found[1]), int(found[2] or len(content) - 1)
            part = content[start : end + 1]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{end}/{len(content)}")
        else:
            self.send_response(200)
        if etag:
            self.send_header("ETag", etag)
        if not self.hub.redirect:
            self._link(content)
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        return part


def _abort() -> tuple[int, int, bytes]:
    import socket
    import struct

    # Closing then sends a reset instead of an orderly end.
    return socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)


_ABORT = _abort()
