"""Keys of the HTTP API: who may do what, within which limits, and what each has used."""

from __future__ import annotations

import hashlib
import json
import math
import secrets
import sqlite3
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bowerbird.errors import ConflictError, NotFoundError, UsageError
from bowerbird.types import ApiKey, Scope, Used

if TYPE_CHECKING:
    from bowerbird.store.connection import Database
    from bowerbird.store.unchanged import Unchanged

# Short enough for the headers of every client, long enough that nobody guesses it.
SECRET_BYTES = 24
TOKEN_BYTES = 24
# Seconds that an access token lasts.
TOKEN_S = 86_399
SIGNING = "api.signing"


class Access:
    """The keys of one library. Made by `Store.access`; shared by threads."""

    def __init__(self, database: Database, unchanged: Unchanged) -> None:
        self._database = database
        self._unchanged = unchanged

    def make(
        self,
        name: str,
        scope: Scope = Scope.SEARCH,
        collections: Iterable[str] | None = None,
        *,
        per_minute: int = 0,
        credits: int | None = None,
    ) -> tuple[ApiKey, str]:
        """Make a key, and return it with its secret, which is not kept and cannot be had again.

        Args:
            name: For its user to tell it from others.
            scope: What it allows.
            collections: Uuids of those that it is for; None for all.
            per_minute: Requests a minute; 0 for as many as come.
            credits: Pictures to reimagine; None for as many as are asked for.

        Raises:
            UsageError: The name is empty, or a limit is negative.
            ConflictError: Another key has the name.
        """
        if not name.strip():
            raise UsageError("A key needs a name, to tell it from others.")
        if per_minute < 0 or (credits is not None and credits < 0):
            raise UsageError("The limits of a key must not be negative.")
        if any(key.name.casefold() == name.strip().casefold() for key in self.known()):
            raise ConflictError(f"There is a key {name.strip()!r} already. Take another name.")
        secret = "bb" + secrets.token_hex(SECRET_BYTES)
        uuids = None if collections is None else tuple(collections)
        now = datetime.now(UTC)
        key = ApiKey(
            secrets.token_hex(8), name.strip(), scope, uuids, per_minute, credits, created=now
        )
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                (
                    key.id,
                    key.name,
                    _digest(secret),
                    key.scope.value,
                    None if uuids is None else json.dumps(uuids),
                    per_minute,
                    credits,
                    now.isoformat(),
                ),
            )
        return key, secret

    def known(self) -> list[ApiKey]:
        """Return all keys, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM api_keys ORDER BY created, id").fetchall()
        return [_key(row) for row in rows]

    def revoke(self, ref: str) -> ApiKey:
        """Take a key back at once, with its tokens, and forget what it used.

        Args:
            ref: Its id or its name.

        Raises:
            NotFoundError: There is no such key.
        """
        found = next((key for key in self.known() if ref in (key.id, key.name)), None)
        if found is None:
            raise NotFoundError(f"There is no key {ref!r}. `bowerbird keys` lists them.")
        with self._database.writing() as connection:
            connection.execute("DELETE FROM api_keys WHERE id = ?", (found.id,))
        return found

    def find(self, secret: str) -> ApiKey | None:
        """Return the key that a secret, or an access token that holds still, stands for."""
        digest = _digest(secret)

        def read() -> tuple[ApiKey, float] | None:
            with self._database.reading() as connection:
                row = connection.execute(
                    "SELECT api_keys.*, NULL AS expires FROM api_keys WHERE hash = :digest "
                    "UNION ALL SELECT api_keys.*, expires FROM api_tokens "
                    "JOIN api_keys ON api_keys.id = key_id WHERE api_tokens.hash = :digest",
                    {"digest": digest},
                ).fetchone()
            return None if row is None else (_key(row), row["expires"] or math.inf)

        found = self._unchanged.get(("key", digest), read)
        return found[0] if found is not None and found[1] > time.time() else None

    def token(self, key_id: str, secret: str) -> tuple[str, int] | None:
        """Exchange a key's id and secret for an access token.

        Returns:
            The token and the seconds that it lasts; None where the two are not of one key.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT id FROM api_keys WHERE id = ? AND hash = ?", (key_id, _digest(secret))
            ).fetchone()
        if row is None:
            return None
        token, now = secrets.token_urlsafe(TOKEN_BYTES), time.time()
        with self._database.writing() as connection:
            connection.execute("DELETE FROM api_tokens WHERE expires <= ?", (now,))
            connection.execute(
                "INSERT INTO api_tokens VALUES (?, ?, ?)", (_digest(token), key_id, now + TOKEN_S)
            )
        return token, TOKEN_S

    def allow(self, key_id: str, collection: str) -> None:
        """Let a key that is for some collections use another, which it made itself."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE api_keys SET collections = json_insert(collections, '$[#]', ?) "
                "WHERE id = ? AND collections IS NOT NULL",
                (collection, key_id),
            )

    def count(self, used: Mapping[tuple[str, str], tuple[int, int]]) -> None:
        """Add to what keys have used this month.

        Args:
            used: By id of the key and name of the call: how many calls, how many images. A key
                that was revoked meanwhile is left out.
        """
        if not used:
            return
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT INTO api_usage SELECT id, ?, ?, ?, ? FROM api_keys WHERE id = ? "
                "ON CONFLICT (key_id, month, call) DO UPDATE "
                "SET calls = calls + excluded.calls, images = images + excluded.images",
                [
                    (f"{now.year}-{now.month}", call, calls, images, key_id)
                    for (key_id, call), (calls, images) in used.items()
                ],
            )
            connection.executemany(
                "UPDATE api_keys SET last_used = ? WHERE id = ?",
                [(now.isoformat(), key_id) for key_id in {key_id for key_id, _ in used}],
            )

    def usage(self, key_id: str) -> list[Used]:
        """Return what a key has used, the latest month first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT month, call, calls, images FROM api_usage WHERE key_id = ? "
                "ORDER BY CAST(month AS INTEGER) DESC, CAST(substr(month, 6) AS INTEGER) DESC, "
                "call",
                (key_id,),
            ).fetchall()
        return [Used(*row) for row in rows]

    def spend(self, key_id: str) -> bool:
        """Take one credit; False where none is left. A key without such a limit always has one."""
        with self._database.writing() as connection:
            cursor = connection.execute(
                "UPDATE api_keys SET credits = credits - 1 "
                "WHERE id = ? AND (credits IS NULL OR credits > 0)",
                (key_id,),
            )
            return cursor.rowcount == 1

    def give_back(self, key_id: str) -> None:
        """Return a credit for what came to nothing."""
        with self._database.writing() as connection:
            connection.execute("UPDATE api_keys SET credits = credits + 1 WHERE id = ?", (key_id,))

    def credits(self, key_id: str) -> int | None:
        """Return how many credits are left; None for no limit."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT credits FROM api_keys WHERE id = ?", (key_id,)
            ).fetchone()
        return None if row is None else row[0]

    def signing_secret(self) -> bytes:
        """Return what addresses of pictures are signed with, made when it is first asked for."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO meta VALUES (?, ?)", (SIGNING, secrets.token_hex(32))
            )
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (SIGNING,)).fetchone()
        return bytes.fromhex(row[0])


def _digest(secret: str) -> str:
    # Secrets are random and long, so that a slow hash would protect nothing more.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(row: sqlite3.Row) -> ApiKey:
    last = row["last_used"]
    uuids = row["collections"]
    return ApiKey(
        row["id"],
        row["name"],
        Scope(row["scope"]),
        None if uuids is None else tuple(json.loads(uuids)),
        row["per_minute"],
        row["credits"],
        datetime.fromisoformat(row["created"]),
        datetime.fromisoformat(last) if last else None,
    )
