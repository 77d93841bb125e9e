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

SIZES, DRAWS = (60, 250, 1000), 10  # of libraries that the line is drawn for


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


def fit_threshold(
    images: np.ndarray, texts: np.ndarray, owners: np.ndarray, nonsense: np.ndarray
) -> dict[str, float]:
    """Return the cosine that parts best hits of real queries from those of nonsense.

    It is where as large a share of real queries falls below as of nonsense stays above, over
    libraries of a few sizes: the best of many pictures fits anything better than the best of few.
    """
    chance = np.random.default_rng(0)
    scores, empty = texts @ images.T, nonsense @ images.T
    lines = np.linspace(empty.min(), scores.max(), 800)
    lost, let = np.zeros((2, len(lines)))
    draws = [size for size in SIZES for _ in range(DRAWS)]
    for size in draws:
        kept = chance.choice(len(images), min(size, len(images)), replace=False)
        real = scores[np.isin(owners, kept)][:, kept].max(1)
        lost += np.searchsorted(np.sort(real), lines) / len(real) / len(draws)
        best = np.sort(empty[:, kept].max(1))
        let += (1 - np.searchsorted(best, lines) / len(best)) / len(draws)
    line = int(np.abs(lost - let).argmin())
    return {
        "threshold": round(float(lines[line]), 4),
        "real_below": round(float(lost[line]), 4),
        "nonsense_above": round(float(let[line]), 4),
    }
