"""Where pictures no longer match: the model's own line, or a lower one for what is common."""

import numpy as np
import pytest

from bowerbird.search.line import lowered

LINE = 0.19


def group(count: int, mean: float, spread: float) -> np.ndarray:
    return np.random.default_rng(count).normal(mean, spread, count).astype(np.float32)


def test_what_is_common_is_parted_from_the_rest() -> None:
    others, dogs = group(800, -0.06, 0.055), group(220, 0.126, 0.06)
    line = lowered(np.concatenate([others, dogs]), LINE)
    assert (dogs >= LINE).mean() < 0.2, "as with real photos of dogs"
    assert (dogs >= line).mean() > 0.65
    assert (others >= line).mean() < 0.05


@pytest.mark.parametrize(
    "scores",
    [
        group(1000, 0.02, 0.07),
        np.concatenate([group(900, -0.02, 0.06), group(100, 0.25, 0.05)]),
        np.concatenate([group(900, -0.02, 0.06), group(100, 0.09, 0.06)]),
        np.concatenate([group(1000, -0.05, 0.02), group(4, 0.12, 0.01)]),
        np.concatenate([group(60, -0.06, 0.03), group(20, 0.12, 0.03)]),
        np.zeros(500, np.float32),
        np.empty(0, np.float32),
    ],
    ids=["one group", "mostly above", "not parted", "chance", "a small library", "alike", "none"],
)
def test_else_the_line_is_the_models(scores: np.ndarray) -> None:
    assert lowered(scores, LINE) == LINE


def test_the_line_never_rises() -> None:
    scores = np.concatenate([group(500, -0.1, 0.03), group(500, 0.15, 0.06)])
    assert lowered(scores, 0.16) <= 0.16
    assert lowered(scores, 0.1) == 0.1
