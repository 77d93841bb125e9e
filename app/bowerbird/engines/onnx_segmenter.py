"""Runs downloaded networks that tell a picture's subject: ONNX files as rembg publishes them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowerbird.engines import memory
from bowerbird.engines.catalog import SegmenterModel
from bowerbird.engines.encoder import check_batch
from bowerbird.engines.idle import IdleTimer
from bowerbird.engines.processors import physical_cores
from bowerbird.engines.shipped import ShippedFiles
from bowerbird.errors import ModelDamagedError, ModelError
from bowerbird.types import PixelSpec

if TYPE_CHECKING:
    from bowerbird.types import Pixels, Vector

# What a network is sure of nowhere is no subject: stretching that to 0..1 would make one of noise.
_NOTHING = 0.1


class OnnxSegmenter:
    """A Segmenter over ONNX Runtime, of a row of the catalog.

    Args:
        row: How the network wants its pixels, and the digest of its file.
        folder: Where that lies; only read.
        idle_unload_s: Unused for this long, its memory is given back; 0 for never.
    """

    def __init__(self, row: SegmenterModel, folder: Path, idle_unload_s: float = 0) -> None:
        self._row = row
        self._cure = f"Run `bowerbird models get {row.id}`: it fetches what is damaged."
        self._files = ShippedFiles(f"model {row.id}", folder, self._cure)
        self._spec = PixelSpec(row.image_size, "squash")
        self._lock = threading.Lock()
        self._running = threading.Lock()
        self._session: Any = None
        self._idle = IdleTimer(idle_unload_s, self.unload)

    @property
    def id(self) -> str:
        """Which weights these are: the id of the catalog."""
        return self._row.id

    @property
    def spec(self) -> PixelSpec:
        """How pictures have to be prepared."""
        return self._spec

    def segment(self, batch: Pixels) -> Vector:
        """Return how much of each pixel is subject, float32 [n, size, size] in 0..1.

        Args:
            batch: RGB uint8 [n, size, size, 3].

        Raises:
            ModelMissingError: The file has gone.
            ModelDamagedError: It is not the one of the catalog, or no network of this kind.
            ModelError: There is too little memory, or the network could not run.
        """
        import numpy as np

        check_batch(batch, self._spec.size)
        session = self._loaded()
        try:
            mattes = [self._matte(session, one) for one in batch]
        finally:
            self._idle.touch()
        return np.stack(mattes) if mattes else np.empty((0, *batch.shape[1:3]), np.float32)

    def unload(self) -> None:
        """Give the weights' memory back; a call that runs now keeps its own until it ends."""
        with self._lock:
            self._session = None

    def close(self) -> None:
        """Unload, and stop the timer."""
        self._idle.close()
        self.unload()

    def _matte(self, session: Any, picture: Pixels) -> Vector:
        """Return the matte of one picture, float32 [size, size]."""
        import numpy as np

        # Some give what they saw on the way there, too, behind the matte.
        asked, given = session.get_inputs()[0].name, session.get_outputs()[0].name
        # One after the other, whoever asks: a run takes gigabytes, and all cores as it is.
        with self._running:
            found = self._files.run(session, {asked: self._input(picture)}, given)
        if found.ndim != 4 or found.shape[1:] != (1, *picture.shape[:2]):
            raise self._wrong(f"it gave a matte of shape {found.shape}")
        matte: Vector = found[0, 0].astype(np.float32)
        if not np.isfinite(matte).all():
            raise ModelError(f"{self.id} gave a matte that holds no numbers. {self._cure}")
        if self._row.sigmoid:
            matte = 1 / (1 + np.exp(-matte.clip(-60, 60)))
        least, most = float(matte.min()), float(matte.max())
        if most < _NOTHING or most - least < 1e-6:
            return matte.clip(0, 1)
        stretched: Vector = (matte - np.float32(least)) / np.float32(most - least)
        return stretched

    def _input(self, picture: Pixels) -> Any:
        """Return a picture as the network wants it, float32 [1, 3, size, size]."""
        import numpy as np

        bright = picture.astype(np.float32) / max(float(picture.max()), 1e-6)
        scaled = (bright - np.array(self._row.mean, np.float32)) / np.array(
            self._row.std, np.float32
        )
        return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])

    def _loaded(self) -> Any:
        with self._lock:
            if self._session is None:
                instead = "choose another model; the built-in one needs little."
                memory.require(self.id, self._row.memory, instead, memory.available())
                (name,) = self._row.files
                session = self._files.session(name, self._row.sha256, physical_cores(), large=True)
                self._look(session)
                self._session = session
            return self._session

    def _look(self, session: Any) -> None:
        """Refuse a network that takes something else than one picture of the right size."""
        inputs = session.get_inputs()
        side = self._spec.size
        wanted = (1, 3, side, side)
        shape = inputs[0].shape if len(inputs) == 1 else ()
        fits = len(shape) == 4 and all(
            have == want for have, want in zip(shape, wanted, strict=True) if isinstance(have, int)
        )
        if not fits or inputs[0].type != "tensor(float)":
            raise self._wrong("it takes other pixels")

    def _wrong(self, why: str) -> ModelDamagedError:
        return ModelDamagedError(
            f"The file of {self.id} is not the network that it should be ({why}). {self._cure}"
        )
