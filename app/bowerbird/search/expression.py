"""Reads filter expressions such as `width >= 1000 and (tag = cat or meta.price < 20)`.

Grammar, loosest first:

    filter     = conjunction { "or" conjunction }
    conjunction = negation { "and" negation }
    negation   = "not" negation | "(" filter ")" | comparison
    comparison = FIELD ( OP value | ["not"] "in" "(" value { "," value } ")"
               | "contains" value | "exists" )
    OP         = "=" | "!=" | "<" | "<=" | ">" | ">="

A value is a number, `true`, `false`, a "quoted" or 'quoted' text, or a bare word, which may hold
what dates, paths and file names hold. Words of the language are the same in upper case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bowerbird.errors import FilterError
from bowerbird.types import AllOf, AnyOf, Comparison, Filter, Not

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<op><=|>=|!=|==|=|<|>)
    | (?P<mark>[(),])
    | (?P<word>[^\s"'(),<>=!]+)
    )""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
# Nesting that nobody types, and that would exhaust the stack.
MAX_DEPTH = 100


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(expression: str) -> Filter:
    """Parse `expression` into a filter tree.

    Raises:
        FilterError: It does not parse; the message says where and what was expected.
    """
    return _Parser(expression).whole()


def _tokens(expression: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    end = len(expression.rstrip())
    while at < end:
        match = _TOKEN.match(expression, at)
        if match is None:
            at += len(expression[at:]) - len(expression[at:].lstrip())
            raise FilterError(
                f"The filter cannot be read from {expression[at:]!r} on. "
                "Put texts in quotes, as in: name contains 'red shoe'."
            )
        kind = match.lastgroup or ""
        found.append(_Token(kind, match[kind], match.start(kind)))
        at = match.end()
    return found


class _Parser:
    """A recursive descent over the tokens of one expression."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._tokens = _tokens(expression)
        self._next = 0
        self._depth = 0

    def whole(self) -> Filter:
        if not self._tokens:
            raise FilterError("The filter is empty. Write one like: width >= 1000 and tag = cat.")
        tree = self._any()
        if self._peek() is not None:
            raise self._expected("'and', 'or' or the end")
        return tree

    def _any(self) -> Filter:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FilterError(f"The filter is nested deeper than {MAX_DEPTH} levels. Simplify it.")
        parts = [self._all()]
        while self._take_word("or"):
            parts.append(self._all())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all(self) -> Filter:
        parts = [self._negation()]
        while self._take_word("and"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _negation(self) -> Filter:
        negated = False
        while self._take_word("not"):
            negated = not negated
        if self._take_mark("("):
            part = self._any()
            if not self._take_mark(")"):
                raise self._expected("')'")
        else:
            part = self._comparison()
        return Not(part) if negated else part

    def _comparison(self) -> Filter:
        token = self._peek()
        if token is None or token.kind != "word":
            raise self._expected("a field such as width, tag or meta.price")
        self._next += 1
        field = token.text
        if self._take_word("exists"):
            return Comparison(field, "exists", True)
        if self._take_word("contains"):
            return Comparison(field, "contains", self._value())
        if self._take_word("in"):
            return Comparison(field, "in", self._values())
        if self._take_word("not"):
            if not self._take_word("in"):
                raise self._expected("'in'")
            return Comparison(field, "not in", self._values())
        operator = self._peek()
        if operator is None or operator.kind != "op":
            raise self._expected(f"a comparison after {field!r}: =, !=, <, <=, >, >=, in, contains")
        self._next += 1
        return Comparison(field, operator.text.replace("==", "="), self._value())

    def _values(self) -> tuple[Any, ...]:
        if not self._take_mark("("):
            raise self._expected("'(' and a list, as in: format in (jpeg, png)")
        values = [self._value()]
        while self._take_mark(","):
            values.append(self._value())
        if not self._take_mark(")"):
            raise self._expected("')' at the end of the list")
        return tuple(values)

    def _value(self) -> Any:
        token = self._peek()
        if token is None or token.kind not in ("text", "word"):
            raise self._expected("a value")
        self._next += 1
        if token.kind == "text":
            return re.sub(r"\\(.)", r"\1", token.text[1:-1])
        lowered = token.text.lower()
        if lowered in ("true", "false"):
            return lowered == "true"
        if _NUMBER.fullmatch(token.text):
            number = float(token.text)
            whole = number.is_integer() and re.fullmatch(r"[+-]?\d+", token.text)
            return int(token.text) if whole else number
        return token.text

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take_word(self, word: str) -> bool:
        return self._take("word", word)

    def _take_mark(self, mark: str) -> bool:
        return self._take("mark", mark)

    def _take(self, kind: str, text: str) -> bool:
        token = self._peek()
        if token is not None and token.kind == kind and token.text.lower() == text:
            self._next += 1
            return True
        return False

    def _expected(self, what: str) -> FilterError:
        token = self._peek()
        where = "at its end" if token is None else f"before {self._expression[token.at :]!r}"
        return FilterError(f"The filter {self._expression!r} needs {what} {where}.")
