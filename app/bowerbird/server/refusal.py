"""What is answered when a request cannot be met: each dialect has its own words for it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from starlette.responses import JSONResponse, Response

from bowerbird.errors import (
    BowerbirdError,
    ConflictError,
    DecodeError,
    DownloadError,
    FilterError,
    NotFoundError,
    SourceError,
    StorageFullError,
    TooLargeError,
    UsageError,
)

log = logging.getLogger(__name__)

# Makes a dialect's answer of a status and a sentence.
Wording: TypeAlias = Callable[["RefusedError"], Any]


class RefusedError(Exception):
    """A request that is not met.

    Args:
        status: The HTTP status.
        text: A sentence for who called; never with a path of this machine.
        headers: More to answer with.
        code: The dialect's own code, where that is not the status.
    """

    def __init__(
        self,
        status: int,
        text: str,
        headers: Mapping[str, str] | None = None,
        code: int | None = None,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = dict(headers or {})
        self.code = status if code is None else code


# Errors whose words speak of what the caller sent, and of nothing else.
_TELLING = (DecodeError, DownloadError)
_PLAIN: tuple[tuple[type[BowerbirdError], int, str], ...] = (
    (NotFoundError, 404, "What the request names is not there."),
    (ConflictError, 409, "It is there already, or being worked on. Try again in a moment."),
    (UsageError, 400, "The request asks for something impossible."),
    (StorageFullError, 507, "There is no space left on the machine."),
    (SourceError, 503, "The pictures cannot be reached now. Try again later."),
    (BowerbirdError, 500, "The library cannot be used now."),
)


def refusal(error: BowerbirdError) -> RefusedError:
    """Return what a caller is told of an error: never a path, nor what others have."""
    if isinstance(error, TooLargeError):
        return RefusedError(413, _sentence(str(error)))
    if isinstance(error, FilterError):
        return RefusedError(400, str(error))
    if isinstance(error, _TELLING):
        return RefusedError(400, _sentence(str(error)))
    status, text = next((row[1:] for row in _PLAIN if isinstance(error, row[0])), (500, ""))
    return RefusedError(status, text)


def _sentence(text: str) -> str:
    """Reasons are read after "it"; sentences are left as they are."""
    text = text.strip().removesuffix(".")
    if text.startswith("the picture"):
        return f"{text[0].upper()}{text[1:]}."
    return f"{text}." if text[:1].isupper() or text.startswith("http") else f"The picture {text}."


class Wordings:
    """The words of every dialect, by the beginnings of their paths."""

    def __init__(self, default: Wording) -> None:
        self._default = default
        self._known: list[tuple[str, Wording, Mapping[int, int]]] = []

    def add(self, prefix: str, wording: Wording, statuses: Mapping[int, int]) -> None:
        """Let a dialect word what is refused below a path.

        Args:
            prefix: What the path begins with.
            wording: Makes its answer.
            statuses: What it says for statuses that it does not know.
        """
        self._known.append((prefix, wording, statuses))

    def answer(self, path: str, refused: RefusedError) -> Response:
        """Return the answer to a request for a path."""
        wording, statuses = next(
            (row[1:] for row in self._known if path.startswith(row[0])), (self._default, {})
        )
        status = statuses.get(refused.status, refused.status)
        return JSONResponse(wording(refused), status, headers=refused.headers)

    def failure(self, path: str, error: RefusedError | BowerbirdError) -> Response:
        """Return the answer to a request for a path that failed as requests do."""
        if isinstance(error, RefusedError):
            return self.answer(path, error)
        known = refusal(error)
        if known.status >= 500:
            log.warning("a request failed: %s", error)
        return self.answer(path, known)
