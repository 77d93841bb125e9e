"""Counts what the places hold, off the GUI thread, and keeps what is slow to count."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bowerbird.gui.places import Kept, Place, read_kept, read_places
from bowerbird.types import Facets, Results, SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from bowerbird.gui.jobs import Jobs
    from bowerbird.gui.syncing import Syncing
    from bowerbird.library import Library


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted.

    Attributes:
        places: The lines of the side panel.
        whole: What the whole library holds.
        roots: The folders of the collections that are folders, by collection id.
    """

    places: list[Place]
    whole: Facets
    roots: dict[int, Path]


class Counting(QObject):
    """Reads the places again when something changed.

    Args:
        library: What is counted.
        jobs: Runs it.
        syncing: Says what is being synced, and what could not be.
        parent: The window.
    """

    counted = Signal(object)
    """A `Counted`."""

    def __init__(self, library: Library, jobs: Jobs, syncing: Syncing, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self._syncing = syncing
        self._kept: Kept | None = None

    def count(
        self, then: Callable[[list[Place]], None] | None = None, *, anew: bool = False
    ) -> None:
        """Count; folders and tags only the first time, and when they may be others (`anew`)."""
        library, syncing = self._library, self._syncing
        current, trouble = syncing.current, dict(syncing.trouble)
        known = None if anew else self._kept

        def read() -> tuple[Kept, Counted]:
            kept = known or read_kept(library)
            places = read_places(library, kept, current, trouble)
            return kept, Counted(places, kept.whole, local_roots(library))

        def arrived(found: tuple[Kept, Counted]) -> None:
            self._kept = found[0]
            self.counted.emit(found[1])
            if then is not None:
                then(found[1].places)

        self._jobs.start(read, arrived)

    def facets(self, place: Place, then: Callable[[Facets], None]) -> None:
        """Count what one place holds."""
        library = self._library
        base = place.filter if place.saved is None else place.saved.filter
        self._jobs.start(lambda: library.facets(base), then)

    def colours(self, results: Results, then: Callable[[list[tuple[str, float]]], None]) -> None:
        """Count the colours of a result."""
        library = self._library
        self._jobs.start(lambda: library.colour_histogram(results), then)


def local_roots(library: Library) -> dict[int, Path]:
    """Return the folders of the collections whose pictures are files here, by collection id."""
    roots = {}
    for collection in library.collections():
        if collection.kind is SourceKind.FOLDER:
            roots[collection.id] = Path(collection.location)
        elif collection.kind is SourceKind.MANAGED:
            roots[collection.id] = library.path / collection.location
    return roots
