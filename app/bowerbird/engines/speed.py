"""How fast a model is on this machine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bowerbird.engines.encoder import Encoder


def pictures_a_second(encoder: Encoder, count: int) -> float:
    """Return how many pictures a second are embedded, measured on `count` of noise."""
    side = encoder.spec.size
    batch = np.random.default_rng(0).integers(0, 256, (count, side, side, 3), np.uint8)
    encoder.encode_images(batch)  # the first one loads the weights
    begun = time.perf_counter()
    encoder.encode_images(batch)
    return count / (time.perf_counter() - begun)
