"""Decodes ahead in a pool, encodes in batches and writes: from entries to rows."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bowerbird.decode.decoder import decode
from bowerbird.decode.fingerprint import fingerprint
from bowerbird.errors import (
    DecodeError,
    SourceDeniedError,
    SourceError,
    SourceOfflineError,
    TooLargeError,
)
from bowerbird.types import Asset, Entry, PixelSpec, Record, Source

if TYPE_CHECKING:
    from bowerbird.engines.encoder import Encoder
    from bowerbird.settings import Settings

# A thumbnail and the small facts of a picture; the pixels are counted from the encoder's size.
REST_BYTES = 32 << 10


@dataclass(frozen=True, slots=True)
class Job:
    """One entry to index, and the asset that it replaces, if any."""

    collection_id: int
    entry: Entry
    asset_id: int | None = None
    unreadable: str | None = None


def prepare(
    job: Job,
    source: Source,
    spec: PixelSpec,
    settings: Settings,
    decoding: threading.Semaphore,
) -> Record:
    """Read and decode one entry; a bad file gives a record with its reason.

    Args:
        job: What to index.
        source: Where it lies.
        spec: What the encoder wants.
        settings: For the limits.
        decoding: Held while decoding: more may read at once than there are processors.

    Raises:
        SourceError: The whole source went away, which is no fault of this entry.
    """
    record = Record(job.collection_id, job.entry, job.asset_id)
    if job.unreadable is not None:
        return replace(record, reason=job.unreadable)
    try:
        if job.entry.size > settings.max_file_bytes:
            raise TooLargeError(
                f"is larger than max_file_bytes in the settings ({settings.max_file_bytes})"
            )
        with source.open(job.entry.key) as stream, decoding:
            marks = fingerprint(stream)
            size = stream.tell()
            if job.entry.size < 0:
                record = replace(record, entry=replace(job.entry, size=size))
            elif size != job.entry.size:
                # Half-written, cut on its way, or not the file at all: nothing to judge it by.
                raise SourceOfflineError(f"it has {size} bytes, not {job.entry.size} as listed")
            decoded = decode(stream, job.entry.key, spec, max_pixels=settings.max_pixels)
    except DecodeError as error:
        # Disks that fail and programs that break off leave empty files where pictures were.
        return replace(record, reason=str(error), retry=record.entry.size == 0)
    except (OSError, SourceError) as error:
        source.check()
        retry = isinstance(error, OSError | SourceOfflineError | SourceDeniedError)
        return replace(record, reason=f"could not be read: {_cause(error)}", retry=retry)
    return replace(record, fingerprint=marks, decoded=decoded)


def remake_thumbnail(asset: Asset, source: Source, settings: Settings) -> bytes:
    """Make an asset's thumbnail anew from its source.

    Raises:
        BowerbirdError: The file cannot be read or decoded any more.
        OSError: Likewise.
    """
    with source.open(asset.key) as stream:
        spec = PixelSpec(1)
        return decode(stream, asset.key, spec, max_pixels=settings.max_pixels).thumbnail


def _cause(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def embed(records: list[Record], encoder: Encoder) -> list[Record]:
    """Add embeddings to those records that were decoded, in one batch."""
    import numpy as np

    pixels = [record.decoded.pixels for record in records if record.decoded is not None]
    if not pixels:
        return records
    rows = iter(encoder.encode_images(np.stack(pixels)))
    return [
        record if record.decoded is None else replace(record, embedding=next(rows))
        for record in records
    ]


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

    def start(job: Job) -> Future[Record]:
        return pool.submit(prepare, job, source, encoder.spec, settings, decoding)

    try:
        for batch in _batches(_look_ahead(jobs, start, ahead), settings.batch_size):
            records = embed(batch, encoder)
            write(records)
            yield records
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _look_ahead(
    jobs: Iterable[Job], start: Callable[[Job], Future[Record]], ahead: int
) -> Iterator[Record]:
    """Yield results in order while at most `ahead` are waiting or being made."""
    waiting: deque[Future[Record]] = deque()
    for job in jobs:
        waiting.append(start(job))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _batches(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    while batch := list(itertools.islice(records, size)):
        yield batch
