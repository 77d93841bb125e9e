"""What makes pictures that are like one: the protocol of the methods that can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bowerbird.types import Pixels


@dataclass(frozen=True, slots=True)
class Drawn:
    """A step towards some pictures.

    Attributes:
        done: Share of the work for all of them that is done, 0..1.
        picture: The one that is finished with this step, RGB uint8 [height, width, 3]; else None.
    """

    done: float
    picture: Pixels | None = None


class Generator(Protocol):
    """A picture to others that are like it; safe from any thread, weights loaded on first use."""

    @property
    def id(self) -> str:
        """What the user names it by."""

    def reimagine(
        self, picture: Pixels, count: int = 1, *, seed: int = 0, strength: float = 0.35
    ) -> Iterator[Drawn]:
        """Make variations of a picture; the same seed gives the same, on the same machine.

        A generator: not iterating pauses it, closing it ends it within a step.

        Args:
            picture: RGB uint8 [height, width, 3].
            count: How many.
            seed: What tells one set of variations from another, from 0.
            strength: How far from the picture, 0 to 1.

        Raises:
            UsageError: The picture is too small.
            ModelError: The weights cannot be loaded or run.
        """
