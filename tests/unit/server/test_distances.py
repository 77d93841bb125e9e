"""Distances of embeddings as they are kept."""

import numpy as np
import pytest

from bowerbird.server.distances import ROUNDING, distance


@pytest.mark.parametrize("power", [1, 3, 5])
def test_a_picture_is_no_distance_from_itself(power: int) -> None:
    """Whatever the model: numbers of about one size, or few large ones among many small."""
    drawn = np.random.default_rng(power).standard_normal((2000, 384)) ** power
    units = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    kept = units.astype(np.float16).astype(np.float32)
    for cosines in ((kept * kept).sum(1), (kept * units).sum(1)):
        assert np.abs(1 - cosines).max() > 0
        assert {distance(each) for each in cosines.tolist()} == {0}


def test_distances_of_others() -> None:
    assert distance(1 - 2 * ROUNDING) == 2 * ROUNDING
    assert distance(0.25) == 0.75
    assert distance(-1.0005) == 2
    assert distance(None) == 0
