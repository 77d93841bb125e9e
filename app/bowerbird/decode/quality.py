"""How good a picture is technically and how it is framed, from a small version of it."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from bowerbird.types import Quality

Floats = NDArray[np.float32]

# Longest side at which pictures are judged: what a thumbnail has, so that one can be judged by it.
SIDE = 192
# Blur beyond this cannot be told from fog; a picture of a camera in focus has more than the other.
_BLURRED, _SHARP = 0.26, 0.7
# Standard deviation of noise (levels of 255) that nobody sees, and that spoils a picture.
_CLEAN, _NOISY = 3.0, 22.0


def judge(image: Image.Image) -> Quality:
    """Return the quality of a picture, each score 0..1.

    Sharpness compares edges with themselves after a blur, which takes little from what is blurred
    already (Crété et al., "The blur effect", 2007), less what is noise; brightness falls with
    shadows and lights that are lost; composition asks where the spectral residual (Hou and Zhang,
    2007) sees something stand out, and whether the frame cuts it.

    Args:
        image: RGB, of any size.
    """
    small = image.convert("RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    grey = small.convert("L")
    light = np.asarray(grey, np.float32)
    if min(light.shape) < 8 or float(light.std()) < 1:
        # Nothing to judge in it.
        return Quality(0.0, 0.0, _brightness(light), 0.0)
    noise = _noise(light)
    sharpness = _sharpness(grey, light, noise)
    brightness = _brightness(light)
    composition = _composition(light)
    overall = (sharpness**2 * brightness * composition) ** 0.25
    return Quality(
        round(overall, 4), round(sharpness, 4), round(brightness, 4), round(composition, 4)
    )


def judge_thumbnail(data: bytes) -> Quality | None:
    """Return the quality of a picture by its encoded thumbnail; None where that is damaged."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return judge(image)
    except (OSError, ValueError, SyntaxError):
        return None


def _sharpness(grey: Image.Image, light: Floats, noise: float) -> float:
    # Noise is in the finest detail alone: both are compared after what takes it away.
    calm = np.asarray(grey.filter(ImageFilter.GaussianBlur(0.7)), np.float32)
    soft = np.asarray(grey.filter(ImageFilter.GaussianBlur(2.0)), np.float32)
    found = []
    for axis in (0, 1):
        before, after = np.abs(np.diff(calm, axis=axis)), np.abs(np.diff(soft, axis=axis))
        edges = before >= max(6.0, _quantile(before, 0.93))
        if edges.any():
            found.append(float(np.maximum(before - after, 0)[edges].sum() / before[edges].sum()))
    lost = float(np.mean(found)) if found else 0.0
    sharp = _ramp(lost, _BLURRED, _SHARP)
    return sharp * (1 - 0.75 * _ramp(noise, _CLEAN, _NOISY))


def _noise(light: Floats) -> float:
    """Return the standard deviation of noise, from the calmest half of the picture."""
    rows = light[:-2] - 2 * light[1:-1] + light[2:]
    both = np.abs(rows[:, :-2] - 2 * rows[:, 1:-1] + rows[:, 2:])
    return _quantile(both, 0.35) / (6 * 0.4538)


def _brightness(light: Floats) -> float:
    mean = float(light.mean()) / 255
    dark, bright = float((light < 16).mean()), float((light > 246).mean())
    middle = _ramp(mean, 0.02, 0.38) * (1 - _ramp(mean, 0.68, 1.0))
    return round(
        middle * (1 - 0.5 * _ramp(dark, 0.15, 0.85)) * (1 - 0.6 * _ramp(bright, 0.2, 0.9)), 4
    )


def _composition(light: Floats) -> float:
    salient = _salient(light)
    side = len(salient)
    edge = max(1, side // 16)
    border = np.ones_like(salient, bool)
    border[edge:-edge, edge:-edge] = False
    cut = float(salient[border].sum() / salient.sum()) / float(border.mean())
    y, x = np.mgrid[0:side, 0:side] / (side - 1)
    mass = salient.sum()
    middle_y, middle_x = float((y * salient).sum() / mass), float((x * salient).sum() / mass)
    spread = float(np.sqrt((((y - middle_y) ** 2 + (x - middle_x) ** 2) * salient).sum() / mass))
    # Thirds and the middle are both where people put things; the corners are not.
    off = max(abs(middle_y - 0.5), abs(middle_x - 0.5))
    placed = 1 - _ramp(off, 0.17, 0.34)
    whole = 1 - _ramp(cut, 0.45, 1.6)
    gathered = 1 - 0.5 * _ramp(spread, 0.25, 0.42)
    return float((0.25 + 0.75 * whole) * (0.4 + 0.6 * placed) * gathered)


def _salient(light: Floats) -> Any:
    side = 64
    small = np.asarray(
        Image.fromarray(light.astype(np.uint8)).resize((side, side), Image.Resampling.BOX),
        np.float32,
    )
    spectrum = np.fft.fft2(small)
    amplitude = np.log(np.abs(spectrum) + 1e-6)
    smooth = sum(np.roll(amplitude, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)) / 9
    found = np.abs(np.fft.ifft2(np.exp(amplitude - smooth + 1j * np.angle(spectrum)))) ** 2
    blurred = Image.fromarray((255 * found / max(float(found.max()), 1e-9)).astype(np.uint8))
    map_ = np.asarray(blurred.filter(ImageFilter.GaussianBlur(3)), np.float32) + 0.5
    return np.maximum(map_ - _quantile(map_, 0.3), 0) + 1e-3


def _quantile(values: Floats, share: float) -> float:
    """Return a quantile without interpolation, which takes a third of numpy's time."""
    flat = values.ravel()
    at = int(share * (flat.size - 1))
    return float(np.partition(flat, at)[at])


def _ramp(value: float, low: float, high: float) -> float:
    """Return 0 at `low` and below, 1 at `high` and above."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
