"""Says in a word how much two pictures are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bowerbird.errors import UsageError
from bowerbird.types import Level, Similarity

if TYPE_CHECKING:
    from bowerbird.types import Vector

LEVELS: tuple[tuple[float, Level], ...] = ((0.85, "high"), (0.70, "medium"), (0.50, "low"))


def compare(one: Vector, other: Vector) -> Similarity:
    """Return the cosine of two embeddings, and its level.

    Args:
        one: Any length but none, [dim].
        other: Likewise, of the same dim.

    Raises:
        UsageError: They are not of one model, or hold no direction.
    """
    if one.ndim != 1 or one.shape != other.shape:
        raise UsageError("The embeddings are not of one model, and cannot be compared.")
    sizes = float(np.linalg.norm(one)) * float(np.linalg.norm(other))
    if not np.isfinite(sizes) or sizes == 0:
        raise UsageError("An embedding of zeros, or with no numbers in it, is like nothing.")
    score = min(1.0, max(-1.0, float(one @ other) / sizes))
    level: Level = next((level for least, level in LEVELS if score >= least), "none")
    return Similarity(score, level)
