"""The main colours of a picture, and whether they are warm or cool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from bowerbird.decode.colours import dominant, to_oklab
from bowerbird.errors import UsageError
from bowerbird.types import Colour, Palette, Temperature

if TYPE_CHECKING:
    from bowerbird.types import Pixels

MOST = 10
# Chroma in OKLab below which a colour has no temperature, and by how much one must outweigh.
_GREY, _CLEARLY = 0.03, 0.02


def palette(picture: Pixels, count: int = 5) -> Palette:
    """Return up to `count` main colours, the heaviest first, whose weights sum to 1.

    Colours are clusters in OKLab (Ottosson, 2020), where distances are as the eye sees them; fewer
    come where the eye sees fewer. The same picture always gives the same.

    Args:
        picture: RGB uint8 [height, width, 3].
        count: 1 to 10.

    Raises:
        UsageError: The count is none of these.
    """
    if not 1 <= count <= MOST:
        raise UsageError(f"A picture has 1 to {MOST} main colours, not {count}.")
    colours = dominant(Image.fromarray(picture), count)
    return Palette(colours, temperature(colours))


def temperature(colours: Sequence[Colour]) -> Temperature:
    """Return how colours feel together."""
    if not colours:
        return "neutral"
    rgb = np.array([(one.red, one.green, one.blue) for one in colours], np.uint8)
    lab = to_oklab(rgb)
    weights = np.array([one.weight for one in colours])
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    # Reds, oranges and yellows lie on one side of the line from green to violet, blues beyond it.
    warmth = (lab[:, 1] * 0.5 + lab[:, 2] * 0.87) * (chroma > _GREY)
    balance = float((weights * warmth).sum())
    if abs(balance) <= _CLEARLY:
        return "neutral"
    return "warm" if balance > 0 else "cool"
