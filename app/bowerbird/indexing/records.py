"""The records of one catalogue, for those who bring them and ask for them one by one."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.decode.formats import EXTENSIONS
from bowerbird.errors import BowerbirdError, UsageError
from bowerbird.sources.catalogue import KEPT
from bowerbird.sources.managed import drop, keep
from bowerbird.sources.web import is_address
from bowerbird.store.items import mark
from bowerbird.types import Asset, Collection, Item, SourceKind

if TYPE_CHECKING:
    from bowerbird.store.store import Store

# Under what name a picture is kept that came without one; what it is, its content decides.
_NAME = "picture.jpg"


class Records:
    """What a catalogue holds, by its own ids; what came this way is read within bounds alone.

    Args:
        store: Where it is kept.
        collection: A catalogue.
        kept: The folder of pictures that come with their records.
        most_bytes: A picture that is larger is refused.
        index: Indexes keys, with the bytes of pictures that are at hand by the marks of their
            places, and returns why some could not be.

    Raises:
        UsageError: The collection is no catalogue.
    """

    def __init__(
        self,
        store: Store,
        collection: Collection,
        kept: Path,
        most_bytes: int,
        index: Callable[[Sequence[str], Mapping[str, bytes]], dict[str, str]],
    ) -> None:
        if collection.kind is not SourceKind.CATALOGUE:
            raise UsageError(f"{collection.name!r} is no catalogue, and takes no records.")
        self._store = store
        self._items = store.items(collection.id)
        self._kept = kept
        self._most_bytes = most_bytes
        self._index = index

    def ids(self, keys: Iterable[str]) -> dict[str, int]:
        """Return the ids of the assets of those records that are there."""
        return self._items.ids(keys)

    def keys(self, ids: Iterable[int]) -> dict[int, str]:
        """Return what the catalogue calls its assets, by their ids."""
        return self._items.keys(ids)

    def get(self, keys: Sequence[str]) -> dict[str, Asset]:
        """Return those records that are there."""
        ids = self.ids(keys)
        return {asset.key: asset for asset in self._store.assets(list(ids.values()))}

    def outdated(self, keys: Sequence[str]) -> set[str]:
        """Return those of some records whose present picture was not looked at yet."""
        return self._items.outdated(keys)

    def image(self, key: str) -> str | None:
        """Return where a record's picture lies; None where it came with the record."""
        image = self._items.image(key)
        return None if image is None or image.startswith(KEPT) else image

    def address(self, key: str) -> str | None:
        """Return where a record's picture lies on the web; paths are the user's alone."""
        image = self._items.image(key)
        return image if image is not None and is_address(image) else None

    def kept(self, keys: Sequence[str]) -> dict[str, Path]:
        """Return the files of those records whose pictures came with them."""
        images = {key: self._items.image(key) or "" for key in keys}
        return {
            key: self._kept.joinpath(*image.removeprefix(KEPT).split("/"))
            for key, image in images.items()
            if image.startswith(KEPT)
        }

    def upsert(self, items: Sequence[Item], pictures: Mapping[str, bytes] | None = None) -> None:
        """Take records in, each in place of what had its id; a sync fetches their pictures.

        Args:
            items: The records; an empty image leaves the one that is there.
            pictures: The bytes of those that come with them, by their ids; what has a place of its
                own is not kept here.

        Raises:
            UsageError: A record has no picture at all.
            TooLargeError: A picture has too many bytes.
            StorageFullError: No space is left.
        """
        pictures = pictures or {}
        brought = []
        for item in items:
            if item.id in pictures and not item.image:
                stream = io.BytesIO(pictures[item.id])
                key, _ = keep(self._kept, _NAME, stream, EXTENSIONS, self._most_bytes)
                item = replace(item, image=KEPT + key)
            if not item.image and self._items.image(item.id) is None:
                raise UsageError(f"The record {item.id!r} names no picture.")
            brought.append(item)
        self._items.upsert(brought, uuid.uuid4().hex, foreign=True)

    def insert(
        self, items: Sequence[Item], pictures: Mapping[str, bytes] | None = None
    ) -> dict[str, str]:
        """Take new records in and index them; they can be searched when this returns.

        Args:
            items: The records.
            pictures: Bytes by their ids, as for `upsert`; of what has a place of its own they are
                what lies there, and it is not fetched.

        Returns:
            Why a record was not taken, by its id; nothing is kept of it.

        Raises:
            BowerbirdError: None could be taken, for no fault of theirs; nothing is kept.
        """
        refused: dict[str, str] = {}
        taken = []
        given = {mark(item.image): (pictures or {}).get(item.id) for item in items if item.image}
        at_hand = {place: data for place, data in given.items() if data is not None}
        for item in items:
            try:
                self.upsert([item], pictures)
                taken.append(item.id)
            except UsageError as error:
                refused[item.id] = str(error)
        try:
            refused.update(self._index(taken, at_hand))
        except BowerbirdError:
            self.delete(taken)
            raise
        self.delete([key for key in refused if key in taken])
        return refused

    def update(self, items: Sequence[Item]) -> None:
        """Change what is said of records that are there; what they do not speak of stays."""
        self._items.upsert([replace(item, image="") for item in items], uuid.uuid4().hex)

    def delete(self, keys: Sequence[str]) -> list[str]:
        """Take records out for good, and return which were there."""
        found = self.ids(keys)
        images = {self._items.image(key) for key in found}
        self._store.forget(list(found.values()))
        for image in images:
            if image is not None and image.startswith(KEPT) and not self._items.uses(image):
                drop(self._kept, image.removeprefix(KEPT))
        return list(found)
