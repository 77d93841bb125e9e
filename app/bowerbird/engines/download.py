"""Fetches a model's files: resumed where it stopped, checked, and complete or not there at all."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bowerbird.engines import transfer
from bowerbird.engines.transfer import Remote, TransferBrokenError
from bowerbird.errors import ConflictError, DownloadError, StorageFullError
from bowerbird.types import Progress

HUB = "https://huggingface.co"
GITHUB = "https://github.com"
MANIFEST = "bowerbird.json"
PART = ".part"
_TRIES = 6  # without a single byte in between; waits of 1, 2, 4, 8 and 16 s
_LONGEST_WAIT_S = 60.0
_STEP_S = 0.5  # a wait is cut up, so that it can be cancelled
_CHUNK = 1 << 18
_EVERY_S = 0.1
_WINDOW_S = 5.0  # the rate is a mean over this long
_SPARE = 64 << 20  # never fill a disk to its last byte


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file to fetch: its name here, where it lies, and its digest where known beforehand."""

    name: str
    url: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the manifest remembers of a file that arrived whole."""

    size: int
    sha256: str


def hub_url(repo: str, name: str) -> str:
    """Return the address of a file of a hub repository; `$HF_ENDPOINT` names a mirror."""
    return f"{_endpoint('HF_ENDPOINT', HUB)}/{repo}/resolve/main/{name}"


def release_url(repo: str, release: str, name: str) -> str:
    """Return the address of a file of a release; `$BOWERBIRD_GITHUB` names a mirror of GitHub."""
    return f"{_endpoint('BOWERBIRD_GITHUB', GITHUB)}/{repo}/releases/download/{release}/{name}"


def _endpoint(variable: str, usual: str) -> str:
    return os.environ.get(variable, "").strip().rstrip("/") or usual


def read_manifest(folder: Path) -> dict[str, Kept]:
    """Return what arrived whole in `folder`; empty when nothing did."""
    try:
        files = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        return {name: Kept(int(f["size"]), str(f["sha256"])) for name, f in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def complete(folder: Path, names: Sequence[str]) -> bool:
    """Return whether all files arrived and still have their size; reads none of them."""
    kept = read_manifest(folder)
    try:
        return all(
            name in kept and (folder / name).stat().st_size == kept[name].size for name in names
        )
    except OSError:
        return False


def verify(folder: Path, names: Sequence[str]) -> list[str]:
    """Return those files that are not as they arrived; reads all of them."""
    kept = read_manifest(folder)
    return [name for name in names if name not in kept or not _intact(folder / name, kept[name])]


def fetch(
    files: Sequence[RemoteFile],
    folder: Path,
    *,
    title: str,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Progress]:
    """Bring `files` into `folder`. Closing the iterator cancels; what has arrived stays.

    Files that are there already are checked first, and fetched anew when they are damaged.

    Args:
        files: What to fetch.
        folder: Where to; made when needed.
        title: Named in the sentences.
        pause: Sleeps; replaced in tests.

    Yields:
        Progress in bytes: `checking` what is there, `downloading`, and `checking` what came.

    Raises:
        ConflictError: Another process is fetching the same.
        StorageFullError: The disk is full, or would be.
        DownloadError: It failed for good, or after its retries.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder, title):
            yield from _Download(files, folder, title, pause).run()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFullError(
                f"The disk of {folder} is full. Free some space and start again; what has arrived "
                "is kept."
            ) from error
        raise DownloadError(
            f"{error.filename or folder} cannot be written ({error.strerror}). Check the rights of "
            "the folder, or name another one in BOWERBIRD_MODELS."
        ) from error


def _intact(path: Path, kept: Kept) -> bool:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == kept.sha256
    except OSError:
        return False


class _Download:
    def __init__(
        self,
        files: Sequence[RemoteFile],
        folder: Path,
        title: str,
        pause: Callable[[float], None],
    ) -> None:
        self._files = files
        self._folder = folder
        self._title = title
        self._pause = pause
        self._kept = read_manifest(folder)
        self._before = 0  # bytes of the files that are finished
        self._total: int | None = None
        self._pace = _Pace()

    def run(self) -> Iterator[Progress]:
        yield from self._check_kept()
        todo = [file for file in self._files if file.name not in self._kept]
        remotes: dict[str, Remote] = {}
        for file in todo:
            remotes[file.name] = yield from self._probe(file)
        self._make_room(todo, remotes)
        sizes = [remote.size for remote in remotes.values()]
        if None not in sizes:
            self._total = self._before + sum(size or 0 for size in sizes)
        for file in todo:
            yield from self._fetch(file, remotes[file.name])

    def _check_kept(self) -> Iterator[Progress]:
        wanted = [file.name for file in self._files if file.name in self._kept]
        total = sum(self._kept[name].size for name in wanted)
        for name in wanted:
            kept = self._kept[name]
            path = self._folder / name
            if path.is_file() and path.stat().st_size == kept.size:
                digest = yield from self._hash(path, self._before, total)
                if digest == kept.sha256:
                    self._before += kept.size
                    continue
            path.unlink(missing_ok=True)
            del self._kept[name]
            self._write_manifest()

    def _make_room(self, todo: Sequence[RemoteFile], remotes: dict[str, Remote]) -> None:
        missing = 0
        for file in todo:
            remote = remotes[file.name]
            missing += max(0, (remote.size or 0) - self._arrived(file, remote))
        free = shutil.disk_usage(self._folder).free
        if todo and missing + _SPARE > free:
            raise StorageFullError(
                f"{self._title} needs {_megabytes(missing + _SPARE)} more, but the disk of "
                f"{self._folder} has only {_megabytes(free)} left. Free some space, or name "
                "another folder in BOWERBIRD_MODELS."
            )

    def _arrived(self, file: RemoteFile, remote: Remote) -> int:
        """Return how much of this very version is here; another version's part is dropped."""
        part, mark = self._part(file), self._mark(file)
        try:
            size = part.stat().st_size
            known = mark.read_text("utf-8")
        except OSError:
            size, known = 0, ""
        if not remote.version or known != remote.version or size > (remote.size or size):
            part.unlink(missing_ok=True)
            mark.unlink(missing_ok=True)
            return 0
        return size

    def _fetch(self, file: RemoteFile, remote: Remote) -> Iterator[Progress]:
        path = self._folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        start = self._arrived(file, remote)
        self._mark(file).write_text(remote.version, "utf-8")
        part = self._part(file)
        with part.open("ab") as out:
            tries = 0
            while remote.size is None or start < remote.size:
                try:
                    yield from self._receive(file, remote, start, out)
                    break
                except TransferBrokenError as error:
                    reached = out.tell()
                    tries = 1 if reached > start else tries + 1
                    start = reached
                    yield from self._wait(tries, error, file, reached)
            out.flush()
            os.fsync(out.fileno())
        yield from self._accept(file, remote)

    def _receive(
        self, file: RemoteFile, remote: Remote, start: int, out: BinaryIO
    ) -> Iterator[Progress]:
        stream = transfer.open_at(file.url, start, remote)
        try:
            if stream.offset != out.tell():
                out.truncate(stream.offset)
                out.seek(stream.offset)
            told = 0.0
            while chunk := stream.read(_CHUNK):
                out.write(chunk)
                self._pace.add(len(chunk))
                if time.monotonic() - told >= _EVERY_S:
                    told = time.monotonic()
                    yield self._progress(out.tell(), file.name)
        finally:
            stream.close()
            out.flush()
        if remote.size is not None and out.tell() != remote.size:
            if out.tell() > remote.size:
                out.truncate(0)
                out.seek(0)
            raise TransferBrokenError("the transfer ended too early or too late")
        yield self._progress(out.tell(), file.name)

    def _accept(self, file: RemoteFile, remote: Remote) -> Iterator[Progress]:
        part, path = self._part(file), self._folder / file.name
        digest = yield from self._hash(part, self._before, self._total)
        if {file.sha256, remote.sha256} - {"", digest}:
            part.unlink()
            self._mark(file).unlink(missing_ok=True)
            raise DownloadError(
                f"{file.name} of {self._title} arrived damaged (its checksum is wrong). "
                "Start the download again; if it happens again, use another mirror "
                f"({transfer.MIRRORS})."
            )
        size = part.stat().st_size
        part.replace(path)
        self._mark(file).unlink(missing_ok=True)
        self._kept[file.name] = Kept(size, digest)
        self._write_manifest()
        self._before += size

    def _hash(self, path: Path, before: int, total: int | None) -> Generator[Progress, None, str]:
        digest, told = hashlib.sha256(), 0.0
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                if time.monotonic() - told >= _EVERY_S:
                    told = time.monotonic()
                    name = path.name.removesuffix(PART)
                    yield Progress("checking", before + stream.tell(), total, current=name)
        return digest.hexdigest()

    def _probe(self, file: RemoteFile) -> Generator[Progress, None, Remote]:
        tries = 0
        while True:
            try:
                return transfer.probe(file.url)
            except TransferBrokenError as error:
                tries += 1
                yield from self._wait(tries, error, file, 0)

    def _wait(
        self, tries: int, error: TransferBrokenError, file: RemoteFile, here: int
    ) -> Iterator[Progress]:
        if tries >= _TRIES:
            raise DownloadError(
                f"{self._title} could not be downloaded: {error}. Check the connection and start "
                "again; what has arrived is kept."
            ) from error
        left = min(error.wait_s or 2.0 ** (tries - 1), _LONGEST_WAIT_S)
        self._pace.clear()
        while left > 0:
            yield self._progress(here, file.name)
            self._pause(min(left, _STEP_S))
            left -= _STEP_S

    def _progress(self, here: int, name: str) -> Progress:
        done, rate = self._before + here, self._pace.rate()
        left = None if self._total is None or not rate else (self._total - done) / rate
        return Progress("downloading", done, self._total, rate=rate, remaining_s=left, current=name)

    def _write_manifest(self) -> None:
        files = {name: {"size": f.size, "sha256": f.sha256} for name, f in self._kept.items()}
        new = self._folder / f"{MANIFEST}.new"
        new.write_text(json.dumps({"files": files}, indent=1), "utf-8")
        new.replace(self._folder / MANIFEST)

    def _part(self, file: RemoteFile) -> Path:
        return self._folder / f"{file.name}{PART}"

    def _mark(self, file: RemoteFile) -> Path:
        return self._folder / f"{file.name}.version"


class _Pace:
    """Bytes a second over the last few seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque(maxlen=2000)
        self._bytes = 0

    def add(self, count: int) -> None:
        now = time.monotonic()
        self._seen.append((now, self._bytes))
        self._bytes += count
        while now - self._seen[0][0] > _WINDOW_S:
            self._seen.popleft()

    def rate(self) -> float:
        if not self._seen:
            return 0.0
        since, before = self._seen[0]
        spent = time.monotonic() - since
        return (self._bytes - before) / spent if spent > 0 else 0.0

    def clear(self) -> None:
        self._seen.clear()


@contextmanager
def _locked(folder: Path, title: str) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise ConflictError(
            f"{title} is being downloaded by another Bowerbird already. Wait for it to finish."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
