"""Says which everyday objects are where in a picture: the protocol, and the shipped network."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bowerbird.engines.encoder import check_batch
from bowerbird.engines.idle import IdleTimer
from bowerbird.engines.processors import physical_cores
from bowerbird.engines.shipped import CONFIG, ShippedFiles
from bowerbird.errors import ModelError
from bowerbird.types import PixelSpec

if TYPE_CHECKING:
    from bowerbird.types import Check, Pixels

WEIGHTS = "detector.onnx"
_CURE = "Install Bowerbird again."
# A crowd is cut at its surest, so that who compares all with all stays quick.
MOST_SIGHTS = 300


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing that may be in a picture; the same thing may be sighted several times.

    Attributes:
        category: What it is.
        score: How sure that is, 0..1.
        box: Left, top, right and bottom as shares of the width and height of what was looked at.
    """

    category: str
    score: float
    box: tuple[float, float, float, float]


class Detector(Protocol):
    """Pictures to sights; safe from any thread, its weights loaded on first use."""

    @property
    def id(self) -> str:
        """Which weights these are."""

    @property
    def spec(self) -> PixelSpec:
        """How pictures have to be prepared."""

    @property
    def categories(self) -> tuple[str, ...]:
        """All that it knows."""

    @property
    def threshold(self) -> float:
        """Score from which a sight is more likely right than it is worth leaving out."""

    def detect(self, batch: Pixels, least: float | None = None) -> list[list[Sight]]:
        """Return the sights of every picture, surest first.

        Args:
            batch: RGB uint8 [n, size, size, 3].
            least: Score below which a sight is left out; None for `threshold`.

        Raises:
            ModelError: The weights cannot be loaded or run.
        """


class BuiltinDetector:
    """The Detector that ships with Bowerbird, over ONNX Runtime.

    Args:
        folder: Where detector.onnx and config.json lie; only read.
        idle_unload_s: Unused for this long, its memory is given back; 0 for never.

    Raises:
        ModelMissingError: config.json is not there.
        ModelDamagedError: config.json cannot be understood.
    """

    def __init__(self, folder: Path, idle_unload_s: float = 0) -> None:
        self._files = ShippedFiles("detector", folder, _CURE)
        try:
            data: dict[str, Any] = json.loads(self._files.read(CONFIG))
            self._id = str(data["id"])
            self._spec = PixelSpec(int(data["image_size"]), "squash")
            self._categories = tuple(str(name) for name in data["categories"])
            self._threshold = float(data["threshold"])
            self._sha256 = {WEIGHTS: str(data["sha256"][WEIGHTS])}
        except (KeyError, TypeError, ValueError) as error:
            raise self._files.damaged(CONFIG, repr(error)) from error
        self._lock = threading.Lock()
        self._session: Any = None
        self._idle = IdleTimer(idle_unload_s, self.unload)

    @property
    def id(self) -> str:
        """Which weights these are, as config.json says it."""
        return self._id

    @property
    def spec(self) -> PixelSpec:
        """How pictures have to be prepared."""
        return self._spec

    @property
    def categories(self) -> tuple[str, ...]:
        """All that it knows, in the order of the network's scores."""
        return self._categories

    @property
    def threshold(self) -> float:
        """Score from which a sight counts, as config.json says it."""
        return self._threshold

    def detect(self, batch: Pixels, least: float | None = None) -> list[list[Sight]]:
        """Return the sights of every picture, surest first, at most one an anchor."""
        check_batch(batch, self._spec.size)
        session = self._loaded()
        try:
            # One after the other: a batch is no quicker, and takes so many times the memory.
            return [
                self._sights(self._run(session, one), self._threshold if least is None else least)
                for one in batch
            ]
        finally:
            self._idle.touch()

    def unload(self) -> None:
        """Give the weights' memory back; a call that runs now keeps its own until it ends."""
        with self._lock:
            self._session = None

    def close(self) -> None:
        """Unload, and stop the timer."""
        self._idle.close()
        self.unload()

    def check(self) -> list[Check]:
        """Return one line a file, read whole and compared with its digest."""
        return self._files.check("detector", (WEIGHTS,), self._sha256)

    def _run(self, session: Any, picture: Pixels) -> Any:
        """Return boxes and scores, float32 [anchors, 4 + categories]."""
        import numpy as np

        found = self._files.run(session, {"pixels": picture[None]}, "sights")
        width = 4 + len(self._categories)
        if found.shape[::2] != (1, width) or not np.isfinite(found).all():
            raise ModelError(
                f"The detector gave sights of shape {found.shape} that cannot be used. {_CURE}"
            )
        return found[0]

    def _sights(self, found: Any, least: float) -> list[Sight]:
        scores = found[:, 4:]
        best = scores.argmax(1)
        score = scores.max(1)
        order = (-score).argsort(kind="stable")[:MOST_SIGHTS]
        return [
            Sight(
                self._categories[best[at]],
                min(1.0, float(score[at])),
                tuple(found[at, :4].clip(0, 1).tolist()),
            )
            for at in order
            if score[at] >= least
        ]

    def _loaded(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = self._files.session(WEIGHTS, self._sha256, physical_cores())
            return self._session
