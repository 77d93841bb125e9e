"""A cut-out that hands work on: small enough for a screen, and true to what will be written."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bowerbird.actions.background import Cutout, Ground, corrected, read_ground
from bowerbird.actions.subject import find

if TYPE_CHECKING:
    from bowerbird.engines.segmenter import Segmenter
    from bowerbird.types import Pixels, Stroke, Vector


@dataclass(frozen=True, slots=True)
class Look:
    """How a cut-out looks.

    Attributes:
        pixels: uint8 [height, width, 4], alpha last and not multiplied in; [height, width, 3] where
            something stands behind the subject.
        coverage: Share of the picture that is subject, 0..1.
    """

    pixels: Pixels
    coverage: float


class Draft:
    """A picture whose subject is looked for once, and then shown under any strokes; for threads.

    Args:
        picture: For the screen, RGB uint8 [height, width, 3].
        segmenter: Finds the subject.
        max_pixels: A picture with more cannot stand behind the subject.
    """

    def __init__(self, picture: Pixels, segmenter: Segmenter, max_pixels: int) -> None:
        self.picture = picture
        self._segmenter = segmenter
        self._max_pixels = max_pixels
        self._lock = threading.Lock()
        self._coarse: Vector | None = None
        self._ground: tuple[str, Ground | None] = ("", None)

    def cut(self, picture: Pixels, strokes: Sequence[Stroke]) -> Cutout:
        """Cut this picture out at any size.

        Args:
            picture: The same one, RGB uint8 [height, width, 3].
            strokes: The corrections, in their order.

        Raises:
            UsageError: A stroke is none.
            ModelError: The segmenter cannot be loaded or run.
        """
        with self._lock:
            if self._coarse is None:
                self._coarse = find(self.picture, self._segmenter)
        return corrected(picture, self._coarse, strokes)

    def look(self, strokes: Sequence[Stroke], behind: str = "") -> Look:
        """Return how the cut-out looks now.

        Args:
            strokes: The corrections, in their order.
            behind: What is to stand behind the subject: `#rrggbb`, `blur`, or a picture's path.

        Raises:
            UsageError: A stroke is none, or what is to stand behind.
            ModelError: The segmenter cannot be loaded or run.
        """
        ground = self.ground(behind)
        cutout = self.cut(self.picture, strokes)
        if ground is None:
            pixels = np.dstack([cutout.colours, cutout.alpha])
        else:
            pixels = np.asarray(cutout.before(ground(self.picture, cutout.alpha)))
        return Look(pixels, float(cutout.alpha.mean()) / 255)

    def ground(self, behind: str) -> Ground | None:
        """Return what makes a background, read once.

        Raises:
            UsageError: It is none.
        """
        with self._lock:
            if self._ground[0] != behind:
                self._ground = (behind, read_ground(behind, self._max_pixels))
            return self._ground[1]
