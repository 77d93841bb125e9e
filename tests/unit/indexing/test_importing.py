"""Catalogues from their files to hits, with pictures from a server that misbehaves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bowerbird.engines.models import Models
from bowerbird.errors import ConflictError, UsageError
from bowerbird.library import Library
from bowerbird.settings import Settings
from bowerbird.sources import web
from bowerbird.types import Asset, Auto, Comparison, Item, Query, Status
from helpers.encoders import FakeEncoder
from helpers.web import Site, picture, serve

COLOURS = ("red", "green", "blue", "orange", "black")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(web, "BACKOFF_S", 0)
    with serve() as made:
        for colour in COLOURS:
            made.pages[f"/{colour}.png"] = picture(colour)
        yield made


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    encoder = FakeEncoder()
    monkeypatch.setattr(Models, "encoder", lambda *_: encoder)
    settings = Settings(requests_per_second=0)
    with Library.open(tmp_path / "library", settings=settings) as opened:
        yield opened


def take_in(library: Library, path: Path, **how: bool) -> list[str]:
    bad: list[str] = []
    for _ in library.import_catalogue(path, "Shop", bad.append, **how):  # type: ignore[arg-type]
        pass
    return bad


def sync(library: Library, **how: bool) -> int:
    """Sync, and return how many records were worked on."""
    steps = list(library.sync(library.collection("Shop"), **how))  # type: ignore[arg-type]
    return steps[-1].done


def records(library: Library, status: str = "ok") -> dict[str, Asset]:
    found = library.search(Query(filter=Comparison("status", "=", status), limit=None))
    return {asset.key: asset for asset in library.assets(found.ids.tolist())}


def feed(tmp_path: Path, site: Site, rows: dict[str, tuple[str, float]]) -> Path:
    path = tmp_path / "feed.csv"
    lines = [f"{key},{site.url}/{page},{price}" for key, (page, price) in rows.items()]
    path.write_text("\n".join(["id,image,price", *lines]))
    return path


def test_records_become_pictures_with_their_metadata(
    library: Library, site: Site, tmp_path: Path
) -> None:
    (tmp_path / "own.png").write_bytes(picture("black"))
    path = feed(tmp_path, site, {"a/1": ("red.png", 10), "b": ("green.png", 30)})
    with path.open("a") as stream:
        stream.write("\nc,own.png,50")
    assert take_in(library, path) == []
    shop = library.collection("Shop")
    assert shop.auto is Auto.DAILY
    before = library.counts(shop)
    assert (before.ok, before.pending, before.processing) == (0, 3, 0)
    assert len(records(library, "pending")) == 3
    assert library.search(Query()).total == 0
    syncing = library.sync(shop)
    next(syncing)
    during = library.counts(shop)
    assert (during.pending, during.processing) == (0, 3)
    syncing.close()  # type: ignore[attr-defined]
    assert sync(library) == 3
    after = library.counts(shop)
    assert (after.ok, after.pending, after.processing, after.failed) == (3, 0, 0, 0)
    found = records(library)
    assert found["a/1"].metadata == {"price": 10}
    assert found["a/1"].size == len(site.pages["/red.png"])
    cheap = library.search(Query(filter=library.parse_filter("meta.price < 40"), limit=None))
    assert {asset.key for asset in library.assets(cheap.ids.tolist())} == {"a/1", "b"}
    assert library.address(shop, found["b"]) == f"{site.url}/green.png"
    assert library.locate(found["b"]) is None
    assert library.locate(found["c"]) == tmp_path / "own.png"
    fetched = library.fetch(found["b"])
    assert fetched is not None
    assert fetched.name == "b.png"
    assert fetched.read_bytes() == site.pages["/green.png"]
    assert sync(library) == 0


def test_upserts_keep_what_people_said_and_fetch_only_other_pictures(
    library: Library, site: Site, tmp_path: Path
) -> None:
    take_in(library, feed(tmp_path, site, {"a": ("red.png", 10), "b": ("green.png", 30)}))
    sync(library)
    first = records(library)["a"]
    library.tag([first.id], ["mine"])
    library.set_metadata(first.id, {**first.metadata, "note": "good"})
    site.asked.clear()
    take_in(library, feed(tmp_path, site, {"a": ("red.png", 12), "b": ("blue.png", 30)}))
    # Until the other picture is there, the one before is found.
    assert library.counts(library.collection("Shop")).pending == 1
    assert set(records(library)) == {"a", "b"}
    assert sync(library) == 1
    assert set(site.asked) == {"/blue.png"}
    again = records(library)["a"]
    assert (again.id, again.uuid, again.tags) == (first.id, first.uuid, ("mine",))
    assert again.metadata == {"price": 12, "note": "good"}


def test_records_that_a_file_leaves_out_go_and_come_back_whole(
    library: Library, site: Site, tmp_path: Path
) -> None:
    both = {"a": ("red.png", 10.0), "b": ("green.png", 30.0)}
    take_in(library, feed(tmp_path, site, both))
    sync(library)
    library.tag([records(library)["b"].id], ["mine"])
    site.asked.clear()
    one = feed(tmp_path, site, {"a": ("red.png", 10)})
    take_in(library, one)
    sync(library)
    assert set(records(library)) == {"a", "b"}
    with one.open("a") as stream:
        stream.write("\nbad,ftp://x,1")
    assert take_in(library, one, replace=True)[1:] == ["nothing was taken out, since rows failed"]
    sync(library)
    assert set(records(library)) == {"a", "b"}
    take_in(library, feed(tmp_path, site, {"a": ("red.png", 10)}), replace=True)
    sync(library)
    assert set(records(library)) == {"a"}
    assert records(library, "missing")["b"].tags == ("mine",)
    take_in(library, feed(tmp_path, site, both))
    sync(library)
    assert records(library)["b"].tags == ("mine",)
    assert not site.asked


def test_what_cannot_be_fetched_says_why_and_is_asked_for_again(
    library: Library, site: Site, tmp_path: Path
) -> None:
    site.faults = {"/red.png": [500, 500, 500, 500, 500]}
    site.pages["/page.png"] = b"<html>"
    rows = {"busy": ("red.png", 1.0), "gone": ("none.png", 1.0), "page": ("page.png", 1.0)}
    path = feed(tmp_path, site, {**rows, "good": ("blue.png", 1.0)})
    with path.open("a") as stream:
        stream.write("\nlost,lost.png,1")
    take_in(library, path)
    sync(library)
    counts = library.counts(library.collection("Shop"))
    assert (counts.ok, counts.failed, counts.pending) == (1, 4, 0)
    reasons = {asset.key: asset.reason or "" for asset in library.failures()}
    assert "500" in reasons["busy"]
    assert "404" in reasons["gone"]
    assert "not a picture" in reasons["page"]
    assert "there is no file" in reasons["lost"]
    # What may pass is tried by the next sync, what will not only when somebody asks.
    assert sync(library) == 1
    assert library.counts(library.collection("Shop")).ok == 2
    site.pages["/none.png"] = picture("orange")
    assert sync(library, retry_failed=True) == 3
    assert {asset.key for asset in library.failures()} == {"page", "lost"}


def test_a_picture_that_moved_to_a_silent_host_stays_what_it_was(
    library: Library, site: Site, tmp_path: Path
) -> None:
    take_in(library, feed(tmp_path, site, {"a": ("red.png", 10)}))
    sync(library)
    before = records(library)["a"]
    path = tmp_path / "feed.csv"
    path.write_text("id,image\na,http://127.0.0.1:9/x.png\n")
    take_in(library, path)
    sync(library)
    kept = records(library)["a"]
    assert (kept.md5, kept.status) == (before.md5, Status.OK)
    assert "does not answer" in (kept.reason or "")
    assert [asset.key for asset in library.failures()] == ["a"]


def test_a_half_done_import_and_a_half_done_sync_go_on(
    library: Library, site: Site, tmp_path: Path
) -> None:
    rows = {f"{number:02d}": (f"{COLOURS[number % 5]}.png", number) for number in range(40)}
    path = feed(tmp_path, site, rows)
    take_in(library, path)
    settings = Settings(batch_size=4, requests_per_second=0)
    library.settings = settings
    syncing = library.sync(library.collection("Shop"))
    for step in syncing:
        if step.phase == "indexing" and step.done >= 8:
            break
    syncing.close()  # type: ignore[attr-defined]
    done = library.counts(library.collection("Shop")).ok
    assert 8 <= done < 40
    assert sync(library) == 40 - done
    assert library.counts(library.collection("Shop")).ok == 40


def test_names_and_kinds(library: Library, site: Site, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    library.add_folder(tmp_path / "photos", "Photos")
    with pytest.raises(ConflictError, match="exists already"):
        library.add_catalogue("photos")
    path = feed(tmp_path, site, {"a": ("red.png", 10)})
    with pytest.raises(UsageError, match="no catalogue"):
        list(library.import_catalogue(path, "Photos", lambda _: None))
    empty = tmp_path / "empty.csv"
    empty.write_text("id,image\n")
    with pytest.raises(UsageError, match="holds no records"):
        list(library.import_catalogue(empty, "Empty", lambda _: None))
    assert [one.name for one in library.collections()] == ["Photos"]
    catalogue = library.add_catalogue("API")
    library.upsert(catalogue, [Item("x", f"{site.url}/red.png", {"title": "Red"})])
    assert library.counts(catalogue).pending == 1
    library.remove_collection(catalogue)
    assert records(library, "pending") == {}
