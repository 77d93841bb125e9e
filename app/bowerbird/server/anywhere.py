"""Parameters wherever callers put them: in a form, in JSON, or in the address."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData

from bowerbird.server.refusal import RefusedError
from bowerbird.server.strict import read


class _Request(Request):
    """A request whose form also holds what its address says, or a body of JSON."""

    async def form(self, **how: Any) -> FormData:  # type: ignore[override]
        sent = await super().form(**how)
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        more: Any = read(await self.body()) if kind == "application/json" else {}
        if not isinstance(more, dict):
            raise RefusedError(400, "Send the body as a form, or as a JSON object.")
        known = {**self.query_params, **more}
        return FormData(
            [*sent.multi_items(), *(one for one in known.items() if one[0] not in sent)]
        )


class Anywhere(APIRoute):
    """A route whose parameters stand where the caller likes."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers, given a request whose form holds all."""
        handle = super().get_route_handler()

        async def anywhere(request: Request) -> Response:
            return await handle(_Request(request.scope, request.receive))

        return anywhere
