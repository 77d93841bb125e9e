"""Brings collections up to date behind the requests that asked for it, one after the other."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bowerbird import apart
from bowerbird.errors import BowerbirdError, ConflictError
from bowerbird.server.refusal import refusal

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import Collection

log = logging.getLogger(__name__)

# Seconds between two tries while another process syncs the same collection.
BUSY_S = 1.0


class Upkeep:
    """Syncs collections in a process of their own, while requests are answered in this one.

    Args:
        library: Whose collections.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[Collection | None] = queue.SimpleQueue()
        # What is to be looked at, by uuid of the collection; None for all of it.
        self._asked: dict[str, set[str] | None] = {}
        self._running = ""
        self._doing: set[str] | None = None  # what of it; None for all
        self._failed: dict[str, str] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="api-upkeep", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def ask(self, collection: Collection, keys: Iterable[str] | None = None) -> None:
        """Let a collection be synced soon, or some of its keys alone."""
        with self._lock:
            known = self._asked.get(collection.uuid, set())
            wanted = None if keys is None or known is None else known | set(keys)
            self._asked[collection.uuid] = wanted
            self._failed.pop(collection.uuid, None)
        self._waiting.put(collection)

    def is_busy(self, collection: Collection) -> bool:
        """Whether a sync of a collection runs or waits, here or in another process."""
        with self._lock:
            if collection.uuid in self._asked or collection.uuid == self._running:
                return True
        return self._library.is_syncing(collection)

    def doing(self, collection: Collection, keys: set[str]) -> set[str]:
        """Return those of some keys that are looked at now, or will be because somebody asked."""
        with self._lock:
            is_ours = collection.uuid == self._running
            asked = [self._doing] if is_ours else []
            if collection.uuid in self._asked:
                asked.append(self._asked[collection.uuid])
        # What another process looks at is not known here: mostly it is all.
        if None in asked or (not is_ours and self._library.is_syncing(collection)):
            return keys
        return keys & {key for some in asked for key in some or ()}

    def trouble(self, collection: Collection) -> str:
        """Return what a caller is told of the last sync that was asked for here and failed."""
        return self._failed.get(collection.uuid, "")

    def _run(self) -> None:
        while (collection := self._waiting.get()) is not None:
            self._work(collection)

    def _work(self, collection: Collection) -> None:
        with self._lock:
            if collection.uuid not in self._asked:
                return  # done with what was asked for before
            keys = self._asked.pop(collection.uuid)
            self._running, self._doing = collection.uuid, keys
        try:
            self._try(collection, keys)
        finally:
            with self._lock:
                self._running = ""

    def _try(self, collection: Collection, keys: set[str] | None) -> None:
        while not self._ended.is_set():
            try:
                self._sync(collection, keys)
            except ConflictError:
                self._ended.wait(BUSY_S)
                continue
            except BowerbirdError as error:
                log.warning("a sync failed: %s", error)
                self._failed[collection.uuid] = refusal(error).text
            except Exception:
                log.exception("a sync failed")
                self._failed[collection.uuid] = "Something went wrong."
            return

    def _sync(self, collection: Collection, keys: set[str] | None) -> None:
        some = None if keys is None else sorted(keys)
        steps = apart.sync(self._library, collection, retry_failed=True, keys=some)
        with contextlib.closing(steps):  # type: ignore[type-var]  # generators
            for _ in steps:
                if self._ended.is_set():
                    return

    def close(self) -> None:
        """End after the batch that is worked on; what is left waits for the next start."""
        self._ended.set()
        self._waiting.put(None)
        if self._thread.is_alive():
            self._thread.join()
