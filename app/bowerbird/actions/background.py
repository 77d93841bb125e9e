"""Removes the background: a matte at full size, and colours without a halo of what was behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageColor, ImageOps

from bowerbird.actions.strokes import paint, settle
from bowerbird.actions.subject import find
from bowerbird.decode.decoder import load_whole
from bowerbird.errors import DecodeError, UsageError

if TYPE_CHECKING:
    from bowerbird.engines.segmenter import Segmenter
    from bowerbird.types import Pixels, Stroke, Vector

# Everything but the last step happens at this longest side, pixels; it is twice what the network
# sees, so the picture's own edges decide where the matte's lie.
_WORK = 512
_EDGE = 4  # how far around an edge of the matte the picture is asked, pixels at that size
_SMOOTH = 1e-4  # colour variance below which a window counts as flat, for colours in 0..1
_FAR, _NEAR = 20, 3  # windows of the two passes that estimate colours, pixels at that size
_COARSER = 4  # so much smaller does the wide pass work: it only blurs
_STRIP = 1 << 18  # pixels worked on at once at full size
_CLEAR = 0.1  # a matte this close to 0 or 1 is taken for it: haze looks worse than a hard edge


@dataclass(frozen=True, slots=True)
class Cutout:
    """A picture's subject.

    Attributes:
        colours: RGB uint8 [height, width, 3]: the subject's own colours, black where there is none.
        alpha: uint8 [height, width]: how much of each pixel is subject.
    """

    colours: Pixels
    alpha: Pixels

    def image(self) -> Image.Image:
        """Return both as one RGBA picture."""
        return Image.fromarray(np.dstack([self.colours, self.alpha]))

    def before(self, behind: Pixels) -> Image.Image:
        """Return the subject before something else, as an RGB picture.

        Args:
            behind: RGB uint8 of the same size.
        """
        found = np.empty_like(self.colours)
        height, width = self.alpha.shape
        for rows in _strips(width, height):
            share = _unit(self.alpha[rows])[..., None]
            mixed = self.colours[rows] * share + behind[rows] * (1 - share)
            found[rows] = np.rint(mixed)
        return Image.fromarray(found)


Ground = Callable[["Pixels", "Pixels"], "Pixels"]


def read_ground(behind: str, max_pixels: int) -> Ground | None:
    """Return what makes a background for a picture and its alpha; None for none.

    Args:
        behind: A colour as CSS writes it, `blur`, the path of a picture, or empty.
        max_pixels: A picture with more is refused.

    Raises:
        UsageError: It is none of these.
    """
    if not behind:
        return None
    if behind == "blur":
        return _blurred
    try:
        colour = np.array(ImageColor.getrgb(behind)[:3], np.uint8)
    except ValueError:
        pass
    else:
        return lambda picture, _: np.broadcast_to(colour, picture.shape)
    path = Path(behind).expanduser()
    try:
        with path.open("rb") as stream:
            found = Image.fromarray(load_whole(stream, path.name, max_pixels=max_pixels))
    except (OSError, DecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError(
            f"{behind!r} cannot stand behind a picture ({why}). Use a colour such as white or "
            "#ffffff, blur, or a picture."
        ) from error

    def fitted(picture: Pixels, _: Pixels) -> Pixels:
        size = (picture.shape[1], picture.shape[0])
        return np.asarray(ImageOps.fit(found, size, Image.Resampling.BICUBIC), np.uint8)

    return fitted


def _blurred(picture: Pixels, alpha: Pixels) -> Pixels:
    """Return a picture's own background out of focus, without a glow of what stood before it."""
    height, width = alpha.shape
    size = _work_size(width, height)
    whole = _unit(_shrunk(picture, size))
    # Edges show the subject as well, and would glow.
    ground = (1 - 8 * _unit(_shrunk(alpha, size))).clip(0, 1)
    # What the subject hid is filled from ever farther around it.
    found = np.zeros_like(whole)
    left = np.ones_like(ground)
    for window in (max(4, max(size) // 40), max(size) // 8, max(size)):
        share = _box(ground, window)
        mean = _box(whole * ground[..., None], window) / (share[..., None] + np.float32(1e-6))
        part = left * np.minimum(1, share / np.float32(0.25))
        found += part[..., None] * mean
        left = left - part
    found += left[..., None] * found.mean((0, 1))
    small = Image.fromarray(np.rint(found.clip(0, 1) * 255).astype(np.uint8))
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC), np.uint8)


def cut_out(picture: Pixels, segmenter: Segmenter) -> Cutout:
    """Separate a picture's subject from its background.

    Args:
        picture: RGB uint8 [height, width, 3].
        segmenter: Finds the subject.

    Raises:
        ModelError: The segmenter's weights cannot be loaded or run.
    """
    return corrected(picture, find(picture, segmenter), ())


def corrected(picture: Pixels, coarse: Vector, strokes: Sequence[Stroke]) -> Cutout:
    """Separate a picture's subject from its background where hands have helped to find it.

    Args:
        picture: RGB uint8 [height, width, 3]; of any size, so that one for the screen shows what
            one for the disk becomes.
        coarse: As `find` returns it.
        strokes: The corrections, in their order.

    Raises:
        UsageError: A stroke is none.
    """
    if strokes:
        size = _work_size(picture.shape[1], picture.shape[0])
        coarse = paint(_resize(coarse, size), _unit(_shrunk(picture, size)), strokes)
    alpha = refine(picture, coarse)
    if strokes:
        settle(alpha, strokes, _EDGE / max(coarse.shape))
    return Cutout(own_colours(picture, alpha), alpha)


def refine(picture: Pixels, coarse: Vector) -> Pixels:
    """Bring a small matte to a picture's size, its edges to the picture's edges.

    A guided filter: in every small window the matte becomes a linear function of the colours, whose
    coefficients are found on a reduced picture and applied to the full one (He, Sun and Tang,
    "Guided Image Filtering", 2013; He and Sun, "Fast Guided Filter", 2015).

    Args:
        picture: RGB uint8 [height, width, 3].
        coarse: float32 [height, width] in 0..1, of the whole picture squashed to any size.

    Returns:
        Alpha, uint8 [height, width].
    """
    height, width = picture.shape[:2]
    # A network that sees more than most is not to lose it here.
    size = _work_size(width, height, max(_WORK, coarse.shape[0]))
    slope, offset = _lines(_unit(_shrunk(picture, size)), _resize(coarse, size))
    # From colours and a matte in 0..1 to both in 0..255, with what is nearly clear made so.
    stretch = 1 / (1 - 2 * _CLEAR)
    planes = [Image.fromarray(slope[..., channel] * np.float32(stretch)) for channel in range(3)]
    constant = Image.fromarray((offset - _CLEAR) * np.float32(255 * stretch))
    alpha = np.empty((height, width), np.uint8)
    for rows in _strips(width, height):
        found = _enlarged(constant, rows, width, height).copy()
        for channel, plane in enumerate(planes):
            found += _enlarged(plane, rows, width, height) * picture[rows, :, channel]
        alpha[rows] = np.rint(found.clip(0, 255))
    return alpha


def _lines(guide: Vector, matte: Vector) -> tuple[Vector, Vector]:
    """Find the matte as a linear function of the colours around every pixel.

    Returns:
        Its slope, float32 [height, width, 3], and its offset, float32 [height, width].
    """
    mean, mean_matte = _box(guide, _EDGE), _box(matte, _EDGE)
    cross = _box(guide * matte[..., None], _EDGE) - mean * mean_matte[..., None]
    slope = _solve(_covariance(guide, mean), cross)
    offset = _box(mean_matte - (slope * mean).sum(-1), _EDGE)
    slope = _box(slope, _EDGE)
    # Away from every edge of the matte the network is right, whatever the colours do.
    plain = np.abs(_box(matte, 2 * _EDGE) - 0.5) > 0.5 - _CLEAR
    slope[plain] = 0
    offset[plain] = matte[plain]
    return slope, offset


def _covariance(guide: Vector, mean: Vector) -> list[Vector]:
    """Return xx, xy, xz, yy, yz and zz of the colours in every window, flat ones kept solvable."""
    found = []
    for one, other in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)):
        both = _box(guide[..., one] * guide[..., other], _EDGE) - mean[..., one] * mean[..., other]
        found.append(both + np.float32(_SMOOTH) if one == other else both)
    return found


def _solve(own: list[Vector], cross: Vector) -> Vector:
    """Solve a symmetric system of three in every pixel, by Cramer's rule."""
    xx, xy, xz, yy, yz, zz = own
    first, second, third = yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy
    whole = xx * first + xy * second + xz * third
    x, y, z = cross[..., 0], cross[..., 1], cross[..., 2]
    middle, last, side = xx * zz - xz * xz, xx * yy - xy * xy, xy * xz - xx * yz
    rows = (
        first * x + second * y + third * z,
        second * x + middle * y + side * z,
        third * x + side * y + last * z,
    )
    return (np.stack(rows, -1) / whole[..., None]).astype(np.float32)


def own_colours(picture: Pixels, alpha: Pixels) -> Pixels:
    """Estimate the subject's own colours where the background shines through.

    Blur fusion: the colours on both sides are averaged over a wide window, then over a narrow one,
    and what they cannot explain of a pixel is shared out by its alpha (Forte, "Approximate Fast
    Foreground Colour Estimation", 2021).

    Args:
        picture: RGB uint8 [height, width, 3].
        alpha: uint8 [height, width].

    Returns:
        RGB uint8 [height, width, 3], black where alpha is 0.
    """
    height, width = alpha.shape
    size = _work_size(width, height)
    whole, part = _shrunk(picture, size), _shrunk(alpha, size)
    front = back = whole
    for less, window in ((_COARSER, _FAR), (1, _NEAR)):
        at = max(1, size[0] // less), max(1, size[1] // less)
        front, back = _fuse(whole, part, (front, back), at, window // less)
    planes = Image.fromarray(front), Image.fromarray(back)
    found = np.empty_like(picture)
    for rows in _strips(width, height):
        sides = [_enlarged(plane, rows, width, height) for plane in planes]
        found[rows] = _unmixed(picture[rows], alpha[rows], *sides)
    return found


def _fuse(
    picture: Pixels,
    alpha: Pixels,
    sides: tuple[Pixels, Pixels],
    size: tuple[int, int],
    window: int,
) -> tuple[Pixels, Pixels]:
    """Average the colours in front and behind over a window, at a size: one pass of blur fusion.

    Args:
        picture: RGB uint8 [height, width, 3].
        alpha: uint8 [height, width].
        sides: Both as the pass before gave them, RGB uint8 of any size; else the picture twice.
        size: Width and height at which this is done.
        window: Radius in pixels at that size.

    Returns:
        Both, RGB uint8 of that size.
    """
    whole, front, back = (_unit(_shrunk(colours, size)) for colours in (picture, *sides))
    part = _unit(_shrunk(alpha, size))[..., None]
    rest = whole - part * front - (1 - part) * back
    found = []
    for side, share in ((front, part), (back, 1 - part)):
        shared = (side + share * rest).clip(0, 1) * share
        mean = _box(shared, window) / (_box(share, window) + np.float32(1e-5))
        found.append(np.rint(mean.clip(0, 1) * 255).astype(np.uint8))
    return found[0], found[1]


def _unmixed(picture: Pixels, alpha: Pixels, front: Pixels, back: Pixels) -> Pixels:
    """Take what is behind out of every pixel that shows it, given the colours of both sides."""
    found = picture * (alpha > 0)[..., None]
    mixed = np.flatnonzero((alpha > 0) & (alpha < 255))
    whole, ours, theirs = (
        colours.reshape(-1, 3).take(mixed, axis=0).astype(np.float32)
        for colours in (picture, front, back)
    )
    share = _unit(alpha.ravel().take(mixed))[:, None]
    ours += share * (whole - share * ours - (1 - share) * theirs)
    found.reshape(-1, 3)[mixed] = np.rint(ours.clip(0, 255))
    return found


def _work_size(width: int, height: int, most: int = _WORK) -> tuple[int, int]:
    scale = min(1.0, most / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _strips(width: int, height: int) -> Iterator[slice]:
    """Cut a picture's rows into strips that fit a processor's cache, whatever its size."""
    step = max(1, _STRIP // width)
    for start in range(0, height, step):
        yield slice(start, min(start + step, height))


def _enlarged(plane: Image.Image, rows: slice, width: int, height: int) -> Any:
    """Return some rows of what a plane becomes at a picture's full size."""
    step = plane.height / height
    box = (0, rows.start * step, plane.width, min(rows.stop * step, plane.height))
    size = (width, rows.stop - rows.start)
    return np.asarray(plane.resize(size, Image.Resampling.BILINEAR, box=box))


def _shrunk(picture: Pixels, size: tuple[int, int]) -> Pixels:
    """Return a picture or an alpha at a size, which may also be larger."""
    image = Image.fromarray(picture)
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))


def _unit(pixels: Pixels) -> Vector:
    """Bring 0..255 to 0..1, float32."""
    return pixels.astype(np.float32) / np.float32(255)


def _resize(plane: Vector, size: tuple[int, int]) -> Vector:
    found = Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)
    return np.array(found, np.float32)


def _box(planes: Vector, radius: int) -> Vector:
    """Average over windows of `2 * radius + 1` pixels, cut off at the picture's border.

    Args:
        planes: float32 [height, width, ...].
        radius: In pixels.
    """
    from bowerbird.decode.opencv import cv2

    side = (2 * radius + 1, 2 * radius + 1)
    total = cv2.boxFilter(planes, -1, side, normalize=False, borderType=cv2.BORDER_CONSTANT)
    high, wide = (_reach(length, radius) for length in planes.shape[:2])
    count = high[:, None] * wide
    found: Vector = total.reshape(planes.shape) / count.reshape(
        count.shape + (1,) * (planes.ndim - 2)
    )
    return found


def _reach(length: int, radius: int) -> Vector:
    """Return how many of a line's pixels lie in the window around each, float32 [length]."""
    at = np.arange(length)
    return (np.minimum(at + radius + 1, length) - np.maximum(at - radius, 0)).astype(np.float32)
