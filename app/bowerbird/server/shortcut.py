"""The short way to methods that are asked very often, past the framework's own.

A search takes a millisecond, and the framework nearly as long to find its route and to read its
parameters one by one. Here a table leads from the path to the method. What is not as it should be
goes the long way, so that there is one place that says what is wrong with a request.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bowerbird.errors import BowerbirdError
from bowerbird.server.refusal import RefusedError, Wordings

if TYPE_CHECKING:
    from bowerbird.server.services import Services


@dataclass(frozen=True, slots=True)
class Method:
    """What answers requests for a path.

    Attributes:
        read: Makes of a body what the method takes; raises ValueError or RecursionError where it is
            no JSON or does not fit.
        answer: Answers by that and the headers.
    """

    read: Callable[[bytes], Any]
    answer: Callable[[Services, Headers, Any], Awaitable[Response]]


class Shortcut:
    """Answers what it can, and hands the rest to the application.

    Args:
        app: The application.
        services: What the methods work with.
        methods: By their paths; all are asked by POST.
        wordings: Says what is refused.
    """

    def __init__(
        self, app: ASGIApp, services: Services, methods: Mapping[str, Method], wordings: Wordings
    ) -> None:
        self._app = app
        self._services = services
        self._methods = methods
        self._wordings = wordings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        method = self._methods.get(scope["path"]) if scope["type"] == "http" else None
        if method is None or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            await self._app(scope, receive, send)
            return
        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            return
        try:
            wanted = method.read(body)
        except (ValueError, RecursionError, RefusedError):
            await self._app(scope, Given(body, receive), send)
            return
        try:
            answer = await method.answer(self._services, headers, wanted)
        except (RefusedError, BowerbirdError) as error:
            answer = self._wordings.failure(scope["path"], error)
        await answer(scope, receive, send)


class Given:
    """A body that is here already; what comes behind it is the connection's own."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        """Return what comes next."""
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}
