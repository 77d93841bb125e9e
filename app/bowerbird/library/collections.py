"""Makes, changes and forgets collections."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bowerbird.errors import UsageError
from bowerbird.library.base import Base
from bowerbird.types import Auto, Collection, CollectionCounts, SourceKind


class Collections(Base):
    """The collections of a library."""

    def add_folder(self, path: Path | str, name: str | None = None) -> Collection:
        """Make a collection of a folder, or return the one that it already is.

        Raises:
            NotFoundError: There is no such folder.
            ConflictError: It overlaps another collection, or the name is taken.
        """
        from bowerbird.indexing.adding import add_folder

        return add_folder(self._store, self.path, path, name)

    def add_bucket(
        self,
        url: str,
        name: str | None = None,
        *,
        endpoint: str | None = None,
        region: str | None = None,
        profile: str | None = None,
        anonymous: bool = False,
        path_style: bool = False,
        requester_pays: bool = False,
        queue: str | None = None,
        keys: tuple[str, str] | None = None,
    ) -> Collection:
        """Make a collection of an S3 bucket, once it answers.

        One that is there already is reached in the ways that are said from now on.

        Args:
            url: `s3://bucket/prefix`.
            name: None for the last part of the address.
            endpoint: Address of a service that speaks like S3 (MinIO, Ceph, R2, B2).
            region: Where the bucket lies.
            profile: Of the AWS configuration, which holds the keys.
            anonymous: It is public; no keys are used.
            path_style: The service wants the bucket in the path, not in the host's name.
            requester_pays: Who asks is to pay.
            queue: Address of an SQS queue of its own, to which the bucket sends its events.
            keys: Key and secret, kept in the system's keyring and nowhere else.

        Raises:
            UsageError: The address is none, or there is no keyring.
            ConflictError: It overlaps another collection, or the name is taken.
            SourceError: It cannot be reached, or a permission is missing, which is named.
        """
        from bowerbird.indexing.adding import add_bucket

        config = {
            "endpoint": endpoint,
            "region": region,
            "profile": profile,
            "anonymous": anonymous,
            "path_style": path_style,
            "requester_pays": requester_pays,
            "queue": queue,
        }
        self._sources.clear()  # keys may be others under the same name
        return add_bucket(self._store, url, config, name, keys, self._open_source)

    def add_managed(self, name: str) -> Collection:
        """Make a collection whose pictures lie in the library itself; see `put`.

        Raises:
            UsageError: The name is empty.
            ConflictError: The name is taken.
        """
        from bowerbird.indexing.adding import add_managed

        return add_managed(self._store, self.path, name)

    def add_catalogue(self, name: str) -> Collection:
        """Make a collection of records that are brought to it; see `import_catalogue`.

        Raises:
            UsageError: The name is empty.
            ConflictError: The name is taken.
        """
        from bowerbird.indexing.importing import add_catalogue

        return add_catalogue(self._store, name)

    def counts(self, collection: Collection | None = None) -> CollectionCounts:
        """Count the assets of one collection, or of all."""
        if collection is None or collection.kind is not SourceKind.CATALOGUE:
            return self._store.counts(None if collection is None else collection.id)
        from bowerbird.indexing.importing import counts

        return counts(self._store, collection)

    def rename_collection(self, collection: Collection, name: str) -> None:
        """Give a collection another name.

        Raises:
            UsageError: The name is empty.
            ConflictError: Another collection has it.
        """
        self._store.rename_collection(collection.id, name.strip())

    def remove_collection(self, collection: Collection) -> None:
        """Forget a collection, its assets and keys; the files stay untouched."""
        from bowerbird.indexing.adding import forget_keys

        with self._store.sync_lock(collection.id):
            self._store.remove_collection(collection.id)
        # What came with the records of a catalogue was never anywhere else of the user's.
        shutil.rmtree(self._kept(collection), ignore_errors=True)
        forget_keys(collection)

    def configure(self, collection: Collection, changes: Mapping[str, Any]) -> None:
        """Keep something with a collection; None forgets a value."""
        self._store.configure(collection.id, changes)

    def set_auto(self, collection: Collection, auto: Auto) -> None:
        """Choose when a collection is looked at by itself."""
        self._store.configure(collection.id, {"auto": auto.value})

    def set_videos(self, collection: Collection, *, wanted: bool) -> None:
        """Choose whether the next syncs of a folder look into videos.

        Where they no longer do, what was known of its videos is missing, and kept for a while.

        Raises:
            UsageError: It is no folder, or the package that reads videos is not there.
        """
        from bowerbird.indexing.adding import check_videos

        if wanted:
            check_videos(collection)
        self._store.configure(collection.id, {"videos": True if wanted else None})

    def roots(self, collection: Collection) -> list[Path]:
        """Return the folders whose files may be named by those who use a collection over HTTP."""
        if collection.kind is SourceKind.FOLDER:
            return [Path(collection.location)]
        return [Path(root) for root in collection.config.get("roots", ())]

    def set_roots(self, collection: Collection, folders: Sequence[Path | str]) -> None:
        """Let those who use a catalogue over HTTP name the files of some folders, and no others.

        Raises:
            NotFoundError: One of them is no folder.
            UsageError: The collection is no catalogue.
        """
        from bowerbird.indexing.adding import existing_folder

        if collection.kind is not SourceKind.CATALOGUE:
            raise UsageError(f"{collection.name!r} is no catalogue, and takes no records.")
        roots = [str(existing_folder(folder)) for folder in folders]
        self._store.configure(collection.id, {"roots": roots or None})
