"""Decodes ahead in a pool, encodes in batches and writes: from entries to rows."""

from __future__ import annotations

import io
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from bowerbird.decode.decoder import decode
from bowerbird.decode.film import can_read, decode_film
from bowerbird.decode.fingerprint import fingerprint, frame_md5
from bowerbird.decode.formats import may_be_video
from bowerbird.decode.scenes import MOST
from bowerbird.decode.video import MISSING
from bowerbird.errors import (
    DecodeError,
    SourceDeniedError,
    SourceError,
    SourceOfflineError,
    TooLargeError,
)
from bowerbird.types import Decoded, Entry, Frame, PixelSpec, Record, Source

if TYPE_CHECKING:
    from bowerbird.engines.encoder import Encoder
    from bowerbird.settings import Settings

# A thumbnail and the small facts of a picture; the pixels are counted from the encoder's size.
REST_BYTES = 32 << 10


@dataclass(frozen=True, slots=True)
class Job:
    """One entry to index, and the asset that it replaces, if any.

    Attributes:
        collection_id: Whose entry it is.
        entry: What the source lists.
        asset_id: The asset that it replaces.
        unreadable: Why the source could not list it properly.
        videos: Whether it may be a video; else it is read as a picture, whatever it is called.
        data: Its bytes where they are at hand; the source is not asked for them then.
    """

    collection_id: int
    entry: Entry
    asset_id: int | None = None
    unreadable: str | None = None
    videos: bool = False
    data: bytes | None = None

    @property
    def is_film(self) -> bool:
        """Whether it is to be read as a video."""
        return self.videos and may_be_video(self.entry.key)


def prepare(
    job: Job,
    source: Source,
    spec: PixelSpec,
    settings: Settings,
    decoding: threading.Semaphore,
    stopped: Callable[[], bool] = lambda: False,
) -> Record:
    """Read and decode one entry; a bad file gives a record with its reason.

    Args:
        job: What to index.
        source: Where it lies.
        spec: What the encoder wants.
        settings: For the limits.
        decoding: Held while decoding: more may read at once than there are processors.
        stopped: Asked now and then whether a video is to be left half-way.

    Raises:
        SourceError: The whole source went away, which is no fault of this entry.
    """
    record = Record(job.collection_id, job.entry, job.asset_id)
    if job.unreadable is not None:
        return replace(record, reason=job.unreadable)
    if job.is_film and not can_read():
        # What was known of it stays, and is of use again once the package is there.
        return replace(record, reason=MISSING, retry=True)
    try:
        if job.entry.size > settings.max_file_bytes and not job.is_film:
            raise TooLargeError(
                f"is larger than max_file_bytes in the settings ({settings.max_file_bytes})"
            )
        with _opened(job, source) as stream, decoding:
            marks = fingerprint(stream)
            size = stream.tell()
            if job.entry.size < 0:
                record = replace(record, entry=replace(job.entry, size=size))
            elif size != job.entry.size:
                # Half-written, cut on its way, or not the file at all: nothing to judge it by.
                raise SourceOfflineError(f"it has {size} bytes, not {job.entry.size} as listed")
            key, limit = job.entry.key, settings.max_pixels
            if job.is_film:
                found = decode_film(stream, key, spec, max_pixels=limit, stopped=stopped)
            else:
                found = [(None, decode(stream, key, spec, max_pixels=limit))]
    except DecodeError as error:
        # Disks that fail and programs that break off leave empty files where pictures were.
        return replace(record, reason=str(error), retry=record.entry.size == 0)
    except (OSError, SourceError) as error:
        source.check()
        retry = isinstance(error, OSError | SourceOfflineError | SourceDeniedError)
        return replace(record, reason=f"could not be read: {_cause(error)}", retry=retry)
    (time, first), *rest = found
    frames = tuple(
        Frame(time, decoded, frame_md5(marks.md5, time))
        for time, decoded in rest
        if time is not None
    )
    return replace(record, fingerprint=marks, decoded=first, time=time, frames=frames)


def _opened(job: Job, source: Source) -> BinaryIO:
    return source.open(job.entry.key) if job.data is None else io.BytesIO(job.data)


def _cause(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def embed(records: list[Record], encoder: Encoder, batch_size: int) -> list[Record]:
    """Add embeddings to those records that were decoded, and to their frames, in batches."""
    import numpy as np

    pixels = [picture.pixels for record in records for picture in _pictures(record)]
    if not pixels:
        return records
    rows = (
        row
        for start in range(0, len(pixels), batch_size)
        for row in encoder.encode_images(np.stack(pixels[start : start + batch_size]))
    )
    return [
        record
        if record.decoded is None
        else replace(
            record,
            embedding=next(rows),
            frames=tuple(replace(frame, embedding=next(rows)) for frame in record.frames),
        )
        for record in records
    ]


def _pictures(record: Record) -> list[Decoded]:
    if record.decoded is None:
        return []
    return [record.decoded, *(frame.decoded for frame in record.frames)]


def run(
    jobs: Iterable[Job],
    source: Source,
    encoder: Encoder,
    settings: Settings,
    write: Callable[[list[Record]], None],
) -> Iterator[list[Record]]:
    """Index `jobs` in order, yielding each batch once it is written.

    The pool stays ahead of the encoder by at most `settings.queue_bytes` of decoded pictures.
    Closing the generator stops the pool; what was not written is not begun again but redone.
    """
    item_bytes = encoder.spec.size**2 * 3 + REST_BYTES
    ahead = max(2 * settings.batch_size, settings.queue_bytes // item_bytes)
    readers = max(settings.workers, source.readers)
    pool = ThreadPoolExecutor(readers, thread_name_prefix="decode")
    decoding = threading.Semaphore(settings.workers)

    stop = threading.Event()

    def start(job: Job) -> Future[Record]:
        how = (source, encoder.spec, settings, decoding, stop.is_set)
        return pool.submit(prepare, job, *how)

    try:
        for batch in _batches(_look_ahead(jobs, start, ahead), settings.batch_size):
            records = embed(batch, encoder, settings.batch_size)
            write(records)
            yield records
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _look_ahead(
    jobs: Iterable[Job], start: Callable[[Job], Future[Record]], ahead: int
) -> Iterator[Record]:
    """Yield results in order while at most `ahead` pictures are waiting or being made."""
    waiting: deque[tuple[Future[Record], int]] = deque()
    weight = 0
    for job in jobs:
        # A video may become as many pictures as are kept of one.
        own = MOST if job.is_film else 1
        waiting.append((start(job), own))
        weight += own
        while weight >= ahead:
            result, own = waiting.popleft()
            weight -= own
            yield result.result()
    while waiting:
        yield waiting.popleft()[0].result()


def _batches(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    """Put records together that have about `size` pictures."""
    batch: list[Record] = []
    pictures = 0
    for record in records:
        batch.append(record)
        pictures += 1 + len(record.frames)
        if pictures >= size:
            yield batch
            batch, pictures = [], 0
    if batch:
        yield batch
