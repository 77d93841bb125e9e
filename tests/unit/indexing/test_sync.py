"""The whole way in, on a real store, a source in memory and an encoder without weights."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bowerbird.errors import ConflictError, SourceOfflineError
from bowerbird.indexing.sync import sync
from bowerbird.settings import Settings
from bowerbird.store.store import Store
from bowerbird.types import Asset, Collection, Progress, SourceKind, Status
from helpers.encoders import FakeEncoder
from helpers.sources import MemorySource

SETTINGS = Settings(batch_size=4, decode_workers=2)


def png(seed: int) -> bytes:
    """A small picture, another for every seed."""
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


class Bench:
    """A collection with everything that a sync needs."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.open(folder)
        self.source = MemorySource()
        self.encoder = FakeEncoder()
        self.collection: Collection = self.store.add_collection(
            "pictures", SourceKind.FOLDER, "/pictures"
        )

    def sync(self, **options: bool) -> list[Progress]:
        return list(self.start(**options))

    def start(self, settings: Settings = SETTINGS, **options: bool) -> Iterator[Progress]:
        return sync(self.store, self.source, self.collection, self.encoder, settings, **options)

    def assets(self) -> dict[str, Asset]:
        ids = self.store.eligible(None)
        return {asset.key: asset for asset in self.store.assets(ids.tolist())}

    def embedded(self) -> int:
        return self.store.embedded_count(self.encoder.id)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "library")
    yield made
    made.store.close()


def indexed(steps: list[Progress]) -> int:
    return max((step.done for step in steps if step.phase == "indexing"), default=0)


def test_indexes_everything_once(bench: Bench) -> None:
    for number in range(10):
        bench.source.put(f"a/{number}.png", png(number))
    steps = bench.sync()
    assert indexed(steps) == 10
    assert (steps[-1].phase, steps[-1].done, steps[-1].total) == ("finishing", 10, 10)
    assets = bench.assets()
    assert len(assets) == bench.embedded() == 10
    first = assets["a/0.png"]
    assert (first.width, first.height, first.format, first.name) == (32, 24, "png", "0.png")
    assert first.status is Status.OK
    assert first.md5 is not None
    assert bench.store.thumbnail(first.md5)
    bench.source.opened.clear()
    assert indexed(bench.sync()) == 0
    assert bench.source.opened == []


def test_newest_first(bench: Bench) -> None:
    for number in range(9):
        bench.source.put(f"{number}.png", png(number), mtime_ns=number * 1000)
    bench.sync()
    assert sorted(bench.source.opened, reverse=True)[0] == bench.source.opened[0] == "8.png"
    ids = [asset.id for _, asset in sorted(bench.assets().items(), reverse=True)]
    assert ids == sorted(ids)


def test_changed_file_keeps_its_id_and_gets_a_new_embedding(bench: Bench) -> None:
    bench.source.put("a.png", png(1), mtime_ns=1)
    bench.sync()
    before = bench.assets()["a.png"]
    bench.store.tag([before.id], ["keep"])
    _, vector_before = bench.store.get_vectors(bench.encoder.id, np.array([before.id]))
    bench.source.put("a.png", png(2), mtime_ns=2)
    assert indexed(bench.sync()) == 1
    after = bench.assets()["a.png"]
    _, vector_after = bench.store.get_vectors(bench.encoder.id, np.array([before.id]))
    assert (after.id, after.uuid, after.tags) == (before.id, before.uuid, ("keep",))
    assert after.md5 != before.md5
    assert not np.allclose(vector_before, vector_after)


def test_moved_file_keeps_everything_and_is_not_embedded_again(bench: Bench) -> None:
    bench.source.put("old/a.png", png(1))
    bench.source.put("b.png", png(2))
    bench.sync()
    before = bench.assets()["old/a.png"]
    bench.store.tag([before.id], ["keep"])
    bench.source.move("old/a.png", "new/renamed.png")
    calls = bench.encoder.images
    bench.sync()
    after = bench.assets()
    assert set(after) == {"new/renamed.png", "b.png"}
    assert after["new/renamed.png"].id == before.id
    assert after["new/renamed.png"].tags == ("keep",)
    assert bench.encoder.images == calls
    assert bench.store.counts(bench.collection.id).missing == 0


def test_same_size_but_other_content_is_no_move(bench: Bench) -> None:
    data = png(1)
    bench.source.put("a.png", data)
    bench.source.put("stays.png", png(3))
    bench.sync()
    before = bench.assets()["a.png"]
    del bench.source.files["a.png"]
    other = bytearray(data)
    other[len(other) // 2] ^= 0xFF  # same size, another content
    bench.source.put("b.png", bytes(other))
    bench.sync()
    assert bench.store.counts(bench.collection.id).missing == 1
    assert before.id not in [asset.id for asset in bench.assets().values()]


def test_two_copies_of_a_moved_file_do_not_both_claim_it(bench: Bench) -> None:
    data = png(1)
    bench.source.put("a.png", data)
    bench.source.put("stays.png", png(3))
    bench.sync()
    before = bench.assets()["a.png"]
    del bench.source.files["a.png"]
    bench.source.put("b.png", data)
    bench.source.put("c.png", data)
    bench.sync()
    after = bench.assets()
    assert set(after) == {"b.png", "c.png", "stays.png"}
    assert before.id in (after["b.png"].id, after["c.png"].id)
    assert after["b.png"].id != after["c.png"].id


def test_a_copy_beside_its_original_is_a_second_asset(bench: Bench) -> None:
    bench.source.put("a.png", png(1))
    bench.sync()
    before = bench.assets()["a.png"]
    bench.source.put("copy of a.png", png(1))
    bench.sync()
    after = bench.assets()
    assert after["a.png"].id == before.id
    assert len(after) == 2


def test_gone_file_is_missing_and_comes_back_whole(bench: Bench) -> None:
    bench.source.put("a.png", png(1))
    bench.source.put("b.png", png(2))
    bench.sync()
    before = bench.assets()["a.png"]
    data = bench.source.files.pop("a.png")
    bench.sync()
    assert set(bench.assets()) == {"b.png"}
    assert bench.store.counts(bench.collection.id).missing == 1
    bench.source.files["a.png"] = data
    calls = bench.encoder.images
    bench.sync()
    assert bench.assets()["a.png"].id == before.id
    assert bench.encoder.images == calls


def test_missing_is_forgotten_after_its_grace_time(bench: Bench) -> None:
    bench.source.put("a.png", png(1))
    bench.source.put("b.png", png(2))
    bench.sync()
    del bench.source.files["a.png"]
    list(bench.start(replace(SETTINGS, grace_days=0)))
    list(bench.start(replace(SETTINGS, grace_days=0)))
    assert bench.store.counts(bench.collection.id).missing == 0
    assert bench.embedded() == 1


def test_offline_source_marks_nothing_missing(bench: Bench) -> None:
    bench.source.put("a.png", png(1))
    bench.source.put("b.png", png(2))
    bench.sync()
    bench.source.offline = True
    with pytest.raises(SourceOfflineError):
        bench.sync()
    bench.source.offline = False
    bench.source.fail_listing_after = 1
    with pytest.raises(SourceOfflineError, match="broke off"):
        bench.sync()
    assert bench.store.counts(bench.collection.id).ok == 2


def test_emptied_root_counts_as_offline(bench: Bench) -> None:
    bench.source.put("a.png", png(1))
    bench.sync()
    bench.source.files.clear()
    with pytest.raises(SourceOfflineError, match="is empty, but 1 pictures were there"):
        bench.sync()
    assert bench.store.counts(bench.collection.id).ok == 1


def test_source_that_goes_away_half_way_fails_no_asset(bench: Bench) -> None:
    for number in range(12):
        bench.source.put(f"{number:02d}.png", png(number))
    bench.source.offline_after_opens = 6
    with pytest.raises(SourceOfflineError):
        bench.sync()
    counts = bench.store.counts(bench.collection.id)
    assert counts.failed == 0
    bench.source.offline = False
    bench.source.offline_after_opens = None
    bench.sync()
    assert bench.store.counts(bench.collection.id).ok == 12


def test_bad_file_is_retried_when_it_changed_and_a_denied_one_always(bench: Bench) -> None:
    bench.source.put("good.png", png(1))
    bench.source.put("bad.png", b"this is no picture", mtime_ns=5)
    bench.source.put("denied.png", png(2))
    bench.source.denied.add("denied.png")
    steps = bench.sync()
    assert steps[-2].failed == 2
    reasons = {asset.key: asset.reason for asset in bench.store.failures()}
    assert set(reasons) == {"bad.png", "denied.png"}
    assert reasons["denied.png"] == "could not be read: permission denied"
    # Permissions change without a trace in the listing.
    assert indexed(bench.sync()) == 1
    assert indexed(bench.sync(retry_failed=True)) == 2
    bench.source.put("bad.png", png(3), mtime_ns=6)
    assert indexed(bench.sync()) == 2
    assert set(bench.assets()) == {"good.png", "bad.png"}
    bench.source.denied.clear()
    assert indexed(bench.sync()) == 1
    assert set(bench.assets()) == {"good.png", "bad.png", "denied.png"}
    assert indexed(bench.sync()) == 0


@pytest.mark.parametrize("fault", ["denied", "emptied"])
def test_what_cannot_be_read_any_more_stays_what_it_was(bench: Bench, fault: str) -> None:
    bench.source.put("a.png", png(1), mtime_ns=5)
    bench.sync()
    before = bench.assets()["a.png"]
    bench.store.tag([before.id], ["mine"])
    if fault == "denied":
        bench.source.put("a.png", png(2), mtime_ns=6)
        bench.source.denied.add("a.png")
    else:
        bench.source.put("a.png", b"", mtime_ns=6)
    steps = bench.sync()
    assert steps[-2].failed == 1
    kept = bench.assets()["a.png"]
    assert (kept.md5, kept.tags, kept.status) == (before.md5, ("mine",), Status.OK)
    assert bench.embedded() == 1
    assert [asset.key for asset in bench.store.failures()] == ["a.png"]
    bench.source.denied.clear()
    bench.source.put("a.png", png(2), mtime_ns=6)
    bench.sync()
    read = bench.assets()["a.png"]
    assert read.md5 != before.md5
    assert (read.id, read.tags, read.reason) == (before.id, ("mine",), None)
    assert bench.store.failures() == []


def test_a_flood_of_empty_files_loses_nothing(bench: Bench) -> None:
    for number in range(12):
        bench.source.put(f"{number}.png", png(number), mtime_ns=5)
    bench.sync()
    before = bench.assets()
    bench.store.tag([asset.id for asset in before.values()], ["mine"])
    for key in before:
        bench.source.put(key, b"", mtime_ns=6)
    assert bench.sync()[-2].failed == 12
    counts = bench.store.counts()
    assert (counts.ok, counts.missing, counts.failed) == (12, 0, 0)
    assert bench.embedded() == 12
    for number in range(12):
        bench.source.put(f"{number}.png", png(number), mtime_ns=7)
    bench.sync()
    after = bench.assets()
    assert {key: asset.id for key, asset in after.items()} == {
        key: asset.id for key, asset in before.items()
    }
    assert all(asset.tags == ("mine",) and asset.reason is None for asset in after.values())


def test_gone_failure_is_forgotten(bench: Bench) -> None:
    bench.source.put("good.png", png(1))
    bench.source.put("bad.png", b"this is no picture")
    bench.sync()
    del bench.source.files["bad.png"]
    bench.sync()
    counts = bench.store.counts(bench.collection.id)
    assert (counts.failed, counts.missing) == (0, 0)


def test_unread_folder_is_listed_and_protects_what_is_in_it(bench: Bench) -> None:
    bench.source.put("locked/a.png", png(1))
    bench.source.put("b.png", png(2))
    bench.sync()
    data = bench.source.files.pop("locked/a.png")
    bench.source.unreadable["locked"] = "may not be read (permission denied)"
    bench.sync()
    assert bench.store.counts(bench.collection.id).missing == 0
    assert [(a.key, a.reason) for a in bench.store.failures()] == [
        ("locked", "may not be read (permission denied)")
    ]
    bench.source.unreadable.clear()
    bench.source.files["locked/a.png"] = data
    bench.sync()
    assert bench.store.failures() == []
    assert bench.store.counts(bench.collection.id).ok == 2


def test_too_large_file_is_not_opened(bench: Bench) -> None:
    bench.source.put("a.png", png(1))
    list(bench.start(replace(SETTINGS, max_file_bytes=10)))
    assert bench.source.opened == []
    assert "max_file_bytes" in (bench.store.failures()[0].reason or "")


def test_cancelled_sync_goes_on_where_it_stopped(bench: Bench) -> None:
    for number in range(20):
        bench.source.put(f"{number:02d}.png", png(number))
    running = bench.start()
    for step in running:
        if step.phase == "indexing" and step.done >= 8:
            break
    running.close()  # type: ignore[attr-defined]
    done = bench.store.counts(bench.collection.id).ok
    assert 8 <= done < 20
    steps = bench.sync()
    assert indexed(steps) == 20 - done
    assert bench.store.counts(bench.collection.id).ok == 20


def test_second_sync_of_a_collection_is_refused_while_one_runs(bench: Bench) -> None:
    for number in range(20):
        bench.source.put(f"{number:02d}.png", png(number))
    running = bench.start()
    next(running)
    with pytest.raises(ConflictError):
        bench.sync()
    running.close()  # type: ignore[attr-defined]
    assert indexed(bench.sync()) == 20


def test_other_encoder_embeds_again_beside_the_first(bench: Bench) -> None:
    bench.source.put("a.png", png(1))
    bench.sync()
    first = bench.encoder
    bench.encoder = FakeEncoder(id="other", dim=first.dim)
    assert indexed(bench.sync()) == 1
    assert bench.store.embedded_count(first.id) == bench.store.embedded_count("other") == 1
    assert bench.assets()["a.png"].status is Status.OK


def test_pictures_of_an_older_library_are_judged_at_the_end(bench: Bench) -> None:
    for number in range(6):
        bench.source.put(f"{number}.png", png(number))
    bench.sync()
    qualities = {key: asset.quality for key, asset in bench.assets().items()}
    assert all(qualities.values())
    with bench.store.database.writing() as connection:
        connection.execute("DELETE FROM qualities")
    steps = bench.sync()
    assert [step.done for step in steps if step.phase == "judging"] == [6]
    assert (steps[-1].phase, steps[-1].done) == ("finishing", 0)
    again = {key: asset.quality for key, asset in bench.assets().items()}
    for key, quality in qualities.items():
        found = again[key]
        assert quality is not None
        assert found is not None
        assert found.brightness == pytest.approx(quality.brightness, abs=0.05)


def test_a_stray_picture_under_an_unmounted_root_forgets_nothing(bench: Bench) -> None:
    bench.source.put("a.png", png(1))
    bench.source.put("b.png", png(2))
    bench.sync()
    kept = dict(bench.source.files)
    bench.source.files.clear()
    bench.source.put("stray.png", png(3))
    for _ in range(3):
        with pytest.raises(SourceOfflineError, match="holds other pictures"):
            bench.sync()
    assert bench.store.counts(bench.collection.id).ok == 2
    bench.source.files.update(kept)
    bench.sync()
    assert bench.store.counts(bench.collection.id).ok == 3


def test_a_single_renamed_file_of_many_is_no_other_folder(bench: Bench) -> None:
    bench.source.put("a.png", png(1))
    bench.source.put("b.png", png(2))
    bench.sync()
    calls = bench.encoder.images
    bench.source.move("a.png", "c.png")
    del bench.source.files["b.png"]
    bench.sync()
    counts = bench.store.counts(bench.collection.id)
    assert (counts.ok, counts.missing) == (1, 1)
    assert bench.encoder.images == calls
