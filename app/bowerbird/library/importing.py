"""Takes in records and pictures that are brought to the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bowerbird.library.duplicates import Duplicates
from bowerbird.types import Asset, Collection, Item, Progress

if TYPE_CHECKING:
    from bowerbird.indexing.records import Records


class Importing(Duplicates):
    """What is brought to a library: records to its catalogues, pictures to its own collections."""

    def import_catalogue(
        self,
        path: Path,
        name: str,
        rejected: Callable[[str], None],
        *,
        noted: Callable[[str], None] | None = None,
        id_column: str = "",
        image_column: str = "",
        replace: bool = False,
    ) -> Iterator[Progress]:
        """Take the records of a file into a catalogue; a sync fetches their pictures.

        Args:
            path: TSV, CSV, JSON lines or Parquet.
            name: Of the catalogue, which is made when there is none.
            rejected: Told of each row that is no record, in a sentence.
            noted: Told what holds of the whole file, in sentences; else `rejected` is.
            id_column: The column that holds the ids; empty to find out.
            image_column: That of addresses or paths of pictures; likewise.
            replace: Whether records that the file does not hold leave the catalogue.

        Raises:
            NotFoundError: There is no such file.
            UsageError: It is no catalogue, or the name is that of another kind of collection.
        """
        from bowerbird.indexing.importing import import_file
        from bowerbird.sources.tables import Columns

        columns = Columns(id_column, image_column)
        return import_file(self._store, path, name, rejected, columns, noted=noted, prune=replace)

    def bring(
        self, path: Path, collection: Collection, rejected: Callable[[str], None]
    ) -> Iterator[Progress]:
        """Take the records of a file into a catalogue that somebody else than the user sent.

        Args:
            path: TSV, CSV, JSON lines or Parquet; pictures are http(s) addresses.
            collection: A catalogue.
            rejected: Told of each row that is no record, in a sentence.

        Raises:
            UsageError: It is no catalogue.
        """
        from bowerbird.indexing.importing import import_items
        from bowerbird.sources.tables import Columns, read_items

        rows = read_items(path, Columns())
        return import_items(self._store, collection, rows, rejected, foreign=True)

    def upsert(self, collection: Collection, items: Sequence[Item]) -> None:
        """Take records into a catalogue, each in place of what had its id.

        Raises:
            UsageError: The collection is no catalogue.
        """
        from bowerbird.indexing.importing import import_items

        for _ in import_items(self._store, collection, items, lambda _: None):
            pass

    def put(
        self, collection: Collection, name: str, data: BinaryIO, *, unless_duplicate: bool = False
    ) -> Asset:
        """Take a picture into a managed collection; it can be searched at once.

        Args:
            collection: A managed one.
            name: What the picture is called.
            data: Its bytes. The same bytes are kept once, under their first name.
            unless_duplicate: Whether it is refused where nearly the same is in the library.

        Raises:
            ConflictError: Nearly the same is there already; nothing is kept of this one.
            UsageError: The collection is not managed, or the name is none of a picture.
            TooLargeError: It is larger than the settings allow.
            DecodeError: It is no picture; nothing is kept of it.
            StorageFullError: No space is left.
        """
        from bowerbird.indexing.adding import put

        root = Path(self._local(collection).location)
        limit = self.settings.managed_file_bytes

        def look(key: str) -> None:
            self._index_now(collection, [key], {})

        twins = self.near_duplicates if unless_duplicate else None
        return put(self._store, collection, root, name, data, limit, look, twins)

    def records(self, collection: Collection) -> Records:
        """Return the records of a catalogue, for those who bring and ask for them one by one.

        Raises:
            UsageError: The collection is no catalogue.
        """
        from bowerbird.indexing.records import Records

        def index(keys: Sequence[str], at_hand: Mapping[str, bytes]) -> dict[str, str]:
            return self._index_now(collection, keys, at_hand)

        limit = self.settings.managed_file_bytes
        return Records(self._store, collection, self._kept(collection), limit, index)

    def _index_now(
        self, collection: Collection, keys: Sequence[str], at_hand: Mapping[str, bytes]
    ) -> dict[str, str]:
        from bowerbird.indexing.once import index_now

        how = (self._source(collection), collection, self._encoder(), self.settings)
        return index_now(self._store, *how, keys, at_hand)
