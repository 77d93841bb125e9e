"""A listing compared with a collection says what is new, changed, moved and gone."""

from datetime import UTC, datetime

import numpy as np

from bowerbird.store import diff as diff_module
from bowerbird.store.diff import Work
from bowerbird.store.store import Store
from bowerbird.types import Collection, Entry, Status
from helpers.records import ENCODER, entry, failure, success, unit


def compare(
    store: Store, photos: Collection, entries: list[Entry], encoder: str = ENCODER, **options: bool
) -> tuple[list[Work], list[str]]:
    with store.diff(photos.id, encoder, **options) as diff:
        for start in range(0, len(entries), 2):
            diff.add(entries[start : start + 2])
        diff.finish()
        work = [item for page in diff.work() for item in page]
        assert diff.total == len(work)
        return work, [row.key for page in diff.gone() for row in page]


def test_everything_is_new_at_first_and_newest_first(store: Store, photos: Collection) -> None:
    entries = [entry("a", 1, 10), entry("c", 1, 30), entry("b", 1, 20), entry("B", 1, 20)]
    work, gone = compare(store, photos, entries)
    assert [item.entry.key for item in work] == ["c", "b", "B", "a"]
    assert {(item.state, item.asset_id) for item in work} == {("new", None)}
    assert gone == []


def test_unchanged_files_are_no_work_and_write_nothing(store: Store, photos, fill) -> None:
    fill(["a", "b", "c"])
    before = store.get_meta("generation")
    assert compare(store, photos, [entry("a"), entry("b"), entry("c")]) == ([], [])
    assert store.get_meta("generation") == before


def test_what_differs_is_changed(store: Store, photos: Collection, fill) -> None:
    fill(["a", "b", "c"])
    listed = [entry("a", 1), entry("b", mtime_ns=1), Entry("c", 1000, entry("c").mtime_ns, "tag")]
    work, gone = compare(store, photos, listed)
    assert {(item.entry.key, item.asset_id, item.state) for item in work} == {
        ("a", 1, "changed"),
        ("b", 2, "changed"),
        ("c", 3, "changed"),
    }
    assert gone == []


def test_another_encoder_embeds_anew(store: Store, photos: Collection, fill) -> None:
    fill(["a"])
    work, _ = compare(store, photos, [entry("a")], "other")
    assert [(item.asset_id, item.state) for item in work] == [(1, "embed")]


def test_failures_wait_for_a_change_or_a_wish(store: Store, photos: Collection) -> None:
    store.write([failure(photos.id, entry("a"))], ENCODER)
    assert compare(store, photos, [entry("a")]) == ([], [])
    assert [w.state for w in compare(store, photos, [entry("a")], retry_failed=True)[0]] == [
        "changed"
    ]
    assert [w.state for w in compare(store, photos, [entry("a", 2)])[0]] == ["changed"]


def test_a_missing_asset_seen_again_is_whole_at_once(store: Store, photos, fill) -> None:
    fill(["a", "b"])
    store.mark_missing([1, 2], 1, datetime(2020, 1, 1, tzinfo=UTC))
    work, _ = compare(store, photos, [entry("a"), entry("b", 5)])
    assert [(item.asset_id, item.state) for item in work] == [(2, "changed")]
    assert [asset.status for asset in store.assets([1, 2])] == [Status.OK, Status.MISSING]
    assert store.embedded_count(ENCODER) == 1
    assert store.purge_missing(datetime.now(UTC)) == 1
    assert store.eligible(None).tolist() == [1]


def test_gone_assets_and_collections_apart(store: Store, photos: Collection, fill) -> None:
    fill(["a", "b"])
    store.write([failure(photos.id, entry("c"))], ENCODER)
    other = store.add_collection("other", photos.kind, "/other")
    vector = unit(np.random.default_rng(0), 1)[0]
    store.write([success(other.id, entry("z"), vector)], ENCODER)
    assert compare(store, photos, [entry("b")])[1] == ["a", "c"]
    store.mark_missing([1], 1)
    assert compare(store, photos, [entry("b")])[1] == ["c"]


def test_a_listing_of_nothing_known_is_another(store: Store, photos: Collection, fill) -> None:
    fill(["a", "b"])
    with store.diff(photos.id, ENCODER) as diff:
        diff.add([entry("new")])
        assert (diff.listed, diff.is_other) == (1, True)
        diff.add([entry("a", 77), entry("a", 77)])
        assert (diff.listed, diff.is_other) == (3, False)
    with store.diff(photos.id, ENCODER) as diff:
        diff.add([entry("new")])
        diff.finish()
        (page,) = diff.gone()
        assert diff.claim(page[0].asset_id)
        assert not diff.is_other


def test_a_key_listed_twice_is_one_work(store: Store, photos: Collection) -> None:
    work, _ = compare(store, photos, [entry("a", 1, 5), entry("x"), entry("a", 2, 9)])
    assert [(w.entry.key, w.entry.size) for w in work if w.entry.key == "a"] == [("a", 2)]


def test_moves_have_candidates_claimed_once(store: Store, photos: Collection, fill) -> None:
    fill(["old/a", "old/b", "stays"])
    store.mark_missing([2], 1)
    with store.diff(photos.id, ENCODER) as diff:
        diff.add([entry("stays"), entry("new/b", mtime_ns=1), entry("other size", 5)])
        diff.finish()
        work = {item.entry.key: item for page in diff.work() for item in page}
        # The same name comes first; also what was missing before counts.
        assert [c.asset_id for c in work["new/b"].candidates] == [2, 1]
        first = work["new/b"].candidates[0]
        assert (first.md5, first.head_tail) == (
            store.assets([2])[0].md5,
            f"head-tail-{store.assets([2])[0].md5}",
        )
        assert work["other size"].candidates == ()
        assert diff.claim(1)
        assert not diff.claim(1)
        assert not diff.claim(3)
        assert list(diff.gone()) == []


def test_many_files_of_one_size_stay_bounded(store: Store, photos: Collection, fill) -> None:
    fill([f"old/{i}" for i in range(200)])
    with store.diff(photos.id, ENCODER) as diff:
        diff.add([entry(f"new/{i}") for i in range(200)])
        diff.finish()
        for page in diff.work():
            for item in page:
                assert len(item.candidates) == diff_module.MAX_CANDIDATES
                same_name = store.assets([item.candidates[0].asset_id])[0].name
                assert same_name == item.entry.key.removeprefix("new/")


def test_pages(store: Store, photos: Collection, fill, monkeypatch) -> None:
    monkeypatch.setattr(diff_module, "PAGE", 7)
    fill([f"old{i}" for i in range(30)])
    entries = [entry(f"new{i}", 5, 1 + i // 10) for i in range(40)]
    work, gone = compare(store, photos, entries)
    assert sorted(item.entry.key for item in work) == sorted(e.key for e in entries)
    assert [item.entry.mtime_ns for item in work] == sorted(
        (e.mtime_ns for e in entries), reverse=True
    )
    assert len(gone) == 30


def test_writing_goes_on_while_work_is_read(store: Store, photos: Collection) -> None:
    vectors = unit(np.random.default_rng(0), 20)
    with store.diff(photos.id, ENCODER) as diff:
        diff.add([entry(f"{i}") for i in range(20)])
        diff.finish()
        for page in diff.work():
            for item, vector in zip(page, vectors, strict=True):
                store.write([success(photos.id, item.entry, vector)], ENCODER)
    assert store.counts().ok == 20


def test_hostile_keys(store: Store, photos: Collection) -> None:
    keys = ["a'b", 'q"', "%", "new\nline", "нож/🐈.jpg", " ", "a\0b", "x" * 3000]
    work, _ = compare(store, photos, [entry(key) for key in keys])
    vectors = unit(np.random.default_rng(0), len(keys))
    store.write(
        [success(photos.id, w.entry, v) for w, v in zip(work, vectors, strict=True)], ENCODER
    )
    assert compare(store, photos, [entry(key) for key in keys]) == ([], [])
    assert sorted(a.key for a in store.assets(store.eligible(None))) == sorted(keys)
