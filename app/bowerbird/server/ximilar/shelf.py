"""One collection as a set of records with ids and fields, whatever kind it is of.

A record of a catalogue has the id and the fields that its owner gave it. A picture of a folder or
bucket is a record too: its id is its uuid, `_file` its key, `tags` its tags, and what else is said
of it are its fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowerbird.errors import BowerbirdError, FilterError
from bowerbird.server.callers import Caller
from bowerbird.server.pictures import from_address, from_base64, from_file, is_address
from bowerbird.server.refusal import RefusedError, refusal
from bowerbird.server.ximilar import mongo
from bowerbird.types import AllOf, Asset, Collection, Comparison, Filter, Item, Query, SourceKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bowerbird.library import Records
    from bowerbird.server.pictures import Bench
    from bowerbird.types import Vector

# Fields that say where a picture is, and are no attributes.
PICTURE = ("_id", "_url", "_file", "_base64")
ALL = "*"
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Brought:
    """A record on its way in, and its picture; a file is read where it lies."""

    item: Item
    picture: bytes | None = None


class Shelf:
    """A collection's records, as far as a caller may see them.

    Args:
        caller: Who asks.
        collection: One that it is for.
        bench: Where pictures are worked on.
    """

    def __init__(self, caller: Caller, collection: Collection, bench: Bench) -> None:
        self.collection = collection
        self._library = caller.library
        self._bench = bench
        self._own_ids = collection.kind is SourceKind.CATALOGUE
        self._records: Records | None = None

    @property
    def records(self) -> Records:
        """The records to bring and change.

        Raises:
            RefusedError: They lie in a folder or a bucket, which are not written to.
        """
        if not self._own_ids:
            raise RefusedError(
                400,
                "This collection lies in a folder or a bucket: put pictures there. Only "
                "catalogues take records.",
            )
        if self._records is None:
            self._records = self._library.records(self.collection)
        return self._records

    # --- which ----------------------------------------------------------------------------------

    def filter(self, tree: Mapping[str, Any] | None = None) -> Filter:
        """Return the filter that leaves this collection's records, or those that match `tree`."""
        here = Comparison("collection", "=", self.collection.uuid)
        return AllOf((here, mongo.read(tree, self.field))) if tree else here

    def field(self, attribute: str) -> str:
        """Return the library's field of an attribute.

        Raises:
            FilterError: It says where the picture is, and is none.
        """
        if attribute == "_id":
            return "key" if self._own_ids else "uuid"
        if attribute == "_file" and not self._own_ids:
            return "key"
        if attribute == "tags" and not self._own_ids:
            return "tag"
        if attribute in PICTURE:
            raise FilterError(f"{attribute} says where a picture is, and is no attribute.")
        return f"meta.{attribute}"

    def matching(self, tree: Mapping[str, Any] | None = None) -> NDArray[np.int64]:
        """Return the assets of the records that match, in the order in which they came."""
        return self._library.matching(self.filter(tree))

    def ids(self, keys: Sequence[str]) -> dict[str, int]:
        """Return the assets of those records that are there, by the records' ids."""
        if self._own_ids:
            return self.records.ids(keys)
        wanted = AllOf((self.filter(), Comparison("uuid", "in", list(keys))))
        found = self._library.matching(wanted)
        return {asset.uuid: asset.id for asset in self._library.assets(found.tolist())}

    # --- what -----------------------------------------------------------------------------------

    def read(self, ids: Sequence[int], fields: Sequence[str]) -> dict[int, dict[str, Any]]:
        """Return records by their assets' ids, with as many fields as are asked for.

        Args:
            ids: Of assets.
            fields: Names, or `*` for all; `_id` always comes along.
        """
        if self._own_ids and set(fields) <= {"_id"}:
            keys = self.records.keys(ids)
            return {asset_id: {"_id": key} for asset_id, key in keys.items()}
        return {asset.id: self._record(asset, fields) for asset in self._library.assets(ids)}

    def _record(self, asset: Asset, fields: Sequence[str]) -> dict[str, Any]:
        if self._own_ids:
            whole: dict[str, Any] = {"_id": asset.key, **asset.metadata}
            image = self.records.image(asset.key)
            if image is not None:
                whole |= self._place(image)
        else:
            whole = {"_id": asset.uuid, "_file": asset.key, **asset.metadata}
            if asset.tags:
                whole["tags"] = list(asset.tags)
        if ALL in fields:
            return whole
        return {name: value for name, value in whole.items() if name == "_id" or name in fields}

    def _place(self, image: str) -> dict[str, str]:
        """Return an address, or a file as a caller may name it: paths are the user's alone."""
        if is_address(image):
            return {"_url": image}
        path = Path(image)
        for root in self._library.roots(self.collection):
            if path.is_relative_to(root):
                return {"_file": path.relative_to(root).as_posix()}
        return {"_file": path.name}

    # --- pictures -------------------------------------------------------------------------------

    def known_vector(self, record: Mapping[str, Any]) -> Vector | None:
        """Return the embedding of a record to search by that is here; None for one that is not."""
        key = record.get("_id")
        ids = [] if key is None else list(self.ids([str(key)]).values())
        return self._library.vectors(ids).get(ids[0]) if ids else None

    def vector(self, record: Mapping[str, Any]) -> Vector:
        """Return the embedding of a record to search by: one that is here, or a picture.

        Raises:
            RefusedError: There is none of either.
        """
        known = self.known_vector(record)
        if known is not None:
            return known
        try:
            picture = self.picture(record)
            with self._bench.place():
                return self._library.embed(picture)
        except (RefusedError, BowerbirdError) as error:
            refused = error if isinstance(error, RefusedError) else refusal(error)
            if refused.status >= 500:  # no fault of the record's
                raise
            text = f"The record is neither in the collection nor a picture. {refused.text}"
            raise RefusedError(403, text) from error

    def picture(self, record: Mapping[str, Any]) -> bytes:
        """Return the bytes of a record's picture.

        Raises:
            RefusedError: It has none, or names one that its caller may not.
            BowerbirdError: It cannot be had.
        """
        if isinstance(text := record.get("_base64"), str):
            return from_base64(text)
        if isinstance(url := record.get("_url"), str):
            return from_address(self._library, url)
        if isinstance(name := record.get("_file"), str):
            return from_file(self.file(name))
        raise RefusedError(400, "The record has neither _url, _base64 nor _file.")

    def file(self, name: str) -> Path:
        """Return a file that a record may name: one below the collection's own roots.

        Raises:
            RefusedError: It lies elsewhere, or is not there; which of them is not said.
        """
        for root in self._library.roots(self.collection):
            try:
                path = (root / name).resolve()
                if path.is_relative_to(root.resolve()) and path.is_file():
                    return path
            except (OSError, ValueError):
                continue
        raise RefusedError(400, "The record names no file below this collection's folders.")

    def brought(self, record: Mapping[str, Any], key: str) -> Brought:
        """Return a record as the library takes it; what lies on the web is fetched.

        Raises:
            RefusedError: It has no picture, or one that its caller may not name.
            BowerbirdError: It cannot be had.
        """
        metadata = self.change(record, key).metadata
        if isinstance(text := record.get("_base64"), str):
            return Brought(Item(key, "", metadata), from_base64(text))
        if isinstance(url := record.get("_url"), str) and is_address(url):
            return Brought(Item(key, url, metadata), from_address(self._library, url))
        if isinstance(name := record.get("_file"), str):
            return Brought(Item(key, str(self.file(name)), metadata))
        raise RefusedError(400, "The record has neither an _url, a _base64 nor a _file.")

    def look(self, brought: Brought) -> Vector:
        """Return the embedding of a record that is on its way in.

        Raises:
            RefusedError: Too much is asked at once, or its file is too large.
            BowerbirdError: It is no picture.
        """
        picture = brought.picture or from_file(Path(brought.item.image))
        with self._bench.place():
            return self._library.embed(picture)

    def change(self, record: Mapping[str, Any], key: str) -> Item:
        """Return what a record says, without its picture."""
        return Item(key, "", {k: v for k, v in record.items() if k not in PICTURE})

    def kept(self, keys: Sequence[str]) -> dict[str, Path]:
        """Return the files of those records whose pictures came with them."""
        return self.records.kept(keys) if self._own_ids else {}

    # --- ranking --------------------------------------------------------------------------------

    def rank(self, query: Query, fields: Sequence[str]) -> tuple[list[dict[str, Any]], list[float]]:
        """Return the records that a query finds, and their scores, best first."""
        found = self._library.search(query)
        ids = found.ids.tolist()
        records = self.read(ids, fields)
        scores = [] if found.scores is None else found.scores.tolist()
        # One that was deleted meanwhile is no record any more.
        there = [at for at, each in enumerate(ids) if each in records]
        return [records[ids[at]] for at in there], [scores[at] for at in there]

    def pages(
        self, ids: NDArray[np.int64], fields: Sequence[str]
    ) -> Iterable[list[dict[str, Any]]]:
        """Yield records in the order of their assets, some at a time."""
        for at in range(0, len(ids), _PAGE):
            page = ids[at : at + _PAGE].tolist()
            records = self.read(page, fields)
            yield [records[each] for each in page if each in records]
