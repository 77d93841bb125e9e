"""Dominant colours: k-means in OKLab, where distances are as the eye sees them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bowerbird.types import Colour

_SIDE = 40
COUNT = 5
_ROUNDS = 8
# Colours closer than this (OKLab) are one to the eye, and a share below this is a speck.
_SAME = 0.06
_SPECK = 0.01

Floats = NDArray[np.float32]

# Ottosson, "A perceptual color space for image processing", 2020.
_TO_LMS = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929],
     [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]], np.float32,
)  # fmt: skip
_TO_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468],
     [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]], np.float32,
)  # fmt: skip
_LEVELS = np.arange(256, dtype=np.float32) / 255
_LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4).astype(
    np.float32
)


def dominant(image: Image.Image, count: int = COUNT) -> tuple[Colour, ...]:
    """Return up to `count` colours of an RGB image, the heaviest first; their weights sum to 1.

    Pixels are picked, not averaged, so that no colour is named that the picture does not have.
    The same picture always gives the same colours.
    """
    small = image.resize((_SIDE, _SIDE), Image.Resampling.NEAREST)
    rgb = np.asarray(small).reshape(-1, 3)
    lab = to_oklab(rgb)
    centres = _start(lab, count)
    owner = np.zeros(len(lab), np.intp)
    for _ in range(_ROUNDS):
        owner = _distances(lab, centres).argmin(1)
        counts = np.bincount(owner, minlength=len(centres))
        sums = np.stack([np.bincount(owner, lab[:, axis], len(centres)) for axis in range(3)], 1)
        moved = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centres)
        centres = moved.astype(np.float32)
    return _named(rgb, owner, _distances(lab, centres))


def to_oklab(rgb: NDArray[np.uint8]) -> Floats:
    """Return colours in OKLab, float32 [n, 3]: lightness 0..1, a and b about -0.4..0.4.

    Args:
        rgb: sRGB uint8 [n, 3].
    """
    lab: Floats = np.cbrt(_LINEAR[rgb] @ _TO_LMS.T) @ _TO_LAB.T
    return lab


def _distances(lab: Floats, centres: Floats) -> Floats:
    """Squared distances [pixels, centres]."""
    near: Floats = (lab**2).sum(1)[:, None] - 2 * lab @ centres.T + (centres**2).sum(1)
    return near


def _start(lab: Floats, count: int) -> Floats:
    """Choose centres that are far apart, from the mean outwards; fewer where colours are few."""
    chosen = [lab.mean(0)]
    nearest = ((lab - chosen[0]) ** 2).sum(1)
    chosen = []
    for _ in range(count):
        far = int(nearest.argmax())
        if chosen and nearest[far] < _SAME**2:
            break
        gap = ((lab - lab[far]) ** 2).sum(1)
        nearest = gap if not chosen else np.minimum(nearest, gap)
        chosen.append(lab[far])
    return np.stack(chosen)


def _named(
    rgb: NDArray[np.uint8], owner: NDArray[np.intp], distances: Floats
) -> tuple[Colour, ...]:
    """Name each cluster by its pixel nearest to the centre, leaving out specks."""
    shares = np.bincount(owner, minlength=distances.shape[1]) / len(owner)
    order = [int(n) for n in np.argsort(-shares, kind="stable") if shares[n] >= _SPECK]
    total = float(shares[order].sum())
    named = []
    for number in order:
        red, green, blue = (int(level) for level in rgb[distances[:, number].argmin()])
        named.append(Colour(red, green, blue, float(shares[number]) / total))
    return tuple(named)
