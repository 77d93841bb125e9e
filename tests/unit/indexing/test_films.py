"""Videos the whole way in: added, changed, moved, deleted, left half-way, without their reader."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from bowerbird.decode import isolation
from bowerbird.decode.fingerprint import frame_md5
from bowerbird.decode.picture import UNKNOWN
from bowerbird.errors import DecodeError, SourceOfflineError
from bowerbird.indexing import pipeline
from bowerbird.indexing.duplicates import find_duplicates
from bowerbird.indexing.pipeline import Job, run
from bowerbird.indexing.sync import sync
from bowerbird.indexing.thumbnails import Thumbnails
from bowerbird.settings import Settings
from bowerbird.store.store import Store
from bowerbird.types import (
    Asset,
    Collection,
    Comparison,
    Entry,
    Progress,
    Record,
    SourceKind,
    Status,
)
from helpers import films
from helpers.encoders import FakeEncoder
from helpers.images import encoded
from helpers.sources import MemorySource

SETTINGS = Settings(batch_size=4, decode_workers=2)
PARTY = films.scenes(1, 2, 3)


class Bench:
    """A collection of a folder with videos, and everything that a sync needs."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.open(folder)
        self.source = MemorySource()
        self.encoder = FakeEncoder()
        self.collection: Collection = self.store.add_collection(
            "films", SourceKind.FOLDER, "/films", {"videos": True}
        )

    def sync(self, **options: bool) -> list[Progress]:
        return list(self.start(**options))

    def start(self, **options: bool) -> Iterator[Progress]:
        return sync(self.store, self.source, self.collection, self.encoder, SETTINGS, **options)

    def assets(self, status: str = "ok") -> dict[str, Asset]:
        ids = self.store.eligible(Comparison("status", "=", status))
        return {asset.key: asset for asset in self.store.assets(ids.tolist())}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    isolation.shut_down()
    made = Bench(tmp_path / "library")
    made.source.put("clips/party.mp4", PARTY)
    yield made
    made.store.close()
    isolation.shut_down()


def test_every_scene_is_an_asset_of_the_file(bench: Bench) -> None:
    steps = bench.sync()
    assets = bench.assets()
    assert len(assets) == bench.store.embedded_count(bench.encoder.id) == 3
    assert steps[-1].done == 1
    first = assets.pop("clips/party.mp4")
    assert (first.time, first.timecode, first.size) == (0.0, "0:00", len(PARTY))
    for key, asset in assets.items():
        assert asset.time is not None
        assert key == f"clips/party.mp4#t={asset.time:.3f}"
        assert (asset.file_key, asset.name, asset.folder) == (first.key, "party.mp4", "clips")
        assert asset.shown_name == f"party.mp4#t={asset.time:.3f}"
        assert (asset.size, asset.modified) == (first.size, first.modified)
        assert asset.md5 == frame_md5(first.md5 or "", asset.time)
        assert bench.store.thumbnail(asset.md5)
    assert len({asset.colours[0].hex for asset in (first, *assets.values())}) == 3
    bench.source.opened.clear()
    assert not [step for step in bench.sync() if step.phase == "indexing" and step.done]
    assert bench.source.opened == []


def test_bytes_are_counted_once_and_files_are_told_from_frames(bench: Bench) -> None:
    bench.sync()
    counts = bench.store.counts(bench.collection.id)
    assert (counts.ok, counts.frames, counts.bytes) == (3, 2, len(PARTY))
    assert bench.store.counts() == counts


def test_frames_stand_in_their_order_where_the_newest_come_first(bench: Bench) -> None:
    bench.source.put("new.png", encoded(films.scene(9), "PNG"), mtime_ns=10**9)
    bench.source.put("old.png", encoded(films.scene(8), "PNG"), mtime_ns=-(10**9))
    bench.sync()
    bench.source.move("clips/party.mp4", "feast.mp4")
    bench.sync()
    ids, _ = bench.store.browse(None, None, 0)
    shown = bench.store.assets(ids)
    assert [asset.name for asset in shown] == ["new.png", *["feast.mp4"] * 3, "old.png"]
    times = [asset.time or 0 for asset in shown[1:4]]
    assert times == sorted(times)


def test_a_renamed_file_takes_its_frames_along(bench: Bench) -> None:
    bench.sync()
    before = {asset.time: asset for asset in bench.assets().values()}
    bench.store.tag([before[0.0].id, max(one.id for one in before.values())], ["ball"])
    bench.source.move("clips/party.mp4", "new/feast.mp4")
    bench.sync()
    after = bench.assets()
    assert {asset.time: asset.id for asset in after.values()} == {
        time: asset.id for time, asset in before.items()
    }
    assert {asset.file_key for asset in after.values()} == {"new/feast.mp4"}
    assert {asset.name for asset in after.values()} == {"feast.mp4"}
    assert sum(asset.tags == ("ball",) for asset in after.values()) == 2
    assert len(bench.store.match_text("feast", None, 10)) == 3
    assert len(bench.store.match_text("party", None, 10)) == 0
    assert not bench.assets("missing")


def test_a_changed_file_changes_its_frames(bench: Bench) -> None:
    bench.sync()
    before = bench.assets()
    bench.source.put("clips/party.mp4", films.scenes(4, 5), mtime_ns=99)
    bench.sync()
    after = bench.assets()
    assert len(after) == 2
    first = after["clips/party.mp4"]
    assert first.id == before["clips/party.mp4"].id
    assert first.md5 != before["clips/party.mp4"].md5
    assert bench.store.embedded_count(bench.encoder.id) == 2
    bench.source.put("clips/party.mp4", encoded(films.scene(1), "PNG"), mtime_ns=100)
    bench.sync()
    (alone,) = bench.assets().values()
    assert (alone.time, alone.timecode, alone.file_key) == (None, "", "clips/party.mp4")


def test_a_deleted_file_takes_its_frames_along_and_brings_them_back(bench: Bench) -> None:
    bench.source.put("other.png", encoded(films.scene(8), "PNG"))
    bench.sync()
    before = bench.assets()
    data = bench.source.files.pop("clips/party.mp4")
    bench.sync()
    assert set(bench.assets()) == {"other.png"}
    assert len(bench.assets("missing")) == 3
    bench.source.files["clips/party.mp4"] = data
    bench.sync()
    assert {key: a.id for key, a in bench.assets().items()} == {k: a.id for k, a in before.items()}
    del bench.source.files["clips/party.mp4"]
    bench.sync()
    bench.store.purge_missing(datetime.now(UTC) + timedelta(days=1))
    assert not bench.assets("missing")
    assert bench.store.embedded_count(bench.encoder.id) == 1
    assert len(bench.store.match_text("party", None, 10)) == 0


def test_a_file_that_moves_to_another_collection_takes_its_frames_along(bench: Bench) -> None:
    bench.sync()
    before = {asset.time: asset.id for asset in bench.assets().values()}
    other = bench.store.add_collection("other", SourceKind.FOLDER, "/other")
    first = bench.assets()["clips/party.mp4"]
    bench.store.move(first.id, Entry("party.mp4", first.size, 7), other.id)
    after = bench.assets().values()
    assert {asset.time: asset.id for asset in after} == before
    assert {asset.collection_id for asset in after} == {other.id}


def test_a_film_that_cannot_be_read_fails_once(bench: Bench) -> None:
    bench.sync()
    bench.source.put("clips/party.mp4", b"no film" * 100, mtime_ns=99)
    bench.source.put("sound.mp4", films.sound())
    bench.sync()
    assert not bench.assets()
    failed = bench.assets("failed")
    assert {key: asset.reason for key, asset in failed.items()} == {
        "clips/party.mp4": "is not a video Bowerbird can read",
        "sound.mp4": "has no moving pictures",
    }


def test_without_the_package_nothing_is_forgotten(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.sync()
    bench.source.put("new.mp4", films.scenes(5, 6))
    bench.source.put("clips/party.mp4", PARTY, mtime_ns=99)
    monkeypatch.setattr(pipeline, "can_read", lambda: False)
    bench.sync()
    assert len(bench.assets()) == 3
    (failed,) = bench.assets("failed").values()
    assert "pip install" in (failed.reason or "")
    monkeypatch.undo()
    bench.sync()
    assert len(bench.assets()) == 5
    assert not bench.assets("failed")


def test_a_cancelled_sync_is_gone_on_with(bench: Bench) -> None:
    for number in range(6):
        bench.source.put(f"{number}.mp4", films.scenes(number, number + 10, seconds=1.0))
    steps = bench.start()
    while (step := next(steps)).phase != "indexing" or not step.done:
        pass
    steps.close()  # type: ignore[attr-defined]
    done = bench.assets()
    assert done
    whole = {asset.file_key for asset in done.values() if asset.time}
    assert whole == {asset.file_key for asset in done.values()}
    bench.sync()
    assert len({asset.file_key for asset in bench.assets().values()}) == 7


def test_a_film_that_is_being_read_is_left_half_way(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, left = threading.Event(), threading.Event()

    def decode_film(*_: object, stopped: Callable[[], bool], **how: object) -> NoReturn:
        began.set()
        while not stopped():
            left.wait(0.01)
        left.set()
        raise DecodeError("was left")

    monkeypatch.setattr(pipeline, "decode_film", decode_film)
    bench.source.put("picture.png", encoded(films.scene(1), "PNG"), mtime_ns=99)
    written: list[Record] = []
    entries = sorted(bench.source.entries(), key=lambda one: one.key, reverse=True)
    here = bench.collection.id
    jobs = [Job(here, one, videos=True) for one in entries if isinstance(one, Entry)]
    settings = replace(SETTINGS, batch_size=1)
    batches = run(jobs, bench.source, bench.encoder, settings, written.extend)
    next(batches)
    assert began.wait(10)
    batches.close()  # type: ignore[attr-defined]
    assert left.is_set()
    assert [record.entry.key for record in written] == ["picture.png"]


def test_another_encoder_sees_every_frame_anew(bench: Bench) -> None:
    bench.sync()
    before = {key: asset.id for key, asset in bench.assets().items()}
    first, bench.encoder = bench.encoder, FakeEncoder("other")
    bench.sync()
    assert bench.store.embedded_count("other") == 3
    assert bench.store.embedded_count(first.id) == 3
    assert {key: asset.id for key, asset in bench.assets().items()} == before


def test_frames_are_no_duplicates_but_equal_files_are(bench: Bench) -> None:
    bench.source.files.clear()
    bench.source.put("still.mp4", films.scenes(1, 2, 1, 2))
    bench.source.put("like.mp4", films.scenes(1, 2, 1, 2, 1))
    bench.source.put("picture.png", encoded(films.scene(1), "PNG"))
    bench.source.put("copy.mp4", films.scenes(1, 2, 1, 2), mtime_ns=50)
    bench.sync()
    encoder = bench.encoder
    thumbnail = Thumbnails(bench.store, lambda _: bench.source, SETTINGS).get
    list(find_duplicates(bench.store, encoder.id, encoder.dim, SETTINGS, thumbnail))
    links = bench.store.links()
    groups = links.groups(bench.store.eligible(None))
    keys = [sorted(asset.key for asset in bench.store.assets(group)) for group in groups]
    assert keys == [["copy.mp4", "still.mp4"]]


def test_another_picture_in_place_of_one_film_is_no_other_drive(bench: Bench) -> None:
    bench.sync()
    bench.source.files.clear()
    bench.source.put("one.png", encoded(films.scene(9), "PNG"))
    bench.sync()
    assert set(bench.assets()) == {"one.png"}


def test_a_folder_of_videos_alone_may_be_passed_over(bench: Bench) -> None:
    bench.sync()
    bench.source.files.clear()
    with pytest.raises(SourceOfflineError):
        bench.sync()
    bench.collection = replace(bench.collection, config={})
    bench.sync()
    assert len(bench.assets("missing")) == 3


def test_names_of_videos_mean_nothing_where_none_were_asked_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes into a catalogue chooses its ids."""
    monkeypatch.setattr(pipeline, "can_read", lambda: False)
    bench.collection = replace(bench.collection, config={})
    bench.source.put("record.mp4", encoded(films.scene(8), "PNG"))
    bench.sync()
    assert bench.assets()["record.mp4"].format == "png"
    assert bench.assets("failed")["clips/party.mp4"].reason == UNKNOWN


def test_filters_know_frames(bench: Bench) -> None:
    bench.source.put("a.png", encoded(films.scene(9), "PNG"))
    bench.sync()

    def keys(field: str, op: str, value: object) -> set[str]:
        ids = bench.store.eligible(Comparison(field, op, value))
        return {asset.key for asset in bench.store.assets(ids.tolist())}

    assert keys("kind", "=", "picture") == {"a.png"}
    assert len(keys("kind", "=", "Video")) == 3
    assert len(keys("time", ">", 1)) == 2
    assert keys("time", "exists", False) == {"a.png"}
    assert len(keys("file", "=", "clips/party.mp4")) == 3
    assert keys("file", "=", "a.png") == {"a.png"}
    ids = bench.store.eligible(None)
    assert set(bench.store.group_values(ids, "file")) == {"a.png", "clips/party.mp4"}


def test_missing_frames_leave_the_search(bench: Bench) -> None:
    bench.sync()
    bench.store.mark_missing([bench.assets()["clips/party.mp4"].id], bench.collection.id)
    assert not bench.assets()
    assert all(asset.status is Status.MISSING for asset in bench.assets("missing").values())
    assert bench.store.embedded_count(bench.encoder.id) == 0
