"""What `/docs` says beyond the routes: what each dialect chose, what it answers, and its errors."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping
from functools import cache
from types import ModuleType
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from bowerbird import paths
from bowerbird.server.refusal import RefusedError

# What can go wrong everywhere, as an example of each.
_ERRORS = {
    "400": RefusedError(400, "What is wrong with the request, in a sentence."),
    "401": RefusedError(401, "The request brings no key."),
    "403": RefusedError(403, "This key does not allow it.", code=401),
    "429": RefusedError(429, "This key may ask 60 times a minute."),
}


def describe(app: FastAPI, dialects: Iterable[ModuleType]) -> None:
    """Let an application describe itself with the words and examples of its dialects."""

    @cache
    def described() -> dict[str, Any]:
        found = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            tags=[
                {
                    "name": dialect.router.tags[0],
                    "description": inspect.cleandoc(dialect.__doc__ or ""),
                }
                for dialect in dialects
            ],
        )
        wordings = {dialect.router.tags[0]: dialect.wording for dialect in dialects}
        for path, verbs in found["paths"].items():
            for verb, operation in verbs.items():
                _complete(operation, wordings, f"{verb.upper()} {path}")
        return found

    app.openapi = described  # type: ignore[method-assign]


def _complete(operation: dict[str, Any], wordings: Mapping[str, Any], name: str) -> None:
    """Say what an operation really answers."""
    wording = wordings[operation["tags"][0]]
    # The framework's own way to refuse what does not fit is not ours.
    operation["responses"].pop("422", None)
    for status, refused in _ERRORS.items():
        operation["responses"][status] = {
            "description": "Refused",
            "content": {"application/json": {"example": wording(refused)}},
        }
    examples = _examples()
    for answer in operation["responses"].values():
        content = answer.get("content", {}).get("application/json")
        if content is not None and "schema" in content and name in examples:
            content["example"] = examples[name]


@cache
def _examples() -> dict[str, Any]:
    """Return answers of this very server, by method and path; see the tests."""
    found: dict[str, Any] = json.loads(paths.resource("api/answers.json").read_text("utf-8"))
    return found
