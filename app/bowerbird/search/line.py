"""Draws the line under which a library's pictures no longer match a description."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bowerbird.types import Vector

LEAST = 100  # scores of which groups can be told apart
# How far apart two groups have to be (Ashman's D, who takes 2 for clearly parted), and how large a
# share of the library the upper one has to be, so that chance alone makes none.
APART, SHARE = 2.75, 0.01
# How much more likely a score is in the upper group than in the lower one where the line is drawn.
ODDS = 2.0
ROUNDS = 60
BINS = 128
NARROWEST = 0.005  # deviation of a group


def lowered(scores: Vector, threshold: float) -> float:
    """Return the score from which pictures match a description that the library knows.

    A threshold is made to tell whether anything matches. Of what a library has much of (dogs, among
    a family's photos) most lies below it, for each of these pictures shows other things too; but
    they lie together, apart from all others. Where most of such a group is below the threshold the
    line goes where the group begins: where a mixture of two normal distributions (fitted by
    expectation maximisation) says so, whose means are apart by D = 2^0.5 |m - n| / (s^2 + t^2)^0.5
    (Ashman, Bird and Zepf, "Detecting bimodality in astronomical datasets", 1994).

    Args:
        scores: Cosines of the description to pictures drawn from the whole library, float32 [n].
        threshold: The model's own line.

    Returns:
        A score, at most the threshold.
    """
    if len(scores) < LEAST:
        return threshold
    shares, means, spreads = _mixture(scores.astype(np.float64))
    apart = 2**0.5 * (means[1] - means[0]) / np.linalg.norm(spreads)
    if apart < APART or shares[1] < SHARE or means[1] >= threshold:
        return threshold
    between = np.linspace(means[0], threshold, 400)
    lower, upper = _likelihoods(between, shares, means, spreads).T
    above = np.flatnonzero(upper >= lower + np.log(ODDS))
    return float(between[above[0]]) if len(above) else threshold


def _mixture(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the shares, means and deviations of a lower and an upper group, float64 [2] each."""
    shares, means = np.array([0.9, 0.1]), np.quantile(x, [0.5, 0.97])
    spreads = np.full(2, max(0.8 * float(x.std()), NARROWEST))
    # Scores that are alike are counted: a tenth of the time, and typing waits for it.
    counts, edges = np.histogram(x, BINS)
    x = (edges[1:] + edges[:-1]) / 2
    for _ in range(ROUNDS):
        found = _likelihoods(x, shares, means, spreads)
        found = np.exp(found - found.max(1, keepdims=True))
        found *= (counts / found.sum(1))[:, None]
        size = found.sum(0) + 1e-9
        shares, means = size / size.sum(), x @ found / size
        variances = (found * (x[:, None] - means) ** 2).sum(0) / size
        spreads = np.sqrt(variances).clip(NARROWEST)
    return shares, means, spreads


def _likelihoods(
    x: np.ndarray, shares: np.ndarray, means: np.ndarray, spreads: np.ndarray
) -> np.ndarray:
    """Return log-likelihoods up to a constant, float64 [n, 2]."""
    found: np.ndarray = np.log(shares / spreads) - ((x[:, None] - means) / spreads) ** 2 / 2
    return found
