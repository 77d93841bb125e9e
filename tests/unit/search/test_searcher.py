"""Queries against a real store filled with known vectors."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bowerbird.errors import EmptyQueryError, FilterError, LibraryError, NotFoundError, UsageError
from bowerbird.search.searcher import Searcher
from bowerbird.settings import Settings
from bowerbird.store.store import Store
from bowerbird.types import (
    Asset,
    Comparison,
    Decoded,
    Entry,
    Exif,
    Fingerprint,
    Query,
    Reading,
    Record,
    SourceKind,
    Term,
    TextLine,
)
from helpers.encoders import FakeEncoder

COUNT = 300


def record(collection: int, number: int, vector: np.ndarray) -> Record:
    """An asset `a/0007.jpg`; every tenth is a png, widths rise with the number."""
    decoded = Decoded(
        width=100 + number,
        height=100,
        format="png" if number % 10 == 0 else "jpeg",
        pixels=np.empty((0, 0, 3), np.uint8),
        thumbnail=b"",
        phash=number,
        dhash=number,
        colours=(),
        exif=Exif(),
    )
    mark = f"{number:032x}"
    return Record(
        collection,
        Entry(f"{'ab'[number % 2]}/{number:04d}.jpg", 10, number),
        fingerprint=Fingerprint(mark, mark),
        decoded=decoded,
        embedding=vector,
    )


class Bench:
    """A library of random vectors, of which the last `common` lean to what is red."""

    def __init__(self, folder: Path, common: int = 0) -> None:
        self.store = Store.open(folder)
        self.encoder = FakeEncoder()
        rng = np.random.default_rng(3)
        self.vectors = rng.normal(size=(COUNT, self.encoder.dim)).astype(np.float32)
        self.vectors /= np.linalg.norm(self.vectors, axis=1, keepdims=True)
        if common:
            self.vectors[-common:] += 0.48 * self.encoder.encode_texts(["red"])
            self.vectors /= np.linalg.norm(self.vectors, axis=1, keepdims=True)
        # As they are kept, so that the order here is the order there.
        self.vectors = self.vectors.astype(np.float16).astype(np.float32)
        collection = self.store.add_collection("pictures", SourceKind.FOLDER, "/p")
        rows = [record(collection.id, n, v) for n, v in enumerate(self.vectors)]
        self.store.write(rows, self.encoder.id)
        self.searcher = Searcher(self.store, self.encoder, Settings())

    def numbers(self, query: Query) -> list[int]:
        """The numbers of the hits, in order."""
        ids = self.searcher.search(query).ids.tolist()
        return [int(Path(asset.name).stem) for asset in self.store.assets(ids)]

    def asset(self, number: int) -> Asset:
        ids = self.store.eligible(Comparison("name", "=", f"{number:04d}.jpg"))
        (found,) = self.store.assets(ids.tolist())
        return found

    def exact(self, vector: np.ndarray) -> list[int]:
        return np.argsort(-(self.vectors @ vector), kind="stable").tolist()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = Bench(tmp_path_factory.mktemp("searcher"))
    yield made
    made.store.close()


def test_nearest_first_with_cosines(bench: Bench) -> None:
    results = bench.searcher.search(Query(embeddings=(bench.vectors[7],), limit=10))
    assert (
        bench.numbers(Query(embeddings=(bench.vectors[7],), limit=10))
        == (bench.exact(bench.vectors[7])[:10])
    )
    assert results[0].score == pytest.approx(1.0, abs=1e-3)
    assert results[0].distance == pytest.approx(0.0, abs=1e-3)
    assert results.total == COUNT
    scores = [hit.score for hit in results]
    assert scores == sorted(scores, reverse=True)


def test_pages_join_to_the_whole_at_any_depth(bench: Bench) -> None:
    query = Query(embeddings=(bench.vectors[1],), limit=None)
    whole = bench.numbers(query)
    assert sorted(whole) == list(range(COUNT))
    pages = [
        number
        for offset in range(0, COUNT + 40, 40)
        for number in bench.numbers(Query(embeddings=(bench.vectors[1],), limit=40, offset=offset))
    ]
    assert pages == whole
    assert len(bench.searcher.search(Query(embeddings=(bench.vectors[1],), offset=COUNT))) == 0


def test_by_asset_finds_itself_first(bench: Bench) -> None:
    assert bench.numbers(Query(assets=(bench.asset(42).uuid,), limit=1)) == [42]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Comparison("format", "=", "png"), range(0, COUNT, 10)),
        (Comparison("width", ">=", 100 + COUNT - 5), range(COUNT - 5, COUNT)),
        (Comparison("folder", "=", "b"), range(1, COUNT, 2)),
        (Comparison("name", "=", "none.jpg"), ()),
    ],
)
def test_filtered_pages_are_full_and_exact(bench: Bench, wanted: Comparison, left: range) -> None:
    query = Query(embeddings=(bench.vectors[3],), filter=wanted, limit=20)
    expected = [n for n in bench.exact(bench.vectors[3]) if n in left][:20]
    assert bench.numbers(query) == expected
    assert bench.searcher.search(query).total == len(left)


def test_min_score_cuts(bench: Bench) -> None:
    everything = bench.searcher.search(Query(embeddings=(bench.vectors[5],), limit=None))
    assert everything.scores is not None
    limit = float(np.sort(everything.scores)[-9])
    cut = bench.searcher.search(Query(embeddings=(bench.vectors[5],), limit=None, min_score=limit))
    assert len(cut) == 9
    none = bench.searcher.search(Query(embeddings=(bench.vectors[5],), min_score=1.1))
    assert len(none) == 0


def test_grouping_keeps_the_best_of_each_value(bench: Bench) -> None:
    order = bench.exact(bench.vectors[9])
    found = bench.numbers(Query(embeddings=(bench.vectors[9],), group_by="folder"))
    assert found == [order[0], next(n for n in order if n % 2 != order[0] % 2)]
    by_width = bench.numbers(Query(embeddings=(bench.vectors[9],), group_by="width", limit=None))
    assert by_width == order
    ungrouped = bench.numbers(Query(embeddings=(bench.vectors[9],), group_by="meta.none", limit=7))
    assert ungrouped == order[:7]


def test_browsing_is_newest_first(bench: Bench) -> None:
    assert bench.numbers(Query(limit=3)) == [299, 298, 297]
    assert bench.numbers(Query(limit=2, offset=298)) == [1, 0]
    assert bench.numbers(Query(filter=Comparison("format", "=", "png"), limit=2)) == [290, 280]
    assert bench.numbers(Query(group_by="folder")) == [299, 298]
    assert bench.searcher.search(Query(limit=1))[0].score is None


def test_names_are_found_beside_what_is_seen(bench: Bench) -> None:
    query = Query(texts=("0123",), limit=5)
    assert bench.numbers(query)[0] == 123
    results = bench.searcher.search(query)
    vector = bench.encoder.encode_texts(["0123"])[0]
    assert results[0].score == pytest.approx(float(bench.vectors[123] @ vector), abs=2e-3)
    assert bench.numbers(Query(texts=("0123",), limit=5, lexical=False)) == bench.exact(vector)[:5]


def test_fused_pages_do_not_overlap(bench: Bench) -> None:
    pages = [
        number
        for offset in range(0, COUNT, 30)
        for number in bench.numbers(Query(texts=("0123",), limit=30, offset=offset))
    ]
    assert sorted(pages) == list(range(COUNT))


def test_unwanted_words_do_not_match_names(bench: Bench) -> None:
    query = Query(texts=("red", Term("0123", -1.0)), limit=None)
    assert bench.numbers(query)[0] != 123


def test_negative_embedding_reverses_the_order(bench: Bench) -> None:
    away = bench.numbers(Query(embeddings=(Term(bench.vectors[2], -1.0),), limit=None))
    assert away[-1] == 2


@pytest.mark.parametrize(
    ("query", "error"),
    [
        (Query(texts=("  ",)), EmptyQueryError),
        (Query(texts=("a", "")), EmptyQueryError),
        (Query(texts=("a",), limit=-1), UsageError),
        (Query(texts=("a",), offset=-1), UsageError),
        (Query(texts=(Term("a", 0.0),)), UsageError),
        (Query(texts=(Term("a", float("nan")),)), UsageError),
        (Query(embeddings=(np.ones(3, np.float32),)), UsageError),
        (Query(embeddings=(np.zeros(64, np.float32),)), UsageError),
        (Query(embeddings=(np.full(64, np.nan, np.float32),)), UsageError),
        (Query(assets=("no-such-uuid",)), NotFoundError),
        (Query(filter=Comparison("colour of the sky", "=", 1)), FilterError),
        (Query(texts=("a",), group_by="colour of the sky"), FilterError),
    ],
)
def test_impossible_queries_are_refused(bench: Bench, query: Query, error: type[Exception]) -> None:
    with pytest.raises(error):
        bench.searcher.search(query)


def test_library_that_another_model_looked_at_says_so(bench: Bench) -> None:
    blind = Searcher(bench.store, FakeEncoder(id="new-model"), Settings())
    with pytest.raises(LibraryError, match="bowerbird index"):
        blind.search(Query(texts=("red",)))
    assert len(blind.search(Query())) == 50


def test_what_says_the_words_is_told_apart(bench: Bench) -> None:
    """By a name, and by the text that was read in a picture."""
    asset = bench.asset(123)
    assert asset.md5 is not None
    box = (0.0, 0.0, 1.0, 1.0)
    bench.store.readings().put(asset.md5, Reading((TextLine("Invoice 2023", 0.9, box),)))
    found = bench.searcher.search(Query(texts=("invoice 2023",), limit=5))
    assert found.worded == {asset.id}
    assert found.ids[0] == asset.id
    named = bench.searcher.search(Query(texts=("0042.jpg",), limit=5, sort="name"))
    assert named.worded == {bench.asset(42).id}
    assert not bench.searcher.search(Query(texts=("invoice",), lexical=False)).worded
    assert not bench.searcher.search(Query(limit=5)).worded


def test_good_is_said_of_one_description_alone(bench: Bench) -> None:
    """What is left out moves the scores, not how well the wished for is met."""

    def found(*texts: Term[str] | str, **narrowed: object) -> list[tuple[int, bool | None]]:
        results = bench.searcher.search(Query(texts=texts, limit=None, **narrowed))  # type: ignore[arg-type]
        return [(hit.asset_id, hit.good) for hit in results]

    bench.encoder.threshold = line = 0.1
    (vector,) = bench.encoder.encode_texts(["red"])
    cosines = bench.vectors @ vector
    ids = [bench.asset(number).id for number in np.flatnonzero(cosines >= line)]
    assert 0 < len(ids) < COUNT
    for asked in (found("red"), found("red", Term("green", -1.0)), found("red", sort="-name")):
        assert sorted(asset for asset, good in asked if good) == ids
    assert {good for _, good in found("red", "green")} == {None}
    assert {good for _, good in found(Term("red", -1.0))} == {None}
    mixed = Query(texts=("red",), embeddings=(bench.vectors[3],))
    assert bench.searcher.search(mixed).good is None
    bench.encoder.threshold = None
    assert {good for _, good in found("red")} == {None}


def test_a_misspelt_description_without_a_match_is_guessed(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "library", common=90)
    bench.encoder.threshold, bench.encoder.known = 0.5, ("rode", "red", "green")

    def meant(*texts: str | Term[str]) -> str:
        return bench.searcher.search(Query(texts=texts, lexical=False)).meant

    assert meant("a redd") == "a red"
    assert meant("rodee") == "", "what it would be matches no more"
    assert meant("grreen") == "", "nor does this colour"
    assert meant("red") == "", "that matches"
    assert meant("a redd", Term("green", -1.0)) == ""
    bench.encoder.known = ()
    assert meant("a redd") == ""
    bench.store.close()


def test_what_vanishes_meanwhile_matches_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.encoder.threshold = -2.0
    monkeypatch.setattr(bench.searcher, "cosines", lambda *_: {})
    asked = Query(texts=("red", Term("green", -1.0)), limit=3, lexical=False)
    assert [hit.good for hit in bench.searcher.search(asked)] == [True] * 3
    bench.encoder.threshold = 0.0
    assert [hit.good for hit in bench.searcher.search(asked)] == [False] * 3
