"""Turns what the search bar holds into results: the newest question wins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtGui import QImage

from bowerbird.gui.filtering import Narrowing, tree
from bowerbird.gui.jobs import Jobs, Operation
from bowerbird.gui.places import Place, everything
from bowerbird.types import Query, Results, Term

if TYPE_CHECKING:
    from bowerbird.gui.filter_bar import FilterBar
    from bowerbird.gui.search_bar import SearchBar, Shown
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


@dataclass(frozen=True, slots=True)
class Wish:
    """What is typed, shown, chosen at the left and in the filter bar.

    Attributes:
        terms: Texts.
        shown: A picture.
        place: What is chosen in the side panel.
        narrowing: What is chosen in the filter bar.
        sort: The order, as `Query.sort` takes it.
        only_good: Whether hits of a plain text below the line of good matches are left out.
    """

    terms: tuple[Term[str], ...] = ()
    shown: Shown | None = None
    place: Place = field(default_factory=everything)
    narrowing: Narrowing = field(default_factory=Narrowing)
    sort: str | None = None
    only_good: bool = False


def wish_of(bar: SearchBar, filters: FilterBar, place: Place) -> Wish:
    """Return what the parts of the window say."""
    return Wish(
        bar.terms(), bar.picture(), place, filters.narrowing, filters.sort, filters.only_good
    )


def make_query(wish: Wish) -> Query:
    """Return the query for a wish; without terms it browses.

    A saved search that is chosen at the left takes part with its own terms and filter. A pasted
    picture is encoded here, which takes too long for the GUI thread.
    """
    shown, saved = wish.shown, wish.place.saved or Query()
    image = None if shown is None else shown.image
    known = _png(image) if isinstance(image, QImage) else image
    weight = 1.0 if shown is None else shown.weight
    images = (*saved.images, *(() if known is None else (Term(known, weight),)))
    uuid = None if shown is None else shown.uuid
    assets = (*saved.assets, *(() if uuid is None else (Term(uuid, weight),)))
    texts = (*saved.texts, *wish.terms)
    place = wish.place.filter if wish.place.saved is None else saved.filter
    return Query(
        texts=texts,
        images=images,
        assets=assets,
        filter=tree(place, wish.narrowing),
        limit=RANKED if texts or images or assets else None,
        min_score=saved.min_score,
        sort=wish.sort or saved.sort,
    )


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes
    return bytes(buffer.data().data())


def _is_plain(query: Query) -> bool:
    """Whether scores are of one text, for which alone the line of good matches is drawn."""
    return len(query.texts) == 1 and not query.images and not query.assets


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

    def ask(self, wish: Wish, *, again: bool = False) -> None:
        """Search off the GUI thread; an older question is not answered any more."""

        def answer() -> Found:
            query = make_query(wish)
            if wish.only_good and _is_plain(query):
                query = replace(query, min_score=self._library.threshold)
            results = self._library.search(query)
            return Found(query, results, self._is_doubtful(query, results), again)

        if self._asked is not None:
            self._asked.drop()
        self._asked = self._jobs.start(answer, self.found.emit)

    def _is_doubtful(self, query: Query, results: Results) -> bool:
        if not _is_plain(query) or results.scores is None or not len(results):
            return False
        threshold = self._library.threshold
        return threshold is not None and float(results.scores.max()) < threshold
