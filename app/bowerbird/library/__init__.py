"""The one door to everything Bowerbird knows; it delegates to the rooms below.

Layer 4. Imports all rooms below; what is above imports `Library` from here, and no part of it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bowerbird import paths, settings as settings_file
from bowerbird.library.analysing import Analysing
from bowerbird.library.collections import Collections
from bowerbird.library.duplicates import Duplicates
from bowerbird.library.editing import Editing
from bowerbird.library.importing import Importing
from bowerbird.library.models import ModelChoice
from bowerbird.library.pictures import Pictures
from bowerbird.library.reading import TextReading
from bowerbird.library.searching import Searching
from bowerbird.library.syncing import Syncing
from bowerbird.types import Check, LibraryStatus

if TYPE_CHECKING:
    from bowerbird.actions.draft import Draft as Draft  # what front ends may name
    from bowerbird.indexing.records import Records as Records  # what front ends may name
    from bowerbird.settings import Settings
    from bowerbird.store.access import Access


class Library(
    Collections,
    Syncing,
    Importing,
    Duplicates,
    Analysing,
    TextReading,
    Editing,
    Pictures,
    Searching,
    ModelChoice,
):
    """A library folder, open; made by `Library.open`, shared by threads, closed at the end."""

    @classmethod
    def open(cls, path: Path | str | None = None, *, settings: Settings | None = None) -> Self:
        """Open the library at `path`, making it when it is not there.

        Args:
            path: A folder; None for the user's own library.
            settings: None for those of the user's settings file.

        Raises:
            LibraryError: It is damaged, newer than this program, or may not be written.
            UsageError: The settings file is wrong.
        """
        from bowerbird.engines.models import Models
        from bowerbird.store.store import Store

        settings = settings or settings_file.load(paths.config_file())
        folder = Path(path).expanduser() if path is not None else paths.default_library()
        folder = Path(os.path.abspath(folder))  # noqa: PTH100  # resolve() would hide a link's name
        store = Store.open(folder, thumbnail_cache_bytes=settings.thumbnail_cache_bytes)
        models = Models(paths.model_cache(), idle_unload_s=settings.idle_unload_s)
        return cls(folder, store, models, settings)

    @staticmethod
    def is_at(path: Path | str) -> bool:
        """Return whether there is a library at `path`, or what keeps one from being made there."""
        from bowerbird.store.store import DATABASE

        folder = Path(path).expanduser()
        return folder.is_file() or (folder / DATABASE).exists()

    def close(self) -> None:
        """Give back models, index and database; the object is of no use afterwards."""
        self._models.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def access(self) -> Access:
        """The keys of the HTTP API."""
        return self._store.access()

    def status(self) -> LibraryStatus:
        """Return what the library holds and how far it is indexed."""
        encoder_id = self._encoder().id
        return LibraryStatus(
            path=self.path,
            encoder_id=encoder_id,
            assets=self._store.counts(),
            embedded=self._store.embedded_count(encoder_id),
            collections=len(self._store.collections()),
            database_bytes=(self.path / "library.sqlite").stat().st_size,
            thumbnail_bytes=self._store.thumbnails.total(),
        )

    def doctor(self, *, repair: bool = False) -> list[Check]:
        """Check the installation and the library; `repair` mends what can be made anew."""
        from bowerbird.decode.film import check

        wanted = any(collection.videos for collection in self.collections())
        checks = [*self._models.check(), check(wanted=wanted)]
        return [*checks, *self._store.check(repair=repair)]

    def warm(self) -> None:
        """Load what a text search needs, so that the first one is as quick as the next."""
        self._encoder().encode_texts(["warm"])
        encoder = self._encoder()
        self._store.vectors(encoder.id, encoder.dim).refresh()
