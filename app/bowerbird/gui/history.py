"""The way back: what was looked at before, like pages in a browser."""

from __future__ import annotations

import time
from dataclasses import replace

from bowerbird.gui.searching import Wish

# What is replaced sooner was only a word half typed.
SETTLED_S = 2.5
MOST = 100


class History:
    """Wishes in the order in which they came, and where in them one is."""

    def __init__(self) -> None:
        self._wishes: list[Wish] = []
        self._at = -1
        self._since = 0.0

    def note(self, wish: Wish) -> None:
        """Go on to a wish; what lay ahead is forgotten, and so is what was hardly looked at."""
        now = time.monotonic()
        if self._at >= 0 and self._wishes[self._at] == wish:
            return
        del self._wishes[self._at + 1 :]
        last = self._wishes[-1] if self._wishes else None
        if last is not None and now - self._since < SETTLED_S and _differs_in_text(last, wish):
            self._wishes.pop()
        self._wishes.append(wish)
        del self._wishes[:-MOST]
        self._at, self._since = len(self._wishes) - 1, now

    def step(self, by: int) -> Wish | None:
        """Go back or forward; None at the end."""
        to = self._at + by
        if not 0 <= to < len(self._wishes):
            return None
        self._at = to
        return self._wishes[to]


def _differs_in_text(one: Wish, other: Wish) -> bool:
    """Whether two wishes differ in what is typed alone, and neither of them is without words."""
    return bool(one.text and other.text) and replace(one, text=other.text) == other
