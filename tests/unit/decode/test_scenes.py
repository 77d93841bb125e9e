"""Which samples of a film are kept, on samples made by hand."""

import numpy as np
import pytest

from bowerbird.decode import scenes

RNG = np.random.default_rng(3)


def shot(seed: int, count: int) -> np.ndarray:
    """Samples of one scene, with some noise: uint8 [count, 32, 32, 3]."""
    patches = np.random.default_rng(seed).integers(30, 226, (4, 4, 3))
    still = patches.repeat(8, 0).repeat(8, 1)
    return np.clip(still + RNG.normal(0, 4, (count, 32, 32, 3)), 0, 255).astype(np.uint8)


def black(count: int) -> np.ndarray:
    return np.full((count, 32, 32, 3), 4, np.uint8)


def chosen(*shots: np.ndarray, gap: float = 0.5) -> list[int]:
    samples = np.concatenate(shots)
    return scenes.choose([at * gap for at in range(len(samples))], samples)


def test_nothing_gives_nothing() -> None:
    assert scenes.choose([], np.zeros((0, 32, 32, 3), np.uint8)) == []


def test_the_first_frame_of_every_scene_is_kept() -> None:
    assert chosen(shot(1, 6), shot(2, 9), shot(3, 5)) == [0, 6, 15]


def test_black_and_blank_frames_are_waited_over() -> None:
    blank = np.full((2, 32, 32, 3), 200, np.uint8)
    assert chosen(black(3), blank, shot(1, 6), black(2), shot(2, 6)) == [5, 13]


def test_the_same_scene_after_black_is_not_kept_twice() -> None:
    assert chosen(shot(1, 6), black(2), shot(1, 6)) == [0]


def test_a_film_without_anything_to_see_keeps_its_first_frame() -> None:
    assert chosen(black(20)) == [0]


def test_long_scenes_are_kept_now_and_then() -> None:
    kept = chosen(shot(1, 200), gap=1.0)
    assert kept == [0, 30, 60, 90, 120, 150, 180]


def test_what_drifts_slowly_is_kept_when_it_is_another() -> None:
    one, other = shot(1, 1)[0].astype(float), shot(2, 1)[0].astype(float)
    fade = np.stack([one + (other - one) * at / 24 for at in range(25)]).astype(np.uint8)
    kept = chosen(fade)
    assert kept[0] == 0
    assert 2 <= len(kept) <= 5


def test_a_camera_that_always_moves_is_not_cut_at_every_step() -> None:
    wide = RNG.integers(30, 226, (4, 40, 3)).repeat(8, 0).repeat(8, 1)
    pan = np.stack([wide[:, at : at + 32] for at in range(0, 60, 2)]).astype(np.uint8)
    assert 1 < len(chosen(pan)) <= 12  # of 30 samples, over two widths of the frame


def test_flashes_nearer_than_a_glance_are_not_kept() -> None:
    flashes = [shot(seed, 1) for seed in range(20)]
    kept = chosen(*flashes, gap=0.1)
    assert min(np.diff(kept)) >= 4


def test_no_more_than_so_many_are_kept_from_all_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenes, "MOST", 10)
    kept = chosen(*(shot(seed, 2) for seed in range(60)))
    assert len(kept) == 10
    assert kept[0] == 0
    assert kept == sorted(kept)
    assert max(np.diff(kept)) <= 24
