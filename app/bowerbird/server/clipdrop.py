"""Clipdrop's dialect, at /reimagine/v1/reimagine: a variation of a picture, as a JPEG.

Made of the picture's own patches, with a seed that is drawn anew, so that every call gives another.
A key that was made with credits has as many calls; for others `x-remaining-credits` says 1000000.
A call that fails costs none. 60 requests a minute, unless the key was made with another number.
What other dialects answer with codes that its document does not know, has those that it knows: 400
for what is too large or does not come, 429 where too much is asked at once.
"""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Security, UploadFile
from fastapi.responses import Response
from fastapi.security import APIKeyHeader

from bowerbird.errors import UsageError
from bowerbird.server.callers import Caller
from bowerbird.server.description import refusals
from bowerbird.server.pictures import within
from bowerbird.server.refusal import RefusedError
from bowerbird.server.services import Shared
from bowerbird.types import Scope

PREFIXES = ("/reimagine",)
PER_MINUTE, MOST_SIDE, UNLIMITED = 60, 1024, 1_000_000
FORMATS = ("png", "jpeg", "webp")
# Statuses for those whose key is none.
OUTSIDE = (401, 403)
STATUSES = {408: 400, 413: 400, 415: 400, 421: 400, 503: 429, 507: 500}

router = APIRouter(prefix="/reimagine/v1", tags=["clipdrop"])
_header = APIKeyHeader(name="x-api-key", auto_error=False)


def wording(refused: RefusedError) -> dict[str, Any]:
    """Return what is answered to what is not met."""
    return {"error": refused.text}


async def _admit(
    services: Shared, header: Annotated[str | None, Security(_header)] = None
) -> Caller:
    if not header:
        raise RefusedError(401, "No api key provided")
    caller = services.door.admit(header, Scope.SEARCH, wrong=403)
    if not caller.key.per_minute:
        services.door.rates.take(f"clipdrop {caller.key.id}", PER_MINUTE)
    return caller


Asking = Annotated[Caller, Depends(_admit)]


@router.post(
    "/reimagine",
    summary="Make a variation of a picture",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "The picture."},
        **refusals(402),
    },
)
def reimagine(
    services: Shared,
    caller: Asking,
    image_file: Annotated[UploadFile, File(description="PNG, JPEG or WebP, 1024 pixels a side")],
) -> Response:
    """Return a picture that is similar but different."""
    shown = services.library.shown(within(image_file.file.read()))
    if shown.format not in FORMATS:
        raise RefusedError(400, "The image is not a PNG, JPEG or WebP file.")
    if max(shown.size) > MOST_SIDE:
        raise RefusedError(400, f"The image may have {MOST_SIDE} pixels a side.")
    access = services.library.access
    if not access.spend(caller.key.id):
        raise RefusedError(402, "The account has no remaining credits.")
    try:
        with services.bench.place():
            data = shown.variation(secrets.randbelow(1 << 31))
    except BaseException as error:
        access.give_back(caller.key.id)
        if isinstance(error, UsageError):
            raise RefusedError(400, "The image is too small to be made of patches.") from error
        raise
    caller.used("reimagine")
    left = access.credits(caller.key.id)
    headers = {
        "x-remaining-credits": str(UNLIMITED if left is None else left),
        "x-credits-consumed": "1",
    }
    return Response(data, media_type="image/jpeg", headers=headers)
