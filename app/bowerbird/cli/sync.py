"""Bring collections up to date, once or for as long as the program runs."""

from __future__ import annotations

import argparse
import contextlib
import queue
import signal
import threading
from functools import partial
from typing import TYPE_CHECKING

from bowerbird.cli import index
from bowerbird.cli.terminal import complain, one_line
from bowerbird.errors import BowerbirdError, UsageError
from bowerbird.types import Auto, Keys, Progress

if TYPE_CHECKING:
    from types import FrameType

    from bowerbird.library import Library
    from bowerbird.types import Collection, Watch

HELP = "bring collections up to date; --daemon goes on watching"
# Seconds between two looks at the clock and at the list of collections.
TICK_S = 60.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="collections; all when left out")
    parser.add_argument(
        "--retry-failed", action="store_true", help="try the pictures again that failed before"
    )
    parser.add_argument(
        "--daemon",
        action="store_true",
        help="stay, and keep collections true by themselves, each when it wishes",
    )


def run(options: argparse.Namespace) -> int:
    """Sync once, or stay."""
    from bowerbird.library import Library

    if options.daemon and options.names:
        raise UsageError("--daemon keeps all collections. Leave out their names.")
    if not options.daemon:
        return index.bring_up_to_date(options.library, options.names, options.retry_failed)
    with Library.open(options.library) as library:
        return Daemon(library).run()


class Daemon:
    """Watches collections and looks at the clock until it is told to end.

    Args:
        library: Whose collections.
        tick_s: Seconds between two looks at the clock.
    """

    def __init__(self, library: Library, tick_s: float = TICK_S) -> None:
        self._library = library
        self._tick_s = tick_s
        self._changed: queue.SimpleQueue[tuple[int, Keys] | None] = queue.SimpleQueue()
        self._watches: dict[tuple[int, bool], Watch] = {}
        self._said: dict[int, str] = {}
        self._ended = threading.Event()

    def run(self) -> int:
        """Keep collections true until SIGTERM or Ctrl-C."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._stop)
        try:
            while not self._ended.is_set():
                self._watch()
                for collection in self._library.due():
                    self._sync(collection)
                self._wait()
        finally:
            for watch in self._watches.values():
                watch.close()
        return 0

    def end(self) -> None:
        """End after what runs now."""
        self._ended.set()
        self._changed.put(None)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.end()

    def _watch(self) -> None:
        known = self._library.collections()
        # A watch goes by endings: with videos it is another one.
        wanted = {(c.id, c.videos): c for c in known if c.auto is Auto.CHANGE}
        for gone in self._watches.keys() - wanted.keys():
            self._watches.pop(gone).close()
        for new in wanted.keys() - self._watches.keys():
            watch = self._library.watch(wanted[new], partial(self._tell, new[0]))
            if watch is not None:
                self._watches[new] = watch

    def _tell(self, collection_id: int, keys: Keys) -> None:
        self._changed.put((collection_id, keys))

    def _wait(self) -> None:
        """Sync what changes, or find that it is time to look at the clock again."""
        try:
            changed = self._changed.get(timeout=self._tick_s)
        except queue.Empty:
            return
        for collection in self._library.collections():
            if changed is not None and collection.id == changed[0] and not self._ended.is_set():
                self._sync(collection, changed[1])

    def _sync(self, collection: Collection, keys: Keys = None) -> None:
        """Sync one; what is wrong with it is said once and does not end the others."""
        last = Progress("scanning")
        try:
            steps = self._library.sync(
                collection, auto=True, keys=None if keys is None else sorted(keys)
            )
            with contextlib.closing(steps):  # type: ignore[type-var]  # generators
                for step in steps:
                    last = step
                    if self._ended.is_set():
                        return
        except BowerbirdError as error:
            if self._said.get(collection.id) != str(error):
                complain(f"{collection.name}: {error}")
            self._said[collection.id] = str(error)
            return
        self._said.pop(collection.id, None)
        if last.done:
            name = one_line(collection.name)
            print(f"{name}: {last.done} worked on, {last.failed} failed", flush=True)
