"""Runs downloaded networks that tell a picture's subject: ONNX files as rembg publishes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowerbird.engines.catalog import SegmenterModel
from bowerbird.engines.encoder import check_batch
from bowerbird.engines.onnx_network import OnnxNetwork
from bowerbird.errors import ModelError
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
        self._spec = PixelSpec(row.image_size, "squash")
        self._network = OnnxNetwork(row, row.image_size, folder, idle_unload_s)

    @property
    def id(self) -> str:
        """Which weights these are: the id of the catalog."""
        return self._row.id

    @property
    def spec(self) -> PixelSpec:
        """How pictures have to be prepared."""
        return self._spec

    @property
    def closer(self) -> float:
        """No second look, which takes as long as the first: u2netp gains nothing by it."""
        return 0.0

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
        mattes = [self._matte(one) for one in batch]
        return np.stack(mattes) if mattes else np.empty((0, *batch.shape[1:3]), np.float32)

    def unload(self) -> None:
        """Give the weights' memory back; a call that runs now keeps its own until it ends."""
        self._network.unload()

    def close(self) -> None:
        """Unload, and stop the timer."""
        self._network.close()

    def _matte(self, picture: Pixels) -> Vector:
        """Return the matte of one picture, float32 [size, size]."""
        import numpy as np

        found = self._network.run(self._input(picture))
        if found.ndim != 4 or found.shape[1:] != (1, *picture.shape[:2]):
            raise self._network.wrong(f"it gave a matte of shape {found.shape}")
        matte: Vector = found[0, 0].astype(np.float32)
        if not np.isfinite(matte).all():
            raise ModelError(f"{self.id} gave a matte that holds no numbers. {self._network.cure}")
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
