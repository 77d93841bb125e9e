import numpy as np
import pytest

from bowerbird.actions.background import corrected, refine
from bowerbird.actions.strokes import check, paint, settle
from bowerbird.errors import UsageError
from bowerbird.types import Stroke

WIDTH, HEIGHT = 120, 80
GREY = np.full((HEIGHT, WIDTH, 3), 0.5, np.float32)
NOTHING = np.zeros((HEIGHT, WIDTH), np.float32)
FINE = 4 / WIDTH


def dab(
    x: float, y: float, *, keep: bool = True, radius: float = 0.1, hardness: float = 1.0
) -> Stroke:
    return Stroke(((x, y),), radius, hardness, keep)


def settled(*strokes: Stroke, level: int = 0, fine: float = FINE) -> np.ndarray:
    alpha = np.full((HEIGHT, WIDTH), level, np.uint8)
    settle(alpha, strokes, fine)
    return alpha


def test_a_dab_is_a_disc_of_its_radius() -> None:
    found = paint(NOTHING, GREY, [dab(0.5, 0.5)])
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    apart = np.hypot(columns + 0.5 - 60, rows + 0.5 - 40)
    assert (found[apart < 11] == 1).all()
    assert (found[apart > 13.1] < 0.02).all()
    assert found.sum() == pytest.approx(np.pi * 12**2, rel=0.02)


@pytest.mark.parametrize("hardness", [0.0, 0.5, 1.0])
def test_keeping_and_removing(hardness: float) -> None:
    whole = np.ones_like(NOTHING)
    keeping = paint(NOTHING, GREY, [dab(0.5, 0.5, hardness=hardness)])
    removing = paint(whole, GREY, [dab(0.5, 0.5, keep=False, hardness=hardness)])
    assert keeping[40, 60] > 0.9
    np.testing.assert_allclose(removing, 1 - keeping, atol=1e-6)


def test_the_mask_that_is_given_stays_as_it_is() -> None:
    before = NOTHING.copy()
    paint(before, GREY, [dab(0.5, 0.5)])
    np.testing.assert_array_equal(before, NOTHING)


def test_a_stroke_covers_its_whole_way() -> None:
    found = paint(NOTHING, GREY, [Stroke(((0.2, 0.5), (0.5, 0.5), (0.8, 0.2)), 0.05, 1.0, True)])
    for x, y in ((0.2, 0.5), (0.35, 0.5), (0.5, 0.5), (0.65, 0.35), (0.8, 0.2)):
        assert found[round(y * HEIGHT), round(x * WIDTH)] == 1
    assert found[round(0.2 * HEIGHT), round(0.2 * WIDTH)] == 0


def test_points_that_are_one_are_a_dab() -> None:
    again = Stroke(((0.5, 0.5),) * 3, 0.1, 1.0, True)
    np.testing.assert_array_equal(
        paint(NOTHING, GREY, [again]), paint(NOTHING, GREY, [dab(0.5, 0.5)])
    )


def test_hardness_says_how_it_fades() -> None:
    shares = [paint(NOTHING, GREY, [dab(0.5, 0.5, hardness=h)]).sum() for h in (0.0, 0.5, 1.0)]
    assert shares == sorted(shares)
    soft = paint(NOTHING, GREY, [dab(0.5, 0.5, hardness=0.0)])
    outwards = soft[40, 60:]
    assert (np.diff(outwards) <= 1e-6).all()
    assert len(np.unique(outwards.round(3))) > 5


def test_later_strokes_lie_over_earlier_ones() -> None:
    keep, remove = dab(0.45, 0.5), dab(0.55, 0.5, keep=False)
    assert paint(NOTHING, GREY, [keep, remove])[40, 60] == 0
    assert paint(NOTHING, GREY, [remove, keep])[40, 60] == 1
    assert settled(keep, remove)[40, 60] == 0
    assert settled(remove, keep)[40, 60] == 255
    # What only the first one covers is as it left it.
    assert settled(keep, remove)[40, 44] == 255


def test_no_strokes_change_nothing() -> None:
    np.testing.assert_array_equal(paint(NOTHING, GREY, []), NOTHING)
    np.testing.assert_array_equal(settled(level=77), np.full((HEIGHT, WIDTH), 77))


def test_a_radius_of_nothing_paints_nothing() -> None:
    stroke = dab(0.5, 0.5, radius=0.0)
    np.testing.assert_array_equal(paint(NOTHING, GREY, [stroke]), NOTHING)
    assert not settled(stroke).any()


@pytest.mark.parametrize("x", [-40.0, -0.3, 1.3, 1e12])
def test_outside_of_the_picture_nothing_is_painted(x: float) -> None:
    np.testing.assert_array_equal(paint(NOTHING, GREY, [dab(x, 0.5)]), NOTHING)
    assert not settled(dab(x, 0.5)).any()


def test_a_stroke_over_the_edge_paints_what_lies_inside() -> None:
    found = paint(NOTHING, GREY, [Stroke(((-5.0, 0.5), (0.1, 0.5)), 0.05, 1.0, True)])
    assert found[40, 0] == 1
    assert found[40, 12] == 1
    assert found[40, 40] == 0


@pytest.mark.parametrize("hardness", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (3, 2)])
def test_pictures_of_odd_sizes(size: tuple[int, int], hardness: float) -> None:
    width, height = size
    whole = Stroke(((0.0, 0.0), (1.0, 1.0)), 1.0, hardness, True)
    picture = np.full((height, width, 3), 90, np.uint8)
    coarse = np.zeros((32, 32), np.float32)
    assert corrected(picture, coarse, [whole]).alpha[height // 2, width // 2] > 200
    assert not corrected(picture, coarse, []).alpha.any()


def test_a_stroke_stays_on_its_side_of_an_edge() -> None:
    guide = np.full((HEIGHT, WIDTH, 3), 0.2, np.float32)
    guide[:, 60:] = 0.8
    # The middle lies left of the edge, half of the brush right of it.
    stroke = dab(58 / WIDTH, 0.5, radius=10 / WIDTH, hardness=0.0)
    found = paint(NOTHING, guide, [stroke])
    assert found[40, 54] > 0.3
    assert found[40, 62] < 0.05
    plain = paint(NOTHING, GREY, [stroke])
    assert plain[40, 62] > 0.3


def test_the_core_is_meant_at_full_size() -> None:
    found = settled(dab(0.5, 0.5, hardness=0.5), level=0, fine=0.01)
    assert found[40, 60] == 255
    assert found[40, 60 + 4] == 255
    # Between core and rim the refinement decides, and it said nothing.
    assert found[40, 60 + 8] == 0


def test_a_later_soft_stroke_frees_what_was_meant() -> None:
    hard, soft = dab(0.5, 0.5), dab(0.5, 0.5, keep=False, hardness=0.0)
    assert settled(hard, fine=0.01)[40, 60] == 255
    assert settled(hard, soft, fine=0.01)[40, 60] < 40


def test_a_fine_brush_is_meant_all_of_it() -> None:
    stroke = dab(0.5, 0.5, radius=0.03, hardness=0.0)
    assert settled(stroke, fine=0.01)[40, 60] == 0
    fine = settled(stroke, fine=0.05)
    assert fine[40, 60] > 150
    assert 0 < fine[40, 62] < fine[40, 60]


def test_strips_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    strokes = [
        Stroke(((0.1, 0.1), (0.7, 0.9)), 0.07, 0.4, True),
        Stroke(((0.9, 0.1), (0.3, 0.8)), 0.01, 0.2, True),
        Stroke(((0.2, 0.5), (0.9, 0.5)), 0.04, 1.0, False),
    ]
    at_once = settled(*strokes, level=90)
    monkeypatch.setattr("bowerbird.actions.strokes._STRIP", 7 * WIDTH)
    in_strips = settled(*strokes, level=90)
    apart = np.abs(in_strips.astype(int) - at_once)
    # Rims are rounded otherwise where they are cut; nobody sees that.
    assert apart.max() <= 16
    assert apart.mean() < 0.05


def test_a_small_and_a_large_picture_become_the_same() -> None:
    rng = np.random.default_rng(4)
    blocks = rng.integers(0, 256, (10, 15, 3), np.uint8)
    large = np.kron(blocks, np.ones((80, 80, 1), np.uint8))
    small = large[1::2, 1::2]
    coarse = np.zeros((32, 32), np.float32)
    coarse[8:24, 8:24] = 1
    strokes = [
        Stroke(((0.1, 0.2), (0.5, 0.3)), 0.04, 0.5, True),
        Stroke(((0.6, 0.6), (0.6, 0.8)), 0.03, 1.0, False),
    ]
    shown = corrected(small, coarse, strokes).alpha.astype(int)
    written = corrected(large, coarse, strokes).alpha[1::2, 1::2].astype(int)
    assert np.abs(shown - written).mean() < 2
    untouched = refine(large, coarse)[1::2, 1::2]
    assert np.abs(untouched - written).mean() > 5


def test_wrong_strokes_are_refused() -> None:
    for stroke in (
        Stroke((), 0.1, 1.0, True),
        dab(float("nan"), 0.5),
        dab(0.5, float("inf")),
        dab(0.5, 0.5, radius=-0.1),
        dab(0.5, 0.5, radius=float("nan")),
        dab(0.5, 0.5, radius=1.5),
        dab(0.5, 0.5, hardness=2),
    ):
        with pytest.raises(UsageError, match="Stroke 2"):
            check([dab(0.5, 0.5), stroke])
