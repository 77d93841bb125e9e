"""Who calls: keys and what they allow, how fast, and what they have used."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bowerbird.errors import BowerbirdError
from bowerbird.server.refusal import RefusedError
from bowerbird.types import AnyOf, ApiKey, Collection, Comparison, Filter, Scope

if TYPE_CHECKING:
    from bowerbird.library import Library

log = logging.getLogger(__name__)

_RANK = {Scope.SEARCH: 0, Scope.WRITE: 1, Scope.ADMIN: 2}
# Seconds between two times that counters are written down: what a crash can lose of them.
COUNT_S = 30.0
# Where the dialects look for secrets.
_HEADERS = ("authorization", "x-api-key")


@dataclass(frozen=True, slots=True)
class Caller:
    """A key that asks for something, and the library as far as it may see it."""

    key: ApiKey
    library: Library
    counters: Counters

    def may(self, collection: Collection) -> bool:
        """Whether the key is for a collection."""
        return self.key.collections is None or collection.uuid in self.key.collections

    def collections(self) -> list[Collection]:
        """Return the collections that the key is for, by name."""
        return [one for one in self.library.collections() if self.may(one)]

    def collection(self, ref: str) -> Collection:
        """Return the collection with this uuid, which may be cut to 16 digits, or this name.

        A name may be written in capitals or not, as everywhere.

        Raises:
            RefusedError: There is none that the key is for.
        """
        mine = self.collections()
        for one in mine:
            if ref in (one.uuid, one.name, short_id(one)):
                return one
        for one in mine:
            if one.name.casefold() == ref.casefold():
                return one
        raise RefusedError(404, "There is no such collection for this key.", code=402)

    def new_catalogue(self, name: str) -> Collection:
        """Make a catalogue that the key may use; a name that is taken gets a number."""
        taken = {one.name.casefold() for one in self.library.collections()}
        title, number = name.strip(), 2
        while title.casefold() in taken:
            title, number = f"{name.strip()} ({number})", number + 1
        made = self.library.add_catalogue(title)
        self.library.access.allow(self.key.id, made.uuid)
        return made

    def within(self) -> Filter | None:
        """Return the filter that leaves what the key may see; None for everything."""
        if self.key.collections is None:
            return None
        uuids = self.key.collections
        return AnyOf(tuple(Comparison("collection", "=", uuid) for uuid in uuids))

    def used(self, call: str, images: int = 1) -> None:
        """Count a call and its images."""
        self.counters.add(self.key.id, call, images)


def short_id(collection: Collection) -> str:
    """Return 16 hexadecimal digits that name a collection."""
    return collection.uuid.replace("-", "")[:16]


def secret_of(header: str | None) -> str:
    """Return the secret of `Token SECRET`; the word before it may be another, or none."""
    return (header or "").strip().rpartition(" ")[2]


class Counters:
    """Counts what keys use, and writes it down every few seconds."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str], tuple[int, int]] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="api-counters", daemon=True)

    def start(self) -> None:
        """Begin to write down."""
        self._thread.start()

    def add(self, key_id: str, call: str, images: int) -> None:
        """Count one call."""
        self._add(key_id, call, 1, images)

    def _add(self, key_id: str, call: str, calls: int, images: int) -> None:
        with self._lock:
            before = self._waiting.get((key_id, call), (0, 0))
            self._waiting[key_id, call] = (before[0] + calls, before[1] + images)

    def flush(self) -> None:
        """Write down what was counted."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        try:
            self._library.access.count(waiting)
        except BowerbirdError as error:
            # They are written down once the disk has room, or the database is free, again.
            log.warning("what keys use was not written down: %s", error)
            for (key_id, call), (calls, images) in waiting.items():
                self._add(key_id, call, calls, images)

    def _run(self) -> None:
        while not self._ended.wait(COUNT_S):
            self.flush()

    def close(self) -> None:
        """Write the rest down."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self.flush()


class Rates:
    """Holds keys to their requests a minute, over any sixty seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._moments: dict[str, deque[float]] = defaultdict(deque)

    def take(self, name: str, per_minute: int) -> None:
        """Count one request.

        Args:
            name: Who is counted.
            per_minute: How many there may be; 0 for as many as come.

        Raises:
            RefusedError: There were as many already.
        """
        if per_minute <= 0:
            return
        now = time.monotonic()
        with self._lock:
            moments = self._moments[name]
            while moments and moments[0] <= now - 60:
                moments.popleft()
            if len(moments) >= per_minute:
                wait = max(1, math.ceil(moments[0] + 60 - now))
                text = f"This key may ask {per_minute} times a minute."
                raise RefusedError(429, text, {"Retry-After": str(wait)})
            moments.append(now)


class Door:
    """Lets callers in by their secrets."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.counters = Counters(library)
        self.rates = Rates()

    def knows(self, headers: Mapping[str, bytes]) -> bool:
        """Whether a request brings a key at all, in whichever dialect's way."""
        sent = [headers[name].decode("latin-1") for name in _HEADERS if name in headers]
        try:
            return any(self.library.access.find(secret_of(each)) is not None for each in sent)
        except BowerbirdError:
            return True  # its dialect finds the same, and says so

    def admit(
        self, secret: str | None, scope: Scope, *, missing: int = 401, wrong: int = 401
    ) -> Caller:
        """Return who has a secret.

        Args:
            secret: What the request brought; None or empty for nothing.
            scope: What is to be done.
            missing: The status for no secret at all.
            wrong: The status for one that is none.

        Raises:
            RefusedError: Nobody, or not for this, or too often.
        """
        if not secret:
            raise _outside(missing, "The request brings no key.")
        key = self.library.access.find(secret)
        if key is None:
            raise _outside(wrong, "The key is not known, was revoked, or has expired.")
        caller = Caller(key, self.library, self.counters)
        self.demand(caller, scope)
        self.rates.take(key.id, key.per_minute)
        return caller

    @staticmethod
    def demand(caller: Caller, scope: Scope) -> None:
        """Let a caller do something.

        Raises:
            RefusedError: Its key does not allow it.
        """
        if _RANK[caller.key.scope] < _RANK[scope]:
            raise RefusedError(
                403, f"This key does not allow it: the scope {scope.value} is needed.", code=401
            )


def _outside(status: int, text: str) -> RefusedError:
    """Return the refusal of somebody who is not known; 401 goes with how to be."""
    return RefusedError(status, text, {"WWW-Authenticate": "Token"} if status == 401 else {})
