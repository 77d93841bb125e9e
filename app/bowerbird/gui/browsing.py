"""Shows what the search, the filters and the chosen place ask for, and finds the way back."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal

from bowerbird.gui.history import History
from bowerbird.gui.i18n import tr
from bowerbird.gui.places import Place, everything
from bowerbird.gui.searching import Found, Searching, Wish, make_query, wish_of
from bowerbird.types import Collection, Facets, Query, SourceKind

if TYPE_CHECKING:
    from bowerbird.gui.counting import Counting
    from bowerbird.gui.jobs import Jobs
    from bowerbird.gui.layout import Parts
    from bowerbird.gui.syncing import Syncing
    from bowerbird.library import Library


class Browsing(QObject):
    """Asks whenever something of a wish changes, and shows the answer.

    Args:
        library: Answers.
        parts: The window's parts.
        jobs: One thread, so that the newest question is answered last.
        counting: Counts what a place holds.
        syncing: Says whether pictures are still coming in.
        parent: The window.
    """

    shown = Signal()
    """Another result is in the grid."""

    def __init__(
        self,
        library: Library,
        parts: Parts,
        jobs: Jobs,
        counting: Counting,
        syncing: Syncing,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._parts = parts
        self._counting = counting
        self._syncing = syncing
        self._place = everything()
        self._history = History()
        self._asked: Wish | None = None
        self._total = 0
        self._has_collections = False
        self._ranked = False
        self._enter_next = False
        self._searching = Searching(library, jobs, self)
        self._searching.found.connect(self._show)
        parts.bar.changed.connect(self.search)
        parts.bar.entered.connect(self._enter_when_found)
        parts.bar.left.connect(self.enter_grid)
        parts.remark.linkActivated.connect(lambda meant: parts.bar.put(meant, ()))
        parts.filters.changed.connect(self.search)
        parts.filters.filled.connect(lambda _: self.search(again=True))
        parts.filters.histogram_wanted.connect(self._count_colours)
        parts.panel.chosen.connect(self.visit)
        parts.view.selection_changed.connect(self._say_counts)
        self._searching.warm()

    # --- asking ---------------------------------------------------------------------------------

    def search(self, *, again: bool = False) -> None:
        """Ask; `again` keeps hands and eyes on what they are on."""
        if not again:
            self._parts.message.hide()
        self._asked = wish_of(self._parts.bar, self._parts.filters, self._place)
        self._searching.ask(self._asked, again=again)

    def query(self) -> tuple[str, Query] | None:
        """Return what is looked for now and a name for it; None while everything is shown."""
        bar = self._parts.bar
        if not (bar.text or bar.shown):
            return None
        name = ", ".join(filter(None, (bar.text, *(each.name for each in bar.shown))))
        return name, make_query(wish_of(bar, self._parts.filters, self._place))

    def step(self, by: int) -> None:
        """Go back to an older wish, or forward again."""
        wish = self._history.step(by)
        if wish is None:
            return
        bar, filters = self._parts.bar, self._parts.filters
        self._place = wish.place
        self._parts.panel.visit(wish.place)
        filters.narrow(wish.narrowing)
        filters.set_sort(wish.sort)
        filters.set_least(wish.least)
        bar.put(wish.text, wish.shown)

    @property
    def managed(self) -> Collection | None:
        """The managed collection that is shown, which takes pictures in."""
        collection = self._place.collection
        is_managed = collection is not None and collection.kind is SourceKind.MANAGED
        return collection if is_managed else None

    @property
    def is_waiting(self) -> bool:
        """Whether more hits are to follow."""
        return self._searching.is_waiting

    def close(self) -> None:
        """Ask no more."""
        self._searching.close()

    def refresh(self) -> None:
        """Pictures came in: ask the same again."""
        self._searching.forget_shapes()
        self.search(again=True)

    def visit(self, place: Place) -> None:
        """Show a place, which need not be in the panel."""
        if place.search:
            self._parts.panel.choose(everything().key)
            self._parts.bar.put(place.search, ())
            return
        if place.key == self._place.key:
            return
        self._place = place
        self._parts.panel.visit(place)
        self.search()
        self._counting.facets(place, lambda facets: self._show_facets(place, facets))

    def know(self, places: list[Place], whole: Facets) -> None:
        """Learn what the library holds."""
        self._total = places[0].count or 0 if places else 0
        self._has_collections = bool(places)
        if self._place.key == everything().key:
            self._parts.filters.set_facets(whole)
        self._show_state()

    def _show_facets(self, place: Place, facets: Facets) -> None:
        if self._place.key == place.key:
            self._parts.filters.set_facets(facets)

    def _count_colours(self) -> None:
        results = self._parts.view.grid.results
        self._counting.colours(results, self._parts.filters.show_histogram)

    def _enter_when_found(self) -> None:
        self._enter_next = True

    # --- showing --------------------------------------------------------------------------------

    def _show(self, found: Found) -> None:
        view, results = self._parts.view, found.results
        self._ranked = found.query.has_terms
        view.set_filled(found.spread is not None)
        same = np.array_equal(results.ids, view.grid.results.ids)
        if not (found.again and same and view.is_laid_out(found.spread)):
            view.show_results(
                self._library, results, spread=found.spread, cut=found.cut, again=found.again
            )
        self._remark(found)
        if not found.again:
            if self._asked is not None:
                self._history.note(self._asked)
            if len(results) and not found.doubtful:
                self._parts.bar.note()
        self._say_counts()
        self._show_state()
        if self._enter_next and not found.again:
            self._enter_next = False
            self.enter_grid()
        self.shown.emit()

    def _remark(self, found: Found) -> None:
        text = tr("No picture matches well. These come closest.")
        if meant := html.escape(found.results.meant):
            link = f'<a href="{meant}">{meant}</a>'
            text += " " + tr("Did you mean {words}?").format(words=link)
        self._parts.remark.setText(text)
        self._parts.remark.setVisible(found.doubtful)

    def enter_grid(self) -> None:
        """Put the hands on the pictures."""
        view = self._parts.view
        if len(view.grid):
            view.setFocus()
            if view.current < 0:
                view.select(0, Qt.KeyboardModifier.NoModifier)

    def _say_counts(self) -> None:
        view = self._parts.view
        chosen, shown = len(view.selected()), len(view.grid)
        closest = self._ranked and shown > 0
        text = tr("%n closest pictures", "", shown) if closest else tr("%n pictures", "", shown)
        if chosen:
            text += " · " + tr("%n selected", "pictures", chosen)
        self._parts.status.say(text)

    def _show_state(self) -> None:
        """Show pictures, or what to do when there are none."""
        parts = self._parts
        if len(parts.view.grid):
            parts.stack.setCurrentWidget(parts.view)
            return
        busy = self._syncing.current is not None
        if not self._has_collections and not self._total and not busy:
            parts.empty.ask_for_folder()
        elif busy and not self._total:
            parts.empty.say_looking()
        elif self._ranked:
            parts.empty.say_nothing_found()
        else:
            parts.empty.say_no_pictures()
        parts.stack.setCurrentWidget(parts.empty)
