"""The database's schema, as named migrations that each run once, in a transaction."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.errors import LibraryCorruptError, LibraryTooNewError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database as Tables
    from sqlite_utils.migrations import Migrations

SET = "bowerbird"
# sqlite-utils keeps its record of applied migrations here.
APPLIED = "_sqlite_migrations"
# "bowr", so that a database of another program is not taken for a library.
APPLICATION_ID = 0x626F7772
# In the order in which they run; a name here stays for ever.
NAMES = (
    "create_library",
    "create_embeddings",
    "create_text",
    "create_items",
    "create_qualities",
    "create_links",
    "create_silhouettes",
    "create_api_keys",
    "create_frames",
    "create_readings",
    "create_shots",
)


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the database at `path` to the present schema.

    An existing library is copied beside itself before anything is changed.

    Raises:
        LibraryTooNewError: A newer Bowerbird wrote it.
        LibraryCorruptError: It belongs to another program.
        sqlite3.Error: It is damaged or cannot be written.
    """
    applied = _applied(connection, path)
    if len(applied) == len(NAMES):
        return
    if applied:
        back_up(connection, path)
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited for the lock.
        if len(_applied(connection, path)) < len(NAMES):
            _apply(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _applied(connection: sqlite3.Connection, path: Path) -> list[str]:
    """Names of the applied migrations; sqlite-utils is not imported for them, it takes 0.1 s."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return []
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if APPLIED not in tables or application != APPLICATION_ID:
        raise LibraryCorruptError(
            f"{path} is a database of another program. Name another folder for the library."
        )
    select = f"SELECT name FROM {APPLIED} WHERE migration_set = ? ORDER BY id"
    applied = [row[0] for row in connection.execute(select, (SET,))]
    if unknown := [name for name in applied if name not in NAMES]:
        raise LibraryTooNewError(
            f"{path} was written by a newer Bowerbird (it has {unknown[0]!r}). "
            "Update Bowerbird to open it."
        )
    return applied


def back_up(connection: sqlite3.Connection, path: Path) -> Path:
    """Copy the database at `path` beside itself and return the copy's path."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    target = path.with_name(f"{path.stem}-before-{stamp}{path.suffix}")
    partial = target.with_suffix(".partial")
    try:
        partial.touch(0o600)
        with contextlib.closing(sqlite3.connect(partial)) as copy:
            connection.backup(copy)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _apply(connection: sqlite3.Connection) -> None:
    from sqlite_utils import Database as Tables

    migrations().apply(Tables(connection))


def migrations() -> Migrations:
    """Return every migration, in the order of `NAMES`."""
    from sqlite_utils.migrations import Migrations

    known = Migrations(SET)
    steps: tuple[Callable[[Tables], None], ...]
    steps = (create_library, create_embeddings, create_text, create_items, create_qualities)
    steps += (create_links, create_silhouettes, create_api_keys, create_frames, create_readings)
    for step in (*steps, create_shots):
        known(name=step.__name__)(step)
    return known


def create_library(tables: Tables) -> None:
    """Collections, assets and what is known of each; `moment` is when it was taken or changed."""
    _run(
        tables,
        f"PRAGMA application_id = {APPLICATION_ID}",
        """
        CREATE TABLE collections (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            kind TEXT NOT NULL,
            location TEXT NOT NULL,
            config TEXT NOT NULL DEFAULT '{}',
            last_sync TEXT,
            UNIQUE (kind, location)
        )
        """,
        """
        CREATE TABLE assets (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid TEXT NOT NULL UNIQUE,
            collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            folder TEXT NOT NULL,
            name TEXT NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            etag TEXT NOT NULL DEFAULT '',
            status TEXT NOT NULL,
            reason TEXT,
            missing_since TEXT,
            moment INTEGER NOT NULL,
            md5 TEXT,
            head_tail TEXT,
            format TEXT,
            width INTEGER,
            height INTEGER,
            orientation TEXT,
            taken TEXT,
            camera TEXT,
            latitude REAL,
            longitude REAL,
            metadata TEXT NOT NULL DEFAULT '{}',
            UNIQUE (collection_id, key)
        )
        """,
        "CREATE INDEX assets_counts ON assets (collection_id, status, size)",
        "CREATE INDEX assets_newest ON assets (status, moment DESC, id DESC)",
        "CREATE INDEX assets_folder ON assets (folder)",
        "CREATE INDEX assets_md5 ON assets (md5)",
        """
        CREATE TABLE tags (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE
        )
        """,
        """
        CREATE TABLE asset_tags (
            asset_id INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
            tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
            PRIMARY KEY (asset_id, tag_id)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX asset_tags_tag ON asset_tags (tag_id, asset_id)",
        """
        CREATE TABLE hashes (
            asset_id INTEGER PRIMARY KEY REFERENCES assets (id) ON DELETE CASCADE,
            phash INTEGER NOT NULL,
            dhash INTEGER NOT NULL
        )
        """,
        """
        CREATE TABLE colours (
            asset_id INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
            rank INTEGER NOT NULL,
            rgb INTEGER NOT NULL,
            lightness REAL NOT NULL,
            a REAL NOT NULL,
            b REAL NOT NULL,
            weight REAL NOT NULL,
            PRIMARY KEY (asset_id, rank)
        ) WITHOUT ROWID
        """,
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    )


def create_embeddings(tables: Tables) -> None:
    """Vectors, whose ids are the keys of the vector index and are never used again.

    `live` says that the asset is `ok`; it is kept here so that the index of one encoder is counted
    and read without a join.
    """
    _run(
        tables,
        """
        CREATE TABLE embeddings (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            asset_id INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
            encoder TEXT NOT NULL,
            live INTEGER NOT NULL,
            vector BLOB NOT NULL,
            UNIQUE (asset_id, encoder)
        )
        """,
        "CREATE INDEX embeddings_live ON embeddings (encoder, live, asset_id)",
        "CREATE INDEX embeddings_order ON embeddings (encoder, id)",
        """
        CREATE TRIGGER assets_liveness AFTER UPDATE OF status ON assets
        WHEN OLD.status IS NOT NEW.status
        BEGIN
            UPDATE embeddings SET live = NEW.status = 'ok' WHERE asset_id = NEW.id;
        END
        """,
    )


def create_text(tables: Tables) -> None:
    """Full text over names, folders, tags and metadata, split into words before it comes here."""
    _run(
        tables,
        """
        CREATE VIRTUAL TABLE words USING fts5(
            name, folder, tags, metadata, tokenize = "unicode61 remove_diacritics 2"
        )
        """,
        """
        CREATE TRIGGER assets_words AFTER DELETE ON assets
        BEGIN
            DELETE FROM words WHERE rowid = OLD.id;
        END
        """,
    )


def create_items(tables: Tables) -> None:
    """Where the pictures of catalogues lie; `mark` says which picture, `batch` which import.

    An asset whose `etag` is another than its item's `mark` still waits for its picture.
    """
    _run(
        tables,
        """
        CREATE TABLE items (
            asset_id INTEGER PRIMARY KEY REFERENCES assets (id) ON DELETE CASCADE,
            image TEXT NOT NULL,
            mark TEXT NOT NULL,
            batch TEXT NOT NULL
        )
        """,
        "CREATE INDEX assets_reason ON assets (collection_id) WHERE reason IS NOT NULL",
        # Most libraries have no metadata at all, and need not be read through to know that.
        "CREATE INDEX assets_described ON assets (collection_id) WHERE metadata != '{}'",
    )


def create_qualities(tables: Tables) -> None:
    """How good pictures are, each score 0..1."""
    _run(
        tables,
        """
        CREATE TABLE qualities (
            asset_id INTEGER PRIMARY KEY REFERENCES assets (id) ON DELETE CASCADE,
            overall REAL NOT NULL,
            sharpness REAL NOT NULL,
            brightness REAL NOT NULL,
            composition REAL NOT NULL
        )
        """,
    )


def create_links(tables: Tables) -> None:
    """Pairs of copies of one shot; for each asset, at which content it was checked, its group."""
    _run(
        tables,
        """
        CREATE TABLE links (
            a INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
            b INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
            PRIMARY KEY (a, b)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX links_b ON links (b)",
        """
        CREATE TABLE linked (
            asset_id INTEGER PRIMARY KEY REFERENCES assets (id) ON DELETE CASCADE,
            md5 TEXT NOT NULL,
            grp INTEGER
        )
        """,
        "CREATE INDEX linked_group ON linked (grp) WHERE grp IS NOT NULL",
    )


def create_silhouettes(tables: Tables) -> None:
    """The shapes of subjects, each of one content; without a vector where nothing stands out."""
    _run(
        tables,
        """
        CREATE TABLE silhouettes (
            asset_id INTEGER PRIMARY KEY REFERENCES assets (id) ON DELETE CASCADE,
            md5 TEXT NOT NULL,
            vector BLOB,
            aspect_ratio REAL,
            coverage REAL
        )
        """,
    )


def create_api_keys(tables: Tables) -> None:
    """Who may use the HTTP API, and what each has used; secrets only as SHA-256.

    `items.foreign_word` says that a record came that way: its address is no word of the user's.
    """
    _run(
        tables,
        """
        CREATE TABLE api_keys (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            hash TEXT NOT NULL UNIQUE,
            scope TEXT NOT NULL,
            collections TEXT,
            per_minute INTEGER NOT NULL,
            credits INTEGER,
            created TEXT NOT NULL,
            last_used TEXT
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE api_tokens (
            hash TEXT PRIMARY KEY,
            key_id TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
            expires REAL NOT NULL
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE api_usage (
            key_id TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
            month TEXT NOT NULL,
            call TEXT NOT NULL,
            calls INTEGER NOT NULL,
            images INTEGER NOT NULL,
            PRIMARY KEY (key_id, month, call)
        ) WITHOUT ROWID
        """,
        "ALTER TABLE items ADD COLUMN foreign_word INTEGER NOT NULL DEFAULT 0",
    )


def create_frames(tables: Tables) -> None:
    """Frames of videos: when each is shown, and for all but the first the asset of its file.

    Frames follow their file. Each is some nanoseconds older than the one before, so that they
    stand in their order where the newest come first.
    """
    _run(
        tables,
        "ALTER TABLE assets ADD COLUMN time REAL",
        "ALTER TABLE assets ADD COLUMN file_id INTEGER REFERENCES assets (id) ON DELETE CASCADE",
        "CREATE INDEX assets_file ON assets (file_id) WHERE file_id NOT NULL",
        "CREATE INDEX assets_frames ON assets (collection_id, status, size) WHERE file_id NOT NULL",
        """
        CREATE TRIGGER assets_frames_follow AFTER UPDATE OF
            collection_id, key, folder, name, size, mtime_ns, etag, moment, status, missing_since
        ON assets WHEN NEW.file_id IS NULL AND NEW.time IS NOT NULL
        BEGIN
            UPDATE assets SET collection_id = NEW.collection_id,
                key = NEW.key || printf('#t=%.3f', time), folder = NEW.folder, name = NEW.name,
                size = NEW.size, mtime_ns = NEW.mtime_ns, etag = NEW.etag,
                moment = NEW.moment - CAST(time * 1000 AS INTEGER), status = NEW.status,
                missing_since = NEW.missing_since
            WHERE file_id = NEW.id;
        END
        """,
    )


def create_readings(tables: Tables) -> None:
    """The text in pictures, by content: its lines, and as JSON how sure each is and where it lies.

    `text` is NULL, and `trouble` says why, where it could not be read. The full text gets a column
    for it; its words are taken from its own rows, whatever the index over them has come to.
    """
    _run(
        tables,
        """
        CREATE TABLE readings (
            md5 TEXT PRIMARY KEY,
            text TEXT,
            boxes TEXT NOT NULL,
            trouble TEXT
        ) WITHOUT ROWID
        """,
        """
        CREATE TRIGGER assets_readings_gone AFTER DELETE ON assets
        BEGIN
            DELETE FROM readings WHERE md5 = OLD.md5
                AND NOT EXISTS (SELECT 1 FROM assets WHERE md5 = OLD.md5);
        END
        """,
        """
        CREATE TRIGGER assets_readings_changed AFTER UPDATE OF md5 ON assets
        WHEN OLD.md5 IS NOT NEW.md5
        BEGIN
            DELETE FROM readings WHERE md5 = OLD.md5
                AND NOT EXISTS (SELECT 1 FROM assets WHERE md5 = OLD.md5);
        END
        """,
        "CREATE TABLE words_before AS SELECT id, c0, c1, c2, c3 FROM words_content",
        "DROP TABLE words",
        """
        CREATE VIRTUAL TABLE words USING fts5(
            name, folder, tags, metadata, read, tokenize = "unicode61 remove_diacritics 2"
        )
        """,
        """
        INSERT INTO words (rowid, name, folder, tags, metadata, read)
        SELECT id, c0, c1, c2, c3, '' FROM words_before
        """,
        "DROP TABLE words_before",
    )


def create_shots(tables: Tables) -> None:
    """Pairs of similar shots; for each asset, at which content it was checked, its group."""
    _run(
        tables,
        """
        CREATE TABLE shots (
            a INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
            b INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
            PRIMARY KEY (a, b)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX shots_b ON shots (b)",
        """
        CREATE TABLE compared (
            asset_id INTEGER PRIMARY KEY REFERENCES assets (id) ON DELETE CASCADE,
            md5 TEXT NOT NULL,
            grp INTEGER
        )
        """,
        "CREATE INDEX compared_group ON compared (grp) WHERE grp IS NOT NULL",
    )


def _run(tables: Tables, *statements: str) -> None:
    for statement in statements:
        tables.execute(statement)
