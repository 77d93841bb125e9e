"""Finds the everyday objects of a picture: what they are, how sure that is, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from bowerbird.decode.decoder import fit, open_picture
from bowerbird.types import Detection

if TYPE_CHECKING:
    from bowerbird.engines.detector import Detector, Sight

# Two sights that overlap by more are one thing: of the same category, and of any two.
_SAME, _ANY = 0.5, 0.7
Box = tuple[float, float, float, float]


def detect(
    stream: BinaryIO,
    name: str,
    detector: Detector,
    *,
    least: float | None = None,
    max_pixels: int,
) -> tuple[Detection, ...]:
    """Return what is where in a picture, surest first.

    Args:
        stream: The file.
        name: Its name.
        detector: Looks at it.
        least: Score below which a thing is left out, 0..1; None for what suits the detector.
        max_pixels: A picture with more is refused.

    Raises:
        DecodeError: It is not a picture that can be read.
        ModelError: The detector cannot be loaded or run.
    """
    picture = open_picture(stream, name, detector.spec.size, max_pixels)
    (sights,) = detector.detect(fit(picture.image, detector.spec)[None], least)
    width, height = picture.width, picture.height
    padded = detector.spec.resize == "pad"
    return tuple(
        Detection(
            sight.category,
            sight.score,
            _in_pixels(_unpadded(sight.box, width, height) if padded else sight.box, width, height),
        )
        for sight in distinct(sights)
    )


def distinct(sights: Iterable[Sight]) -> list[Sight]:
    """Keep the surest sight of every thing (non-maximum suppression), surest first."""
    kept: list[Sight] = []
    for sight in sorted(sights, key=lambda one: -one.score):
        if not any(
            overlap(sight.box, other.box) > (_SAME if sight.category == other.category else _ANY)
            for other in kept
        ):
            kept.append(sight)
    return kept


def overlap(one: Box, other: Box) -> float:
    """Return how much two boxes share of all that both cover (intersection over union)."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    both = wide * high
    return both / (_area(one) + _area(other) - both)


def _unpadded(box: Box, width: int, height: int) -> Box:
    """Return a box in shares of the picture, from shares of a square with the picture amid it."""
    wide, high = width / max(width, height), height / max(width, height)
    left, top, right, bottom = box
    return (
        _within((left - 0.5) / wide + 0.5),
        _within((top - 0.5) / high + 0.5),
        _within((right - 0.5) / wide + 0.5),
        _within((bottom - 0.5) / high + 0.5),
    )


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _in_pixels(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Return a box in whole pixels of the full picture, at least one each way."""
    left, top = min(round(box[0] * width), width - 1), min(round(box[1] * height), height - 1)
    right, bottom = max(round(box[2] * width), left + 1), max(round(box[3] * height), top + 1)
    return left, top, right, bottom
