"""Makes the application: the routes of all dialects behind one gate."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from bowerbird import __version__
from bowerbird.errors import BowerbirdError
from bowerbird.server import clipdrop, dupify, similarix, threadgenius, ximilar
from bowerbird.server.complaints import complaint
from bowerbird.server.description import describe
from bowerbird.server.gate import Gate, Limits
from bowerbird.server.refusal import RefusedError, Wordings
from bowerbird.server.services import Services
from bowerbird.server.shortcut import Shortcut

if TYPE_CHECKING:
    from bowerbird.library import Library

# What the framework says, in better words.
_HTTP = {
    "Not Found": "There is nothing at this path. /docs shows what there is.",
    "Method Not Allowed": "This path is not asked by that method.",
    "There was an error parsing the body": "The body is not what its Content-Type says.",
}
# Nothing is sent anywhere, and no spans are made that nobody reads.
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
# Requests that are worked on at once; what is worth more than a search waits for a place besides.
THREADS = 32
DIALECTS = (ximilar, similarix, dupify, threadgenius, clipdrop)
ABOUT = """
Five image search services' dialects over one library on this machine. A client of any of them
works when its base address is changed: Similarix (`/api`), Ximilar (`/similarity`), Dupify (`/v1`),
Thread Genius (`/v0`) and Clipdrop (`/reimagine`). Keys are made with `bowerbird keys make NAME`.
"""


def create_app(
    library: Library,
    *,
    hosts: Iterable[str] | None = ("localhost", "127.0.0.1", "::1"),
    origins: Iterable[str] = (),
    limits: Limits | None = None,
) -> ASGIApp:
    """Return the application over a library, which stays open as long as it runs.

    Args:
        library: What is searched.
        hosts: Names that the server is called by; None for any.
        origins: Of pages whose scripts may call it.
        limits: How long is waited; None for the usual.
    """
    services = Services.of(library)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        services.start()
        # What is there now stays: it need not be looked through for garbage again and again.
        gc.freeze()
        try:
            yield
        finally:
            gc.unfreeze()
            services.close()

    app = FastAPIOffline(
        redoc_url=None,
        title="Bowerbird",
        version=__version__,
        description=ABOUT,
        lifespan=lifespan,
        telemetry=_NO_TELEMETRY,
    )
    app.state.services = services
    wordings = Wordings(_plain)
    for dialect in DIALECTS:
        app.include_router(dialect.router)
        for prefix in dialect.PREFIXES:
            wordings.add(prefix, dialect.wording, getattr(dialect, "STATUSES", {}))
    describe(app, DIALECTS)
    _handle(app, wordings)

    def may_send(path: str, headers: Mapping[str, bytes]) -> bool:
        return path in threadgenius.OPEN or services.door.knows(headers)

    shortcut = Shortcut(app, services, ximilar.METHODS, wordings)
    gate = Gate(shortcut, hosts, wordings, may_send, limits)
    allowed = list(origins)
    if not allowed:
        return gate
    # Outermost, so that scripts can also read what the gate says.
    return CORSMiddleware(
        gate,
        allow_origins=allowed,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=["Retry-After", "x-remaining-credits", "x-credits-consumed"],
    )


def _handle(app: FastAPI, wordings: Wordings) -> None:
    """Let every failure be worded by the dialect whose path was asked for."""

    def answer(request: Request, refused: RefusedError) -> Response:
        return wordings.answer(request.url.path, refused)

    async def expected(request: Request, error: Exception) -> Response:
        assert isinstance(error, RefusedError | BowerbirdError)
        return wordings.failure(request.url.path, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        refused = RefusedError(400, _first(error))
        # The framework's frames and their error hold each other, and the whole body, until
        # somebody looks for garbage, which nothing calls for.
        for each in (error, error.__cause__, error.__context__):
            if each is not None:
                each.__traceback__ = None
        return answer(request, refused)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if isinstance(error.__cause__, RefusedError):  # by what reads bodies of strict JSON
            return answer(request, error.__cause__)
        headers = dict(error.headers or {})
        text = _HTTP.get(str(error.detail), f"{error.detail}.")
        return answer(request, RefusedError(error.status_code, text, headers, code=402))

    async def unexpected(request: Request, error: Exception) -> Response:
        # The gate writes it to the log; the framework raises it once more after this.
        return answer(
            request, RefusedError(500, "Something went wrong. The log of Bowerbird says what.")
        )

    app.add_exception_handler(RefusedError, expected)
    app.add_exception_handler(BowerbirdError, expected)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unexpected)


def _first(error: RequestValidationError) -> str:
    """Return what is wrong with a request in a sentence: the first thing is enough."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return "The body is no JSON."
    if first["loc"] == ("body",):
        return "Send the body as a JSON object, with Content-Type: application/json."
    # The first of them is where it stood: in the body, the query, the path or the headers.
    return complaint(first, ".".join(str(part) for part in first["loc"][1:]))


def _plain(refused: RefusedError) -> dict[str, Any]:
    return {"error": refused.text}
