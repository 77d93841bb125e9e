"""The codes, texts and distances of the service."""

from __future__ import annotations

from typing import Any

from bowerbird.errors import BowerbirdError
from bowerbird.server import distances
from bowerbird.server.refusal import RefusedError, refusal

Record = dict[str, Any]
SCALE = 50.0
TEXTS = {
    200: "OK",
    205: "records found",
    206: "some of the records not found",
    210: "records inserted",
    211: "some records inserted",
    220: "records deleted",
    401: "unauthorized",
    402: "aborted by error",
    403: "wrong query record",
    404: "records not found",
    411: "record duplicate",
    412: "hard capacity exceeded",
    429: "too many requests",
    500: "unknown error",
}


def wording(refused: RefusedError) -> dict[str, Any]:
    """Return what is answered to what is not met."""
    code = refused.code if refused.code in TEXTS else 402 if refused.code < 500 else 500
    status = {"code": code, "text": TEXTS[code], "error_description": refused.text}
    return {"status": status, "statistics": {"OperationTime": 0}}


def distance(score: float) -> float:
    """Return the service's distance of a cosine."""
    return round(SCALE * distances.distance(score), 6)


def cosine(radius: float) -> float:
    """Return a cosine that all within a radius have, and few beyond: distances tell these."""
    return 1.0 - min(radius, 2 * SCALE) / SCALE - distances.ROUNDING


def reason(code: int, description: str = "", **more: Any) -> Record:
    """Return why a record was skipped."""
    status: Record = {"code": code, "text": "record(s) duplicate" if code == 211 else TEXTS[code]}
    if description:
        status["error_description"] = description
    return {"status": status, **more}


def failed(error: RefusedError | BowerbirdError) -> Record:
    """Return that a record was skipped for an error."""
    known = error if isinstance(error, RefusedError) else refusal(error)
    return reason(402, known.text)
