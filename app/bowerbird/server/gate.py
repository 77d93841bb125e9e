"""What every request passes before anything is read of it: host, size, number, time."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bowerbird.server.refusal import RefusedError, Wordings
from bowerbird.server.shortcut import Given

log = logging.getLogger(__name__)

Headers: TypeAlias = Mapping[str, bytes]
MaySend: TypeAlias = Callable[[str, Headers], bool]

MEBI = 1 << 20
# Bodies that may hold several pictures as base64, a catalogue's file, an id and a secret, and all
# others, in bytes.
PICTURES, CATALOGUE, TOKEN, OTHERS = 64 * MEBI, 512 * MEBI, 16 << 10, 24 * MEBI
_SIZES = (
    (re.compile(r"/v1/|/similarity/"), PICTURES),
    (re.compile(r"/v0/catalog/[^/]+/upload$"), CATALOGUE),
    (re.compile(r"/v0/token$"), TOKEN),  # read of anybody
)
# Requests that are worked on at once; of those that hold more than a little, fewer.
MOST_REQUESTS, MOST_LARGE, LARGE = 96, 8, 1 * MEBI
# Seconds for the whole body to come, and for the answer to be begun after that.
BODY_S, ANSWER_S = 120.0, 180.0
_OF_BODIES = ("content-length", "content-type", "transfer-encoding", "expect")
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(:\d+)?")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is waited; the tests wait less."""

    body_s: float = BODY_S
    answer_s: float = ANSWER_S
    most_requests: int = MOST_REQUESTS


class Gate:
    """Refuses requests that must not reach the application, in the words of their dialect.

    A page of another site can make a browser send requests to this machine under a name of its own
    that it lets point here (DNS rebinding); it cannot make the browser send another Host.

    Args:
        app: What answers.
        hosts: Names by which this server is called, in lower case; None for any.
        wordings: Says what is refused.
        may_send: Whether the body of a request for a path with some headers is worth reading.
        limits: How long is waited.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str] | None,
        wordings: Wordings,
        may_send: MaySend,
        limits: Limits | None = None,
    ) -> None:
        self._app = app
        self._hosts = None if hosts is None else frozenset(hosts)
        self._wordings = wordings
        self._may_send = may_send
        self._limits = limits or Limits()
        self._running = 0
        self._large = asyncio.Semaphore(MOST_LARGE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # The documents write paths with a slash at their end and without.
        path = scope["path"] = scope["path"].rstrip("/") or "/"
        headers: Headers = {name.decode("latin-1"): value for name, value in scope["headers"]}
        refused = self._refused(path, headers)
        if refused is not None:
            await self._wordings.answer(path, refused)(scope, receive, send)
            return
        self._running += 1
        try:
            if has_body(headers) and not self._may_send(path, headers):
                scope, headers = _without_body(scope, headers)
                receive = Given(b"", receive)
            await self._pass(scope, _Incoming(scope, receive, headers, self._limits), send)
        finally:
            self._running -= 1

    def _refused(self, path: str, headers: Headers) -> RefusedError | None:
        close, most = {"Connection": "close"}, most_bytes(path)
        if not self._is_ours(headers.get("host", b"").decode("latin-1")):
            return RefusedError(421, "This server is not called by that name.", close, code=400)
        if self._running >= self._limits.most_requests:
            return RefusedError(503, "Too much is asked at once.", {"Retry-After": "1"})
        length = headers.get("content-length", b"0")
        if not length.isdigit():
            return RefusedError(400, "The Content-Length is no number.", close)
        if int(length) > most:
            return RefusedError(413, f"The body may have {most} bytes.", close)
        if headers.get("content-encoding", b"identity") not in (b"", b"identity"):
            return RefusedError(415, "Send the body without a Content-Encoding.", close)
        return None

    def _is_ours(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if self._hosts is None:
            return True
        return match is not None and match[1].strip("[]").lower() in self._hosts

    async def _pass(self, scope: Scope, incoming: _Incoming, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            if incoming.refused is None:
                begun = True
                await send(message)

        try:
            # Whoever sends much waits here, and holds nothing in memory meanwhile.
            async with self._large if incoming.is_large else contextlib.nullcontext():
                async with asyncio.timeout(self._limits.body_s + self._limits.answer_s):
                    await self._app(scope, incoming, watched)
        except _BrokenOffError:
            pass  # answered below; most often the framework has made an answer of its own of it
        except TimeoutError:
            text = "It took too long. Ask for less at once."
            incoming.refused = RefusedError(503, text, {"Retry-After": "10"})
        except Exception:
            log.exception("a request failed")
            incoming.refused = RefusedError(500, "Something went wrong. Bowerbird's log says what.")
        if incoming.refused is not None and not begun:
            incoming.refused.headers["Connection"] = "close"
            await self._wordings.answer(scope["path"], incoming.refused)(scope, incoming, send)


def has_body(headers: Headers) -> bool:
    """Whether more comes behind the head of a request."""
    return "transfer-encoding" in headers or headers.get("content-length", b"0") != b"0"


def _without_body(scope: Scope, headers: Headers) -> tuple[Scope, Headers]:
    """Leave a body where it is: the dialect will say by the head alone that nobody is let in.

    Else whoever knows no key could fill memory and disk.
    """
    kept = {name: value for name, value in headers.items() if name not in _OF_BODIES}
    return {**scope, "headers": [(k.encode("latin-1"), v) for k, v in kept.items()]}, kept


class _Incoming:
    """A body that is counted, and that must come in time."""

    def __init__(self, scope: Scope, receive: Receive, headers: Headers, limits: Limits) -> None:
        self._receive = receive
        self._limits = limits
        self._total = 0
        self._whole = False
        self._deadline = asyncio.get_running_loop().time() + limits.body_s
        self._most = most_bytes(scope["path"])
        self.refused: RefusedError | None = None
        chunked = "transfer-encoding" in headers
        self.is_large = chunked or int(headers.get("content-length", b"0")) > LARGE

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            self.refused = RefusedError(408, "The body came too slowly.")
            raise _BrokenOffError from None
        if message["type"] == "http.request":
            self._total += len(message.get("body", b""))
            if self._total > self._most:
                self.refused = RefusedError(413, f"The body may have {self._most} bytes.")
                raise _BrokenOffError
            self._whole = not message.get("more_body", False)
        return message


class _BrokenOffError(Exception):
    """A body that goes on beyond what it may, or does not come."""


def most_bytes(path: str) -> int:
    """Return how many bytes the body of a request for a path may have."""
    return next((size for pattern, size in _SIZES if pattern.match(path)), OTHERS)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
