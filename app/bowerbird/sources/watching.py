"""Says when pictures below a folder changed, once the hands that change them rest."""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

    from bowerbird.types import Keys

log = logging.getLogger(__name__)

# Folders made within each other in one breath are told of twice, and the second time watchdog says
# over pages that it puts the same callback in its own place.
warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)

# Quiet for so long, a burst of changes is over and half-written files are whole.
QUIET_S = 0.4
# A burst without end is looked at now and then.
LONGEST_S = 10.0
# Where nobody tells of changes, they are looked for this often.
POLL_S = 300.0
# Seconds that it is waited for at its end.
PATIENCE_S = 3.0
# More changes than these are not listed one by one.
MOST_KEYS = 500
# Of all that file systems tell, what makes a picture another one; reading it does not.
_TELLING = frozenset({"created", "deleted", "modified", "moved", "closed"})
# File systems whose changes are made elsewhere, of which this kernel is not told.
_REMOTE = (
    "nfs",
    "cifs",
    "smb",
    "9p",
    "fuse.sshfs",
    "fuse.rclone",
    "davfs",
    "afs",
    "ceph",
    "gluster",
)


class FolderWatch:
    """Watches a folder from threads of its own, from its making to `close`.

    Where changes cannot be told - too many folders, a network drive - it falls back to asking for a
    look every `POLL_S` seconds, and `trouble` says why and what to do.

    Args:
        root: The folder.
        changed: Called from a thread when something changed, with the keys of the pictures; None
            where folders came, went or moved, or where too much changed to list.
        extensions: Lower-case endings of what may be a picture, with their dots.
        exclude: Folders within it whose changes are of no interest.
    """

    def __init__(
        self,
        root: Path,
        changed: Callable[[Keys], None],
        *,
        extensions: frozenset[str],
        exclude: Sequence[Path] = (),
    ) -> None:
        self.trouble = ""
        self._root = root
        self._changed = changed
        self._extensions = extensions
        self._exclude = tuple(f"{folder}{os.sep}" for folder in exclude)
        self._news = threading.Condition()
        self._first: float | None = None
        self._keys: set[str] | None = set()
        self._last = 0.0
        self._closed = False
        self._observer: BaseObserver | None = None
        self._thread = threading.Thread(target=self._run, name=f"watch {root}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; what is being called ends, and nothing is called after it."""
        with self._news:
            self._closed = True
            self._news.notify_all()
        # It may still walk through folders of a drive that hangs, which ends with this process.
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        # Thousands of folders take a while, so not in the thread that made this.
        self._observe()
        try:
            while self._wait():
                with self._news:
                    keys, self._keys = self._keys, set()
                try:
                    # Nothing was told: it is time to look everywhere.
                    self._changed(frozenset(keys) if keys else None)
                except Exception:
                    log.exception("what a change of %s was to do failed", self._root)
        finally:
            if self._observer is not None:
                self._observer.stop()
                self._observer.join()

    def _wait(self) -> bool:
        """Wait until a look is due; False when there is nothing to wait for any more."""
        with self._news:
            while not self._closed:
                now = time.monotonic()
                if self._first is None:
                    waited = self._news.wait(POLL_S if self.trouble else None)
                    if not waited and not self._closed:
                        return True
                    continue
                due = min(self._last + QUIET_S, self._first + LONGEST_S)
                if now >= due:
                    self._first = None
                    return True
                self._news.wait(due - now)
        return False

    def _observe(self) -> None:
        if kind := remote_kind(self._root):
            self.trouble = (
                f"{self._root} is on a network drive ({kind}), which does not tell of changes. "
                f"It is looked at every {POLL_S / 60:.0f} minutes; press F5 for a look at once."
            )
            return
        observer = Observer()
        try:
            observer.schedule(_Handler(self._tell), str(self._root), recursive=True)
            observer.start()
        except OSError as error:
            for emitter in observer.emitters:
                emitter.stop()
            observer.stop()
            self.trouble = (
                f"{self._root} cannot be watched ({error.strerror or error}). It is looked at "
                f"every {POLL_S / 60:.0f} minutes instead. {_cure(error)}"
            )
            log.warning("%s", self.trouble)
            return
        self._observer = observer

    def _tell(self, event: FileSystemEvent) -> None:
        if event.event_type not in _TELLING:
            return
        # A folder is modified with every file in it, which is told of by itself.
        if event.is_directory and event.event_type == "modified":
            return
        paths = [os.fsdecode(p) for p in (event.src_path, getattr(event, "dest_path", "")) if p]
        if not event.is_directory and not any(
            os.path.splitext(path)[1].lower() in self._extensions  # noqa: PTH122  # on the hot path
            for path in paths
        ):
            return
        if self._exclude and all(path.startswith(self._exclude) for path in paths):
            return
        with self._news:
            self._note(paths, everything=event.is_directory)
            self._last = time.monotonic()
            if self._first is None:
                self._first = self._last
            self._news.notify_all()

    def _note(self, paths: list[str], *, everything: bool) -> None:
        """Remember what changed."""
        if self._keys is None:
            return
        root = f"{self._root}{os.sep}"
        keys = {p.removeprefix(root).replace(os.sep, "/") for p in paths if p.startswith(root)}
        self._keys |= keys
        if everything or len(self._keys) > MOST_KEYS:
            self._keys = None


class _Handler(FileSystemEventHandler):
    """What watchdog hands its events to."""

    def __init__(self, tell: Callable[[FileSystemEvent], None]) -> None:
        self._tell = tell

    def dispatch(self, event: FileSystemEvent) -> None:
        self._tell(event)


def remote_kind(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """Return the kind of the network file system that a path lies on; empty where it is local."""
    try:
        lines = mounts.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""  # another system than Linux, whose drives tell of changes or refuse to be watched
    found, kind = "", ""
    for line in lines:
        fields = line.split()
        if len(fields) < 3:
            continue
        # Blanks and the like are written in octal.
        point = fields[1].encode().decode("unicode_escape", errors="replace")
        inside = path == Path(point) or path.is_relative_to(point)
        if inside and len(point) >= len(found):
            found, kind = point, fields[2]
    return kind if kind.startswith(_REMOTE) else ""


def _cure(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EMFILE):
        return "Raise fs.inotify.max_user_watches with sysctl to have it watched."
    return "Check its drive and its permissions."
