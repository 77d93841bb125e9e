"""Says whether two pictures are similar shots: of one scene, moments or a few steps apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bowerbird.decode.matching import Pixels, matched

# The thresholds were chosen on 23,444 pairs of flickr8k's photos, neighbours by embedding with a
# cosine of 0.65, and on the groups that were found among 11,487 photos of six sets, all looked at:
# 24 of 25 groups of flickr8k's are of one scene, and 46 of 53 in all. Of 400 photos with another
# moment made of each (another place and light, a part of another picture), 0.96 are found, and none
# of 8,120 pairs of neighbours among other photos is. Those of a burst are guesses: no photos with
# times were at hand.
# Corners of a picture, the bits of 256 by which two of one thing differ at most, and their share of
# those of the next nearest one.
_CORNERS, _BITS, _CLEARLY = 500, 70, 0.85
# Pixels that a side must have to hold any: they are looked for in the picture made smaller, too.
_LEAST = 48
# Pixels of a thumbnail by which corners may miss each other: in a scene not all is on one plane.
_MISS = 5.0
# Side at which pictures are laid over each other, and blocks along it.
_SIDE, _BLOCKS = 96, 8
# What a block must show to be compared (levels of 255), and the correlation of one that is the
# same. What moved between two shots is in the other blocks.
_SHOWS, _SAME = 4.0, 0.6
# Share of one picture that the other must show too, blocks that are the same, and the least of all
# the blocks that are on both.
_SHARED, _LEAST_SAME = 0.3, 7
# How far colours may be apart at all (CIELAB): only one of the pairs above 20 was of one scene, and
# without those the search takes a third less time.
_COLOURS = 21.0
# Many corners that agree are proof, whatever the light; few of them need the same colours at the
# same places, and more of the picture the same. In one burst they need less.
_MANY, _MANY_SAME = 30, 0.25
_FEW, _FEW_SAME, _FEW_COLOURS = 10, 0.4, 12.0
# Corners agree on any turn and size by chance; hands hold a camera much as they did before. Octaves
# and degrees within which few are enough, and how many are up to twice the size.
_SIZE, _TURN, _SOME = 0.5, 8.0, 18
_BURST, _BURST_SAME, _BURST_COLOURS = 8, 0.15, 8.0


@dataclass(slots=True)
class Scene:
    """A picture as scenes are compared, from its encoded thumbnail.

    Attributes:
        grey: uint8 [height, width].
        colours: CIELAB of its blocks less the mean lightness, float32 [64, 3].
        points: Where its corners are, float32 [n, 2].
        signs: What they look like (ORB), uint8 [n, 32]; None where there are none.
    """

    grey: Pixels
    colours: NDArray[np.float32]
    points: NDArray[np.float32]
    signs: Any

    @classmethod
    def of(cls, thumbnail: bytes) -> Scene | None:
        """Return the scene of an encoded thumbnail; None where it is damaged."""
        import cv2

        image = cv2.imdecode(np.frombuffer(thumbnail, np.uint8), cv2.IMREAD_COLOR)
        if image is None:
            return None
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
        small = cv2.resize(image, (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA)
        lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB).reshape(-1, 3)
        lab[:, 0] -= lab[:, 0].mean()
        # Shadows wander with the light, colours do not.
        colours = np.asarray(lab, np.float32) * np.array([0.6, 1, 1], np.float32)
        points, signs = _corners(grey)
        return cls(
            np.asarray(cv2.GaussianBlur(grey, (0, 0), 2.0), np.uint8), colours, points, signs
        )


def same_scene(one: Scene, other: Scene, *, burst: bool = False) -> bool:
    """Whether two pictures are of one scene: much of it is there again, at the same places.

    Corners are matched, and the move, turn and scale are found that most of them agree on (Rublee
    et al., "ORB", 2011; Fischler and Bolles, "Random sample consensus", 1981); what these bring
    over each other has to be the same in enough blocks. Two pictures of the same kind of thing
    have some corners in common, but not a ground.

    Args:
        one: A picture.
        other: Another.
        burst: Whether they were taken within seconds, so that less is enough.
    """
    apart = float(np.linalg.norm(one.colours - other.colours, axis=1).mean())
    if burst and apart <= _BURST_COLOURS:
        return True
    if apart > _COLOURS:
        return False
    few_alike = apart <= _FEW_COLOURS
    move, agreeing = _move(one, other)
    if move is None or agreeing < _least(move, burst=burst):
        return False
    if not (burst or few_alike or agreeing >= _MANY):
        return False
    shared, same, blocks = _laid_over(one.grey, other.grey, move)
    if shared < _SHARED or same < _LEAST_SAME:
        return False
    share = same / blocks
    return (
        (agreeing >= _MANY and share >= _MANY_SAME)
        or (few_alike and share >= _FEW_SAME)
        or (burst and share >= _BURST_SAME)
    )


def _least(move: NDArray[np.float64], *, burst: bool) -> int:
    """Return how many corners have to agree on a move."""
    scale, turn = np.hypot(move[0, 0], move[1, 0]), np.arctan2(move[1, 0], move[0, 0])
    size, turned = abs(np.log2(max(scale, 1e-6))), abs(np.degrees(turn))
    if size <= _SIZE and turned <= _TURN:
        return _BURST if burst else _FEW
    return _SOME if size <= 1 else _MANY


def _corners(grey: Pixels) -> tuple[NDArray[np.float32], Any]:
    if min(grey.shape) < _LEAST:
        return np.empty((0, 2), np.float32), None
    import cv2

    # The stubs of OpenCV 5 leave out what its library has.
    make: Any = cv2.ORB_create  # type: ignore[attr-defined]
    finder = make(_CORNERS, fastThreshold=6, edgeThreshold=12, patchSize=24)
    points, signs = finder.detectAndCompute(grey, None)
    return np.array([point.pt for point in points], np.float32).reshape(-1, 2), signs


def _move(one: Scene, other: Scene) -> tuple[NDArray[np.float64] | None, int]:
    """Return how one picture lies on the other, [2, 3], and how many corners agree on it."""
    import cv2

    if min(len(one.points), len(other.points)) < _BURST:
        return None, 0
    mine, theirs = matched(one.signs, other.signs, _CLEARLY, _BITS)
    if len(mine) < _BURST:
        return None, 0
    move, agreeing = cv2.estimateAffinePartial2D(
        one.points[mine],
        other.points[theirs],
        method=cv2.RANSAC,
        ransacReprojThreshold=_MISS,
        maxIters=500,
        confidence=0.99,
    )
    return (None, 0) if move is None else (np.asarray(move, np.float64), int(agreeing.sum()))


def _laid_over(one: Pixels, other: Pixels, move: NDArray[np.float64]) -> tuple[float, int, int]:
    """Return the share of `other` that `one` covers, blocks that are the same, of how many."""
    import cv2

    height, width = other.shape
    shrink = np.array([[_SIDE / width, 0, 0], [0, _SIDE / height, 0]])
    brought = shrink @ np.vstack([move, [0, 0, 1]])
    side = (_SIDE, _SIDE)
    inside = cv2.warpAffine(np.full(one.shape, 255, np.uint8), brought, side) > 250
    a, b, within = (
        _cut(np.asarray(part, np.float32))
        for part in (
            cv2.warpAffine(one, brought, side),
            cv2.warpAffine(other, shrink, side),
            inside,
        )
    )
    a, b = a - a.mean(1, keepdims=True), b - b.mean(1, keepdims=True)
    spread, beside = a.std(1), b.std(1)
    counts = (within.mean(1) > 0.9) & (np.maximum(spread, beside) > _SHOWS)
    alike = (a * b).mean(1) > _SAME * np.maximum(spread * beside, 1e-6)
    return float(inside.mean()), int((counts & alike).sum()), int(counts.sum())


def _cut(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the blocks of a square, [blocks, pixels]."""
    step = _SIDE // _BLOCKS
    parts = picture.reshape(_BLOCKS, step, _BLOCKS, step).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(parts.reshape(_BLOCKS * _BLOCKS, -1))
