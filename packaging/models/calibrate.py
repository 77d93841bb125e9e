"""Turn cosines into relevances and find the line under which nothing matches."""

from __future__ import annotations

import numpy as np

# Queries that no photo library answers: what they reach is what "no good match" looks like.
NONSENSE = (
    "asdf qwer zxcv",
    "xqzt blorf",
    "lorem ipsum dolor sit amet",
    "quarterly revenue forecast",
    "the square root of two",
    "legal liability clause",
    "kubernetes pod eviction",
    "import numpy as np",
    "ontological argument",
    "inflation rate of 1987",
    "subjunctive mood",
    "http 404 error",
    "monetary policy",
    "zzzzzz",
    "12345 67890",
    "the meaning of justice",
    "tax deduction form",
    "eigenvalue decomposition",
    "postmodern epistemology",
    "gluten sensitivity study",
    "jklm nopq rstu",
    "contract termination notice",
    "chromosome seventeen",
    "nothing in particular",
)


def fit_relevance(images: np.ndarray, texts: np.ndarray, owners: np.ndarray) -> tuple[float, float]:
    """Return scale and bias of sigmoid(scale * cosine + bias).

    A text's own picture counts as relevant; the others as irrelevant, weighted so that a library
    where one picture in fifty fits a query is the assumed case.
    """
    scores = texts @ images.T
    own = scores[np.arange(len(texts)), owners]
    chance = np.random.default_rng(0)
    others = scores[chance.integers(0, len(texts), 50_000), chance.integers(0, len(images), 50_000)]
    x = np.concatenate([own, others])
    y = np.concatenate([np.ones(len(own)), np.zeros(len(others))])
    weight = np.where(y > 0, 1 / len(own), 50 / len(others))
    scale, bias = 10.0, -3.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-(scale * x + bias)))
        slope, bend = weight * (p - y), weight * p * (1 - p)
        gradient = np.array([(slope * x).sum(), slope.sum()])
        hessian = np.array(
            [[(bend * x * x).sum(), (bend * x).sum()], [(bend * x).sum(), bend.sum()]]
        )
        step = np.linalg.solve(hessian + 1e-9 * np.eye(2), gradient)
        scale, bias = scale - step[0], bias - step[1]
    return round(float(scale), 3), round(float(bias), 3)


def fit_threshold(images: np.ndarray, texts: np.ndarray, nonsense: np.ndarray) -> dict[str, float]:
    """Return the cosine that parts best hits of real queries from those of nonsense.

    It is where as large a share of real queries falls below as of nonsense stays above.
    """
    real = np.sort((texts @ images.T).max(1))
    empty = np.sort((nonsense @ images.T).max(1))
    lines = np.linspace(min(real[0], empty[0]), max(real[-1], empty[-1]), 400)
    lost = np.searchsorted(real, lines) / len(real)
    let = 1 - np.searchsorted(empty, lines) / len(empty)
    best = int(np.abs(lost - let).argmin())
    return {
        "threshold": round(float(lines[best]), 4),
        "real_below": round(float(lost[best]), 4),
        "nonsense_above": round(float(let[best]), 4),
    }
