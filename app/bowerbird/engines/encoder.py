"""What an encoder is, and the checks that no bad vector gets past."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from bowerbird.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bowerbird.types import Pixels, PixelSpec, Vector

_LONGEST_TEXT = 10_000  # characters; every model reads far less, and tokenizing has to end
_SHORTEST = 1e-6  # below this a row has no direction left in float32


class Encoder(Protocol):
    """A dual encoder: images and texts to unit vectors in one space.

    All methods may be called from any thread. Weights are loaded on first use; `id`, `dim`, `spec`,
    `threshold` and `relevance` are known before.
    """

    @property
    def id(self) -> str:
        """What its vectors are kept under; other weights have another id."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    @property
    def spec(self) -> PixelSpec:
        """How pictures have to be prepared."""

    @property
    def threshold(self) -> float | None:
        """Cosine of text and image below which nothing matches well; None where not measured."""

    def encode_images(self, batch: Pixels) -> Vector:
        """Return unit vectors, float32 [n, dim], of RGB uint8 [n, size, size, 3].

        Raises:
            ModelError: The weights cannot be loaded or run.
        """

    def encode_texts(self, texts: Sequence[str]) -> Vector:
        """Return unit vectors, float32 [n, dim].

        Raises:
            ModelError: The weights cannot be loaded or run.
        """

    def relevance(self, score: float) -> float:
        """Return how likely (0..1) a text and an image of this cosine belong together."""

    def words(self) -> Sequence[str]:
        """Return the words that it learnt as wholes, the most frequent first; none if unknown."""

    def unload(self, *, keep_text: bool = False) -> None:
        """Give the weights' memory back; they are loaded again when needed."""


def unit_rows(rows: NDArray[np.floating], count: int, dim: int, model: str) -> Vector:
    """Return `rows` as unit float32 [count, dim].

    Raises:
        ModelError: The shape is wrong, or a row is zero or not finite.
    """
    import numpy as np

    if rows.shape != (count, dim):
        raise ModelError(
            f"The model {model} gave vectors of shape {rows.shape} where {(count, dim)} was "
            "expected. Get the model again, or use another one."
        )
    found = np.ascontiguousarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    if not (np.isfinite(lengths) & (lengths > _SHORTEST)).all():
        raise ModelError(
            f"The model {model} gave a vector without direction (zero or not finite). "
            "Run `bowerbird doctor` to check its files, or use another model."
        )
    unit: Vector = found / lengths
    return unit


def check_batch(batch: Pixels, size: int) -> None:
    """Raise ValueError, a caller's mistake, unless `batch` is uint8 [n, size, size, 3]."""
    if batch.dtype.name != "uint8" or batch.shape[1:] != (size, size, 3):
        raise ValueError(
            f"pixels must be uint8 [n, {size}, {size}, 3], not {batch.dtype} {batch.shape}"
        )


def readable(texts: Sequence[str]) -> list[str]:
    """Return texts that any tokenizer can take: of bounded length, without lone surrogates.

    Surrogates come in with file names and arguments that are not valid UTF-8.
    """
    return [text[:_LONGEST_TEXT].encode("utf-8", "replace").decode() for text in texts]


def sigmoid(value: float) -> float:
    """Return the logistic function of `value`, without overflow at either end."""
    if value >= 0:
        return 1.0 / (1.0 + math.exp(-value))
    grown = math.exp(value)
    return grown / (1.0 + grown)
