"""Says which pixels belong to a picture's subject: the protocol, and the shipped network."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bowerbird.engines.encoder import check_batch
from bowerbird.engines.idle import IdleTimer
from bowerbird.engines.processors import physical_cores
from bowerbird.engines.shipped import CONFIG, ShippedFiles
from bowerbird.errors import ModelError
from bowerbird.types import PixelSpec

if TYPE_CHECKING:
    from bowerbird.types import Check, Pixels, Vector

WEIGHTS = "segmenter.onnx"
_CURE = "Install Bowerbird again."


class Segmenter(Protocol):
    """Pictures to mattes; safe from any thread, its weights loaded on first use."""

    @property
    def id(self) -> str:
        """Which weights these are."""

    @property
    def spec(self) -> PixelSpec:
        """How pictures have to be prepared."""

    @property
    def closer(self) -> float:
        """How much a second look counts that is cut around the subject, 0..1; 0 for none."""

    def segment(self, batch: Pixels) -> Vector:
        """Return how much of each pixel is subject, float32 [n, size, size] in 0..1.

        Args:
            batch: RGB uint8 [n, size, size, 3].

        Raises:
            ModelError: The weights cannot be loaded or run.
        """


class BuiltinSegmenter:
    """The Segmenter that ships with Bowerbird, over ONNX Runtime.

    Args:
        folder: Where segmenter.onnx and config.json lie; only read.
        idle_unload_s: Unused for this long, its memory is given back; 0 for never.

    Raises:
        ModelMissingError: config.json is not there.
        ModelDamagedError: config.json cannot be understood.
    """

    def __init__(self, folder: Path, idle_unload_s: float = 0) -> None:
        self._files = ShippedFiles("segmenter", folder, _CURE)
        try:
            data: dict[str, Any] = json.loads(self._files.read(CONFIG))
            self._id = str(data["id"])
            self._spec = PixelSpec(int(data["image_size"]), "squash")
            self._closer = float(data["closer"])
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
    def closer(self) -> float:
        """How much a second look counts that is cut around the subject, as config.json says it."""
        return self._closer

    def segment(self, batch: Pixels) -> Vector:
        """Return how much of each pixel is subject, float32 [n, size, size] in 0..1."""
        import numpy as np

        check_batch(batch, self._spec.size)
        session = self._loaded()
        try:
            found = self._files.run(session, {"pixels": batch}, "matte")
        finally:
            self._idle.touch()
        if found.shape != batch.shape[:3] or not np.isfinite(found).all():
            raise ModelError(
                f"The segmenter gave a matte of shape {found.shape} that cannot be used. {_CURE}"
            )
        matte: Vector = found.clip(0, 1).astype(np.float32, copy=False)
        return matte

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
        return self._files.check("segmenter", (WEIGHTS,), self._sha256)

    def _loaded(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = self._files.session(WEIGHTS, self._sha256, physical_cores())
            return self._session
