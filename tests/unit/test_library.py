"""The one door, on real files with the shipped model."""

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bowerbird import paths
from bowerbird.errors import (
    ConflictError,
    DecodeError,
    ModelMissingError,
    NotFoundError,
    SourceError,
    SourceOfflineError,
    TooLargeError,
    UsageError,
)
from bowerbird.library import Library
from bowerbird.types import Auto, CollectionCounts, Comparison, Keys, Query, Status, Stroke
from helpers import films


def draw(path: Path, ground: str, dot: str) -> Path:
    """A dot on a ground: enough for a picture to be like another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", (160, 120), ground)
    ImageDraw.Draw(image).ellipse((50, 30, 110, 90), fill=dot)
    image.save(path)
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    draw(folder / "red.png", "white", "red")
    draw(folder / "sub" / "blue.jpg", "white", "blue")
    draw(folder / "night.webp", "black", "yellow")
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    with Library.open(tmp_path / "library") as opened:
        yield opened


def sync(library: Library, folder: Path) -> None:
    for _ in library.sync(library.add_folder(folder)):
        pass


def test_add_sync_search(library: Library, photos: Path) -> None:
    sync(library, photos)
    assert library.counts().ok == 3
    assert library.status().embedded == 3
    results = library.search(Query(images=(photos / "red.png",), limit=2))
    (best, _) = library.assets([hit.asset_id for hit in results])
    assert best.name == "red.png"
    assert results[0].score == pytest.approx(1.0, abs=0.01)
    assert library.locate(best) == photos / "red.png"
    assert library.asset(best.uuid) == best
    assert len(library.search(Query(texts=("a red circle",)))) == 3
    assert 0.0 <= library.relevance(0.3) <= 1.0
    assert all(check.ok for check in library.doctor())


def test_collection_by_every_name_it_has(library: Library, photos: Path) -> None:
    made = library.add_folder(photos, "Holiday")
    for ref in (made.id, made.uuid, "Holiday", str(photos), str(photos / "sub" / "..")):
        assert library.collection(ref).id == made.id
    for ref in ("holiday", "HOLIDAY", " Holiday "):
        assert library.collection(ref).id == made.id, "one such name alone can be given"
    with pytest.raises(NotFoundError, match="Known: 'Holiday'"):
        library.collection("Holidays")


def test_evicted_thumbnail_is_made_anew(library: Library, photos: Path) -> None:
    sync(library, photos)
    (asset,) = library.assets(
        library.search(Query(filter=Comparison("name", "=", "red.png"))).ids.tolist()
    )
    before = library.thumbnail(asset)
    assert before is not None
    (kept,) = (library.path / "thumbnails").glob(f"*/{asset.md5}*")
    kept.unlink()
    assert library.thumbnail(asset) == before
    assert kept.exists()
    kept.unlink()
    (photos / "red.png").unlink()
    assert library.thumbnail(asset) is None
    assert library.locate(asset) is None


def test_library_inside_its_own_folder_does_not_index_itself(tmp_path: Path, photos: Path) -> None:
    with Library.open(photos / "library") as opened:
        sync(opened, photos)
        sync(opened, photos)
        assert opened.counts().ok == 3
        assert opened.counts().failed == 0


def test_tags_and_metadata_are_found(library: Library, photos: Path) -> None:
    sync(library, photos)
    ids = library.search(Query()).ids.tolist()
    library.tag(ids[:1], ["sunset"])
    library.set_metadata(ids[1], {"price": 12.5})
    assert (
        library.search(Query(filter=library.parse_filter("tag = sunset"))).ids.tolist() == (ids[:1])
    )
    cheap = library.parse_filter("meta.price < 20")
    assert library.search(Query(filter=cheap)).ids.tolist() == ids[1:2]
    assert library.search(Query(texts=("sunset",), limit=1)).ids.tolist() == ids[:1]
    library.untag(ids[:1], ["sunset"])
    assert len(library.search(Query(filter=library.parse_filter("tag = sunset")))) == 0


def test_removed_collection_leaves_its_files(library: Library, photos: Path) -> None:
    sync(library, photos)
    library.remove_collection(library.collections()[0])
    assert library.counts().ok == 0
    assert len(list(photos.rglob("*.*"))) == 3
    assert len(library.search(Query(texts=("red",)))) == 0


def test_failures_have_reasons(library: Library, photos: Path) -> None:
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    sync(library, photos)
    (failed,) = library.failures()
    assert failed.name == "broken.jpg"
    assert failed.reason


def test_export_copies(library: Library, photos: Path, tmp_path: Path) -> None:
    sync(library, photos)
    results = library.search(Query())
    steps = list(library.export(results, tmp_path / "out"))
    assert (steps[-1].done, steps[-1].failed) == (3, 0)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "blue.jpg",
        "night.webp",
        "red.png",
    ]
    list(library.export(results, tmp_path / "page.html", "html"))
    assert (tmp_path / "page.html").read_text("utf-8").count("data:image/webp;base64,UklG") == 3
    listed = io.StringIO()
    list(library.export(results, listed, "csv"))
    assert str(photos / "sub" / "blue.jpg") in listed.getvalue()


def test_models_that_are_not_here_say_how_to_get_them(library: Library) -> None:
    known = {info.id: info for info in library.models() if info.kind == "search"}
    assert known["builtin"].active
    assert known["builtin"].installed
    other = next(info for info in known.values() if not info.installed)
    with pytest.raises(ModelMissingError, match="models get"):
        library.use_model(other.id)
    with pytest.raises(NotFoundError, match="models list"):
        library.use_model("no-such-model")
    assert known["builtin"].active


def test_a_shown_picture_may_be_bytes(library: Library, photos: Path) -> None:
    sync(library, photos)
    stream = io.BytesIO()
    with Image.open(photos / "night.webp") as image:
        image.convert("RGB").save(stream, "PNG")
    results = library.search(Query(images=(stream.getvalue(),), limit=1))
    (best,) = library.assets(results.ids.tolist())
    assert best.name == "night.webp"


def test_preview_facets_and_names(library: Library, photos: Path) -> None:
    sync(library, photos)
    (collection,) = library.collections()
    (blue,) = library.assets(library.search(Query(filter=Comparison("name", "=", "blue.jpg"))).ids)
    assert library.preview(blue, 80).shape == (60, 80, 3)
    assert library.preview(blue, 4000).shape == (120, 160, 3), "never larger than the file"
    found = library.search(Query(filter=Comparison("colour", "=", "#0000ff")))
    assert found.ids.tolist() == [blue.id]
    assert dict(library.facets().formats) == {"jpeg": 1, "png": 1, "webp": 1}
    library.rename_collection(collection, " Holidays ")
    assert [each.name for each in library.collections()] == ["Holidays"]
    with pytest.raises(UsageError, match="needs a name"):
        library.rename_collection(collection, "  ")
    library.save_search("Circles", Query(texts=("a circle",)))
    assert [search.name for search in library.saved_searches()] == ["Circles"]
    library.forget_search("Circles")
    assert library.saved_searches() == []


def test_a_models_speed_is_measured(library: Library) -> None:
    assert library.measure_model("builtin") > 1


def test_a_collection_is_looked_at_by_itself_when_it_is_due(library: Library, photos: Path) -> None:
    collection = library.add_folder(photos)
    assert collection.auto is Auto.CHANGE
    assert library.due() == [collection]
    for _ in library.sync(collection):
        pass
    once = library.collection(collection.id)
    assert once.last_auto_sync is None
    assert once.last_manual_sync is not None
    assert library.due() == []
    library.set_auto(collection, Auto.HOURLY)
    later = datetime.now(UTC) + timedelta(hours=2)
    (due,) = library.due(later)
    assert due.auto is Auto.HOURLY
    for _ in library.sync(due, auto=True):
        pass
    again = library.collection(due.id)
    assert again.last_auto_sync is not None
    assert again.last_manual_sync == once.last_manual_sync
    assert library.collection(due.id).auto is Auto.HOURLY, "one is kept beside the other"
    library.set_auto(due, Auto.OFF)
    assert library.due(later) == []


def test_a_change_is_searchable_by_itself(library: Library, photos: Path) -> None:
    collection = library.add_folder(photos)
    for _ in library.sync(collection):
        pass
    changed = threading.Event()
    told: list[Keys] = []
    watch = library.watch(collection, lambda keys: [told.append(keys), changed.set()])
    assert watch is not None
    try:
        while watch._observer is None:  # type: ignore[attr-defined]
            time.sleep(0.01)
        draw(photos / "new.png", "green", "white")
        assert changed.wait(10)
        assert told == [frozenset({"new.png"})]
        for _ in library.sync(collection, auto=True, keys=["new.png"]):
            pass
    finally:
        watch.close()
    hits = library.search(Query(filter=Comparison("name", "=", "new.png")))
    assert len(hits) == 1


def test_some_keys_alone_are_looked_at(library: Library, photos: Path) -> None:
    collection = library.add_folder(photos)
    for _ in library.sync(collection):
        pass
    last = library.collection(collection.id).last_sync

    def names(status: str = "ok") -> set[str]:
        found = library.search(Query(filter=Comparison("status", "=", status), limit=None))
        return {asset.key for asset in library.assets(found.ids.tolist())}

    before = {asset.name: asset for asset in library.assets([1, 2, 3])}
    (photos / "red.png").rename(photos / "sub" / "moved.png")
    (photos / "night.webp").unlink()
    draw(photos / "new.jpg", "blue", "red")
    draw(photos / "other.jpg", "red", "blue")
    keys = ["red.png", "sub/moved.png", "new.jpg", "never.jpg", "sub/deep/never.jpg"]
    steps = list(library.sync(collection, keys=keys))
    assert steps[-1].total == 2
    assert names() == {"sub/moved.png", "sub/blue.jpg", "new.jpg", "night.webp"}
    assert names("missing") == set(), "of what was not asked for nothing is concluded"
    (moved,) = [a for a in library.assets([1, 2, 3]) if a.key == "sub/moved.png"]
    assert moved.uuid == before["red.png"].uuid
    list(library.sync(collection, keys=["night.webp", "sub/moved.png"]))
    assert names("missing") == {"night.webp"}
    assert library.collection(collection.id).last_sync == last, "that was no whole look"
    list(library.sync(collection))
    assert "other.jpg" in names()
    with pytest.raises(SourceError, match="leads out"):
        list(library.sync(collection, keys=["../library/library.png"]))


def test_an_empty_mount_point_loses_nothing(library: Library, photos: Path) -> None:
    collection = library.add_folder(photos)
    for _ in library.sync(collection):
        pass
    for path in sorted(photos.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(SourceOfflineError, match="is empty"):
        list(library.sync(collection, keys=["red.png", "night.webp"]))
    assert library.counts().ok == 3


def png(colour: str) -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, "PNG")
    stream.seek(0)
    return stream


def test_pictures_in_the_library_itself(library: Library, photos: Path, tmp_path: Path) -> None:
    uploads = library.add_managed("Uploads")
    with pytest.raises(ConflictError):
        library.add_managed("uploads")
    red = library.put(uploads, "../../red dress.png", png("red"))
    assert (red.name, red.status) == ("red dress.png", Status.OK)
    assert len(library.search(Query(texts=("red",)))) == 1, "searched at once"
    again = library.put(uploads, "other.png", png("red"))
    assert again.uuid == red.uuid, "the same is kept once"
    library.put(uploads, "blue.png", png("blue"))
    assert library.counts(uploads).ok == 2
    list(library.export(library.search(Query(limit=None)), tmp_path / "out"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "blue.png",
        "red dress.png",
    ]
    list(library.sync(uploads))
    assert library.counts(uploads).ok == 2
    other = library.add_folder(photos)
    with pytest.raises(UsageError, match="Only managed"):
        library.put(other, "x.png", png("red"))


def test_bad_uploads_leave_nothing(library: Library) -> None:
    uploads = library.add_managed("Uploads")
    with pytest.raises(DecodeError, match=r"bad\.png"):
        library.put(uploads, "bad.png", io.BytesIO(b"no picture"))
    with pytest.raises(UsageError, match="ending"):
        library.put(uploads, "notes.txt", png("red"))
    with pytest.raises(UsageError, match="ending"):
        library.put(uploads, "", png("red"))
    library.settings = replace(library.settings, managed_file_bytes=50)
    with pytest.raises(TooLargeError, match="managed_file_bytes"):
        library.put(uploads, "large.png", png("red"))
    assert library.counts(uploads) == CollectionCounts()
    assert [path for path in (library.path / "managed").rglob("*") if path.is_file()] == []


def test_a_moved_library_keeps_its_pictures(tmp_path: Path) -> None:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    with Library.open(tmp_path / "one") as library:
        asset = library.put(library.add_managed("Uploads"), "a.png", png("red"))
    (tmp_path / "one").rename(tmp_path / "two")
    with Library.open(tmp_path / "two") as library:
        list(library.sync(library.collections()[0]))
        path = library.locate(asset)
        assert path is not None
        assert path.is_relative_to(tmp_path / "two")
        assert library.counts().ok == 1


def test_near_duplicates_are_the_same_picture_otherwise(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    noise = np.random.default_rng(0)
    for name in ("one", "two", "three"):
        rough = Image.fromarray(noise.integers(0, 256, (6, 8, 3), np.uint8))
        rough.resize((480, 360), Image.Resampling.BICUBIC).save(folder / f"{name}.png")
    with Image.open(folder / "one.png") as image:
        image.resize((200, 150)).save(folder / "small.jpg", quality=60)
        image.point(lambda value: min(255, value + 12)).save(folder / "brighter.jpg")
    sync(library, folder)
    by_name = {a.name: a for a in library.assets([1, 2, 3, 4, 5])}
    found = {asset.name for asset in library.near_duplicates(by_name["one.png"])}
    assert found == {"small.jpg", "brighter.jpg"}
    assert library.near_duplicates(by_name["two.png"]) == []


def test_frames_of_a_video_are_pictures_of_its_file(library: Library, tmp_path: Path) -> None:
    path = films.put(tmp_path / "films", "party.mp4", films.scenes(1, 2))
    collection = library.add_folder(path.parent)
    library.set_videos(collection, wanted=True)
    for _ in library.sync(library.collection(collection.id)):
        pass
    first, late = library.assets(library.matching(None).tolist())
    assert (first.time, int(late.time or 0)) == (0.0, 2)
    assert library.locate(late) == library.fetch(late) == path
    assert library.preview(late, 1000).shape == (96, 160, 3)
    assert not np.array_equal(library.preview(late, 1000), library.preview(first, 1000))
    still = library.still(late)
    assert still is not None
    assert still.name == "party 0-02.png"
    with Image.open(still) as image:
        assert image.size == films.SIZE
    thumbnail = library.thumbnail(late)
    (kept,) = (library.path / "thumbnails").rglob(f"{late.md5}*")
    kept.unlink()
    assert library.kept_thumbnail(late) is None
    assert library.thumbnail(late) == thumbnail
    assert library.compare(late, still).score > 0.9
    assert library.near_duplicates(late) == []
    assert library.analyse(late).width == 160


def test_a_cut_out_is_corrected_and_saved(library: Library, photos: Path, tmp_path: Path) -> None:
    sync(library, photos)
    ids = library.search(Query(filter=Comparison("name", "=", "blue.jpg"))).ids.tolist()
    (asset,) = library.assets(ids)
    draft = library.draft_cutout(asset, 80)
    assert draft.picture.shape == (60, 80, 3)
    whole = (Stroke(((0.0, 0.5), (1.0, 0.5)), 1.0, 1.0, True),)
    assert draft.look(whole).coverage == 1
    beside = library.save_cutout(asset, draft, whole)
    assert beside.target == photos / "sub" / "blue-cutout.png"
    again = library.save_cutout(asset, draft, whole, tmp_path / "out", kind="webp", behind="blur")
    assert again.target == tmp_path / "out" / "blue-cutout.webp"
    with Image.open(beside.target) as image:
        assert (image.size, image.mode) == ((160, 120), "RGBA")
        assert image.getchannel("A").getextrema() == (255, 255)
    twice = library.save_cutout(asset, draft, whole)
    assert twice.target not in (beside.target, photos / "sub" / "blue.jpg"), "nothing is lost"


def test_cut_outs_of_what_cannot_be_used(library: Library, photos: Path, tmp_path: Path) -> None:
    with (photos / "red.png").open("rb") as stream:
        kept = library.put(library.add_managed("mine"), "red.png", stream)
    draft = library.draft_cutout(kept, 80)
    with pytest.raises(SourceError, match=r"in no folder of yours\. Choose one"):
        library.save_cutout(kept, draft, ())
    assert library.save_cutout(kept, draft, (), tmp_path / "out").target is not None
    sync(library, photos)
    ids = library.search(Query(filter=Comparison("name", "=", "night.webp"))).ids.tolist()
    (asset,) = library.assets(ids)
    (photos / "night.webp").write_bytes(b"no picture")
    with pytest.raises(DecodeError, match=r"night\.webp cannot be used: it "):
        library.draft_cutout(asset, 80)
    (photos / "night.webp").unlink()
    with pytest.raises(SourceError, match="is not there now"):
        library.save_cutout(asset, draft, ())
