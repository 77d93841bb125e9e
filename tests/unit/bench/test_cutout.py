import numpy as np
import pytest

from bench.cutout import Figures


def test_a_perfect_matte() -> None:
    mask = np.zeros((20, 30), bool)
    mask[5:15, 5:20] = True
    figures = Figures()
    figures.add(mask.astype(np.uint8) * 255, mask, 0.5)
    assert figures.summary() == {"max_f": 1.0, "mae": 0.0, "iou": 1.0, "s_per_image": 0.5}


def test_the_best_cut_off_counts() -> None:
    mask = np.zeros((10, 10), bool)
    mask[:, :5] = True
    figures = Figures()
    figures.add(np.where(mask, 90, 60).astype(np.uint8), mask, 1.0)
    found = figures.summary()
    assert found["max_f"] == 1.0
    assert found["iou"] == 0.0
    assert found["mae"] == pytest.approx((165 + 60) / 2 / 255, abs=1e-3)


def test_everything_is_as_good_as_its_precision() -> None:
    mask = np.zeros((10, 10), bool)
    mask[:, :2] = True
    figures = Figures()
    figures.add(np.full((10, 10), 255, np.uint8), mask, 1.0)
    precision, recall = 0.2, 1.0
    assert figures.summary()["max_f"] == pytest.approx(
        1.3 * precision * recall / (0.3 * precision + recall), abs=1e-3
    )
