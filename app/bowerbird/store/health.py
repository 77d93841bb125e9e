"""Looks for damage in a store, and makes anew what SQLite's tables allow to be made anew."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from bowerbird.errors import LibraryError
from bowerbird.store.writing import index_words
from bowerbird.types import Check

if TYPE_CHECKING:
    from bowerbird.store.store import Store

PAGE = 1000


def check(store: Store, *, repair: bool) -> list[Check]:
    """Return one line for each part of the store."""
    return [
        _integrity(store),
        _words(store, repair=repair),
        *_indexes(store, repair=repair),
        _thumbnails(store),
    ]


def _integrity(store: Store) -> Check:
    try:
        with store.database.reading() as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            orphans = len(connection.execute("PRAGMA foreign_key_check").fetchall())
    except LibraryError as error:
        return Check("database", False, str(error), "Put back a backup of library.sqlite.")
    if found != "ok":
        return Check("database", False, str(found), "Put back a backup of library.sqlite.")
    if orphans:
        advice = "Put back a backup, or remove and add the collections anew."
        return Check("database", False, f"{orphans} rows belong to nothing", advice)
    size = store.database.path.stat().st_size
    return Check("database", True, f"{store.counts().ok:,} pictures, {size / 1e6:,.1f} MB")


def _words(store: Store, *, repair: bool) -> Check:
    agrees = _words_agree(store)
    if not agrees and repair:
        rebuild_words(store)
        agrees = _words_agree(store)
    if agrees:
        return Check("text search", True, "agrees with the pictures")
    return Check("text search", False, "does not agree with the pictures", "Repair it.")


def _words_agree(store: Store) -> bool:
    try:
        with store.database.writing() as connection:
            connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
            row = connection.execute(
                "SELECT (SELECT count(*) FROM words) = (SELECT count(*) FROM assets) AND NOT EXISTS"
                " (SELECT 1 FROM assets WHERE id NOT IN (SELECT rowid FROM words))"
            ).fetchone()
    except (LibraryError, sqlite3.DatabaseError):
        return False
    return bool(row[0])


def rebuild_words(store: Store) -> None:
    """Fill the full-text table anew from the assets."""
    with store.database.writing() as connection:
        # Deleting rows reads the index, which may be what is damaged.
        connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
        connection.execute("DELETE FROM words")
        after = 0
        while found := connection.execute(
            "SELECT id FROM assets WHERE id > ? ORDER BY id LIMIT ?", (after, PAGE)
        ).fetchall():
            index_words(connection, [row[0] for row in found])
            after = found[-1][0]


def _indexes(store: Store, *, repair: bool) -> list[Check]:
    with store.database.reading() as connection:
        encoders = connection.execute(
            "SELECT encoder, length(vector) / 2, count(*) FROM embeddings GROUP BY encoder"
        ).fetchall()
    lines: list[Check] = []
    for encoder_id, dim, count in encoders:
        index = store.vectors(encoder_id, dim)
        wrong = index.verify()
        if wrong and repair:
            index.rebuild()
            wrong = index.verify()
        name = f"index {encoder_id}"
        if wrong:
            lines.append(Check(name, False, wrong, "Repair it; searches are exact meanwhile."))
        else:
            lines.append(Check(name, True, f"{count:,} vectors of {dim} dimensions"))
    return lines


def _thumbnails(store: Store) -> Check:
    return Check("thumbnails", True, f"{store.thumbnails.total() / 1e6:,.1f} MB")
