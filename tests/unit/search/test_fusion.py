"""Fusing terms and rankings, on embeddings with a modality gap like a real encoder's."""

import numpy as np
import pytest

from bowerbird.search.fusion import fuse, reciprocal_rank

DIM = 64


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture
def library() -> np.ndarray:
    """1,000 pictures in a narrow cone, as an encoder's image tower gives them."""
    rng = np.random.default_rng(7)
    cone = np.zeros(DIM)
    cone[0] = 1.5
    content = rng.normal(size=(1000, DIM)) / np.sqrt(DIM)
    content[:, 1] = 0.0  # where texts live, no picture is
    return unit(content + cone)


def text_for(wish: np.ndarray) -> np.ndarray:
    """A text that wishes for `wish`: mostly its own cone, so cosines to pictures vary little."""
    own = np.zeros(DIM)
    own[1] = 1.0
    return unit(own + 0.25 * wish)


def ranks(query: np.ndarray, library: np.ndarray) -> np.ndarray:
    order = np.argsort(-(library @ query))
    found = np.empty(len(order), int)
    found[order] = np.arange(len(order))
    return found


def test_single_term_is_left_alone(library: np.ndarray) -> None:
    vector = library[3]
    assert fuse([(vector, 2.0)], library) == pytest.approx(vector, abs=1e-6)
    assert fuse([(vector, -2.0)], library) == pytest.approx(-vector, abs=1e-6)


def test_image_terms_do_not_drown_text_terms(library: np.ndarray) -> None:
    rng = np.random.default_rng(1)
    shares = []
    for _ in range(20):
        wish = unit(rng.normal(size=DIM))
        text, image = text_for(wish), library[rng.integers(len(library))]
        fused = fuse([(text, 1.0), (image, 1.0)], library)
        scores = library @ fused
        # How much of the fused order each term explains.
        with_text = np.corrcoef(scores, library @ text)[0, 1]
        with_image = np.corrcoef(scores, library @ image)[0, 1]
        shares.append(with_text / with_image)
        plain = library @ unit(text + image)
        assert with_text > np.corrcoef(plain, library @ text)[0, 1]
    assert 0.8 < np.median(shares) < 1.25


def test_weights_shift_the_balance(library: np.ndarray) -> None:
    text, image = text_for(library[10]), library[20]
    leaning_text = fuse([(text, 4.0), (image, 1.0)], library)
    leaning_image = fuse([(text, 1.0), (image, 4.0)], library)
    assert leaning_text @ text > leaning_image @ text
    assert leaning_image @ image > leaning_text @ image


def test_negative_term_pushes_away(library: np.ndarray) -> None:
    text = text_for(library[10] + library[11])
    plain = ranks(fuse([(text, 1.0)], library), library)
    without = ranks(fuse([(text, 1.0), (library[10], -1.0)], library), library)
    assert plain[10] <= 1
    assert without[10] > 100
    assert without[11] <= 10


def test_result_is_always_unit_and_finite(library: np.ndarray) -> None:
    vector = library[0]
    cancelled = fuse([(vector, 1.0), (vector, -1.0)], library)
    assert np.linalg.norm(cancelled) == pytest.approx(1.0, abs=1e-5)
    same = np.repeat(vector[None], 50, axis=0)
    flat = fuse([(vector, 1.0), (library[1], 1.0)], same)
    assert np.isfinite(flat).all()
    assert np.linalg.norm(flat) == pytest.approx(1.0, abs=1e-5)
    none = fuse([(vector, 1.0), (library[1], 1.0)], np.empty((0, DIM), np.float32))
    assert none == pytest.approx(unit(vector + library[1]), abs=1e-6)


def test_reciprocal_rank_lifts_what_both_rankings_hold() -> None:
    semantic = np.arange(100, 200)
    merged = reciprocal_rank(semantic, np.array([150, 7]))
    assert merged[0] == 150
    assert merged[1:4].tolist() == [100, 101, 7]
    assert sorted(merged) == sorted([*range(100, 200), 7])


def test_reciprocal_rank_does_not_depend_on_the_depth_asked_for() -> None:
    semantic = np.arange(5000)
    lexical = np.array([4900, 1100, 3, 9999])
    shallow = reciprocal_rank(semantic[:1500], lexical)[:1000]
    deep = reciprocal_rank(semantic, lexical)[:1000]
    assert shallow.tolist() == deep.tolist()


def test_reciprocal_rank_without_lexical_keeps_the_order() -> None:
    semantic = np.array([5, 3, 9])
    assert reciprocal_rank(semantic, np.empty(0, np.int64)).tolist() == [5, 3, 9]
