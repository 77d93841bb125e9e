"""All pairs that are alike, compared with looking at each."""

import numpy as np
import pytest

from bowerbird.search import pairs
from helpers.records import unit


@pytest.mark.parametrize("block", [1, 7, 64, 1000])
def test_every_pair_once(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(pairs, "BLOCK", block)
    vectors = unit(np.random.default_rng(0), 60, 8)
    ids = np.arange(60) * 3 + 5
    found = list(pairs.similar_pairs(ids, vectors, 0.5))
    expected = {
        (int(ids[i]), int(ids[j]))
        for i in range(60)
        for j in range(i + 1, 60)
        if vectors[i] @ vectors[j] >= 0.5
    }
    assert {pair[:2] for pair in found} == expected
    assert len(found) == len(expected) > 10
    for one, other, cosine in found:
        exact = vectors[(one - 5) // 3] @ vectors[(other - 5) // 3]
        assert cosine == pytest.approx(float(exact), abs=1e-5)


def test_nothing_has_no_pairs() -> None:
    assert not list(pairs.similar_pairs(np.empty(0, np.int64), np.empty((0, 4), np.float32), 0))
