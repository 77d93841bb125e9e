"""Records one by one, beside a sync of their catalogue."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bowerbird import paths
from bowerbird.errors import StorageFullError, UsageError
from bowerbird.library import Library
from bowerbird.settings import Settings
from bowerbird.types import Collection, Item, Query, Status
from helpers.api import look
from helpers.web import Site, serve


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        running.pages = {f"/{number}.png": look(number) for number in range(10)}
        yield running


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    with Library.open(tmp_path / "library", settings=Settings(private_addresses=True)) as opened:
        yield opened


@pytest.fixture
def shop(library: Library) -> Collection:
    return library.add_catalogue("shop")


def sync(library: Library, collection: Collection) -> None:
    for _ in library.sync(collection):
        pass


def test_what_is_inserted_is_found_at_once(library: Library, shop: Collection, site: Site) -> None:
    records = library.records(shop)
    items = [Item("a", f"{site.url}/1.png", {"n": 1}), Item("b", "", {"n": 2})]
    assert records.insert(items, {"b": look(2)}) == {}
    hits = library.search(Query(images=(look(2),), limit=1))
    assert library.assets([hit.asset_id for hit in hits])[0].key == "b"
    assert records.image("a") == f"{site.url}/1.png"
    assert records.image("b") is None
    # A sync finds nothing to do.
    before = site.asked.copy()
    sync(library, shop)
    assert site.asked == before
    assert library.counts(shop).ok == 2


def test_nothing_is_kept_of_what_cannot_be_read(library: Library, shop: Collection) -> None:
    records = library.records(shop)
    refused = records.insert([Item("a"), Item("b"), Item("c")], {"b": b"x", "c": look(1)})
    assert set(refused) == {"a", "b"}
    assert set(records.get(["a", "b", "c"])) == {"c"}
    kept = list((library.path / "managed" / shop.uuid).rglob("*.jpg"))
    assert len(kept) == 1


def test_what_has_no_bytes_counts_none(library: Library, shop: Collection, site: Site) -> None:
    library.records(shop).upsert([Item("a", f"{site.url}/none.png")])
    sync(library, shop)
    counts = library.counts(shop)
    assert (counts.failed, counts.bytes) == (1, 0)


def test_a_full_disk_keeps_nothing(
    library: Library, shop: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageFullError("full")

    records = library.records(shop)
    monkeypatch.setattr(library._store, "write", full)
    with pytest.raises(StorageFullError):
        records.insert([Item("a")], {"a": look(1)})
    assert records.ids(["a"]) == {}
    monkeypatch.undo()
    monkeypatch.setattr("bowerbird.indexing.records.keep", full)
    with pytest.raises(StorageFullError):
        records.insert([Item("a")], {"a": look(1)})
    assert library.counts().ok == 0


def test_inserting_while_a_sync_lists(library: Library, shop: Collection, site: Site) -> None:
    """What comes after a listing was not there to be listed: it is not gone."""
    records = library.records(shop)
    records.upsert([Item(str(n), f"{site.url}/{n}.png") for n in range(5)])
    steps = library.sync(shop)
    assert next(steps).phase == "scanning"
    assert records.insert([Item("new")], {"new": look(7)}) == {}
    for _ in steps:
        pass
    assert library.records(shop).get(["new"])["new"].status is Status.OK
    assert library.counts(shop).ok == 6


def test_many_at_once(library: Library, shop: Collection) -> None:
    failed: list[object] = []

    def insert(number: int) -> None:
        records = library.records(shop)
        try:
            refused = records.insert([Item(f"{number}")], {f"{number}": look(number)})
            failed.extend(refused.values())
        except Exception as error:  # noqa: BLE001  # is asserted below
            failed.append(error)

    threads = [threading.Thread(target=insert, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert library.counts(shop).ok == 12


def test_only_catalogues_take_records(library: Library) -> None:
    with pytest.raises(UsageError, match="no catalogue"):
        library.records(library.add_managed("drop"))


def test_removing_a_catalogue_removes_what_came_with_it(library: Library, shop: Collection) -> None:
    library.records(shop).insert([Item("a")], {"a": look(1)})
    folder = library.path / "managed" / shop.uuid
    assert folder.is_dir()
    library.remove_collection(shop)
    assert not folder.exists()


def test_what_others_name_stays_bounded_when_the_user_imports_over_it(
    library: Library, shop: Collection, tmp_path: Path
) -> None:
    """Only a place that the user names frees a record."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(look(1))
    records = library.records(shop)
    records.upsert([Item("a", str(secret))])
    library.upsert(shop, [Item("a", "", {"n": 1})])
    sync(library, shop)
    assert records.get(["a"])["a"].status is Status.FAILED
    library.upsert(shop, [Item("a", str(secret))])
    for _ in library.sync(shop, retry_failed=True):
        pass
    assert records.get(["a"])["a"].status is Status.OK
