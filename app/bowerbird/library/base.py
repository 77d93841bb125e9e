"""What all parts of the library stand on: its state, its collections and their sources."""

from __future__ import annotations

import json
import threading
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.decode.formats import EXTENSIONS, VIDEO_EXTENSIONS
from bowerbird.errors import NotFoundError
from bowerbird.sources.originals import Originals
from bowerbird.types import Collection, Source, SourceKind

if TYPE_CHECKING:
    from bowerbird.actions.guesses import Guesser
    from bowerbird.actions.tags import Tagger
    from bowerbird.engines.encoder import Encoder
    from bowerbird.engines.models import Models
    from bowerbird.search.searcher import Searcher
    from bowerbird.settings import Settings
    from bowerbird.sources.given import PublicWeb
    from bowerbird.store.store import Store


class Base:
    """The state of an open library, and what more than one part needs."""

    def __init__(self, path: Path, store: Store, models: Models, settings: Settings) -> None:
        self.path = path
        self.settings = settings
        self._store = store
        self._models = models
        self._lock = threading.Lock()
        self._searcher: tuple[str, Searcher] | None = None
        self._tags: tuple[Hashable, Tagger] | None = None
        self._guesses: Guesser | None = None
        self._sources: dict[int, tuple[Hashable, Source]] = {}
        self._public: PublicWeb | None = None
        self._originals = Originals(path / "originals", settings.originals_bytes)

    def collections(self) -> list[Collection]:
        """Return all collections by name."""
        return self._store.collections()

    def collection(self, ref: str | int) -> Collection:
        """Return the collection with this id, uuid, name or folder; a name in whatever case.

        Raises:
            NotFoundError: There is none.
        """
        known = self.collections()
        for collection in known:
            if ref in (collection.id, collection.uuid, collection.name, collection.location):
                return collection
        if isinstance(ref, str):
            name = ref.strip().casefold()
            for collection in known:
                if collection.name.casefold() == name:
                    return collection
            path = str(Path(ref).expanduser().resolve())
            for collection in known:
                if collection.location == path:
                    return collection
        names = ", ".join(repr(collection.name) for collection in known) or "none yet"
        raise NotFoundError(f"There is no collection {ref!r}. Known: {names}.")

    def _source(self, collection: Collection, *, anew: bool = False) -> Source:
        """Return the source of a collection, the same as long as it is reached in the same way."""
        config = json.dumps(dict(collection.config), sort_keys=True)
        key = (collection.kind, collection.location, config, self.settings)
        with self._lock:
            known = self._sources.get(collection.id)
            if known is not None and known[0] == key and not anew:
                return known[1]
        source = self._open_source(collection)
        with self._lock:
            self._sources[collection.id] = (key, source)
        return source

    def _open_source(self, collection: Collection) -> Source:
        from bowerbird.sources.kinds import open_source

        settings = self.settings
        root = Path(collection.location)
        if self.path.is_relative_to(root):
            # Our own thumbnails are not the user's pictures.
            inside = self.path.relative_to(root).as_posix()
            settings = replace(settings, ignore=(*settings.ignore, inside))
        records = self._store.items(collection.id)
        kept = self._kept(collection)
        endings = endings_of(collection)
        return open_source(self._local(collection), settings, endings, records, kept)

    def _local(self, collection: Collection) -> Collection:
        """Return a collection with a place that can be opened: the library may have moved."""
        if collection.kind is not SourceKind.MANAGED:
            return collection
        return replace(collection, location=str(self.path / collection.location))

    def _kept(self, collection: Collection) -> Path:
        """Return where pictures lie that came with the records of a catalogue."""
        return self.path / "managed" / collection.uuid

    def _encoder(self, model_id: str | None = None) -> Encoder:
        from bowerbird.indexing.serving import serving_model

        return self._models.encoder(model_id or serving_model(self._store))


def endings_of(collection: Collection) -> frozenset[str]:
    """Return the endings of what is looked at in a collection."""
    return EXTENSIONS | VIDEO_EXTENSIONS if collection.videos else EXTENSIONS
