"""Makes distances of cosines, for all dialects."""

from __future__ import annotations

# Embeddings are kept as float16, which has 11 binary digits: each number is off by 2**-11 of itself
# at most, and so is the cosine of two that are stored by twice that. What is nearer to 1 cannot be
# told from the same picture; 2.3e-4 was the most that was seen of the built-in model's.
ROUNDING = 2.0**-10


def distance(score: float | None) -> float:
    """Return one less the cosine, from 0, which is the same picture, to 2.

    Args:
        score: The cosine; None, that of hits which nothing ranks, is taken for 1.
    """
    if score is None or score >= 1.0 - ROUNDING:
        return 0.0
    return min(2.0, 1.0 - score)
