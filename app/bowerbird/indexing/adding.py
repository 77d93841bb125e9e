"""Makes collections of folders, refusing those that would index a picture twice."""

from __future__ import annotations

import contextlib
import os
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bowerbird.decode.film import can_read
from bowerbird.decode.formats import EXTENSIONS
from bowerbird.decode.video import INSTALL
from bowerbird.errors import (
    ConflictError,
    DecodeError,
    NotFoundError,
    SourceDeniedError,
    SourceError,
    UsageError,
)
from bowerbird.sources import keys as keyring
from bowerbird.sources.managed import drop, keep
from bowerbird.types import Asset, Auto, Collection, Source, SourceKind, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bowerbird.store.store import Store


def add_folder(store: Store, library: Path, path: Path | str, name: str | None) -> Collection:
    """Make a collection of the folder `path`, or return the one that it already is.

    Args:
        store: Where it is kept.
        library: The library's own folder, which cannot be indexed.
        path: The folder.
        name: None for the folder's name, with a number when that is taken.

    Raises:
        NotFoundError: There is no such folder.
        UsageError: It is a file, or the library itself.
        ConflictError: It overlaps another collection, or the name is taken.
        SourceError: It may not be read.
    """
    root = existing_folder(path)
    known = store.collections()
    for other in known:
        if other.kind is SourceKind.FOLDER:
            if Path(other.location) == root:
                return other
            _refuse_overlap(root, other)
    if root.is_relative_to(library):
        raise UsageError(f"{root} lies inside the library itself. Choose another folder.")
    taken = {other.name for other in known}
    if name in taken:
        raise ConflictError(f"A collection {name!r} exists already. Choose another name.")
    title = name or _free_name(root.name or str(root), taken)
    return store.add_collection(title, SourceKind.FOLDER, str(root))


def add_bucket(
    store: Store,
    url: str,
    config: Mapping[str, Any],
    name: str | None,
    keys: tuple[str, str] | None,
    open_source: Callable[[Collection], Source],
) -> Collection:
    """Make a collection of a bucket, or reach the one that it already is in the ways that are said.

    Args:
        store: Where it is kept.
        url: `s3://bucket/prefix`.
        config: How it is reached, see `sources.s3.S3Source`; never keys.
        name: None for the last part of the address, with a number when that is taken.
        keys: Key and secret, to be kept in the system's keyring; None for those of the machine.
        open_source: Opens what would be the collection, so that it is tried before it is made.

    Raises:
        UsageError: The address is none.
        ConflictError: It overlaps another collection, or the name is taken.
        UsageError: There are keys, but no keyring.
        SourceError: It cannot be reached; the message names the permission that is missing.
    """
    parts = [part for part in url.removeprefix("s3://").split("/") if part]
    if not url.startswith("s3://") or not parts:
        raise UsageError(f"{url!r} is no bucket. Write it as s3://bucket/prefix.")
    location = "s3://" + "/".join(parts)
    wanted = {key: value for key, value in config.items() if value}
    if keys is not None:
        wanted["keyring"] = True
    known = store.collections()
    for other in known:
        if other.kind is SourceKind.S3:
            if other.location == location:
                if wanted.items() - dict(other.config).items() or keys is not None:
                    changed = replace(other, config={**other.config, **wanted})
                    _try(changed, keys, open_source)
                    store.configure(other.id, wanted)
                    return changed
                return other
            _refuse_part(location, other)
    taken = {other.name for other in known}
    if name in taken:
        raise ConflictError(f"A collection {name!r} exists already. Choose another name.")
    title = name or _free_name(parts[-1], taken)
    _try(Collection(0, "", title, SourceKind.S3, location, wanted), keys, open_source)
    return store.add_collection(title, SourceKind.S3, location, wanted)


def _try(
    collection: Collection,
    keys: tuple[str, str] | None,
    open_source: Callable[[Collection], Source],
) -> None:
    """Check that a bucket can be listed; keys stay in the keyring only if so."""
    if keys is None:
        open_source(collection).check()
        return
    owner = keyring.owner(collection.location, collection.config.get("endpoint"))
    before = None
    with contextlib.suppress(SourceDeniedError):
        before = keyring.load(owner)
    keyring.save(owner, *keys)
    try:
        open_source(collection).check()
    except BaseException:
        if before is None:
            keyring.forget(owner)
        else:
            keyring.save(owner, *before)
        raise


def forget_keys(collection: Collection) -> None:
    """Take what the keyring holds for a collection out of it."""
    if collection.config.get("keyring"):
        keyring.forget(keyring.owner(collection.location, collection.config.get("endpoint")))


def check_videos(collection: Collection) -> None:
    """Refuse to look into videos where that cannot be.

    Raises:
        UsageError: The collection is no folder, or the package is not there.
    """
    if collection.kind is not SourceKind.FOLDER:
        raise UsageError(
            f"Videos are only looked into in folders, and {collection.name!r} is none. "
            "Copy them into one."
        )
    if not can_read():
        raise UsageError(f"Videos need PyAV, which is not installed. Try again after: {INSTALL}")


def add_managed(store: Store, library: Path, name: str) -> Collection:
    """Make a collection whose pictures lie in the library itself.

    Raises:
        UsageError: The name is empty.
        ConflictError: The name is taken.
    """
    title = free_title(store, name)
    location = f"managed/{uuid.uuid4().hex}"
    (library / location).mkdir(parents=True)
    return store.add_collection(title, SourceKind.MANAGED, location, {"auto": Auto.OFF.value})


def free_title(store: Store, name: str) -> str:
    """Return a name as a collection can have it.

    Raises:
        UsageError: It is empty.
        ConflictError: It is taken.
    """
    title = name.strip()
    if not title:
        raise UsageError("A collection needs a name.")
    if title.casefold() in {other.name.casefold() for other in store.collections()}:
        raise ConflictError(f"A collection {title!r} exists already. Choose another name.")
    return title


def put(
    store: Store,
    collection: Collection,
    root: Path,
    name: str,
    data: BinaryIO,
    most_bytes: int,
    look: Callable[[str], None],
    twins: Callable[[Asset], list[Asset]] | None = None,
) -> Asset:
    """Take a picture into a managed collection and index it.

    Args:
        store: Where it is noted.
        collection: The collection.
        root: Its folder.
        name: What the picture is called.
        data: Its bytes.
        most_bytes: More are refused.
        look: Indexes one key.
        twins: Finds what is nearly the same; None where that is welcome.

    Raises:
        ConflictError: Nearly the same is there already; nothing is kept of this one.
        UsageError: The collection is not managed, or the name is none of a picture.
        TooLargeError: It has too many bytes.
        DecodeError: It is no picture; nothing is kept of it.
        StorageFullError: No space is left.
    """
    if collection.kind is not SourceKind.MANAGED:
        raise UsageError(
            f"{collection.name!r} lies elsewhere: put the picture there, and sync. Only managed "
            "collections take pictures in."
        )
    key, is_new = keep(root, name, data, EXTENSIONS, most_bytes)
    look(key)
    asset = store.asset_at(collection.id, key)
    if asset is not None and asset.status is Status.OK:
        same = twins(asset) if twins is not None and is_new else []
        if not same:
            return asset
        drop(root, key)
        store.forget([asset.id])
        raise ConflictError(f"{name} is nearly the same as {same[0].key}, which is there already.")
    if is_new:
        drop(root, key)
    if asset is not None:
        store.forget([asset.id])
    raise DecodeError(f"{name} {(asset and asset.reason) or 'cannot be read'}")


def _refuse_part(location: str, other: Collection) -> None:
    if f"{location}/".startswith(f"{other.location}/"):
        raise ConflictError(
            f"{location} is part of the collection {other.name!r} already. Sync that one instead."
        )
    if f"{other.location}/".startswith(f"{location}/"):
        raise ConflictError(
            f"{location} contains the collection {other.name!r} ({other.location}). "
            "Remove that collection first, then add the larger part."
        )


def existing_folder(path: Path | str) -> Path:
    """Return the true path of a folder that can be read.

    Raises:
        NotFoundError: There is none.
        UsageError: It is a file.
        SourceError: It may not be read.
    """
    root = Path(path).expanduser()
    try:
        root = root.resolve(strict=True)
        if not root.is_dir():
            raise UsageError(f"{root} is a file. Choose the folder that it lies in.")
        os.scandir(root).close()
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no folder {root}. Check the path.") from error
    except PermissionError as error:
        raise SourceDeniedError(
            f"{root} may not be read. Change its permissions or choose another folder."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be opened: {reason}.") from error
    return root


def _refuse_overlap(root: Path, other: Collection) -> None:
    location = Path(other.location)
    if root.is_relative_to(location):
        raise ConflictError(
            f"{root} is part of the collection {other.name!r} already. Sync that one instead."
        )
    if location.is_relative_to(root):
        raise ConflictError(
            f"{root} contains the collection {other.name!r} ({location}). "
            "Remove that collection first, then add the larger folder."
        )


def _free_name(wish: str, taken: set[str]) -> str:
    number = 2
    name = wish
    while name in taken:
        name, number = f"{wish} {number}", number + 1
    return name
