from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bowerbird.actions.subject import find
from bowerbird.engines.segmenter import BuiltinSegmenter
from helpers.segmenters import SIDE, write_segmenter


class Recorded(BuiltinSegmenter):
    """Keeps what it was shown."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.seen: list[np.ndarray] = []

    def segment(self, batch: np.ndarray) -> np.ndarray:
        self.seen.extend(batch)
        return super().segment(batch)


def spot(left: int, top: int, side: int, size: tuple[int, int] = (640, 320)) -> np.ndarray:
    """Return a red square on black."""
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    picture[top : top + side, left : left + side, 0] = 255
    return picture


def test_a_small_subject_is_looked_at_closer(tmp_path: Path) -> None:
    segmenter = Recorded(write_segmenter(tmp_path / "segmenter", closer=0.5))
    matte = find(spot(400, 160, 100), segmenter)
    whole, closer = ((seen[..., 0] > 127).mean() for seen in segmenter.seen)
    assert whole == pytest.approx(100 * 100 / (640 * 320), rel=0.2)
    # With a fifth of its side on every side of it.
    assert closer == pytest.approx(1 / 1.4**2, rel=0.2)
    expected = np.asarray(Image.fromarray(spot(400, 160, 100)).resize((SIDE, SIDE)))[..., 0] / 255
    assert np.abs(matte - expected).mean() < 0.01, "it is where it was"


def test_both_looks_count_by_their_shares(tmp_path: Path) -> None:
    segmenter = BuiltinSegmenter(write_segmenter(tmp_path / "segmenter", closer=0.25))
    answers = iter([0.8, 0.4])

    def says(batch: np.ndarray) -> np.ndarray:
        matte = np.full((1, SIDE, SIDE), 0.05, np.float32)
        matte[:, 8:20, 8:20] = next(answers)
        return matte

    segmenter.segment = says  # type: ignore[method-assign]
    matte = find(spot(0, 0, 9), segmenter)
    odds = 0.75 * np.log(0.8 / 0.2) + 0.25 * np.log(0.4 / 0.6)
    assert matte[12, 12] == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-4)
    assert matte[30, 30] == pytest.approx(0.05), "outside, the first look alone speaks"


@pytest.mark.parametrize(
    "picture",
    [spot(0, 0, 640), spot(20, 10, 600), spot(4, 4, 4, (2000, 1000)), spot(9, 9, 1)],
    ids=["all subject", "fills it", "nothing of any size", "nothing"],
)
def test_there_is_no_second_look_without_more_to_see(tmp_path: Path, picture: np.ndarray) -> None:
    segmenter = Recorded(write_segmenter(tmp_path / "segmenter", closer=0.5))
    find(picture, segmenter)
    assert len(segmenter.seen) <= 1
