"""Takes JSON as the standard has it: UTF-8, no NaN, no infinity, no halves of characters.

Where clients write null they mean that they say nothing.

Python reads and writes all of these, SQLite and other programs do not.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, model_validator
from starlette.requests import Request
from starlette.responses import Response

from bowerbird.server.refusal import RefusedError

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
# What is nested deeper nobody writes, and Python does not read where it stands deep itself.
MOST_DEPTH = 100
_DEEP = "The body is nested too deep."


def read(body: bytes) -> Any:
    """Return what a body of JSON says.

    Raises:
        RefusedError: It holds what no JSON holds.
        ValueError: It is no JSON at all.
    """
    try:
        # Bytes would be taken in UTF-16 and with halves of characters, too.
        found = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise RefusedError(400, "The body is not in UTF-8.") from error
    except RecursionError as error:
        raise RefusedError(400, _DEEP) from error
    if body.count(b"[") + body.count(b"{") > MOST_DEPTH:
        _bound(found)
    if _HALF.search(body):
        try:
            json.dumps(found, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise RefusedError(400, "A text of the body holds half of a character.") from error
    return found


def _bound(tree: Any) -> None:
    """Refuse what is nested too deep; a level at a time, so that no depth is too deep to see."""
    level = [tree]
    for _ in range(MOST_DEPTH):
        level = [
            each
            for one in level
            for each in (one.values() if isinstance(one, dict) else one)
            if isinstance(each, dict | list)
        ]
        if not level:
            return
    raise RefusedError(400, _DEEP)


def _refuse(name: str) -> NoReturn:
    raise RefusedError(400, f"{name} is no number of JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise RefusedError(400, f"{text[:40]} is too large a number.")
    return number


class Said(BaseModel):
    """What a body or a part of one says: unknown fields are passed over, null is the default."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_null(cls, said: Any) -> Any:
        if not isinstance(said, dict):
            return said
        return {name: value for name, value in said.items() if value is not None}


class _StrictRequest(Request):
    async def json(self) -> Any:
        return read(await self.body())


class StrictRoute(APIRoute):
    """A route whose body is JSON of the strict kind."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(_StrictRequest(request.scope, request.receive))

        return strictly
