"""The filter language: what parses to what, and what is refused with which words."""

import pytest

from bowerbird.errors import FilterError
from bowerbird.search.expression import MAX_DEPTH, parse
from bowerbird.types import AllOf, AnyOf, Comparison, Not


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("width >= 1000", Comparison("width", ">=", 1000)),
        ("width>=1e3", Comparison("width", ">=", 1000.0)),
        ("latitude < -33.5", Comparison("latitude", "<", -33.5)),
        ("tag = cat", Comparison("tag", "=", "cat")),
        ("tag == 'black cat'", Comparison("tag", "=", "black cat")),
        (r'name = "a \"b\" \\ c"', Comparison("name", "=", 'a "b" \\ c')),
        ("folder = a/b-c/2020", Comparison("folder", "=", "a/b-c/2020")),
        ("taken >= 2023-01-01", Comparison("taken", ">=", "2023-01-01")),
        ("taken >= 2023-01-01T10:30:00", Comparison("taken", ">=", "2023-01-01T10:30:00")),
        ("meta.sale = true", Comparison("meta.sale", "=", True)),
        ("meta.price exists", Comparison("meta.price", "exists", True)),
        ("not meta.price EXISTS", Not(Comparison("meta.price", "exists", True))),
        ("format in (jpeg, 'png')", Comparison("format", "in", ("jpeg", "png"))),
        ("format not in (gif)", Comparison("format", "not in", ("gif",))),
        ("name contains 'not'", Comparison("name", "contains", "not")),
        ("name = '2020'", Comparison("name", "=", "2020")),
        ("name = Ünïcødé", Comparison("name", "=", "Ünïcødé")),
    ],
)
def test_comparison(text: str, tree: object) -> None:
    assert parse(text) == tree


def test_and_binds_tighter_than_or() -> None:
    a, b, c = (Comparison(name, "=", 1) for name in ("width", "height", "size"))
    assert parse("width=1 or height=1 and size=1") == AnyOf((a, AllOf((b, c))))
    assert parse("(width=1 OR height=1) AND size=1") == AllOf((AnyOf((a, b)), c))
    assert parse("not not width=1") == a
    assert parse("not (width=1 or height=1)") == Not(AnyOf((a, b)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("width", "a comparison after 'width'"),
        ("width >=", "a value"),
        (">= 3", "a field"),
        ("width = 1 height = 2", "'and', 'or' or the end"),
        ("(width = 1", r"'\)'"),
        ("width = 1)", "the end"),
        ("format in jpeg", r"'\(' and a list"),
        ("format in (jpeg", "end of the list"),
        ("format not jpeg", "'in'"),
        ("name = 'open", "quotes"),
        ("and", "comparison after"),
        ("width ! 3", "cannot be read from '! 3'"),
        ("(" * (MAX_DEPTH + 50) + "a=1", "nested deeper"),
    ],
)
def test_refusal_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(FilterError, match=says):
        parse(text)
