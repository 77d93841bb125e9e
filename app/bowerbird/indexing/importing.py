"""Takes the records of a catalogue in; a sync fetches their pictures afterwards."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.errors import UsageError
from bowerbird.indexing.adding import free_title
from bowerbird.indexing.meter import Meter
from bowerbird.sources.tables import Columns, Rejected, read_items
from bowerbird.sources.web import is_address
from bowerbird.types import Auto, Collection, CollectionCounts, Item, Progress, SourceKind

if TYPE_CHECKING:
    from bowerbird.store.items import Items
    from bowerbird.store.store import Store

BATCH = 1000


def add_catalogue(store: Store, name: str) -> Collection:
    """Make a collection for records that are brought to it.

    Raises:
        UsageError: The name is empty.
        ConflictError: The name is taken.
    """
    title = free_title(store, name)
    location = f"catalogue:{uuid.uuid4().hex}"
    # Pictures that could not be fetched are asked for again once a day.
    return store.add_collection(title, SourceKind.CATALOGUE, location, {"auto": Auto.DAILY.value})


def import_file(
    store: Store,
    path: Path,
    name: str,
    rejected: Callable[[str], None],
    columns: Columns,
    *,
    noted: Callable[[str], None] | None = None,
    prune: bool = False,
) -> Iterator[Progress]:
    """Take the records of a file into the catalogue of a name, which is made when there is none.

    Raises:
        NotFoundError: There is no such file.
        UsageError: It is no catalogue, or holds no records, or the name is another collection's.
    """
    rows = read_items(path, columns)
    # Looked at first: a file that cannot be read leaves no empty catalogue behind.
    first = next(rows, None)
    if first is None:
        raise UsageError(f"{path} holds no records.")
    known = {one.name.casefold(): one for one in store.collections()}
    catalogue = known.get(name.strip().casefold()) or add_catalogue(store, name)
    rows = itertools.chain((first,), rows)
    noted = noted or rejected
    yield from import_items(store, catalogue, rows, rejected, noted=noted, prune=prune)


def import_items(
    store: Store,
    collection: Collection,
    rows: Iterable[Item | Rejected],
    rejected: Callable[[str], None],
    *,
    noted: Callable[[str], None] | None = None,
    prune: bool = False,
    foreign: bool = False,
) -> Iterator[Progress]:
    """Upsert records by their ids, batch by batch; what is written stays written.

    Args:
        store: Where they are kept.
        collection: A catalogue.
        rows: The records, and what is none.
        rejected: Told of each of the latter, in a sentence.
        noted: Told what holds of all of them, in sentences.
        prune: Whether records that are not among `rows` leave the catalogue; only when none was
            rejected, since that one could be among them.
        foreign: Whether somebody else than the user names their pictures, which are to be
            addresses then.

    Raises:
        UsageError: The collection is no catalogue.
    """
    if collection.kind is not SourceKind.CATALOGUE:
        raise UsageError(f"{collection.name!r} is no catalogue, and takes no records.")
    items, batch, failed, good_rows = store.items(collection.id), uuid.uuid4().hex, 0, 0
    meter = Meter("importing")
    waiting = iter(rows)
    while page := list(itertools.islice(waiting, BATCH)):
        good: dict[str, Item] = {}
        bad = 0
        for row in page:
            fault = _fault(row, items, foreign=foreign)
            if fault:
                rejected(fault)
                bad += 1
            elif isinstance(row, Item):
                # The last of several records of one id holds, as it would one by one.
                good[row.id] = _merged(good.get(row.id), row)
        items.upsert(list(good.values()), batch, foreign=foreign)
        failed += bad
        good_rows += len(page) - bad
        yield meter.add(len(page), failed=bad, current=next(reversed(good), ""))
    if prune and not failed:
        items.keep_only(batch)
    if noted is not None:
        if prune and failed:
            noted("nothing was taken out, since rows failed")
        repeated = good_rows - items.taken(batch)
        if repeated:
            rows_repeat = "1 row repeats" if repeated == 1 else f"{repeated:,} rows repeat"
            noted(f"{rows_repeat} the id of another one; the last of each id holds")
            yield meter.add(0, failed=repeated)


def _fault(row: Item | Rejected, items: Items, *, foreign: bool) -> str:
    """Return why a row cannot be taken in, or nothing."""
    if isinstance(row, Rejected):
        return f"row {row.row} {row.reason}"
    if foreign and row.image and not is_address(row.image):
        return f"{row.id!r} names a picture that is no http(s) address"
    return "" if row.image or items.image(row.id) else f"{row.id!r} names no picture"


def counts(store: Store, collection: Collection) -> CollectionCounts:
    """Count a catalogue's records; those that wait are being worked on while a sync runs."""
    found = store.counts(collection.id)
    waiting = store.items(collection.id).waiting()
    if store.is_syncing(collection.id):
        return replace(found, pending=0, processing=waiting)
    return replace(found, pending=waiting)


def _merged(before: Item | None, item: Item) -> Item:
    if before is None:
        return item
    return Item(item.id, item.image or before.image, {**before.metadata, **item.metadata})
