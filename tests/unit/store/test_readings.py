"""The text in pictures is kept by content, found by searches, and forgotten with the last copy."""

from pathlib import Path

import numpy as np
import pytest

from bowerbird.store import health
from bowerbird.store.store import Store
from bowerbird.types import Collection, Comparison, Not, Reading, SourceKind, TextLine
from helpers.records import ENCODER, entry, failure, success, unit

BOX = (0.1, 0.2, 0.3, 0.4)
INVOICE = Reading((TextLine("Invoice No. 2023-17", 0.9, BOX), TextLine("Café", 0.5, BOX)))
VECTOR = unit(np.random.default_rng(1), 1)[0]


def put(store: Store, photos: Collection, key: str, content: str, at: int | None = None) -> str:
    """Store a picture; returns its content's mark."""
    record = success(photos.id, entry(key), VECTOR, content=content, asset_id=at)
    store.write([record], ENCODER)
    assert record.fingerprint is not None
    return record.fingerprint.md5


def found(store: Store, text: str) -> list[int]:
    return store.match_text(text, None, 10).tolist()


def matching(store: Store, tree: object) -> list[int]:
    return store.eligible(tree).tolist()  # type: ignore[arg-type]


def unread(store: Store, **how: bool) -> list[int]:
    return store.readings().unread(store.eligible(None), **how)


def test_what_was_read_comes_back_and_is_found(store: Store, photos: Collection) -> None:
    mark = put(store, photos, "scan_1.png", "a")
    put(store, photos, "2023.png", "b")
    assert store.readings().get(mark) is None
    store.readings().put(mark, INVOICE)
    assert store.readings().get(mark) == INVOICE
    assert found(store, "invoice 2023") == [1]
    assert found(store, "scan cafe") == [1], "words of its name and of its text"
    assert sorted(found(store, "2023")) == [1, 2]
    store.tag([1], ["paid"])
    assert found(store, "invoice paid") == [1], "tagging keeps the text"


def test_filters_by_text(store: Store, photos: Collection) -> None:
    marks = [put(store, photos, f"{name}.png", name) for name in "abcd"]
    readings = store.readings()
    readings.put(marks[0], INVOICE)
    readings.put(marks[1], Reading())
    readings.put(marks[2], Reading(trouble="crashed what reads text"))
    has = Comparison("text", "exists", True)
    assert matching(store, has) == [1]
    assert matching(store, Not(has)) == [2, 3, 4]
    assert matching(store, Comparison("text", "contains", "no. 2023")) == [1]
    assert matching(store, Comparison("text", "contains", "100%")) == []


def test_what_cannot_be_read_is_not_asked_again(store: Store, photos: Collection) -> None:
    mark = put(store, photos, "a.png", "a")
    trouble = Reading(trouble="crashed what reads text")
    store.readings().put(mark, trouble)
    assert store.readings().get(mark) == trouble
    assert unread(store) == []
    assert unread(store, again=True) == [1]
    put(store, photos, "a.png", "other")
    assert unread(store) == [1], "it is another picture now"


def test_one_of_every_content_newest_first(store: Store, photos: Collection) -> None:
    old = success(photos.id, entry("a.png", mtime_ns=10**18), VECTOR, content="x")
    new = success(photos.id, entry("b.png", mtime_ns=2 * 10**18), VECTOR, content="y")
    copy = success(photos.id, entry("c.png", mtime_ns=10**18), VECTOR, content="x")
    store.write([old, new, copy, failure(photos.id, entry("d.png"))], ENCODER)
    assert unread(store) == [2, 1]
    assert store.readings().unread(np.array([3])) == [3]
    assert old.fingerprint is not None
    store.readings().put(old.fingerprint.md5, INVOICE)
    assert unread(store) == [2]
    assert sorted(found(store, "invoice")) == [1, 3], "both copies are found"


def test_a_later_copy_is_found_at_once(store: Store, photos: Collection) -> None:
    mark = put(store, photos, "a.png", "a")
    store.readings().put(mark, INVOICE)
    put(store, photos, "copy.png", "a")
    assert sorted(found(store, "invoice")) == [1, 2]


def test_a_changed_picture_loses_its_text(store: Store, photos: Collection) -> None:
    mark = put(store, photos, "a.png", "a")
    store.readings().put(mark, INVOICE)
    put(store, photos, "a.png", "other", at=1)
    assert found(store, "invoice") == []
    assert found(store, "a") == [1]
    assert store.readings().get(mark) is None
    store.write([failure(photos.id, entry("a.png"), asset_id=1)], ENCODER)
    assert unread(store) == []


def test_the_last_copy_takes_the_text_along(store: Store, photos: Collection) -> None:
    mark = put(store, photos, "a.png", "a")
    put(store, photos, "b.png", "a")
    store.readings().put(mark, INVOICE)
    store.forget([1])
    assert store.readings().get(mark) == INVOICE
    assert found(store, "invoice") == [2]
    with store.sync_lock(photos.id):
        store.remove_collection(photos.id)
    assert store.readings().get(mark) is None
    assert found(store, "invoice") == []


def test_text_of_what_is_gone_is_not_kept(store: Store) -> None:
    store.readings().put("0" * 32, INVOICE)
    assert store.readings().get("0" * 32) is None


def test_a_repaired_text_search_has_it(store: Store, photos: Collection) -> None:
    mark = put(store, photos, "a.png", "a")
    store.readings().put(mark, INVOICE)
    with store.database.writing() as connection:
        connection.execute("DELETE FROM words")
    health.rebuild_words(store)
    assert found(store, "invoice") == [1]


@pytest.mark.parametrize("text", ["发票 2023", "فاتورة", "Straße №5", '"; DROP TABLE words; --'])
def test_any_script_is_kept(store: Store, photos: Collection, text: str) -> None:
    mark = put(store, photos, "a.png", "a")
    store.readings().put(mark, Reading((TextLine(text, 1.0, BOX),)))
    assert found(store, text) == [1]
    assert store.readings().get(mark) == Reading((TextLine(text, 1.0, BOX),))


def test_another_library_knows_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty") as empty:
        empty.add_collection("x", SourceKind.FOLDER, "/x")
        assert unread(empty, again=True) == []
