"""What the store keeps comes back, for every thread and process."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bowerbird.errors import (
    ConflictError,
    FilterError,
    LibraryCorruptError,
    LibraryError,
    NotFoundError,
    StorageFullError,
    UsageError,
)
from bowerbird.store.store import DATABASE, Store
from bowerbird.types import Collection, Colour, Comparison, Orientation, Quality, SourceKind, Status
from helpers.records import DIM, ENCODER, entry, failure, success, unit

APP = Path(__file__).parents[3] / "app"
TESTS = Path(__file__).parents[2]


def test_an_asset_comes_back_whole(store: Store, photos: Collection) -> None:
    taken = datetime(2024, 6, 30, 12, 0, 1)
    listed = entry("Rome/red shoe.jpg", 1234)
    vector = unit(np.random.default_rng(0), 1)[0]
    store.write(
        [success(photos.id, listed, vector, taken=taken, camera="X100", height=1280)], ENCODER
    )
    (asset,) = store.assets([1])
    assert (asset.key, asset.folder, asset.name) == ("Rome/red shoe.jpg", "Rome", "red shoe.jpg")
    assert (asset.size, asset.width, asset.height, asset.format) == (1234, 640, 1280, "jpeg")
    assert (asset.exif.taken, asset.exif.camera, asset.status) == (taken, "X100", Status.OK)
    assert [colour.hex for colour in asset.colours] == ["#fa0a14", "#0000ff"]
    assert store.asset_by_uuid(asset.uuid.upper()) == asset
    assert asset.md5 is not None
    assert store.thumbnail(asset.md5) == b"thumbnail of " + asset.md5.encode()
    assert store.eligible(Comparison("orientation", "=", Orientation.PORTRAIT)).tolist() == [1]
    ids, vectors = store.get_vectors(ENCODER, np.array([9, 1]))
    assert ids.tolist() == [1]
    np.testing.assert_array_equal(vectors[0], vector.astype(np.float16).astype(np.float32))


def test_assets_come_in_the_order_asked_for(store: Store, fill) -> None:
    fill(["a.jpg", "b.jpg", "c.jpg"])
    assert [asset.id for asset in store.assets([3, 99, 1])] == [3, 1]
    assert store.asset_by_uuid("nobody") is None


def test_more_ids_than_sqlite_has_variables(store: Store, fill) -> None:
    fill(["a.jpg"])
    many = np.arange(300_000)
    assert [asset.id for asset in store.assets(many)] == [1]
    assert store.eligible(Comparison("size", "in", list(range(900, 260_000)))).tolist() == [1]


def test_a_failure_replaces_what_was_known_but_not_tags(
    store: Store, photos: Collection, fill
) -> None:
    fill(["a.jpg"])
    store.tag([1], ["Cat"])
    store.write([failure(photos.id, entry("a.jpg", 5), asset_id=1)], ENCODER)
    (asset,) = store.failures(photos.id)
    assert (asset.status, asset.reason, asset.md5) == (Status.FAILED, "is truncated", None)
    assert (asset.tags, asset.colours, asset.width) == (("Cat",), (), None)
    assert store.embedded_count(ENCODER) == 0
    assert store.get_vectors(ENCODER, np.array([1]))[0].tolist() == []


def test_other_encoders_vectors_live_as_long_as_the_content(
    store: Store, photos: Collection, fill
) -> None:
    vectors = fill(["a.jpg"])
    store.write([success(photos.id, entry("a.jpg"), vectors[0], asset_id=1)], "other")
    assert (store.embedded_count(ENCODER), store.embedded_count("other")) == (1, 1)
    changed = success(photos.id, entry("a.jpg", 2), vectors[0], asset_id=1, content="new")
    store.write([changed], "other")
    assert (store.embedded_count(ENCODER), store.embedded_count("other")) == (0, 1)


def test_a_key_written_twice_is_one_asset(store: Store, fill) -> None:
    fill(["a.jpg"])
    fill(["a.jpg"])
    assert store.counts().ok == 1
    assert store.match_text("a", None, 10).tolist() == [1]


def test_a_write_that_fails_keeps_nothing(store: Store, photos: Collection) -> None:
    good = success(photos.id, entry("a.jpg"), unit(np.random.default_rng(0), 1)[0])
    bad = success(photos.id, entry("b.jpg"), np.full(DIM, np.nan, np.float32))
    with pytest.raises(ValueError, match="not finite"):
        store.write([good, bad], ENCODER)
    assert store.counts().ok == 0


def test_counts(store: Store, photos: Collection, fill) -> None:
    fill(["a.jpg", "b.jpg"])
    store.write([failure(photos.id, entry("c.jpg", 5))], ENCODER)
    store.mark_missing([2], 1)
    counts = store.counts(photos.id)
    assert (counts.ok, counts.failed, counts.missing, counts.bytes) == (1, 1, 1, 2005)
    assert store.counts() == counts
    assert store.counts(99).ok == 0


def test_missing_assets_are_forgotten_after_the_grace_time(store: Store, fill) -> None:
    fill(["a.jpg", "b.jpg", "c.jpg"])
    now = datetime.now(UTC)
    store.mark_missing([1], 1, now - timedelta(days=40))
    store.mark_missing([1, 2], 1, now)
    assert store.purge_missing(now - timedelta(days=30)) == 1
    assert [asset.id for asset in store.assets([1, 2, 3])] == [2, 3]
    assert store.match_text("jpg", None, 10).tolist() == [3]
    assert store.eligible(None).tolist() == [3]
    assert store.embedded_count(ENCODER) == 1


def test_a_move_keeps_identity(store: Store, photos: Collection, fill) -> None:
    fill(["old/a.jpg", "new/b.jpg"])
    before = store.assets([1])[0]
    store.tag([1], ["cat"])
    store.mark_missing([1], 1)
    store.move(1, entry("new/b.jpg", 1000, 5), 1)
    (asset,) = store.assets([1, 2])
    assert (asset.uuid, asset.key, asset.tags) == (before.uuid, "new/b.jpg", ("cat",))
    assert asset.status is Status.OK
    assert store.match_text("old", None, 10).tolist() == []
    assert store.match_text("new cat", None, 10).tolist() == [1]
    assert store.embedded_count(ENCODER) == 1


def test_collections(store: Store, photos: Collection, fill) -> None:
    fill(["a.jpg"])
    other = store.add_collection("Photos", SourceKind.FOLDER, "/elsewhere", {"deep": [1]})
    assert (other.name, other.config["deep"]) == ("Photos (2)", [1])
    with pytest.raises(ConflictError, match="photos"):
        store.add_collection("again", SourceKind.FOLDER, "/photos")
    when = datetime(2024, 1, 2, tzinfo=UTC)
    store.finish_sync(other.id, when)
    assert [c.last_sync for c in store.collections()] == [None, when]
    store.remove_collection(photos.id)
    assert [c.name for c in store.collections()] == ["Photos (2)"]
    assert store.counts().bytes == 0
    assert store.embedded_count(ENCODER) == 0
    with store.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM words").fetchone()[0] == 0


def test_tags_and_metadata(store: Store, fill) -> None:
    fill(["a.jpg", "b.jpg"])
    store.tag([1, 2, 99], ["Cat", "grey"])
    store.tag([1], ["CAT"])
    store.untag([2], ["cat"])
    assert [asset.tags for asset in store.assets([1, 2])] == [("Cat", "grey"), ("grey",)]
    assert store.match_text("CAT", None, 10).tolist() == [1]
    store.set_metadata(1, {"price": 12.5, "shop": {"city": "Zürich"}})
    assert store.assets([1])[0].metadata == {"price": 12.5, "shop": {"city": "Zürich"}}
    assert store.match_text("zurich", None, 10).tolist() == [1]
    store.set_metadata(1, {})
    assert store.match_text("zurich", None, 10).tolist() == []
    with pytest.raises(NotFoundError):
        store.set_metadata(99, {})


def test_browse_is_newest_first_and_pages(store: Store, photos: Collection) -> None:
    vectors = unit(np.random.default_rng(0), 3)
    day = 86_400 * 10**9
    store.write(
        [
            success(photos.id, entry("a", 1, 10 * day), vectors[0]),
            success(photos.id, entry("b", 1, 99 * day), vectors[1], taken=datetime(1970, 1, 3)),
            success(photos.id, entry("c", 1, 20 * day), vectors[2]),
        ],
        ENCODER,
    )
    ids, total = store.browse(None, None, 0)
    assert (ids.tolist(), total) == ([3, 1, 2], 3)
    assert store.browse(None, 1, 1)[0].tolist() == [1]
    assert store.browse(None, 5, 7)[0].tolist() == []
    assert store.browse(Comparison("name", "=", "a"), 5, 0)[1] == 1


def test_results_can_be_sorted(store: Store, photos: Collection) -> None:
    vectors = unit(np.random.default_rng(0), 3)
    sizes = {"b.jpg": 30, "A.jpg": 20, "c.jpg": 10}
    store.write(
        [
            success(photos.id, entry(name, size, day), vector)
            for day, ((name, size), vector) in enumerate(zip(sizes.items(), vectors, strict=True))
        ],
        ENCODER,
    )

    def names(sort: str) -> str:
        ids, _ = store.browse(None, None, 0, sort)
        assert store.ordered(np.array([2, 3, 1]), sort).tolist() == ids.tolist()
        return "".join(asset.name[0] for asset in store.assets(ids))

    assert (names("name"), names("-name")) == ("Abc", "cbA")
    assert (names("size"), names("-size")) == ("cAb", "bAc")
    assert names("-date") == "cAb"
    with pytest.raises(UsageError, match="Cannot sort by 'size; DROP'"):
        names("size; DROP")


def test_facets_count_what_is_there(store: Store, photos: Collection) -> None:
    vectors = unit(np.random.default_rng(0), 3)
    store.write(
        [
            success(photos.id, entry("x/1.jpg", 1), vectors[0], taken=datetime(2024, 5, 1)),
            success(photos.id, entry("x/2.jpg", 1), vectors[1], taken=datetime(2024, 6, 1)),
            success(photos.id, entry("3.jpg", 1), vectors[2], camera="Leica Q"),
            failure(photos.id, entry("4.jpg", 1)),
        ],
        ENCODER,
    )
    store.tag([1, 2], ["Cat"])
    store.tag([3], ["dog"])
    found = store.facets(None)
    assert found.tags == (("Cat", 2), ("dog", 1))
    assert found.folders == (("", 1), ("x", 2))
    assert found.pixels == (("0", 3),)
    assert found.months[-2:] == (("2024-05", 1), ("2024-06", 1))
    assert found.cameras == (("Leica Q", 1),)
    assert sum(count for _, count in found.formats) == 3
    assert store.facets(Comparison("tag", "=", "cat")).folders == (("x", 2),)


def test_facts_say_what_can_be_chosen(store: Store, fill) -> None:
    assert store.facets(None).facts == ()
    fill(["a", "b", "c", "d"])
    for number, asset_id in enumerate((1, 2, 3), 1):
        store.set_metadata(
            asset_id,
            {
                "price": number * 1.5,
                "category": "shoes" if number < 3 else "hats",
                "in": ["red", "new"] if number == 1 else ["red"],
                "sold": number == 2,
                "none": None,
                "deep": {"er": 1},
            },
        )
    facts = {fact.name: fact for fact in store.facets(None).facts}
    assert set(facts) == {"price", "category", "in", "sold"}
    assert (facts["price"].least, facts["price"].most, facts["price"].count) == (1.5, 4.5, 3)
    assert facts["category"].values == (("shoes", 2), ("hats", 1))
    assert facts["in"].values == (("red", 3), ("new", 1))
    assert facts["sold"].values == (("false", 2), ("true", 1))
    some = store.facets(Comparison("meta.category", "=", "hats"))
    assert {fact.name: fact.values for fact in some.facts}["category"] == (("hats", 1),)
    assert store.eligible(Comparison("meta.in", "=", "new")).tolist() == [1]
    assert store.eligible(Comparison("meta.in", "!=", "new")).tolist() == [2, 3, 4]
    assert store.eligible(Comparison("meta.in", "in", ["new", "old"])).tolist() == [1]
    assert store.eligible(Comparison("meta.in", "=", "re")).tolist() == []


def test_titles_are_nothing_to_choose_from(store: Store, fill) -> None:
    fill([f"{number}" for number in range(20)])
    for asset_id in range(1, 21):
        store.set_metadata(asset_id, {"title": f"a shoe {asset_id}"})
    assert store.facets(None).facts == ()


def test_group_values(store: Store, fill) -> None:
    fill(["x/a.jpg", "x/b.jpg", "y/c.jpg"])
    store.set_metadata(2, {"sku.id": "A1"})
    ids = np.array([3, 99, 2])
    assert store.group_values(ids, "folder") == ["y", None, "x"]
    assert store.group_values(ids, "meta.sku.id") == [None, None, "A1"]
    with pytest.raises(FilterError, match="Cannot group by 'tag'"):
        store.group_values(ids, "tag")


@pytest.mark.parametrize(
    "text",
    ['"', "a OR", "NEAR(", "*", "-x", "name:a", "🐈", "'; DROP TABLE assets", "\0", "^a", "()"],
)
def test_no_text_breaks_full_text(store: Store, fill, text: str) -> None:
    fill(["zzz.png"])
    assert store.match_text(text, None, 10).tolist() == []


def test_sample_is_the_same_each_time_and_lies_in_the_library(store: Store, fill) -> None:
    vectors = fill([f"{i}.jpg" for i in range(50)])
    sample = store.sample_vectors(ENCODER, 10)
    assert sample.shape == (10, DIM)
    np.testing.assert_array_equal(sample, store.sample_vectors(ENCODER, 10))
    assert (np.abs(sample @ vectors.T).max(axis=1) > 0.999).all()
    assert len(np.unique(sample, axis=0)) == 10
    assert store.sample_vectors(ENCODER, 500).shape == (50, DIM)
    assert store.sample_vectors("nobody", 5).shape[0] == 0


def test_sync_lock_is_for_one(store: Store, tmp_path: Path) -> None:
    with store.sync_lock(1):
        with pytest.raises(ConflictError, match="already"), store.sync_lock(1):
            pass
        with Store.open(tmp_path / "library") as other:
            with pytest.raises(ConflictError), other.sync_lock(1):
                pass
            with other.sync_lock(2):
                pass
    with store.sync_lock(1):
        pass


def test_threads_read_while_one_writes(store: Store, photos: Collection) -> None:
    vectors = unit(np.random.default_rng(0), 40)
    wrong: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                assert len(store.eligible(None)) % 10 == 0, "half a transaction was seen"
        except BaseException as error:  # noqa: BLE001
            wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for start in range(0, 40, 10):
        batch = [success(photos.id, entry(f"{i}"), vectors[i]) for i in range(start, start + 10)]
        store.write(batch, ENCODER)
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong


WRITER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
import numpy as np
from helpers.records import ENCODER, entry, success, unit
from bowerbird.store.store import Store
prefix, count = sys.argv[4], int(sys.argv[5])
with Store.open(Path(sys.argv[3])) as store:
    vectors = unit(np.random.default_rng(1), 10)
    for batch in range(count):
        store.write(
            [success(1, entry(f"{prefix}{batch}-{i}"), vectors[i]) for i in range(10)], ENCODER
        )
        print(batch, flush=True)
"""


def start_writer(folder: Path, prefix: str, count: int) -> subprocess.Popen[str]:
    arguments = [str(APP), str(TESTS), str(folder), prefix, str(count)]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, *arguments], stdout=subprocess.PIPE, text=True
    )


def test_two_processes_write_at_once(store: Store, photos: Collection) -> None:
    writers = [start_writer(store.folder, prefix, 15) for prefix in "ab"]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    assert store.counts(photos.id).ok == 300
    index = store.vectors(ENCODER, DIM)
    index.refresh()
    assert len(index.search(unit(np.random.default_rng(2), 1)[0], 500, None)[0]) == 300


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_kill_nine_loses_at_most_the_batch_in_flight(store: Store, photos: Collection) -> None:
    writer = start_writer(store.folder, "k", 1000)
    assert writer.stdout is not None
    finished = [int(writer.stdout.readline()) for _ in range(5)][-1] + 1
    os.kill(writer.pid, signal.SIGKILL)
    finished += len(writer.communicate()[0].splitlines())
    with Store.open(store.folder) as again:
        count = again.counts(photos.id).ok
        assert count % 10 == 0
        assert finished * 10 <= count <= finished * 10 + 10
        assert all(line.ok for line in again.check())
        assert again.embedded_count(ENCODER) == count


def test_opening_at_once_from_many_processes(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path;"
        "from bowerbird.store.store import Store; Store.open(Path(sys.argv[2])).close()"
    )
    openers = [
        subprocess.Popen([sys.executable, "-c", code, str(APP), str(tmp_path / "new")])
        for _ in range(3)
    ]
    assert [opener.wait(60) for opener in openers] == [0, 0, 0]


@pytest.mark.parametrize("damage", [b"this is no database, but it is long enough" * 40, b"x"])
def test_a_damaged_database_is_refused_and_left(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / DATABASE
    path.write_bytes(damage)
    with pytest.raises(LibraryCorruptError, match="left as it is"):
        Store.open(tmp_path)
    assert path.read_bytes() == damage


def test_pages_overwritten_by_noise_are_reported(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        photos = store.add_collection("photos", SourceKind.FOLDER, "/photos")
        vectors = unit(np.random.default_rng(0), 300)
        store.write([success(photos.id, entry(f"{i}"), vectors[i]) for i in range(300)], ENCODER)
    path = tmp_path / DATABASE
    content = bytearray(path.read_bytes())
    content[4096 * 2 : -4096] = b"\xa5" * (len(content) - 4096 * 3)
    path.write_bytes(content)
    with pytest.raises(LibraryCorruptError), Store.open(tmp_path) as store:
        store.assets(np.arange(300))


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("CREATE TABLE recipes (name)")
    connection.close()
    with pytest.raises(LibraryCorruptError, match="another program"):
        Store.open(tmp_path)


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="Check that"):
        Store.open(tmp_path / "file")


def test_a_full_disk_says_so_and_keeps_what_was_there(
    store: Store, photos: Collection, fill
) -> None:
    fill(["a.jpg"])
    with store.database.exclusively() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    vectors = unit(np.random.default_rng(0), 1000)
    batch = [success(photos.id, entry(f"{i}"), vectors[i]) for i in range(1000)]
    with pytest.raises(StorageFullError, match="Free some space"):
        store.write(batch, ENCODER)
    assert store.counts().ok == 1
    with store.database.exclusively() as connection:
        connection.execute("PRAGMA max_page_count = 1073741823")
    store.write(batch, ENCODER)
    assert store.counts().ok == 1001


def test_meta(store: Store) -> None:
    assert store.get_meta("encoder") is None
    store.set_meta("encoder", "builtin")
    store.set_meta("encoder", "other")
    assert store.get_meta("encoder") == "other"


def test_files_of_the_same_content_are_counted_and_found(store: Store, fill) -> None:
    fill(["a.jpg", "b.jpg", "c.jpg", "d.jpg"])
    with store.database.writing() as connection:
        connection.execute("UPDATE assets SET md5 = 'twice' WHERE id IN (1, 3)")
        connection.execute("UPDATE assets SET md5 = 'gone', status = 'missing' WHERE id = 4")
        connection.execute("UPDATE assets SET md5 = 'gone' WHERE id = 2")
    assert [asset.copies for asset in store.assets([1, 2, 3])] == [1, 0, 1]
    ids, total = store.browse(Comparison("copies", ">", 0), None, 0, "content")
    assert (ids.tolist(), total) == ([1, 3], 2)


def test_shapes(store: Store, fill) -> None:
    fill(["a.jpg", "b.jpg", "c.jpg"])
    with store.database.writing() as connection:
        connection.execute("UPDATE assets SET width = 300, height = 200 WHERE id = 1")
        connection.execute("UPDATE assets SET width = NULL, height = NULL WHERE id = 2")
        connection.execute("UPDATE assets SET width = 100, height = 200 WHERE id = 3")
    shapes = store.shapes(np.array([3, 99, 1, 2]))
    assert shapes.tolist() == [0.5, 1.0, 1.5, 1.0]


def test_colours_sort_around_the_wheel_and_greys_from_dark_to_light(
    store: Store, photos: Collection
) -> None:
    wheel = ["#e0405a", "#e8762c", "#e9c824", "#5aa02e", "#2b8aad", "#3a58c9", "#a04fb3"]
    names = [*wheel, "#101010", "#808080", "#f8f8f8"]
    vectors = unit(np.random.default_rng(0), len(names))
    records = []
    for name, vector in zip(names, vectors, strict=True):
        record = success(photos.id, entry(f"{name}.jpg", 1), vector)
        colour = Colour(*bytes.fromhex(name[1:]), 1.0)
        records.append(replace(record, decoded=replace(record.decoded, colours=(colour,))))
    store.write(records[::-1], ENCODER)
    found = [asset.name[:7] for asset in store.assets(store.browse(None, None, 0, "colour")[0])]
    at = found.index(wheel[0])
    around = found[: len(wheel)]
    assert around[at:] + around[:at] == wheel
    assert found[len(wheel) :] == names[len(wheel) :]


def test_quality_is_kept_filtered_and_sorted_by(store: Store, photos: Collection, fill) -> None:
    fill(["a", "b", "c"])
    assert [asset_id for asset_id, _ in store.unjudged(photos.id, 0, 10)] == [1, 2, 3]
    good, bad = Quality(0.9, 0.8, 0.7, 0.6), Quality(0.2, 0.1, 1.0, 0.5)
    store.set_qualities({1: bad, 3: good, 99: good})
    assert store.assets([3, 1, 2])[0].quality == good
    assert store.assets([2])[0].quality is None
    assert [asset_id for asset_id, _ in store.unjudged(photos.id, 0, 10)] == [2]
    assert store.eligible(Comparison("quality", ">", 0.5)).tolist() == [3]
    assert store.eligible(Comparison("brightness", ">=", 0.7)).tolist() == [1, 3]
    assert store.eligible(Comparison("quality", "exists", False)).tolist() == [2]
    assert store.browse(None, None, 0, "-quality")[0].tolist() == [3, 1, 2]
    store.forget([3])
    assert store.browse(None, None, 0, "-quality")[0].tolist() == [1, 2]
