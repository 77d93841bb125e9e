"""Makes the source of a collection, by its kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.sources.folder import FolderSource
from bowerbird.sources.picking import Picker
from bowerbird.sources.throttle import Throttle
from bowerbird.types import Collection, Source, SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bowerbird.settings import Settings
    from bowerbird.sources.catalogue import Records
    from bowerbird.types import Keys, Watch


def watch(
    collection: Collection,
    changed: Callable[[Keys], None],
    settings: Settings,
    extensions: frozenset[str],
    exclude: Sequence[Path] = (),
) -> Watch | None:
    """Watch the source behind `collection`; None where its kind cannot be watched.

    Args:
        collection: Which.
        changed: Called from a thread when something changed, with the keys where they are known.
        settings: For what is passed over.
        extensions: Endings of what may be a picture.
        exclude: Folders whose changes are of no interest.
    """
    if collection.kind is SourceKind.S3 and collection.config.get("queue"):
        from bowerbird.sources.events import QueueWatch

        picker = Picker(extensions, settings.ignore, hidden=settings.hidden)
        return QueueWatch(collection.location, collection.config, picker, changed)
    if collection.kind is not SourceKind.FOLDER:
        return None
    from bowerbird.sources.watching import FolderWatch

    root = Path(collection.location)
    return FolderWatch(root, changed, extensions=extensions, exclude=exclude)


def open_source(
    collection: Collection,
    settings: Settings,
    extensions: frozenset[str],
    records: Records,
    kept: Path,
) -> Source:
    """Return the source behind `collection`; nothing is read yet.

    Args:
        collection: Which.
        settings: For what is passed over, and how much may be fetched.
        extensions: Endings of what may be a picture.
        records: Those of a catalogue.
        kept: Where pictures lie that came with the records.
    """
    picker = Picker(extensions, settings.ignore, hidden=settings.hidden)
    if collection.kind in (SourceKind.FOLDER, SourceKind.MANAGED):
        return FolderSource(Path(collection.location), picker)
    if collection.kind is SourceKind.S3:
        # boto3 takes a quarter of a second to import.
        from bowerbird.sources.s3 import S3Source

        throttle = Throttle(settings.download_bytes_per_second)
        return S3Source(collection.location, collection.config, picker, throttle)
    from bowerbird.sources.catalogue import CatalogueSource
    from bowerbird.sources.web import web_within

    web, public = web_within(settings), web_within(settings, public=True)
    roots = [Path(root) for root in collection.config.get("roots", ())]
    return CatalogueSource(records, web, public, kept, roots)
