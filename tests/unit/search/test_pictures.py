"""Pictures to search by: from a path, an address, bytes; and what is said about bad ones."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bowerbird.errors import DecodeError, DownloadError, NotFoundError, SourceError, TooLargeError
from bowerbird.search.pictures import query_pixels
from bowerbird.settings import Settings
from bowerbird.types import PixelSpec

SPEC = PixelSpec(16)


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (32, 24), (200, 30, 30)).save(stream, "PNG")
    return stream.getvalue()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/gone.png":
            self.send_error(404)
            return
        if self.path == "/moved.png":
            self.send_response(302)
            self.send_header("Location", "/a.png")
            self.end_headers()
            return
        body = {"/a.png": png(), "/page": b"<html>", "/huge": bytes(4096)}[self.path]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{http.server_address[1]}"
    http.shutdown()
    http.server_close()
    thread.join()


def test_path_bytes_and_address_give_the_same(tmp_path: Path, server: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png())
    wanted = np.full((16, 16, 3), (200, 30, 30), np.uint8)
    for image in (path, str(path), png(), f"{server}/a.png", f"{server}/moved.png"):
        assert (query_pixels(image, SPEC, Settings()) == wanted).all()


def test_bad_files_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="Check the path"):
        query_pixels(tmp_path / "none.png", SPEC, Settings())
    with pytest.raises(SourceError, match="cannot be read"):
        query_pixels(tmp_path, SPEC, Settings())
    with pytest.raises(SourceError, match="cannot be read"):
        query_pixels("a\0b", SPEC, Settings())
    broken = tmp_path / "broken.png"
    broken.write_bytes(png()[:40])
    with pytest.raises(DecodeError, match="cannot be used: it"):
        query_pixels(broken, SPEC, Settings())
    with pytest.raises(DecodeError, match="the picture cannot be used"):
        query_pixels(b"", SPEC, Settings())
    with pytest.raises(TooLargeError):
        query_pixels(png(), SPEC, Settings(max_pixels=100))


def test_bad_addresses_get_a_sentence(server: str) -> None:
    with pytest.raises(DownloadError, match="404"):
        query_pixels(f"{server}/gone.png", SPEC, Settings())
    with pytest.raises(DecodeError, match="cannot be used: it"):
        query_pixels(f"{server}/page", SPEC, Settings())
    with pytest.raises(DownloadError, match="cannot be fetched"):
        query_pixels("http://127.0.0.1:1/a.png", SPEC, Settings())
    with pytest.raises(DownloadError, match="cannot be fetched"):
        query_pixels("http://[broken/a.png", SPEC, Settings())
    with pytest.raises(DownloadError, match="larger than"):
        query_pixels(f"{server}/huge", SPEC, Settings(max_url_bytes=1024))
