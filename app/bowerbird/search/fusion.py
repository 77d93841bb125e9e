"""Fuses the terms of a query into one unit vector, and two rankings into one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.types import Vector

# Reciprocal rank fusion's constant, from Cormack, Clarke and Buettcher (SIGIR 2009).
RRF_K = 60
# Semantic ranks past this do not help a full-text match any more, so that a page's content does
# not depend on how deep the semantic ranking was asked for.
RRF_DEPTH = 1000
# Below this spread a term does not tell the library's pictures apart, and its weight must not
# blow up.
MIN_SPREAD = 1e-3


def fuse(terms: Sequence[tuple[Vector, float]], sample: Vector) -> Vector:
    """Fuse weighted term vectors into one query of unit length.

    Cosines of a picture to a picture vary far more over a library than those of a text to a
    picture (the modality gap), so that a plain sum ranks by the picture alone. Therefore each
    term counts in units of its own spread: `sum(w * v / std(sample @ v))`. Adding z-scores and
    adding vectors scaled so give the same ranking, and a single vector can be put to the index.

    Args:
        terms: Pairs of a unit vector [dim] and its signed weight; at least one.
        sample: Embeddings of the library [n, dim]; fewer than two leave the terms unscaled.
    """
    if len(terms) == 1 or len(sample) < 2:
        total = np.sum([weight * vector for vector, weight in terms], axis=0)
    else:
        spread = [max(float(np.std(sample @ vector)), MIN_SPREAD) for vector, _ in terms]
        total = np.sum(
            [weight / s * vector for (vector, weight), s in zip(terms, spread, strict=True)], axis=0
        )
    norm = float(np.linalg.norm(total))
    if norm < 1e-6:
        # Terms that cancel out ask for nothing; the first alone is the best reading of them.
        vector, weight = terms[0]
        return np.asarray(vector * np.sign(weight), dtype=np.float32)
    return np.asarray(total / norm, dtype=np.float32)


def reciprocal_rank(semantic: NDArray[np.int64], lexical: NDArray[np.int64]) -> NDArray[np.int64]:
    """Merge two rankings of asset ids, best first, by the sum of `1 / (60 + rank)`.

    Ids that only the lexical ranking has, or that lie deeper than 1000 in the semantic one, get
    the lexical share alone.

    Source: Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and
    individual Rank Learning Methods", SIGIR 2009.
    """
    extra = lexical[~np.isin(lexical, semantic)]
    ids = np.concatenate([semantic, extra])
    ranks = np.arange(1, len(semantic) + 1)
    scores = np.zeros(len(ids))
    scores[: len(semantic)] = 1.0 / (RRF_K + ranks)
    deep = np.isin(semantic[RRF_DEPTH:], lexical)
    scores[RRF_DEPTH : len(semantic)][deep] = 0.0
    bonus = {int(asset): 1.0 / (RRF_K + rank) for rank, asset in enumerate(lexical, 1)}
    scores += np.array([bonus.get(int(asset), 0.0) for asset in ids])
    merged: NDArray[np.int64] = ids[np.argsort(-scores, kind="stable")]
    return merged
