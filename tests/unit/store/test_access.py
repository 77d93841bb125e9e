"""Keys of the HTTP API, in a real database."""

import os
import sqlite3
import time
from contextlib import closing

import pytest

from bowerbird.errors import ConflictError, NotFoundError, UsageError
from bowerbird.store import access
from bowerbird.store.migrations import back_up
from bowerbird.store.store import DATABASE, Store
from bowerbird.types import Scope, Used


def test_a_key_is_found_by_its_secret_alone(store: Store) -> None:
    keys = store.access()
    key, secret = keys.make("shop", Scope.WRITE, ["u1", "u2"], per_minute=5, credits=7)
    found = keys.find(secret)
    assert found == key
    assert (key.scope, key.collections, key.per_minute, key.credits) == (
        Scope.WRITE, ("u1", "u2"), 5, 7,
    )  # fmt: skip
    for wrong in ("", secret[:-1], secret + "x", key.id, "\ud800"):
        assert keys.find(wrong) is None
    assert len(secret) < 70  # longer ones are taken for another kind by a client


def test_secrets_are_kept_nowhere(store: Store) -> None:
    key, secret = store.access().make("shop")
    token = store.access().token(key.id, secret)
    assert token is not None
    store.database.close()
    data = b"".join(path.read_bytes() for path in store.folder.glob(f"{DATABASE}*"))
    assert secret.encode() not in data
    assert token[0].encode() not in data
    assert key.id.encode() in data


@pytest.mark.skipif(os.name == "nt", reason="rights of files are other ones there")
def test_nobody_else_on_the_machine_reads_it(store: Store) -> None:
    store.access().make("shop")
    with store.database.reading() as connection:
        copy = back_up(connection, store.folder / DATABASE)
    files = [*store.folder.glob(f"{DATABASE}*"), copy]
    assert len(files) == 4
    for path in (store.folder, *files):
        assert not path.stat().st_mode & 0o077, path.name


@pytest.mark.parametrize(("name", "limit"), [("", 0), ("  ", 0), ("x", -1)])
def test_keys_that_make_no_sense(store: Store, name: str, limit: int) -> None:
    with pytest.raises(UsageError):
        store.access().make(name, per_minute=limit)


def test_revoking(store: Store) -> None:
    keys = store.access()
    first, secret = keys.make("shop")
    keys.make("other")
    token = keys.token(first.id, secret)
    assert token is not None
    keys.count({(first.id, "search"): (1, 1)})
    with pytest.raises(ConflictError, match="Shop"):
        keys.make("Shop ")
    keys.revoke("shop")
    assert keys.find(secret) is keys.find(token[0]) is None
    assert keys.usage(first.id) == []
    with pytest.raises(NotFoundError):
        keys.revoke(first.id)
    keys.count({(first.id, "search"): (1, 1)})  # what came in between is no error
    assert [key.name for key in keys.known()] == ["other"]
    keys.make("shop")


def test_another_process_revokes_at_once(store: Store) -> None:
    key, secret = store.access().make("shop")
    assert store.access().find(secret) is not None
    with closing(sqlite3.connect(store.folder / DATABASE)) as other, other:
        other.execute("PRAGMA foreign_keys = ON")
        other.execute("DELETE FROM api_keys WHERE id = ?", (key.id,))
    assert store.access().find(secret) is None


def test_tokens_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = store.access()
    key, secret = keys.make("shop")
    assert keys.token(key.id, "x") is keys.token("x", secret) is None
    made = keys.token(key.id, secret)
    assert made is not None
    token, seconds = made
    assert keys.find(token) == key
    assert keys.token(key.id, token) is None  # a token makes no tokens
    now = time.time()
    monkeypatch.setattr(access.time, "time", lambda: now + seconds + 1)
    assert keys.find(token) is None
    keys.token(key.id, secret)
    with store.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM api_tokens").fetchone()[0] == 1


def test_usage_by_month(store: Store) -> None:
    keys = store.access()
    key, _ = keys.make("shop")
    keys.count({(key.id, "search"): (2, 3), (key.id, "tag"): (1, 1)})
    keys.count({(key.id, "search"): (1, 1)})
    with store.database.writing() as connection:
        connection.execute(
            "INSERT INTO api_usage "
            "VALUES (?, '2016-12', 'search', 5, 6), (?, '2016-2', 'tag', 1, 1)",
            (key.id, key.id),
        )
    used = keys.usage(key.id)
    assert [(each.call, each.calls, each.images) for each in used[:2]] == [
        ("search", 3, 4),
        ("tag", 1, 1),
    ]
    assert used[2:] == [Used("2016-12", "search", 5, 6), Used("2016-2", "tag", 1, 1)]
    (now,) = keys.known()
    assert now.last_used is not None


def test_credits(store: Store) -> None:
    keys = store.access()
    key, _ = keys.make("few", credits=2)
    assert [keys.spend(key.id) for _ in range(3)] == [True, True, False]
    keys.give_back(key.id)
    assert keys.credits(key.id) == 1
    free, _ = keys.make("free")
    assert keys.spend(free.id)
    keys.give_back(free.id)
    assert keys.credits(free.id) is None


def test_a_key_is_let_to_what_it_made(store: Store) -> None:
    keys = store.access()
    some, _ = keys.make("some", collections=["u1"])
    every, _ = keys.make("all")
    for key in (some, every):
        keys.allow(key.id, "u2")
    assert [key.collections for key in keys.known()] == [("u1", "u2"), None]


def test_signatures_last(store: Store) -> None:
    secret = store.access().signing_secret()
    assert len(secret) == 32
    assert store.access().signing_secret() == secret
