"""Embeddings of any model as 768 numbers, and back."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from bowerbird.server.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bowerbird.types import Vector

WIDTH = 768
# What may stand behind an embedding of a smaller model, beside its length.
_NOTHING = 1e-3


def widened(vector: Vector) -> Vector:
    """Return an embedding as float32 [768]; cosines stay (see the dialect for larger models).

    Args:
        vector: float32 [dim].
    """
    if len(vector) <= WIDTH:
        return np.pad(vector, (0, WIDTH - len(vector)))
    turned: Vector = _directions(len(vector)) @ vector
    return turned


def narrowed(numbers: Sequence[float], dim: int) -> Vector:
    """Return what was sent as an embedding of the model's own length, float32 [dim].

    Raises:
        RefusedError: It is none.
    """
    vector: Any = direction(numbers)
    size = float(np.linalg.norm(vector))
    if len(vector) == WIDTH != dim:
        if dim > WIDTH:
            vector = vector @ _directions(dim)
        elif float(np.abs(vector[dim:]).max()) > _NOTHING * size:
            raise RefusedError(400, "The embedding is not one of the model that serves.")
        else:
            vector = vector[:dim]
    if len(vector) != dim:
        raise RefusedError(400, f"An embedding has {WIDTH} numbers, not {len(vector)}.")
    found: Vector = vector
    return found


def direction(numbers: Sequence[float]) -> Vector:
    """Return numbers as a vector whose largest is 1: their length says nothing, and may be any.

    Raises:
        RefusedError: They are none, all zero, or not finite.
    """
    vector = np.array(numbers, np.float64)
    most = float(np.abs(vector).max()) if len(vector) else 0.0
    if not np.isfinite(most) or most == 0.0:
        raise RefusedError(400, "An embedding has finite numbers that are not all zero.")
    scaled: Vector = (vector / most).astype(np.float32)
    return scaled


@lru_cache(maxsize=2)
def _directions(dim: int) -> Vector:
    """Return orthonormal rows, float32 [768, dim]."""
    drawn = np.random.default_rng(0).standard_normal((dim, WIDTH))
    columns, _ = np.linalg.qr(drawn)
    return np.ascontiguousarray(columns.T, dtype=np.float32)
