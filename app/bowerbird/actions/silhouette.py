"""The shape of a picture's subject, as numbers that its place, size and colours do not change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from bowerbird.errors import DecodeError
from bowerbird.types import SHAPE_DIM as DIM, Silhouette

if TYPE_CHECKING:
    from bowerbird.types import Pixels, Vector

# A subject of fewer pixels, as a share of the picture, has no shape.
_LEAST = 0.002
# Side of the grid that a shape is drawn into, and of the one that is compared.
_DRAWN, _SIDE = 96, 16
_RINGS, _RAYS = 16, 64
# Ways that a shape is turned for a search, as it is and mirrored: one that is turned by half a step
# more is still like itself.
_TURNS = 24


def silhouette(alpha: Pixels, *, turned: bool = False) -> Silhouette:
    """Return the shape that an alpha shows.

    The subject is centred on its centre of mass and scaled to one spread. As it stands, its
    embedding is a coarse drawing of it; with `turned`, the sizes of the Fourier coefficients around
    its centre, ring by ring, which neither a turn nor a mirror changes (as in Zhang and Lu,
    "Shape-based image retrieval using generic Fourier descriptor", 2002).

    Args:
        alpha: uint8 [height, width]: how much of each pixel is subject.
        turned: Whether turned and mirrored shapes count as the same.

    Raises:
        DecodeError: There is no subject.
    """
    part: Vector = alpha.astype(np.float32) / np.float32(255)
    coverage = float(part.mean())
    solid = part >= 0.5
    if float(solid.mean()) < _LEAST:
        raise DecodeError("shows nothing that stands out from its background")
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    y, x = np.nonzero(solid)
    middle = float(y.mean()), float(x.mean())
    spread = max(1.0, float(np.sqrt(((y - middle[0]) ** 2 + (x - middle[1]) ** 2).mean())))
    found = _rings(part, middle, spread) if turned else _drawing(part, middle, spread)
    found = found - found.mean()
    norm = float(np.linalg.norm(found))
    embedding: Vector = (found / norm if norm else np.full(DIM, DIM**-0.5)).astype(np.float32)
    return Silhouette(embedding, width / height, coverage)


def turned_ways(alpha: Pixels) -> list[Silhouette]:
    """Return the shape that an alpha shows, turned and mirrored in all ways.

    Raises:
        DecodeError: There is no subject.
    """
    height, width = alpha.shape
    # Room, so that no corner is lost on the way.
    room = int(np.ceil(np.hypot(height, width))) + 1
    square = Image.new("L", (room, room))
    square.paste(Image.fromarray(alpha), ((room - width) // 2, (room - height) // 2))
    found = []
    for image in (square, square.transpose(Image.Transpose.FLIP_LEFT_RIGHT)):
        for turn in range(_TURNS):
            way = image.rotate(360 * turn / _TURNS, Image.Resampling.BILINEAR)
            found.append(silhouette(np.asarray(way, np.uint8)))
    return found


def _drawing(part: Vector, middle: tuple[float, float], spread: float) -> Vector:
    """Return the subject drawn into a small grid, float32 [256]."""
    half = 2.2 * spread
    box = (middle[1] - half, middle[0] - half, middle[1] + half, middle[0] + half)
    step = 2 * half / _DRAWN
    drawn = Image.fromarray(part).transform(
        (_DRAWN, _DRAWN),
        Image.Transform.AFFINE,
        (step, 0, box[0], 0, step, box[1]),
        Image.Resampling.BILINEAR,
    )
    small = drawn.resize((_SIDE, _SIDE), Image.Resampling.BOX)
    return np.asarray(small, np.float32).ravel()


def _rings(part: Vector, middle: tuple[float, float], spread: float) -> Vector:
    """Return the first Fourier coefficients of rings around the middle, float32 [256]."""
    radii = (np.arange(_RINGS) + 0.5) / _RINGS * 2.4 * spread
    angles = np.arange(_RAYS) / _RAYS * 2 * np.pi
    y = np.rint(middle[0] + radii[:, None] * np.sin(angles)).astype(int)
    x = np.rint(middle[1] + radii[:, None] * np.cos(angles)).astype(int)
    inside = (y >= 0) & (x >= 0) & (y < part.shape[0]) & (x < part.shape[1])
    sampled = np.zeros(y.shape, np.float32)
    sampled[inside] = part[y[inside], x[inside]]
    size = np.abs(np.fft.rfft(sampled, axis=1))[:, : DIM // _RINGS] / _RAYS
    found: Vector = size.astype(np.float32).ravel()
    return found
