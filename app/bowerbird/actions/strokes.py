"""Corrects a mask by strokes of a brush: before its edges are found, and where they are meant."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bowerbird.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bowerbird.types import Pixels, Stroke, Vector

# A brush fades in so many steps.
_STEPS = 6
# Discs smaller than this are drawn larger by the other and shrunk, pixels: they have no round rim.
_SMALL, _FINER = 6, 4
_RIM = 0.6  # by so much OpenCV draws what has smooth rims too large, pixels
_BITS = 4  # of a pixel's parts, in the coordinates that OpenCV draws by
# Share of the radius that says which colours a brush without a hard core is about.
_SEEDS = 0.25
# Colours this many deviations away from those are the same for sure, and are others for sure.
_ALIKE, _OTHER = 1.5, 3.0
_NOISE = 0.03  # deviation of colours below which nobody sees one, for colours in 0..1
_STRIP = 1 << 18  # pixels worked on at once at full size


@dataclass(frozen=True, slots=True)
class _Brush:
    """A stroke on a picture of some size.

    Attributes:
        points: float64 [n, 2], pixels from the middle of the first one.
        radius: Pixels.
        core: Radius within which every pixel is meant, pixels.
        value: What it paints: 1 for subject, 0 for background.
    """

    points: NDArray[np.float64]
    radius: float
    core: float
    value: float

    def box(self, width: int, rows: slice) -> tuple[slice, slice] | None:
        """Return which of some rows, and which columns, it reaches; None for none."""
        reach = self.radius + 1
        left, top = np.floor(self.points.min(0) - reach).astype(int)
        right, bottom = np.ceil(self.points.max(0) + reach).astype(int) + 1
        top, bottom = max(top, rows.start), min(bottom, rows.stop)
        left, right = max(left, 0), min(right, width)
        return (slice(top, bottom), slice(left, right)) if top < bottom and left < right else None

    def fading(self, box: tuple[slice, slice]) -> Vector:
        """Return how much it covers each pixel, in 0..1: all in its core, ever less around it."""
        if self.core >= self.radius:
            return self.disc(self.radius, box)
        shares = (np.arange(_STEPS) + 0.5) / _STEPS
        radii = self.core + shares * (self.radius - self.core)
        return sum((self.disc(each, box) for each in radii[1:]), self.disc(radii[0], box)) / (
            np.float32(_STEPS)
        )

    def disc(self, radius: float, box: tuple[slice, slice]) -> Vector:
        """Return how much of each pixel a disc covers that is drawn along the way, in 0..1."""
        import cv2

        finer = _FINER if radius < _SMALL else 1
        rows, columns = box
        height, width = rows.stop - rows.start, columns.stop - columns.start
        drawn = np.zeros((height * finer, width * finer), np.uint8)
        if radius > 0:
            corner = np.array([columns.start, rows.start])
            middles = (self.points - corner + 0.5) * finer - 0.5
            way = np.rint(middles * (1 << _BITS)).astype(np.int32)
            if len(way) == 1:
                reach = max(0, round((radius * finer - _RIM) * (1 << _BITS)))
                cv2.circle(drawn, way[0].tolist(), reach, 255, -1, cv2.LINE_AA, _BITS)
            else:
                wide = max(1, round(2 * (radius * finer - _RIM)))
                cv2.polylines(drawn, [way], False, 255, wide, cv2.LINE_AA, _BITS)
        if finer > 1:
            drawn = drawn.reshape(height, finer, width, finer).mean((1, 3), np.float32)
        return drawn.astype(np.float32) / np.float32(255)


def check(strokes: Sequence[Stroke]) -> None:
    """Look at strokes before anything is done with them.

    Raises:
        UsageError: One has no point, a number that is none, or a size that cannot be.
    """
    for number, stroke in enumerate(strokes, 1):
        numbers = [value for point in stroke.points for value in point]
        if not numbers or not all(map(math.isfinite, numbers)):
            raise UsageError(f"Stroke {number} goes nowhere: it needs points of two numbers each.")
        if not (0 <= stroke.radius <= 1 and 0 <= stroke.hardness <= 1):
            raise UsageError(f"Stroke {number}: radius and hardness lie between 0 and 1.")


def paint(matte: Vector, guide: Vector, strokes: Sequence[Stroke]) -> Vector:
    """Return a mask as strokes correct it, the later ones over the earlier.

    The core of a brush counts whole. Around it only colours count that are like those in the core
    nearby, so that a stroke along an edge stays on its side.

    Args:
        matte: float32 [height, width] in 0..1.
        guide: The picture's colours in 0..1, float32 [height, width, 3].
        strokes: In their order.

    Raises:
        UsageError: A stroke is none.
    """
    check(strokes)
    height, width = matte.shape
    found = matte.copy()
    for brush in _brushes(strokes, width, height):
        box = brush.box(width, slice(0, height))
        if box is not None:
            cover = brush.fading(box)
            if brush.core < brush.radius:
                cover *= np.maximum(brush.disc(brush.core, box), _alike(brush, guide[box], box))
            found[box] += (np.float32(brush.value) - found[box]) * cover
    return found


def settle(alpha: Pixels, strokes: Sequence[Stroke], fine: float) -> None:
    """Make a matte at full size what strokes mean for sure, whatever its refinement made of them.

    That is the core of each brush, and all of one that is finer than what the refinement looks at.
    What a later stroke goes over is not for sure any more.

    Args:
        alpha: uint8 [height, width]; it is changed.
        strokes: In their order.
        fine: Radius that the refinement looks at, as a share of the longer side.

    Raises:
        UsageError: A stroke is none.
    """
    check(strokes)
    height, width = alpha.shape
    brushes = list(_brushes(strokes, width, height))
    step = max(1, _STRIP // width)
    for start in range(0, height, step):
        rows = slice(start, min(start + step, height))
        boxes = [(brush, brush.box(width, rows)) for brush in brushes]
        reached = [(brush, box) for brush, box in boxes if box is not None]
        if reached:
            _settle(alpha, rows, reached, fine * max(width, height))


def _settle(
    alpha: Pixels, rows: slice, brushes: list[tuple[_Brush, tuple[slice, slice]]], fine: float
) -> None:
    """Do so for some rows; `fine` is in pixels."""
    sure = np.zeros((rows.stop - rows.start, alpha.shape[1]), np.float32)
    wanted = np.zeros_like(sure)
    for brush, box in brushes:
        here = (slice(box[0].start - rows.start, box[0].stop - rows.start), box[1])
        exact = np.float32(min(1.0, max(0.0, 2 - brush.radius / fine)))
        meant = brush.disc(brush.core, box)
        if exact > 0 and brush.core < brush.radius:
            meant = np.maximum(meant, exact * brush.fading(box))
        reach = brush.disc(brush.radius, box)
        for plane, value in ((sure, 1.0), (wanted, brush.value)):
            plane[here] *= 1 - reach
            plane[here] += meant * np.float32(value)
    mixed = alpha[rows] * (1 - sure) + 255 * wanted
    alpha[rows] = np.rint(mixed.clip(0, 255))


def _brushes(strokes: Sequence[Stroke], width: int, height: int) -> Iterator[_Brush]:
    """Yield the strokes as they lie on a picture of a size; those of no size are left out."""
    for stroke in strokes:
        radius = stroke.radius * max(width, height)
        if radius > 0:
            # One side beyond the picture nothing of a brush reaches it.
            points = np.clip(np.array(stroke.points, np.float64), -2, 3) * (width, height) - 0.5
            moved = np.ones(len(points), bool)
            moved[1:] = (np.abs(np.diff(points, axis=0)) > 1e-3).any(1)
            yield _Brush(points[moved], radius, radius * stroke.hardness, float(stroke.keep))


def _alike(brush: _Brush, guide: Vector, box: tuple[slice, slice]) -> Vector:
    """Return how much each pixel is like those in the core of a brush nearby, in 0..1."""
    import cv2

    seeds = brush.disc(max(brush.core, _SEEDS * brush.radius), box)
    window = 2 * math.ceil(brush.radius) + 1

    def near(plane: Vector) -> Vector:
        return np.asarray(
            cv2.blur(plane, (window, window), borderType=cv2.BORDER_CONSTANT), np.float32
        )

    share = near(seeds)[..., None] + np.float32(1e-6)
    weighed = guide * seeds[..., None]
    mean = near(weighed) / share
    spread = np.maximum(near(weighed * guide) / share - mean * mean, 0) + np.float32(_NOISE**2)
    apart = np.sqrt(((guide - mean) ** 2 / spread).mean(-1))
    like: Vector = ((_OTHER - apart) / (_OTHER - _ALIKE)).clip(0, 1)
    return like
