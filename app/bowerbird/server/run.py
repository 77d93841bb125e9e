"""Serves the application on this machine, or beyond it where that is safe or was asked for."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bowerbird.errors import BowerbirdError, UsageError
from bowerbird.library import Library
from bowerbird.server.app import create_app
from bowerbird.server.gate import is_loopback
from bowerbird.server.pictures import MOST_PIXELS
from bowerbird.server.port import HOST, PORT
from bowerbird.settings import load

if TYPE_CHECKING:
    from starlette.types import ASGIApp

# Seconds for the head of a request to come, for the next one on a connection, and for requests to
# end when the server does.
HEAD_S, IDLE_S, GRACE_S = 15.0, 30, 10
# Bytes of the head of a request, beyond what comes in one piece; and connections at once, which
# leaves half of the files that a process may usually open.
MOST_HEAD, MOST_CONNECTIONS = 64 << 10, 512


@dataclass(frozen=True, slots=True)
class Options:
    """Where to serve, and for whom.

    Attributes:
        host: The address to listen on.
        port: 0 for a free one.
        names: Further names that the server is called by.
        origins: Of pages whose scripts may call it.
        certificate: A PEM file, for TLS.
        key: The PEM file of its key, where that is another.
        unencrypted: Whether to serve other machines without TLS.
    """

    host: str = HOST
    port: int = PORT
    names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    unencrypted: bool = False


class _Protocol(HttpToolsProtocol):
    """HTTP within bounds; uvicorn waits for ever for the first request, and takes any head."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._in_head, self._head_bytes = True, 0
        self._head: asyncio.TimerHandle | None = None
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            self._expect_head()

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and self._head_bytes > MOST_HEAD:
            self.send_400_response("The head of the request is too long.")
        elif self._is_idle() and self._head is None:
            # Also what goes on coming of a body whose request was answered.
            self._expect_head()

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        self._forget_head()
        super().on_headers_complete()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    def on_message_complete(self) -> None:
        self._in_head, self._head_bytes = True, 0
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        self._forget_head()
        self._head = self.loop.call_later(HEAD_S, self._end)

    def _forget_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _end(self) -> None:
        self._head = None
        if self._is_idle():
            self.transport.close()


def serve(path: Path | str | None, options: Options, ready: Callable[[str], None]) -> None:
    """Serve a library until Ctrl-C or SIGTERM.

    Args:
        path: Of the library; None for the user's own.
        options: Where, and for whom.
        ready: Told the address once requests are answered.

    Raises:
        UsageError: It would be served to others without encryption, or the address is taken.
    """
    check(options)
    from bowerbird import paths

    settings = load(paths.config_file())
    settings = replace(settings, max_pixels=min(settings.max_pixels, MOST_PIXELS))
    with Library.open(path, settings=settings) as library, listen(options) as listening:
        library.warm()
        scheme = "https" if options.certificate else "http"
        host, port = listening.getsockname()[:2]
        # By the name that clients know for this machine: one of them asks its own home otherwise.
        name = "localhost" if host == HOST else f"[{host}]" if ":" in host else host
        address = f"{scheme}://{name}:{port}"
        app = create_app(library, hosts=_hosts(options), origins=options.origins)
        _Server(_config(app, options), lambda: ready(address)).run([listening])


def check(options: Options) -> None:
    """Refuse to serve what others could overhear, and certificates that are none.

    Raises:
        UsageError: That is so.
    """
    if not is_loopback(options.host) and options.certificate is None and not options.unencrypted:
        raise UsageError(
            f"At {options.host} other machines could call, and everybody on the way could read "
            "keys and pictures. Give a certificate with --tls-certificate FILE, or say "
            "--unencrypted if the network is your own."
        )
    if options.certificate is not None:
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
                options.certificate, options.key
            )
        except (OSError, ssl.SSLError) as error:
            raise UsageError(
                f"{options.certificate} cannot be used for TLS: {error.strerror or error}. Give "
                "PEM files of a certificate and of its key."
            ) from error


def listen(options: Options) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UsageError: The address is none of this machine's, or taken.
    """
    host = options.host.strip("[]")
    if not 0 <= options.port < 1 << 16:
        raise UsageError(f"A port lies between 0 and 65535, and is not {options.port}.")
    try:
        found = socket.getaddrinfo(host, options.port, type=socket.SOCK_STREAM)[0]
        # Only where the protocol is named does asyncio send what it has at once (TCP_NODELAY);
        # else an answer in two pieces waits 40 ms for the client to acknowledge the first.
        listening = socket.socket(found[0], found[1], socket.IPPROTO_TCP)
        try:
            if os.name == "posix":  # elsewhere another program could take the address over
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(found[4])
            listening.listen(128)
        except BaseException:
            listening.close()
            raise
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"Nothing can be served at {options.host}:{options.port}: {reason}. Choose another "
            "with --host and --port."
        ) from error
    return listening


def _hosts(options: Options) -> tuple[str, ...]:
    names = {"localhost", "127.0.0.1", "::1", *options.names}
    if options.host not in ("0.0.0.0", "::"):
        names.add(options.host.strip("[]"))
    return tuple(name.lower() for name in names)


def _config(app: ASGIApp, options: Options) -> uvicorn.Config:
    how: dict[str, Any] = {}
    if options.certificate is not None:
        how = {"ssl_certfile": options.certificate, "ssl_keyfile": options.key}
    return uvicorn.Config(
        app,
        http=_Protocol,
        loop="auto",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=GRACE_S,
        **how,
    )


class _Server(uvicorn.Server):
    """Tells when it is ready; what keeps it from starting is a sentence."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # What goes wrong within a request is in our own log; the rest is noise of callers.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().startup(sockets)
        if not self.started:
            raise BowerbirdError("The server did not start. The log says why.")
        self._ready()
