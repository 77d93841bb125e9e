"""Removes the background: a matte at full size, and colours without a halo of what was behind."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

from bowerbird.actions.export import claim
from bowerbird.decode.decoder import fit, load_whole
from bowerbird.errors import DecodeError, SourceDeniedError, StorageFullError
from bowerbird.types import CutoutFile

if TYPE_CHECKING:
    from bowerbird.engines.segmenter import Segmenter
    from bowerbird.types import Pixels, Vector

# Everything but the last step happens at this longest side, pixels; it is twice what the network
# sees, so the picture's own edges decide where the matte's lie.
_WORK = 512
_EDGE = 4  # how far around an edge of the matte the picture is asked, pixels at that size
_SMOOTH = 1e-4  # colour variance below which a window counts as flat, for colours in 0..1
_FAR, _NEAR = 20, 3  # windows of the two passes that estimate colours, pixels at that size
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


def cut_out_files(
    files: Iterable[Path],
    segmenter: Segmenter,
    folder: Path | None,
    *,
    kind: Literal["png", "webp"],
    mask_only: bool,
    max_pixels: int,
) -> Iterator[CutoutFile]:
    """Write NAME-cutout.png or .webp for every file, never over a file that is there.

    A file that cannot be read is reported, and the rest goes on.

    Args:
        files: The pictures.
        segmenter: Finds the subjects.
        folder: Where to write; None for beside each picture.
        kind: The format, which keeps every colour and all of alpha.
        mask_only: Write the matte alone, as a grey picture NAME-mask.
        max_pixels: A picture with more is refused.

    Raises:
        ModelError: The segmenter cannot be loaded or run.
        SourceDeniedError: The folder may not be written.
        StorageFullError: No space is left; the file that was cut short is removed.
    """
    for file in files:
        try:
            with file.open("rb") as stream:
                cutout = cut_out(load_whole(stream, file.name, max_pixels=max_pixels), segmenter)
        except DecodeError as error:
            yield CutoutFile(file, None, reason=str(error))
            continue
        except OSError as error:
            yield CutoutFile(file, None, reason=f"cannot be read: {error.strerror}")
            continue
        image = Image.fromarray(cutout.alpha) if mask_only else cutout.image()
        name = f"{file.stem}-{'mask' if mask_only else 'cutout'}.{kind}"
        target = _save(image, folder or file.parent, name)
        yield CutoutFile(file, target, coverage=float(cutout.alpha.mean()) / 255)


def _save(image: Image.Image, folder: Path, name: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceDeniedError(
            f"{folder} cannot be made: {error.strerror}. Choose another folder."
        ) from error
    target = claim(folder, name)
    try:
        image.save(target, lossless=True)  # PNG always is, and does not mind
    except OSError as error:
        target.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFullError(f"No space is left in {folder}. Free some and go on.") from error
        raise
    return target


def cut_out(picture: Pixels, segmenter: Segmenter) -> Cutout:
    """Separate a picture's subject from its background.

    Args:
        picture: RGB uint8 [height, width, 3].
        segmenter: Finds the subject.

    Raises:
        ModelError: The segmenter's weights cannot be loaded or run.
    """
    image = Image.fromarray(picture)
    coarse = segmenter.segment(fit(image, segmenter.spec)[None])[0]
    alpha = refine(picture, coarse)
    return Cutout(own_colours(picture, alpha), np.rint(alpha * 255).astype(np.uint8))


def refine(picture: Pixels, coarse: Vector) -> Vector:
    """Bring a small matte to a picture's size, its edges to the picture's edges.

    A guided filter: in every small window the matte becomes a linear function of the colours, whose
    coefficients are found on a reduced picture and applied to the full one (He, Sun and Tang,
    "Guided Image Filtering", 2013; He and Sun, "Fast Guided Filter", 2015).

    Args:
        picture: RGB uint8 [height, width, 3].
        coarse: float32 [side, side] in 0..1, of the whole picture squashed to a square.

    Returns:
        float32 [height, width] in 0..1.
    """
    height, width = picture.shape[:2]
    size = _work_size(width, height)
    guide = _resized(picture, size)
    matte = _resize(coarse, size)
    mean, mean_matte = _box(guide, _EDGE), _box(matte, _EDGE)
    cross = _box(guide * matte[..., None], _EDGE) - mean * mean_matte[..., None]
    slope = _solve(_covariance(guide, mean), cross)
    offset = mean_matte - (slope * mean).sum(-1)
    slope, offset = _box(slope, _EDGE), _box(offset, _EDGE)
    found = _resize(offset, (width, height))
    for channel in range(3):
        found += _resize(slope[..., channel], (width, height)) * (picture[..., channel] / 255)
    # Away from every edge of the matte the network is right, whatever the colours do.
    far = np.abs(_box(matte, 2 * _EDGE) - 0.5) > 0.5 - _CLEAR
    plain = _resize(far.astype(np.float32), (width, height))
    found = plain * _resize(matte, (width, height)) + (1 - plain) * found
    alpha: Vector = ((found - _CLEAR) / (1 - 2 * _CLEAR)).clip(0, 1).astype(np.float32)
    return alpha


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


def own_colours(picture: Pixels, alpha: Vector) -> Pixels:
    """Estimate the subject's own colours where the background shines through.

    Blur fusion: the colours on both sides are averaged over a wide window, then over a narrow one,
    and what they cannot explain of a pixel is shared out by its alpha (Forte, "Approximate Fast
    Foreground Colour Estimation", 2021).

    Args:
        picture: RGB uint8 [height, width, 3].
        alpha: float32 [height, width] in 0..1.

    Returns:
        RGB uint8 [height, width, 3], black where alpha is 0.
    """
    height, width = alpha.shape
    size = _work_size(width, height)
    small, part = _resized(picture, size), _resize(alpha, size)[..., None]
    front = back = small
    for window in (_FAR, _NEAR):
        front_mean = _box(front * part, window) / (_box(part, window) + 1e-5)
        back_mean = _box(back * (1 - part), window) / (_box(1 - part, window) + 1e-5)
        rest = small - part * front_mean - (1 - part) * back_mean
        front = (front_mean + part * rest).clip(0, 1)
        back = (back_mean + (1 - part) * rest).clip(0, 1)
    found = np.where(alpha[..., None] > 0, picture, 0).astype(np.uint8)
    mixed = (alpha > 0) & (alpha < 1)
    share = alpha[mixed][:, None]
    sides = [
        np.stack([_resize(s[..., c], (width, height))[mixed] for c in range(3)], -1)
        for s in (front_mean, back_mean)
    ]
    rest = picture[mixed] / np.float32(255) - share * sides[0] - (1 - share) * sides[1]
    found[mixed] = np.rint((sides[0] + share * rest).clip(0, 1) * 255)
    return found


def _work_size(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, _WORK / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _resized(picture: Pixels, size: tuple[int, int]) -> Vector:
    """Return a picture in 0..1, float32 [height, width, 3]."""
    small = Image.fromarray(picture).resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(small, np.float32) / np.float32(255)


def _resize(plane: Vector, size: tuple[int, int]) -> Vector:
    found = Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)
    return np.array(found, np.float32)


def _box(planes: Vector, radius: int) -> Vector:
    """Average over windows of `2 * radius + 1` pixels, cut off at the picture's border.

    Args:
        planes: float32 [height, width, ...].
        radius: In pixels.
    """
    for axis in (0, 1):
        length = planes.shape[axis]
        ends = np.minimum(np.arange(length) + radius + 1, length)
        starts = np.maximum(np.arange(length) - radius, 0)
        total = np.cumsum(planes, axis=axis, dtype=np.float32)
        total = np.insert(total, 0, 0, axis=axis)
        shape = [1] * planes.ndim
        shape[axis] = length
        count = (ends - starts).astype(np.float32).reshape(shape)
        planes = (total.take(ends, axis) - total.take(starts, axis)) / count
    return planes
