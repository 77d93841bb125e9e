"""An encoder that many callers share, and that gives memory back when they leave it alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bowerbird.engines.encoder import Encoder
from bowerbird.engines.idle import IdleTimer
from bowerbird.types import PixelSpec

if TYPE_CHECKING:
    from bowerbird.types import Pixels, Vector


class SharedEncoder:
    """An Encoder that lets its image tower go when it was not used for a while.

    The text tower stays: a first search that has to wait for weights is what users complain of.

    Args:
        engine: What does the work.
        idle_unload_s: Seconds without pictures; 0 for never.
    """

    def __init__(self, engine: Encoder, idle_unload_s: float) -> None:
        self._engine = engine
        self._idle = IdleTimer(idle_unload_s, self._let_go)

    @property
    def id(self) -> str:
        """What its vectors are kept under."""
        return self._engine.id

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._engine.dim

    @property
    def spec(self) -> PixelSpec:
        """How pictures have to be prepared."""
        return self._engine.spec

    @property
    def threshold(self) -> float | None:
        """Cosine below which nothing matches well; None where not measured."""
        return self._engine.threshold

    def encode_images(self, batch: Pixels) -> Vector:
        """Return unit vectors, float32 [n, dim], of RGB uint8 [n, size, size, 3]."""
        try:
            return self._engine.encode_images(batch)
        finally:
            self._idle.touch()

    def encode_texts(self, texts: Sequence[str]) -> Vector:
        """Return unit vectors, float32 [n, dim]."""
        return self._engine.encode_texts(texts)

    def relevance(self, score: float) -> float:
        """Return how likely (0..1) a text and an image of this cosine belong together."""
        return self._engine.relevance(score)

    def words(self) -> Sequence[str]:
        """Return the words that it learnt as wholes, the most frequent first; none if unknown."""
        return self._engine.words()

    def unload(self, *, keep_text: bool = False) -> None:
        """Give the weights' memory back; they are loaded again when needed."""
        self._engine.unload(keep_text=keep_text)

    def close(self) -> None:
        """Unload, and stop the timer."""
        self._idle.close()
        self._engine.unload()

    def _let_go(self) -> None:
        self._engine.unload(keep_text=True)
