"""The HTTP API over real sockets, and a client that asks it."""

from __future__ import annotations

import base64
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from PIL import Image, ImageDraw

from bowerbird.library import Library
from bowerbird.server.app import create_app
from bowerbird.server.gate import Limits
from bowerbird.server.run import Options, _config, _Server, listen
from bowerbird.types import Scope
from helpers.images import encoded

# Plain grounds with a dot: each is unlike the others to the built-in model.
LOOKS = [
    (ground, dot)
    for ground in ("white", "black", "navy", "darkgreen", "gold")
    for dot in ("red", "yellow", "lime", "magenta")
    if ground != dot
]


def look(number: int, size: tuple[int, int] = (160, 120), form: str = "PNG") -> bytes:
    """Return the file of one of some pictures."""
    ground, dot = LOOKS[number % len(LOOKS)]
    image = Image.new("RGB", size, ground)
    width, height = size
    box = (width // 3, height // 4, 2 * width // 3, 3 * height // 4)
    draw = ImageDraw.Draw(image)
    draw.ellipse(box, fill=dot) if number % 2 else draw.rectangle(box, fill=dot)
    return encoded(image, form)


def base64_look(number: int) -> str:
    return base64.b64encode(look(number)).decode()


@dataclass
class Api:
    """A server that runs, the library behind it, and the secret of a key for everything."""

    url: str
    library: Library
    secret: str
    key_id: str
    session: requests.Session

    def get(self, path: str, **how: Any) -> requests.Response:
        return self.session.get(self.url + path, timeout=60, **how)

    def post(self, path: str, **how: Any) -> requests.Response:
        return self.session.post(self.url + path, timeout=60, **how)

    def delete(self, path: str, **how: Any) -> requests.Response:
        return self.session.delete(self.url + path, timeout=60, **how)

    def key(self, scope: Scope = Scope.SEARCH, *collections: str, **how: Any) -> str:
        """Return the secret of a new key."""
        access = self.library.access
        return access.make(f"key {len(access.known())}", scope, collections or None, **how)[1]


@contextlib.contextmanager
def serving(library: Library, limits: Limits | None = None, **how: Any) -> Iterator[Api]:
    """Serve a library on a port of its own."""
    key, secret = library.access.make("everything", Scope.ADMIN)
    ready = threading.Event()
    with listen(Options(port=0)) as listening, requests.Session() as session:
        app = create_app(library, limits=limits, **how)
        server = _Server(_config(app, Options()), ready.set)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            assert ready.wait(20)
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            yield Api(url, library, secret, key.id, session)
        finally:
            session.close()
            server.should_exit = True
            thread.join(20)


def talk(api: Api, data: bytes, wait: float = 10) -> bytes:
    """Send bytes as they are, and return all that is answered until the connection ends."""
    host, port = api.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=wait) as connection:
        connection.sendall(data)
        got = b""
        try:
            while chunk := connection.recv(65536):
                got += chunk
        except TimeoutError:
            pass
        return got


def head(api: Api, path: str, *lines: str) -> bytes:
    """Return the head of a request by a key for everything."""
    own = (f"POST {path} HTTP/1.1", "Host: localhost", f"Authorization: Token {api.secret}")
    return ("\r\n".join((*own, *lines)) + "\r\n\r\n").encode()
