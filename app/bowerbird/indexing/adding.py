"""Makes collections of folders, refusing those that would index a picture twice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowerbird.errors import (
    ConflictError,
    NotFoundError,
    SourceDeniedError,
    SourceError,
    UsageError,
)
from bowerbird.types import Collection, Source, SourceKind

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
    root = _folder(path)
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
    open_source: Callable[[Collection], Source],
) -> Collection:
    """Make a collection of a bucket, or return the one that it already is.

    Args:
        store: Where it is kept.
        url: `s3://bucket/prefix`.
        config: How it is reached, see `sources.s3.S3Source`; never keys.
        name: None for the last part of the address, with a number when that is taken.
        open_source: Opens what would be the collection, so that it is tried before it is made.

    Raises:
        UsageError: The address is none.
        ConflictError: It overlaps another collection, or the name is taken.
        SourceError: It cannot be reached; the message names the permission that is missing.
    """
    parts = [part for part in url.removeprefix("s3://").split("/") if part]
    if not url.startswith("s3://") or not parts:
        raise UsageError(f"{url!r} is no bucket. Write it as s3://bucket/prefix.")
    location = "s3://" + "/".join(parts)
    wanted = {key: value for key, value in config.items() if value}
    known = store.collections()
    for other in known:
        if other.kind is SourceKind.S3:
            if other.location == location:
                return other
            _refuse_part(location, other)
    taken = {other.name for other in known}
    if name in taken:
        raise ConflictError(f"A collection {name!r} exists already. Choose another name.")
    title = name or _free_name(parts[-1], taken)
    open_source(Collection(0, "", title, SourceKind.S3, location, wanted)).check()
    return store.add_collection(title, SourceKind.S3, location, wanted)


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


def _folder(path: Path | str) -> Path:
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
