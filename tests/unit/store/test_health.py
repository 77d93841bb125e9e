"""A check finds damage, and a repair makes anew what can be made anew."""

from bowerbird.store.store import Store
from bowerbird.types import Check
from helpers.records import DIM, ENCODER


def line(store: Store, name: str, *, repair: bool = False) -> Check:
    return {check.name: check for check in store.check(repair=repair)}[name]


def test_a_sound_store(store: Store, fill) -> None:
    fill(["a.jpg"])
    checks = store.check()
    assert all(check.ok for check in checks)
    assert [check.name for check in checks] == [
        "database",
        "text search",
        f"index {ENCODER}",
        "thumbnails",
    ]
    assert f"1 vectors of {DIM} dimensions" in checks[2].detail


def test_lost_words_are_found_again(store: Store, fill) -> None:
    fill(["red.jpg", "blue.jpg"])
    with store.database.writing() as connection:
        connection.execute("DELETE FROM words WHERE rowid = 1")
    assert not line(store, "text search").ok
    assert line(store, "text search").advice
    assert line(store, "text search", repair=True).ok
    assert store.match_text("red", None, 10).tolist() == [1]


def test_damaged_words_are_found_again(store: Store, fill) -> None:
    fill(["red.jpg", "blue.jpg"])
    with store.database.writing() as connection:
        connection.execute("UPDATE words_data SET block = x'00' WHERE id > 10")
    assert not line(store, "text search").ok
    assert line(store, "text search", repair=True).ok
    assert store.match_text("blue", None, 10).tolist() == [2]


def test_rows_that_belong_to_nothing(store: Store, fill) -> None:
    fill(["a.jpg"])
    with store.database.exclusively() as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("UPDATE hashes SET asset_id = 77")
    found = line(store, "database")
    assert (found.ok, found.detail) == (False, "1 rows belong to nothing")
