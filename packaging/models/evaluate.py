"""Measure embeddings: retrieval both ways, zero-shot classes, like pictures by label."""

from __future__ import annotations

import numpy as np


def recalls(images: np.ndarray, texts: np.ndarray, owners: np.ndarray) -> dict[str, float]:
    """Return recall by text and by image.

    Args:
        images: unit-length [n, dim].
        texts: unit-length [m, dim].
        owners: the row of the picture that each text belongs to.
    """
    scores = texts @ images.T
    ranks = (scores > scores[np.arange(len(texts)), owners][:, None]).sum(1)
    back = np.array([(row > row[owners == i].max()).sum() for i, row in enumerate(scores.T)])
    found = {f"t2i_r{k}": float((ranks < k).mean()) for k in (1, 5, 10)}
    found["median_rank"] = float(np.median(ranks) + 1)
    found["i2t_r10"] = float((back < 10).mean())
    return {key: round(value, 4) for key, value in found.items()}


def zero_shot(images: np.ndarray, classes: np.ndarray, labels: np.ndarray) -> float:
    """Return how often the nearest class text is the right one."""
    return round(float(((images @ classes.T).argmax(1) == labels).mean()), 4)


def precision_at_10(images: np.ndarray, labels: np.ndarray) -> float:
    """Return which share of the ten nearest other pictures has the same label."""
    scores = images @ images.T
    np.fill_diagonal(scores, -np.inf)
    nearest = np.argpartition(-scores, 10, axis=1)[:, :10]
    return round(float((labels[nearest] == labels[:, None]).mean()), 4)
