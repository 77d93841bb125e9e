"""Keeps the shapes of pictures by asset, so that rows of them are laid out without asking twice."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.library import Library
    from bowerbird.types import Vector


class Shapes:
    """Width over height by asset id; safe from any thread.

    Args:
        library: Knows them.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._ids = np.empty(0, np.int64)
        self._shapes = np.empty(0, np.float32)

    def of(self, ids: NDArray[np.int64]) -> Vector:
        """Return width over height of assets, float32 [n]; 1 where it is not known."""
        with self._lock:
            missing = np.setdiff1d(ids, self._ids)
            if len(missing):
                every = np.concatenate((self._ids, missing))
                shapes = np.concatenate((self._shapes, self._library.shapes(missing)))
                order = np.argsort(every)
                self._ids, self._shapes = every[order], shapes[order]
            found: Vector = self._shapes[np.searchsorted(self._ids, ids)]
            return found

    def forget(self) -> None:
        """Pictures changed: ask anew."""
        with self._lock:
            self._ids, self._shapes = self._ids[:0], self._shapes[:0]
