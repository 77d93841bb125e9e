"""Finds pictures, and says how well they match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bowerbird.library.base import Base
from bowerbird.search.expression import parse
from bowerbird.types import Facets, Filter, Query, Results, SavedSearch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bowerbird.search.searcher import Searcher
    from bowerbird.types import Vector


class Searching(Base):
    """The searches of a library."""

    def search(self, query: Query) -> Results:
        """Return one page of hits, best first; without terms, assets newest first.

        Raises:
            UsageError: The query asks for something impossible; the message says what.
            DecodeError: A picture to search by cannot be read.
        """
        return self._search_room().search(query)

    def matching(self, wanted: Filter | None) -> NDArray[np.int64]:
        """Return the ids of all assets that match, ascending, int64 [n]; not to be written to.

        Raises:
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        return self._store.eligible(wanted)

    def parse_filter(self, expression: str) -> Filter:
        """Read a filter such as `width >= 1000 and tag = cat`.

        Raises:
            FilterError: It does not parse; the message says where.
        """
        return parse(expression)

    def similar_pairs(
        self, ids: NDArray[np.int64], least: float
    ) -> Iterator[tuple[int, int, float]]:
        """Yield all pairs of some assets whose embeddings are alike, with their cosine.

        Args:
            ids: int64 [n]; all pairs are compared, so that ten times as many take a hundred times
                as long.
            least: The cosine that a pair must reach.
        """
        from bowerbird.search.pairs import similar_pairs

        return similar_pairs(*self._store.get_vectors(self._encoder().id, ids), least)

    def colour_histogram(self, results: Results) -> list[tuple[str, float]]:
        """Return the colours of hits as `#rrggbb`, and their shares of all, the largest first."""
        return self._store.colour_histogram(results.ids)

    def facets(self, wanted: Filter | None = None) -> Facets:
        """Count what the assets that match a filter hold: tags, folders, formats, cameras, years.

        Raises:
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        return self._store.facets(wanted)

    def vectors(self, ids: Sequence[int]) -> dict[int, Vector]:
        """Return the embeddings, float32 [dim], of those assets that have one."""
        import numpy as np

        wanted = np.array(ids, np.int64)
        found, vectors = self._store.get_vectors(self._encoder().id, wanted)
        return dict(zip(found.tolist(), vectors, strict=True))

    @property
    def dim(self) -> int:
        """How many numbers an embedding has."""
        return self._encoder().dim

    def relevance(self, score: float) -> float:
        """Return how likely a text query's score means a match, 0..1."""
        return self._encoder().relevance(score)

    def saved_searches(self) -> list[SavedSearch]:
        """Return the searches that were saved, by name."""
        from bowerbird.search.saved import read_all

        return read_all(self._store)

    def save_search(self, name: str, query: Query) -> None:
        """Keep a query under a name, in place of what had that name.

        Raises:
            UsageError: The name is empty, or the query holds what cannot be kept: the bytes of a
                picture, or a vector.
        """
        from bowerbird.search.saved import keep

        keep(self._store, SavedSearch(name, query))

    def forget_search(self, name: str) -> None:
        """Forget a saved search; none of that name is no error."""
        from bowerbird.search.saved import forget

        forget(self._store, name)

    def _search_room(self) -> Searcher:
        from bowerbird.indexing.serving import serving_model
        from bowerbird.search.searcher import Searcher

        model_id = serving_model(self._store)
        with self._lock:
            if self._searcher is None or self._searcher[0] != model_id:
                searcher = Searcher(self._store, self._encoder(model_id), self.settings)
                self._searcher = (model_id, searcher)
            return self._searcher[1]
