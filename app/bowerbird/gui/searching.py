"""Turns what the search bar holds into results: the newest question wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtGui import QImage

from bowerbird.gui.jobs import Jobs, Operation
from bowerbird.types import Collection, Comparison, Query, Results, Term

if TYPE_CHECKING:
    from bowerbird.gui.search_bar import Shown
    from bowerbird.library import Library

# Ranked hits that are shown; nobody scrolls further, and more would have to be scanned for.
RANKED = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """An answer.

    Attributes:
        query: What was asked.
        results: The hits.
        doubtful: Whether a plain description has no good match.
        again: Whether the same was asked before, so that hands and eyes should keep their place.
    """

    query: Query
    results: Results
    doubtful: bool
    again: bool


def make_query(
    terms: tuple[Term[str], ...], shown: Shown | None, collection: Collection | None
) -> Query:
    """Return the query for what is typed, shown and chosen; without terms it browses.

    A pasted picture is encoded here, which takes too long for the GUI thread.
    """
    image = None if shown is None else shown.image
    known = _png(image) if isinstance(image, QImage) else image
    images = () if known is None else (known,)
    assets = () if shown is None or shown.uuid is None else (shown.uuid,)
    chosen = None if collection is None else Comparison("collection", "=", collection.id)
    limit = RANKED if terms or images or assets else None
    return Query(texts=terms, images=images, assets=assets, filter=chosen, limit=limit)


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes
    return bytes(buffer.data().data())


class Searching(QObject):
    """Asks the library, one question at a time, and drops the answers to older ones."""

    found = Signal(object)
    """A `Found`."""

    def __init__(self, library: Library, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self._asked: Operation[Found] | None = None

    def warm(self) -> None:
        """Load what the first words will need, before they are typed."""
        # Whatever is wrong, the first search says it.
        self._jobs.start(self._library.warm, lambda _: None, lambda _: None)

    def ask(
        self,
        terms: tuple[Term[str], ...],
        shown: Shown | None,
        collection: Collection | None,
        *,
        again: bool = False,
    ) -> None:
        """Search off the GUI thread; an older question is not answered any more."""

        def answer() -> Found:
            query = make_query(terms, shown, collection)
            results = self._library.search(query)
            return Found(query, results, self._is_doubtful(query, results), again)

        if self._asked is not None:
            self._asked.drop()
        self._asked = self._jobs.start(answer, self.found.emit)

    def _is_doubtful(self, query: Query, results: Results) -> bool:
        plain = len(query.texts) == 1 and not query.images and not query.assets
        if not plain or results.scores is None or not len(results):
            return False
        threshold = self._library.threshold
        return threshold is not None and float(results.scores.max()) < threshold
