"""What `/docs` says beyond the routes: what each dialect chose, what it answers, and its errors."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable
from functools import cache
from types import ModuleType
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from bowerbird import paths
from bowerbird.server.refusal import RefusedError

# What can go wrong, as an example of each.
_ERRORS = {
    each.status: each
    for each in (
        RefusedError(400, "What is wrong with the request, in a sentence."),
        RefusedError(401, "The request brings no key."),
        RefusedError(402, "The account has no remaining credits."),
        RefusedError(403, "This key does not allow it.", code=401),
        RefusedError(404, "What the request names is not there.", code=402),
        RefusedError(408, "The body came too slowly."),
        RefusedError(409, "It is being worked on. Try again in a moment."),
        RefusedError(413, "The body may have 25165824 bytes."),
        RefusedError(415, "Send the body without a Content-Encoding."),
        RefusedError(421, "This server is not called by that name.", code=400),
        RefusedError(429, "This key may ask 60 times a minute."),
        RefusedError(500, "Something went wrong. The log of Bowerbird says what."),
        RefusedError(503, "Too much is asked at once."),
        RefusedError(507, "There is no space left on the machine."),
    )
}
# What is answered of any request; that a key asks too often, of those that need one.
_ANY, _OFTEN = (400, 408, 413, 415, 421, 500, 503), 429
# Fields that hold what callers sent, or that have other names within each time.
_ANYTHING = ("answer_records", "skipped_records", "metadata", "usage")
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what a route says of the statuses that it alone can answer with.

    Those of any request, and those of a key that does not let in, are added to all routes.
    """
    return {status: {"description": _ERRORS[status].text} for status in statuses}


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
        by_tag = {dialect.router.tags[0]: dialect for dialect in dialects}
        for path, verbs in found["paths"].items():
            for verb, operation in verbs.items():
                _complete(operation, by_tag[operation["tags"][0]], f"{verb.upper()} {path}")
        return found

    app.openapi = described  # type: ignore[method-assign]


def _complete(operation: dict[str, Any], dialect: ModuleType, name: str) -> None:
    """Say what an operation really answers."""
    answers = operation["responses"]
    # The framework's own way to refuse what does not fit is not ours.
    answers.pop("422", None)
    keyed = (*dialect.OUTSIDE, _OFTEN) if "security" in operation else ()
    own = [int(status) for status in answers if status in map(str, _ERRORS)]
    # A dialect has other statuses for those that its service does not know.
    known = getattr(dialect, "STATUSES", {})
    for status in sorted({known.get(each, each) for each in (*_ANY, *keyed, *own)}):
        refused = _ERRORS[status]
        answer = answers.setdefault(str(status), {"description": refused.text})
        if "example" not in answer.get("content", {}).get("application/json", {}):
            example = dialect.wording(refused)
            answer["content"] = {"application/json": {"example": example}}
    examples = _examples()
    operation["responses"] = dict(sorted(answers.items()))
    for answer in answers.values():
        content = answer.get("content", {}).get("application/json")
        if content is not None and "schema" in content and name in examples:
            content["example"] = examples[name]
            content["schema"] = schema(examples[name])


def schema(example: Any, name: str = "") -> dict[str, Any]:
    """Return what an example shows of all answers of its kind: names and types, none required.

    Args:
        example: JSON.
        name: Of the field that holds it.
    """
    if example is None or name in _ANYTHING:
        return {}
    if isinstance(example, dict):
        parts = {key: schema(value, key) for key, value in example.items()}
        return {"type": "object", "properties": parts}
    if isinstance(example, list):
        return {"type": "array", "items": schema(example[0]) if example else {}}
    # What one picture or product has, another may be without.
    return {"type": [_TYPES[type(example)], "null"]}


@cache
def _examples() -> dict[str, Any]:
    """Return answers of this very server, by method and path; see the tests."""
    found: dict[str, Any] = json.loads(paths.resource("api/answers.json").read_text("utf-8"))
    return found
