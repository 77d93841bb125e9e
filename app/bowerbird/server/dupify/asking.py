"""Who asks, and the pictures that a request names."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Security
from fastapi.security import APIKeyHeader
from pydantic import Field

from bowerbird.errors import BowerbirdError
from bowerbird.server.callers import Caller
from bowerbird.server.pictures import from_address, from_base64
from bowerbird.server.refusal import RefusedError, refusal
from bowerbird.server.services import Shared
from bowerbird.server.strict import Said
from bowerbird.types import Scope

if TYPE_CHECKING:
    from bowerbird.library import Library

URL = Field(None, max_length=8192, examples=["https://example.com/product.jpg"])
_header = APIKeyHeader(name="X-API-Key", auto_error=False)


def wording(refused: RefusedError) -> dict[str, Any]:
    """Return what is answered to what is not met."""
    return {"error": refused.text}


def _caller(scope: Scope) -> Any:
    async def admit(
        services: Shared, header: Annotated[str | None, Security(_header)] = None
    ) -> Caller:
        return services.door.admit(header, scope)

    return Depends(admit)


Searching = Annotated[Caller, _caller(Scope.SEARCH)]
Writing = Annotated[Caller, _caller(Scope.WRITE)]


class Named(Said):
    """A picture, by its address or as base64."""

    image_url: str | None = URL
    image_base64: str | None = None

    @property
    def mark(self) -> str:
        """What tells it from other pictures."""
        if self.image_url:
            return f"url {self.image_url}"
        return "sha " + hashlib.sha256((self.image_base64 or "").encode()).hexdigest()

    def data(self, library: Library) -> bytes:
        """Return its bytes.

        Raises:
            RefusedError: None is named.
            DownloadError: It cannot be fetched.
        """
        if self.image_url:
            return from_address(library, self.image_url)
        if self.image_base64:
            return from_base64(self.image_base64)
        raise RefusedError(400, "Give image_url or image_base64.")


def failure(error: Exception) -> dict[str, Any]:
    """Return what a batch says of one that failed.

    Raises:
        Exception: It is no fault of the one.
    """
    if isinstance(error, RefusedError) and error.status < 500:
        return {"status": "error", "error": error.text}
    if isinstance(error, BowerbirdError):
        return {"status": "error", "error": refusal(error).text}
    raise error


def took(began: float) -> int:
    """Return the milliseconds since `began`, as `time.perf_counter` said it."""
    return round((time.perf_counter() - began) * 1000)
