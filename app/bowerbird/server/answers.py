"""Remembers answers for a day, so that the same question is not worked on twice."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

LASTS_S = 24 * 3600.0
# An answer with an embedding has some 25 kB as Python objects: about 100 MB at most.
MOST = 4000


class Answers:
    """Answers by what was asked; the longest unused go first.

    Args:
        most: How many are kept.
        lasts_s: For how long.
    """

    def __init__(self, most: int = MOST, lasts_s: float = LASTS_S) -> None:
        self._most = most
        self._lasts_s = lasts_s
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def get(self, asked: Hashable, make: Callable[[], Any]) -> tuple[Any, bool]:
        """Return an answer, and whether it was known already.

        Args:
            asked: What makes two questions the same.
            make: Works the answer out.
        """
        with self._lock:
            known = self._known.get(asked)
            if known is not None and known[0] > time.monotonic():
                self._known.move_to_end(asked)
                return known[1], True
        made = make()
        with self._lock:
            self._known[asked] = (time.monotonic() + self._lasts_s, made)
            self._known.move_to_end(asked)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return made, False
