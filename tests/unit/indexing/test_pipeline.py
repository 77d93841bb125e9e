"""From entries to rows: order, batches, what bounds the look-ahead, and what fails alone."""

import io
import threading
from dataclasses import replace

import pytest
from PIL import Image

from bowerbird.indexing.pipeline import REST_BYTES, Job, prepare, run
from bowerbird.settings import Settings
from bowerbird.types import Entry, Record
from helpers.encoders import FakeEncoder
from helpers.sources import MemorySource

SETTINGS = Settings(batch_size=4, decode_workers=2)


def source(count: int) -> MemorySource:
    made = MemorySource()
    for number in range(count):
        stream = io.BytesIO()
        Image.new("RGB", (40, 30), (number, 0, 0)).save(stream, "PNG")
        made.put(f"{number:03d}.png", stream.getvalue())
    return made


def jobs(of: MemorySource) -> list[Job]:
    return [Job(1, entry) for entry in of.entries() if isinstance(entry, Entry)]


def test_batches_come_in_order_with_everything_made() -> None:
    files, encoder = source(10), FakeEncoder()
    written: list[Record] = []
    batches = list(run(jobs(files), files, encoder, SETTINGS, written.extend))
    assert [len(batch) for batch in batches] == [4, 4, 2]
    assert encoder.batches == [4, 4, 2]
    assert [record.entry.key for record in written] == sorted(files.files)
    for record in written:
        assert record.decoded is not None
        assert record.fingerprint is not None
        assert record.embedding is not None
        assert record.embedding.shape == (encoder.dim,)


def test_failures_keep_embeddings_with_their_pictures() -> None:
    files, encoder = source(6), FakeEncoder()
    files.put("002.png", b"no picture")
    written: list[Record] = []
    list(run(jobs(files), files, encoder, SETTINGS, written.extend))
    assert [record.reason is None for record in written] == [
        record.entry.key != "002.png" for record in written
    ]
    good = [record for record in written if record.decoded is not None]
    for record in good:
        assert record.decoded is not None
        alone = encoder.encode_images(record.decoded.pixels[None])[0]
        assert record.embedding == pytest.approx(alone)


def test_look_ahead_is_bounded_by_bytes() -> None:
    files, encoder = source(100), FakeEncoder()
    item = encoder.spec.size**2 * 3 + REST_BYTES
    settings = replace(SETTINGS, queue_bytes=12 * item)
    most = 0

    def write(records: list[Record]) -> None:
        nonlocal most
        done = len(files.opened) - written
        most = max(most, done)

    written = 0
    for batch in run(jobs(files), files, encoder, settings, write):
        written += len(batch)
    # What is taken from the queue makes room for as many, and a batch is being written.
    assert most <= 12 + 2 * settings.batch_size


def test_abandoned_run_leaves_no_threads() -> None:
    files, encoder = source(40), FakeEncoder()
    before = threading.active_count()
    running = run(jobs(files), files, encoder, SETTINGS, lambda _: None)
    next(running)
    running.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_failing_write_stops_the_run() -> None:
    files = source(40)
    before = threading.active_count()

    def full(_: list[Record]) -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        list(run(jobs(files), files, FakeEncoder(), SETTINGS, full))
    assert threading.active_count() == before


def test_unreadable_entry_is_not_opened() -> None:
    files = source(1)
    job = replace(jobs(files)[0], unreadable="may not be read")
    record = prepare(job, files, FakeEncoder().spec, SETTINGS, threading.Semaphore())
    assert record.reason == "may not be read"
    assert files.opened == []
