"""Makes the source of a collection, by its kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.errors import SourceError
from bowerbird.sources.folder import FolderSource
from bowerbird.types import Collection, Source, SourceKind

if TYPE_CHECKING:
    from bowerbird.settings import Settings


def open_source(collection: Collection, settings: Settings, extensions: frozenset[str]) -> Source:
    """Return the source behind `collection`; nothing is read yet.

    Raises:
        SourceError: This version cannot open collections of that kind.
    """
    if collection.kind is SourceKind.FOLDER:
        return FolderSource(
            Path(collection.location),
            extensions=extensions,
            ignore=settings.ignore,
            hidden=settings.hidden,
        )
    raise SourceError(
        f"This version cannot open {collection.name!r}, a collection of kind "
        f"{collection.kind}. Update Bowerbird."
    )
