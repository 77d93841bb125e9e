"""Turns what the search bar holds into results: the newest question wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bowerbird.gui.jobs import Jobs, Operation
from bowerbird.types import Collection, Comparison, Query, Results, Term

if TYPE_CHECKING:
    from bowerbird.gui.search_bar import Shown
    from bowerbird.library import Library

# Ranked hits that are shown; nobody scrolls further, and more would have to be scanned for.
RANKED = 2000


def make_query(
    terms: tuple[Term[str], ...], shown: Shown | None, collection: Collection | None
) -> Query:
    """Return the query for what is typed, shown and chosen; without terms it browses."""
    images = () if shown is None or shown.image is None else (shown.image,)
    assets = () if shown is None or shown.uuid is None else (shown.uuid,)
    chosen = None if collection is None else Comparison("collection", "=", collection.id)
    query = Query(texts=terms, images=images, assets=assets, filter=chosen, limit=None)
    if not query.has_terms:
        return query
    return Query(texts=terms, images=images, assets=assets, filter=chosen, limit=RANKED)


class Searching(QObject):
    """Asks the library, one question at a time, and drops the answers to older ones."""

    found = Signal(object, object)
    """The `Query` and its `Results`."""

    def __init__(self, library: Library, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self._asked: Operation[Results] | None = None

    def ask(self, query: Query) -> None:
        """Search off the GUI thread; an older question is not answered any more."""
        if self._asked is not None:
            self._asked.drop()
        self._asked = self._jobs.start(
            lambda: self._library.search(query), lambda results: self.found.emit(query, results)
        )
