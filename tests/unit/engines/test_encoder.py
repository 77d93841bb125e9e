from __future__ import annotations

import math

import numpy as np
import pytest

from bowerbird.engines.encoder import Encoder, sigmoid, unit_rows
from bowerbird.errors import ModelError
from helpers.encoders import FakeEncoder


def test_rows_become_unit_float32() -> None:
    rows = unit_rows(np.array([[3.0, 4.0], [0.0, -2.0]]), 2, 2, "m")
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, -1]])
    assert unit_rows(np.empty((0, 2)), 0, 2, "m").shape == (0, 2)


@pytest.mark.parametrize("bad", [[0.0, 0.0], [math.nan, 1.0], [math.inf, 1.0], [1e-30, 0.0]])
def test_a_row_without_direction_never_leaves(bad: list[float]) -> None:
    with pytest.raises(ModelError, match="without direction"):
        unit_rows(np.array([[1.0, 0.0], bad]), 2, 2, "m")


@pytest.mark.parametrize("shape", [(1, 2), (2, 3), (2,), (2, 2, 1)])
def test_wrong_shapes_never_leave(shape: tuple[int, ...]) -> None:
    with pytest.raises(ModelError, match="shape"):
        unit_rows(np.ones(shape), 2, 2, "m")


def test_sigmoid_does_not_overflow() -> None:
    assert sigmoid(0) == 0.5
    assert sigmoid(-1e6) == 0.0
    assert sigmoid(1e6) == 1.0
    assert sigmoid(1.5) == pytest.approx(1 - sigmoid(-1.5))


def test_the_fake_encoder_is_one() -> None:
    encoder: Encoder = FakeEncoder()
    plain = np.zeros((3, 32, 32, 3), np.uint8)
    plain[0, :, :, 0] = 220
    plain[1, :, :, 2] = 220
    plain[2] = 128
    images = encoder.encode_images(plain)
    texts = encoder.encode_texts(["a red thing", "blue", "grey"])
    np.testing.assert_array_equal((texts @ images.T).argmax(axis=1), [0, 1, 2])
    np.testing.assert_array_equal(images, FakeEncoder().encode_images(plain))
    np.testing.assert_allclose(np.linalg.norm(images, axis=1), 1, rtol=1e-5)
    assert encoder.encode_images(plain[:0]).shape == (0, 64)
