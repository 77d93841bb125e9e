"""Says whether two pictures are of one shot: resized, recompressed, turned, mirrored, cropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bowerbird.decode.hashes import WAYS, turned

Pixels = NDArray[np.uint8]

# Which notion of a copy this is: a library whose pictures were compared by another compares anew.
NOTION = "2"
# Bits of 64 in which a copy's hash differs at most, in the right one of these ways.
_BITS = 12
# Neighbours whose hash says no, but which may be a part of the picture, and the cosine they need.
_PARTS, _PART_LEAST = 2, 0.72
# Side at which whole pictures are compared, and how alike their light has to run.
_SIDE, _SAME = 48, 0.9
# Corners of a picture, those that have to agree, and the light that they bring over each other.
_CORNERS, _AGREE, _COVERED, _ALIKE = 300, 10, 0.1, 0.87
# Levels of 255 by which all but a few pixels may differ once light and contrast are made the same:
# as wholes, and after corners were brought over each other. In the next shot of a burst, something
# has moved, and that part differs by far more.
_LEVELS, _BROUGHT_LEVELS, _FEW = 12.0, 18.0, 0.02
# How much smaller colours are compared, their side for whole pictures, and by how much (CIELAB,
# without lightness) all but a few places may differ: recompressed copies do by 15 at most,
# the same thing in another colour by 30 and more.
_COARSER, _TINT_SIDE, _TINTS, _BROUGHT_TINTS = 4, 24, 20.0, 14.0
# Levels from the most frequent one up to which a pixel is ground.
_GROUND = 12
# Bits of 256 in which the signs of one corner differ at most, and their share of those of the next
# nearest one.
_SIGNS, _CLEARLY = 64, 0.8
# Pixels by which corners may miss each other, and that a side must have to hold any.
_MISS, _LEAST = 4.0, 48


@dataclass(slots=True)
class Look:
    """A picture as it is compared, from its encoded thumbnail.

    Attributes:
        grey: uint8 [height, width].
        tint: a and b of CIELAB, float32 [height / 4, width / 4, 2].
    """

    grey: Pixels
    tint: NDArray[np.float32]
    _corners: tuple[NDArray[np.float32], Any] | None = None

    @classmethod
    def of(cls, thumbnail: bytes) -> Look | None:
        """Return the look of an encoded thumbnail; None where it is damaged."""
        from bowerbird.decode.opencv import cv2

        colours = cv2.imdecode(np.frombuffer(thumbnail, np.uint8), cv2.IMREAD_COLOR)
        if colours is None:
            return None
        height, width = (max(1, side // _COARSER) for side in colours.shape[:2])
        small = cv2.resize(colours, (width, height), interpolation=cv2.INTER_AREA)
        lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
        grey = cv2.cvtColor(colours, cv2.COLOR_BGR2GRAY)
        return cls(np.asarray(grey, np.uint8), np.ascontiguousarray(lab[..., 1:], np.float32))

    @property
    def corners(self) -> tuple[NDArray[np.float32], Any]:
        """Where its corners are, float32 [n, 2], and what they look like (ORB)."""
        if self._corners is None:
            if min(self.grey.shape) < _LEAST:
                self._corners = (np.empty((0, 2), np.float32), None)
                return self._corners
            from bowerbird.decode.opencv import cv2

            # The stubs of OpenCV 5 leave out what its library has.
            make: Any = cv2.ORB_create  # type: ignore[attr-defined]
            finder = make(_CORNERS, fastThreshold=8, edgeThreshold=12, patchSize=24)
            points, signs = finder.detectAndCompute(self.grey, None)
            at = np.array([point.pt for point in points], np.float32).reshape(-1, 2)
            self._corners = (at, signs)
        return self._corners


def copies(
    own: Look,
    phash: int,
    phashes: NDArray[np.uint64],
    cosines: Sequence[float],
    look: Callable[[int], Look | None],
) -> list[int]:
    """Return which neighbours of a picture are copies of its shot.

    A neighbour whose hash agrees in one of the eight ways is compared as a whole; of the others,
    the nearest few as parts. A picture without anything in it has no copies.

    Args:
        own: The picture.
        phash: Its DCT hash.
        phashes: Those of its neighbours by embedding, the nearest first, uint64 [n].
        cosines: How near they are.
        look: Gives the look of the neighbour of a number, or None where it has none.

    Returns:
        Their numbers.
    """
    ways = turned(np.array([phash], np.uint64))[:, 0]
    rows = np.ascontiguousarray(phashes).byteswap().view(np.uint8).reshape(-1, 8)
    apart = np.bitwise_count(ways[:, None] ^ rows[None]).sum(2)
    found, parts = [], 0
    for number, cosine in enumerate(cosines):
        way = int(apart[:, number].argmin())
        alike = apart[way, number] <= _BITS
        may_be_part = cosine >= _PART_LEAST and parts < _PARTS
        other = look(number) if alike or may_be_part else None
        if other is None:
            continue
        if alike and same_frame(own, other, WAYS[way]):
            found.append(number)
        elif may_be_part:
            parts += 1
            if same_shot(own, other):
                found.append(number)
    return found


def same_frame(one: Look, other: Look, way: tuple[int, int, int]) -> bool:
    """Whether one picture is the other as a whole, turned and mirrored in a way."""
    from bowerbird.decode.opencv import cv2

    upright, square = _turned(_square(one.grey), way), _square(other.grey)
    if _alike(upright, square) < _SAME:
        return False
    size = (_TINT_SIDE, _TINT_SIDE)
    tint, wanted = (
        cv2.resize(look.tint, size, interpolation=cv2.INTER_AREA) for look in (one, other)
    )
    if _tinted(_turned(tint, way), wanted) > _TINTS:
        return False
    soft, target = (
        np.asarray(cv2.GaussianBlur(np.ascontiguousarray(grey), (0, 0), 1.0), np.uint8)
        for grey in (upright, square)
    )
    if _apart(soft, target) > _LEVELS:
        return False
    figure = _figure(upright) | _figure(square)
    return int(figure.sum()) < _SIDE or _apart(soft[figure], target[figure]) <= _LEVELS


def same_shot(one: Look, other: Look) -> bool:
    """Whether one picture is a part of the other, or the other turned a little.

    Corners are matched (Rublee et al., "ORB: an efficient alternative to SIFT or SURF", 2011), the
    plane that most of them agree on is found (Fischler and Bolles, "Random sample consensus",
    1981), and what it brings over each other has to look alike.
    """
    from bowerbird.decode.opencv import cv2

    (from_, signs), (to, others) = one.corners, other.corners
    if min(len(from_), len(to)) < _AGREE:
        return False
    mine, theirs = matched(signs, others, _CLEARLY, _SIGNS)
    if len(mine) < _AGREE:
        return False
    plane, agreeing = cv2.estimateAffine2D(
        from_[mine],
        to[theirs],
        method=cv2.RANSAC,
        ransacReprojThreshold=_MISS,
        maxIters=500,
        confidence=0.99,
    )
    if plane is None or int(agreeing.sum()) < _AGREE:
        return False
    area = float(plane[0, 0] * plane[1, 1] - plane[0, 1] * plane[1, 0])
    if not 0.05 < abs(area) < 20:
        return False
    height, width = other.grey.shape
    brought = cv2.warpAffine(one.grey, plane, (width, height))
    inside = cv2.warpAffine(np.full(one.grey.shape, 255, np.uint8), plane, (width, height)) > 250
    inside = cv2.erode(inside.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if float(inside.mean()) < _COVERED:
        return False
    soft, target = (
        np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.5), np.uint8) for grey in (brought, other.grey)
    )
    if _alike(soft[inside], target[inside]) < _ALIKE:
        return False
    rows, columns = other.tint.shape[:2]
    coarse = plane / np.array([1, 1, _COARSER])
    tint = cv2.warpAffine(one.tint, coarse, (columns, rows))
    figure = inside & (_figure(brought) | _figure(other.grey))
    whole, part = (
        cv2.resize(mask.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
        for mask in (inside, figure)
    )
    shown = (whole > 0.99) & (part > 0.25)
    tint, wanted = (cv2.GaussianBlur(each, (0, 0), 2.0) for each in (tint, other.tint))
    if shown.any() and _tinted(tint[shown], wanted[shown]) > _BROUGHT_TINTS:
        return False
    # Softer, since what was brought over misses by a pixel; and not where the edge bleeds in.
    within = cv2.erode(inside.astype(np.uint8), np.ones((13, 13), np.uint8)) > 0
    if int(within.sum()) < _LEAST**2 // 16:
        return False
    soft, target = (
        np.asarray(cv2.GaussianBlur(grey, (0, 0), 4.0), np.uint8) for grey in (brought, other.grey)
    )
    if _apart(soft[within], target[within]) > _BROUGHT_LEVELS:
        return False
    within &= figure
    return int(within.sum()) < _LEAST or _apart(soft[within], target[within]) <= _BROUGHT_LEVELS


def _figure(grey: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where a picture is not its ground, if it has one: not of its most frequent light."""
    counts = np.bincount(grey.ravel() >> 3, minlength=32)
    ground = (int(counts.argmax()) << 3) + 4
    return np.abs(grey.astype(np.int16) - ground) > _GROUND


def matched(
    signs: Any, others: Any, clearly: float, bits: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which corners of a picture are which of another's, both [n].

    Args:
        signs: What the corners look like (ORB), uint8 [m, 32].
        others: Those of the other picture, at least two.
        clearly: How much nearer, as a share, the nearest has to be than the next one.
        bits: In how many bits they differ less.
    """
    from bowerbird.decode.opencv import cv2

    apart, nearest = cv2.batchDistance(signs, others, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=2)
    good = np.flatnonzero((apart[:, 0] < clearly * apart[:, 1]) & (apart[:, 0] < bits))
    return good, nearest[good, 0]


def _square(grey: Pixels) -> Pixels:
    from bowerbird.decode.opencv import cv2

    return np.asarray(cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _turned(plane: Any, way: tuple[int, int, int]) -> Any:
    transposed, mirrored, upside_down = way
    found = np.swapaxes(plane, 0, 1) if transposed else plane
    found = found[:, ::-1] if mirrored else found
    return found[::-1] if upside_down else found


def _apart(one: Pixels, other: Pixels) -> float:
    """Return by how many levels all but a few pixels differ at most, light and contrast aside."""
    a, b = (part.astype(np.float32).ravel() for part in (one, other))
    a, b = a - a.mean(), b - b.mean()
    gain = float(a @ b) / max(float(a @ a), 1e-6)
    rest = np.abs(a * np.float32(gain) - b)
    at = int((1 - _FEW) * (len(rest) - 1))
    return float(np.partition(rest, at)[at])


def _tinted(one: Any, other: Any) -> float:
    """Return by how much the colours of all but a few places differ at most."""
    apart = np.sqrt(np.square(one - other).sum(-1)).ravel()
    at = int((1 - _FEW) * (len(apart) - 1))
    return float(np.partition(apart, at)[at])


def _alike(one: Pixels, other: Pixels) -> float:
    """Return the correlation of two pictures' light; 0 where one has none."""
    a, b = (part.astype(np.float32).ravel() for part in (one, other))
    a, b = a - a.mean(), b - b.mean()
    sizes = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / sizes if sizes > len(a) else 0.0
