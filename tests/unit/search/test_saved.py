"""Saved searches come back as they were."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bowerbird.errors import UsageError
from bowerbird.search import saved
from bowerbird.store.store import Store
from bowerbird.types import AllOf, AnyOf, Comparison, Not, Query, SavedSearch, Swatch, Term

WISH = Query(
    texts=(Term("a dog", 1.0), Term("snow", -0.5)),
    images=(Term(Path("/pictures/a.jpg"), 2.0), Term("https://example.com/b.jpg", 1.0)),
    assets=(Term("uuid-1", 1.0),),
    filter=AllOf(
        (
            Comparison("tag", "in", ["sea", "Ünï"]),
            AnyOf((Comparison("width", ">=", 100), Not(Comparison("meta.sold", "=", True)))),
        )
    ),
    limit=None,
    min_score=0.2,
    sort="-date",
    lexical=False,
)


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    with Store.open(tmp_path / "library") as opened:
        yield opened


def test_a_search_comes_back_whole(store: Store) -> None:
    saved.keep(store, SavedSearch("  Dogs ", WISH))
    saved.keep(store, SavedSearch("all", Query()))
    assert saved.read_all(store) == [SavedSearch("all", Query()), SavedSearch("Dogs", WISH)]
    saved.keep(store, SavedSearch("Dogs", Query(texts=(Term("cats", 1.0),))))
    assert [s.query.texts for s in saved.read_all(store)] == [(), (Term("cats", 1.0),)]
    saved.forget(store, "Dogs")
    saved.forget(store, "Dogs")
    assert [s.name for s in saved.read_all(store)] == ["all"]


@pytest.mark.parametrize(
    ("name", "query", "says"),
    [
        (" ", Query(), "needs a name"),
        ("a", Query(images=(b"bytes",)), "pasted picture"),
        ("a", Query(embeddings=(np.ones(3, np.float32),)), "vector"),
    ],
)
def test_what_cannot_be_kept_is_refused(store: Store, name: str, query: Query, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        saved.keep(store, SavedSearch(name, query))
    assert saved.read_all(store) == []


def test_colours_are_kept(store: Store) -> None:
    query = Query(colours=(Swatch("#c03030", 0.5), Swatch("#ffffff")), shape=(0.5, -0.5))
    saved.keep(store, SavedSearch("red", query))
    assert saved.read_all(store)[0].query == replace(query, offset=0)
