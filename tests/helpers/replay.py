"""The requests that a service's document prints as curl commands, with the answers behind them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import requests

from helpers.documents import Tree, readable

_METHOD, _HEADER = re.compile(r"-X (\w+)"), re.compile(r"-H ['\"]([\w-]+): ([^'\"]*)['\"]")
_ADDRESS = re.compile(r"https?://[^/\s]+(/[^\s'\"]*)")
# What stands above an answer, on the line before it.
_ANSWER = re.compile(r"(?:response|returns)[^\n{]*\s*(?=\{)", re.IGNORECASE)


@dataclass(frozen=True)
class Example:
    """A request that a document prints, and the answer that it prints for it."""

    method: str
    path: str
    headers: dict[str, str]
    body: Tree
    answer: Tree

    @property
    def name(self) -> str:
        """What is asked for: the path without its prefix and its query."""
        return re.sub(r"^/(similarity/photos/v2|v1)/", "", self.path.partition("?")[0])

    def ask(self, url: str, headers: dict[str, str], put: dict[str, str]) -> requests.Response:
        """Ask it, with other headers, and with other texts in the place of some.

        Args:
            url: Of the server.
            headers: In the place of those of the same names.
            put: What to ask with instead of what, in path and body.
        """
        path, body = self.path, None if self.body is None else json.dumps(self.body)
        for old, new in put.items():
            path = path.replace(old, new)
            body = body and body.replace(old, new)
        return requests.request(
            self.method, url + path, headers={**self.headers, **headers}, data=body, timeout=60
        )


def printed(text: str) -> list[Example]:
    """Return the requests of a document that are printed with an answer, in order."""
    # A quote within a quoted text, as the shell wants it written.
    text = readable(text).replace("'''", "'")
    found = []
    for part in re.split(r"\bcurl (?='|-X|https)", text)[1:]:
        found += _example(part)
    return found


def _example(part: str) -> list[Example]:
    decoder = json.JSONDecoder()
    body, end = None, 0
    if (at := part.find("-d '{")) >= 0:
        body, end = decoder.raw_decode(part, at + 4)
    above = _ANSWER.search(part, end)
    if above is None:
        return []
    head = part[: at if at >= 0 else above.start()]
    address, method = _ADDRESS.search(head), _METHOD.search(head)
    assert address is not None
    return [
        Example(
            method[1] if method else "GET" if body is None else "POST",
            address[1],
            dict(_HEADER.findall(head)),
            body,
            decoder.raw_decode(part, above.end())[0],
        )
    ]


def unlike(example: Tree, answer: Any, where: str = "") -> list[str]:
    """Return where an answer says something else than its example: other records, or as many."""
    found = []
    for name in ("answer_records", "skipped_records"):
        ids = [[row["_id"] for row in tree.get(name, ())] for tree in (example, answer)]
        if sorted(ids[0]) != sorted(ids[1]):
            found.append(f"{where}.{name}: {ids[1]} for {ids[0]}")
    for name in ("answer_count", "status", "success", "deleted", "query", "dimensions"):
        if name in example and example[name] != answer.get(name):
            found.append(f"{where}.{name}: {answer.get(name)} for {example[name]}")
    return found
