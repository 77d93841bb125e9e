"""A library of any age becomes one of today, and one of tomorrow is left alone."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from bowerbird.errors import LibraryTooNewError
from bowerbird.store import migrations
from bowerbird.store.connection import connect
from bowerbird.store.store import DATABASE, Store
from bowerbird.types import SourceKind


def schema(path: Path) -> list[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '_sqlite%' ORDER BY name"
        ).fetchall()


def backups(folder: Path) -> list[Path]:
    return sorted(folder.glob("library-before-*.sqlite"))


def make(folder: Path, steps: int) -> Path:
    """Make a library as it was after the first `steps` migrations, with a collection."""
    folder.mkdir()
    path = folder / DATABASE
    with contextlib.closing(connect(path)) as connection:
        stop = migrations.NAMES[steps:] or None
        migrations.migrations().apply(Database(connection), stop_before=stop)
        connection.execute(
            "INSERT INTO collections (uuid, name, kind, location) "
            "VALUES ('u', 'old', 'folder', '/')"
        )
    return path


def test_names_are_the_functions_in_order() -> None:
    assert tuple(m.name for m in migrations.migrations()._migrations) == migrations.NAMES


@pytest.mark.parametrize("steps", range(1, len(migrations.NAMES)))
def test_every_earlier_state_is_migrated_with_a_backup(tmp_path: Path, steps: int) -> None:
    path = make(tmp_path / "old", steps)
    before = schema(path)
    with Store.open(tmp_path / "old") as store:
        assert [c.name for c in store.collections()] == ["old"]
    Store.open(tmp_path / "new").close()
    assert schema(path) == schema(tmp_path / "new" / DATABASE)
    (backup,) = backups(tmp_path / "old")
    assert schema(backup) == before
    Store.open(tmp_path / "old").close()
    assert backups(tmp_path / "old") == [backup]


def test_a_new_library_needs_no_backup(tmp_path: Path) -> None:
    for _ in range(2):
        Store.open(tmp_path).close()
    assert backups(tmp_path) == []


def test_a_newer_library_is_refused_and_left(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store, store.database.writing() as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
            (migrations.SET, "add_time_travel", "2099"),
        )
    before = (tmp_path / DATABASE).read_bytes()
    with pytest.raises(LibraryTooNewError, match=r"add_time_travel.*Update Bowerbird"):
        Store.open(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == before


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "old", 1)
    before = schema(path)

    def broken(tables: Database) -> None:
        tables.execute("CREATE TABLE half (x)")
        raise RuntimeError("power cut")

    broken.__name__ = "create_text"
    monkeypatch.setattr(migrations, "create_text", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        Store.open(tmp_path / "old")
    assert schema(path) == before
    monkeypatch.undo()
    with Store.open(tmp_path / "old") as store:
        store.add_collection("works", SourceKind.FOLDER, "/works")


def test_words_are_taken_along_whatever_became_of_their_index(tmp_path: Path) -> None:
    path = make(tmp_path / "old", migrations.NAMES.index("create_readings"))
    with contextlib.closing(connect(path)) as connection:
        connection.execute(
            "INSERT INTO assets (uuid, collection_id, key, folder, name, size, mtime_ns, status, "
            "moment) VALUES ('a', 1, 'red shoe.jpg', '', 'red shoe.jpg', 1, 1, 'ok', 1)"
        )
        connection.execute(
            "INSERT INTO words (rowid, name, folder, tags, metadata) "
            "VALUES (1, 'red shoe jpg', '', 'worn', 'leather 42')"
        )
        connection.execute("UPDATE words_data SET block = X'00' WHERE id > 10")
    with Store.open(tmp_path / "old") as store:
        for words in ("red shoe", "worn", "leather 42"):
            assert store.match_text(words, None, 10).tolist() == [1]
