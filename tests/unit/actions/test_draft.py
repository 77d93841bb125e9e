from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bowerbird.actions.background import cut_out
from bowerbird.actions.cutouts import cut_out_file
from bowerbird.actions.draft import Draft
from bowerbird.engines.segmenter import BuiltinSegmenter
from bowerbird.errors import UsageError
from bowerbird.types import Stroke
from helpers.segmenters import write_segmenter

KEEP = Stroke(((0.1, 0.2), (0.3, 0.2)), 0.05, 0.7, True)
REMOVE = Stroke(((0.75, 0.5),), 0.08, 0.7, False)


class Counting(BuiltinSegmenter):
    """Counts how often it is asked."""

    asked = 0

    def segment(self, batch: np.ndarray) -> np.ndarray:
        self.asked += 1
        return super().segment(batch)


@pytest.fixture
def segmenter(tmp_path: Path) -> Counting:
    return Counting(write_segmenter(tmp_path / "segmenter"))


def halves(width: int, height: int) -> np.ndarray:
    """Green at the left; red, which is the subject, at the right."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:, : width // 2, 1] = 160
    picture[:, width // 2 :, 0] = 255
    return picture


def test_a_look_is_what_a_cut_out_is(segmenter: Counting) -> None:
    picture = halves(300, 200)
    draft = Draft(picture, segmenter, 10**9)
    found = cut_out(picture, segmenter)
    look = draft.look(())
    np.testing.assert_array_equal(look.pixels, np.asarray(found.image()))
    assert look.coverage == pytest.approx(0.5, abs=0.02)


def test_the_subject_is_looked_for_once(segmenter: Counting) -> None:
    draft = Draft(halves(300, 200), segmenter, 10**9)
    assert segmenter.asked == 0
    for strokes in ((), (KEEP,), (KEEP, REMOVE)):
        draft.look(strokes)
    assert segmenter.asked == 1


def test_strokes_show_in_a_look(segmenter: Counting) -> None:
    draft = Draft(halves(300, 200), segmenter, 10**9)
    alpha = draft.look((KEEP, REMOVE)).pixels[..., 3]
    assert alpha[40, 60] == 255
    assert alpha[100, 225] == 0
    assert alpha[180, 60] == 0
    assert alpha[180, 280] == 255


def test_what_stands_behind_shows(segmenter: Counting, tmp_path: Path) -> None:
    draft = Draft(halves(300, 200), segmenter, 10**9)
    look = draft.look((KEEP,), "#0000ff").pixels
    assert look.shape == (200, 300, 3)
    assert look[180, 60].tolist() == [0, 0, 255]
    assert look[40, 60].tolist() == [0, 160, 0]
    sea = tmp_path / "sea.png"
    Image.new("RGB", (30, 30), (1, 2, 3)).save(sea)
    assert draft.look((), str(sea)).pixels[180, 60].tolist() == [1, 2, 3]
    sea.unlink()
    assert draft.look((KEEP,), str(sea)).pixels[180, 60].tolist() == [1, 2, 3], "read once"
    with pytest.raises(UsageError, match="cannot stand behind"):
        draft.look((), "no-such-ground")


def test_wrong_strokes_are_refused(segmenter: Counting) -> None:
    draft = Draft(halves(30, 20), segmenter, 10**9)
    with pytest.raises(UsageError, match="Stroke 1"):
        draft.look((Stroke((), 0.1, 1, True),))


def test_the_file_is_what_was_seen(segmenter: Counting, tmp_path: Path) -> None:
    file = tmp_path / "thing.png"
    Image.fromarray(halves(1200, 800)).save(file)
    draft = Draft(halves(300, 200), segmenter, 10**9)
    strokes = (KEEP, REMOVE)
    seen = draft.look(strokes).pixels[..., 3]
    done = cut_out_file(
        file,
        lambda picture: draft.cut(picture, strokes),
        None,
        kind="webp",
        mask_only=False,
        ground=None,
        max_pixels=10**9,
    )
    assert done.target == tmp_path / "thing-cutout.webp"
    with Image.open(done.target) as image:
        assert image.size == (1200, 800)
        written = np.asarray(image.getchannel("A").resize((300, 200), Image.Resampling.BOX))
    assert np.abs(seen.astype(int) - written).mean() < 2
    assert segmenter.asked == 1
