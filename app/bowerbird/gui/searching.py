"""Turns what the search bar holds into results: the newest question wins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QObject, QTimer, Signal
from PySide6.QtGui import QImage

from bowerbird.gui.filtering import Narrowing, tree
from bowerbird.gui.grid.shapes import Shapes
from bowerbird.gui.grid.tiling import Spread
from bowerbird.gui.jobs import Jobs, Operation
from bowerbird.gui.places import Place, everything
from bowerbird.gui.terms import Shown
from bowerbird.types import Query, Results, Term, read_terms

if TYPE_CHECKING:
    from bowerbird.gui.filter_bar import FilterBar
    from bowerbird.gui.search_bar import SearchBar
    from bowerbird.library import Library

# Ranked hits that are shown; nobody scrolls further, and more would have to be scanned for. The
# first of them come at once, the others when the hands rest: they take ten times as long to find.
FIRST, RANKED = 200, 2000
REST_MS = 250


@dataclass(frozen=True, slots=True)
class Found:
    """An answer.

    Attributes:
        query: What was asked.
        results: The hits.
        doubtful: Whether a plain description has no good match.
        again: Whether the same was asked before, so that hands and eyes should keep their place.
        cut: Position of the first hit that matches badly, where the hits before it match well.
        spread: The shapes of the pictures, for filled rows.
    """

    query: Query
    results: Results
    doubtful: bool
    again: bool
    cut: int | None = None
    spread: Spread | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is typed, shown, chosen at the left and in the filter bar.

    Attributes:
        text: What is typed.
        shown: The chips.
        place: What is chosen in the side panel.
        narrowing: What is chosen in the filter bar.
        sort: The order, as `Query.sort` takes it.
        least: How likely a hit of a plain text must be a match, 0..1.
        filled: Whether rows are to be filled, for which shapes must be known.
    """

    text: str = ""
    shown: tuple[Shown, ...] = ()
    place: Place = field(default_factory=everything)
    narrowing: Narrowing = field(default_factory=Narrowing)
    sort: str | None = None
    least: float = 0.0
    filled: bool = False


def wish_of(bar: SearchBar, filters: FilterBar, place: Place) -> Wish:
    """Return what the parts of the window say."""
    return Wish(
        bar.text,
        bar.shown,
        place,
        filters.narrowing,
        filters.sort,
        filters.least,
        filters.is_filled,
    )


def make_query(wish: Wish, limit: int = RANKED) -> Query:
    """Return the query for a wish, of at most `limit` hits; without terms it browses.

    A saved search that is chosen at the left takes part with its own terms and filter. Pasted
    pictures are encoded here, which takes too long for the GUI thread.
    """
    saved = wish.place.saved or Query()
    texts = [*saved.texts, *read_terms(wish.text)]
    images, assets = list(saved.images), list(saved.assets)
    for shown in wish.shown:
        if shown.text:
            texts.append(Term(shown.text, shown.weight))
        elif shown.uuid is not None:
            assets.append(Term(shown.uuid, shown.weight))
        elif shown.image is not None:
            image = shown.image
            known = _png(image) if isinstance(image, QImage) else image
            images.append(Term(known, shown.weight))
    narrowing = wish.narrowing
    ranking = narrowing.colours if narrowing.colour is None else ()
    place = wish.place.filter if wish.place.saved is None else saved.filter
    return Query(
        texts=tuple(texts),
        images=tuple(images),
        assets=tuple(assets),
        colours=(*saved.colours, *ranking),
        shape=saved.shape,
        filter=tree(place, narrowing),
        limit=limit if texts or images or assets else None,
        min_score=saved.min_score,
        sort=wish.sort or saved.sort,
    )


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes
    return bytes(buffer.data().data())


def _is_plain(query: Query) -> bool:
    """Whether scores are of one text, for which alone they are likelihoods."""
    return len(query.texts) == 1 and not query.images and not query.assets


class Searching(QObject):
    """Asks the library, one question at a time, and drops the answers to older ones."""

    found = Signal(object)
    """A `Found`."""

    def __init__(self, library: Library, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self._shapes = Shapes(library)
        self._wish = Wish()
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(lambda: self.ask(self._wish, again=True))
        self._asked: Operation[Found] | None = None

    def warm(self) -> None:
        """Load what the first words will need, before they are typed."""
        # Whatever is wrong, the first search says it.
        self._jobs.start(self._library.warm, lambda _: None, lambda _: None)

    def ask(self, wish: Wish, *, again: bool = False) -> None:
        """Search off the GUI thread; an older question is not answered any more."""

        def answer() -> Found:
            query = make_query(wish, RANKED if again else FIRST)
            if wish.least > 0 and _is_plain(query):
                query = replace(query, min_score=self._score(wish.least))
            results = self._library.search(query)
            cut = self._cut(query, results)
            spread = Spread(self._shapes.of(results.ids)) if wish.filled else None
            doubtful = cut == 0 and len(results) > 0
            return Found(query, results, doubtful, again, cut or None, spread)

        def answered(found: Found) -> None:
            self.found.emit(found)
            if found.query.limit == FIRST == len(found.results):
                self._rest.start()

        self._rest.stop()
        self._wish = wish
        if self._asked is not None:
            self._asked.drop()
        self._asked = self._jobs.start(answer, answered)

    @property
    def is_waiting(self) -> bool:
        """Whether more hits are to follow."""
        return self._rest.isActive()

    def close(self) -> None:
        """Ask no more."""
        self._rest.stop()

    def forget_shapes(self) -> None:
        """Pictures may have other shapes now."""
        self._shapes.forget()

    def _score(self, relevance: float) -> float:
        """Return the score from which on a text matches with a likelihood, by bisection."""
        low, high = -1.0, 1.0
        for _ in range(30):
            middle = (low + high) / 2
            if self._library.relevance(middle) < relevance:
                low = middle
            else:
                high = middle
        return high

    def _cut(self, query: Query, results: Results) -> int | None:
        """Return where the hits of a text end that match well; None where that cannot be said."""
        if results.good is None or query.sort is not None:
            return None
        worded = np.isin(results.ids, list(results.worded))
        fits = results.good | worded
        if not fits.any():
            return 0
        if len(query.texts) > 1:
            return None  # what is unwanted pushes good ones down among the others
        good, bad = np.flatnonzero(results.good), np.flatnonzero(~fits)
        # What says the very words matches as well; deeper ones lie among what only comes close.
        return max(int(good[-1]) + 1 if len(good) else 0, int(bad[0]) if len(bad) else len(fits))
