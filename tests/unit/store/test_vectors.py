"""A search of vectors gives the exact best, a full page, and survives any damage to its file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from usearch.index import Index

from bowerbird.errors import StorageFullError
from bowerbird.store import graph, vectors
from bowerbird.store.store import Store
from bowerbird.store.vectors import VectorIndex
from bowerbird.types import Collection, SourceKind
from helpers.records import DIM, ENCODER, entry, success, unit

COUNT = 600


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a graph worth building for hundreds of rows, and searched until it is exact."""
    monkeypatch.setattr(graph, "EXPANSION_ADD", COUNT)
    monkeypatch.setattr(graph, "EXPANSION_SEARCH", 2 * COUNT)
    monkeypatch.setattr(vectors, "SMALL", 200)
    monkeypatch.setattr(vectors, "TAIL", 50)
    monkeypatch.setattr(vectors, "FEW", 20)
    monkeypatch.setattr(vectors, "CHUNK", 64)
    monkeypatch.setattr(vectors, "DEEP", 0.5)
    # Several threads at once link now and then less well, and an exact answer is asked for here.
    several = Index.add
    monkeypatch.setattr(Index, "add", lambda *given: several(*given, threads=1))


@pytest.fixture
def rows(store: Store, photos: Collection) -> np.ndarray:
    return add(store, photos, COUNT, seed=1)


def add(store: Store, photos: Collection, count: int, seed: int) -> np.ndarray:
    made = unit(np.random.default_rng(seed), count)
    batch = [success(photos.id, entry(f"{seed}-{i}"), made[i]) for i in range(count)]
    store.write(batch, ENCODER)
    return made.astype(np.float16).astype(np.float32)


def truth(kept: np.ndarray, query: np.ndarray, count: int, ids: np.ndarray | None = None) -> list:
    """The best ids, where row 0 has id 1."""
    ids = np.arange(1, len(kept) + 1) if ids is None else ids
    return ids[np.lexsort((ids, -(kept[ids - 1] @ query)))][:count].tolist()


def files(store: Store) -> list[Path]:
    return sorted((store.folder / "index").glob("*.usearch"))


def index_of(store: Store) -> VectorIndex:
    index = store.vectors(ENCODER, DIM)
    index.refresh()
    return index


QUERIES = unit(np.random.default_rng(99), 10)


@pytest.mark.parametrize("saved", [False, True])
def test_hits_are_the_exact_best(
    small_limits: None, store: Store, rows: np.ndarray, saved: bool
) -> None:
    index = index_of(store)
    if saved:
        index.save()
    assert bool(files(store)) == saved
    for query in QUERIES:
        ids, scores = index.search(query, 10, None)
        assert ids.tolist() == truth(rows, query, 10)
        np.testing.assert_allclose(scores, rows[ids - 1] @ query, atol=1e-6)
        assert (np.diff(scores) <= 0).all()


@pytest.mark.parametrize("share", [5, 15, 60, 300, 599])
def test_filtered_pages_are_full_and_exact(
    small_limits: None, store: Store, rows: np.ndarray, share: int
) -> None:
    index = index_of(store)
    index.save()
    rng = np.random.default_rng(share)
    for query in QUERIES:
        eligible = rng.permutation(COUNT)[:share] + 1
        ids, _ = index.search(query, 10, eligible)
        assert ids.tolist() == truth(rows, query, 10, np.sort(eligible))


@pytest.mark.parametrize("count", [1, 100, 400, COUNT, 10 * COUNT])
def test_any_depth(small_limits: None, store: Store, rows: np.ndarray, count: int) -> None:
    index = index_of(store)
    index.save()
    ids, _ = index.search(QUERIES[0], count, None)
    assert ids.tolist() == truth(rows, QUERIES[0], count)


def test_nothing_to_find(store: Store, photos: Collection) -> None:
    index = index_of(store)
    for eligible in (None, np.empty(0, np.int64), np.array([1, 2])):
        ids, scores = index.search(QUERIES[0], 10, eligible)
        assert (len(ids), len(scores), ids.dtype) == (0, 0, np.int64)


def test_equal_pictures_come_by_asset_id(
    small_limits: None, store: Store, photos: Collection
) -> None:
    same = QUERIES[0]
    store.write([success(photos.id, entry(f"{i}"), same) for i in range(COUNT)], ENCODER)
    index = index_of(store)
    index.save()
    ids, _ = index.search(same, 30, None)
    assert ids.tolist() == list(range(1, 31))
    deeper, _ = index.search(same, 200, None)
    assert deeper[:30].tolist() == ids.tolist()


def test_only_ok_assets_unless_named(store: Store, photos: Collection, rows: np.ndarray) -> None:
    best = truth(rows, QUERIES[0], 3)
    store.mark_missing(best[:1], 1)
    index = index_of(store)
    assert index.search(QUERIES[0], 2, None)[0].tolist() == best[1:]
    assert index.search(QUERIES[0], 2, np.array(sorted(best)))[0].tolist() == best[:2]
    assert len(index.search(QUERIES[0], 10 * COUNT, None)[0]) == COUNT - 1


def test_replaced_and_forgotten_rows_are_not_hits(
    small_limits: None, store: Store, photos: Collection, rows: np.ndarray
) -> None:
    index = index_of(store)
    index.save()
    best = truth(rows, QUERIES[0], 12)
    store.forget(best[:2])
    # The third now looks the other way.
    listed = store.assets(best[2:3])[0]
    away = success(photos.id, entry(listed.key), -QUERIES[0], asset_id=best[2])
    store.write([away], ENCODER)
    index.refresh()
    assert index.search(QUERIES[0], 9, None)[0].tolist() == best[3:]
    ids, scores = index.search(-QUERIES[0], 1, None)
    assert ids.tolist() == best[2:3]
    assert scores[0] == pytest.approx(1.0, abs=1e-3)


def test_rows_of_another_process_are_seen(
    small_limits: None, store: Store, photos: Collection, rows: np.ndarray
) -> None:
    index = index_of(store)
    with Store.open(store.folder) as other:
        more = add(other, photos, 300, seed=2)
        index_of(other).save()
    index.refresh()
    both = np.concatenate([rows, more])
    for query in QUERIES:
        assert index.search(query, 10, None)[0].tolist() == truth(both, query, 10)
    # This process follows the file that the other one saved.
    index.save()
    assert len(files(store)) == 1


def test_saving_is_skipped_for_a_few_new_rows(
    small_limits: None, store: Store, photos: Collection, rows: np.ndarray
) -> None:
    index = index_of(store)
    index.save()
    before = files(store)
    more = add(store, photos, 20, seed=3)
    index.save()
    assert files(store) == before
    more = np.concatenate([more, add(store, photos, 40, seed=4)])
    index.save()
    assert files(store) != before
    assert len(files(store)) == 1
    both = np.concatenate([rows, more])
    assert index.search(QUERIES[0], 10, None)[0].tolist() == truth(both, QUERIES[0], 10)


def test_a_small_library_keeps_no_file(store: Store, rows: np.ndarray) -> None:
    index_of(store).save()
    assert files(store) == []


def test_mostly_dead_files_are_built_anew(
    small_limits: None, store: Store, rows: np.ndarray
) -> None:
    index = index_of(store)
    index.save()
    size = files(store)[0].stat().st_size
    store.forget(list(range(1, 301)))
    index.save()
    assert files(store)[0].stat().st_size < 0.7 * size
    left = np.arange(301, COUNT + 1)
    assert index.search(QUERIES[0], 10, None)[0].tolist() == truth(rows, QUERIES[0], 10, left)
    store.forget(list(range(301, 550)))
    index.save()
    assert index.search(QUERIES[0], 500, None)[0].tolist() == truth(
        rows, QUERIES[0], 500, np.arange(550, COUNT + 1)
    )


def truncated(path: Path, _: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def emptied(path: Path, _: Path) -> None:
    path.write_bytes(b"")


def zeroed(path: Path, _: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def foreign(path: Path, other: Path) -> None:
    path.write_bytes(other.read_bytes())


def flipped(path: Path, _: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-500] ^= 0xFF
    path.write_bytes(content)


def removed(path: Path, _: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [truncated, emptied, zeroed, foreign, flipped, removed])
def test_a_damaged_file_gives_the_same_hits_and_is_repaired(
    small_limits: None, tmp_path: Path, damage: Callable[[Path, Path], None]
) -> None:
    def library(name: str, seed: int) -> tuple[np.ndarray, Path]:
        with Store.open(tmp_path / name) as store:
            photos = store.add_collection("photos", SourceKind.FOLDER, "/photos")
            kept = add(store, photos, COUNT, seed)
            index_of(store).save()
            return kept, files(store)[0]

    kept, path = library("mine", 1)
    _, other = library("theirs", 2)
    damage(path, other)
    with Store.open(tmp_path / "mine") as store:
        index = index_of(store)
        for query in QUERIES:
            assert index.search(query, 10, None)[0].tolist() == truth(kept, query, 10)
        assert index.verify() is not None
        assert not all(line.ok for line in store.check())
        assert all(line.ok for line in store.check(repair=True))
        assert index.verify() is None
        assert index.search(QUERIES[0], 10, None)[0].tolist() == truth(kept, QUERIES[0], 10)
        assert len(files(store)) == 1


def test_a_full_disk_while_saving_keeps_the_old_file(
    small_limits: None,
    store: Store,
    photos: Collection,
    rows: np.ndarray,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = index_of(store)
    index.save()
    before = files(store)
    more = add(store, photos, 100, seed=5)

    def full(index: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(graph, "_save", full)
    with pytest.raises(StorageFullError, match="Free some space"):
        index.save()
    assert files(store) == before
    assert list((store.folder / "index").glob("*.partial")) == []
    both = np.concatenate([rows, more])
    assert index.search(QUERIES[0], 10, None)[0].tolist() == truth(both, QUERIES[0], 10)


def test_only_one_process_saves(small_limits: None, store: Store, rows: np.ndarray) -> None:
    from filelock import FileLock

    index = index_of(store)
    (store.folder / "index").mkdir()
    with FileLock(store.folder / "index" / "index.lock"):
        index.save()
    assert files(store) == []
    index.save()
    assert len(files(store)) == 1


def test_encoders_are_apart(store: Store, photos: Collection, rows: np.ndarray) -> None:
    wide = unit(np.random.default_rng(8), 3, 32)
    store.write([success(photos.id, entry(f"w{i}"), wide[i]) for i in range(3)], "wide")
    index = store.vectors("wide", 32)
    assert index.search(wide[2], 9, None)[0].tolist()[0] == COUNT + 3
    assert store.vectors("wide", 32) is index
    assert len(index_of(store).search(QUERIES[0], 10 * COUNT, None)[0]) == COUNT
