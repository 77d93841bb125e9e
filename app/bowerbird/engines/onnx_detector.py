"""Runs downloaded networks that find things in pictures: ONNX files as YOLOX publishes them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowerbird.engines.catalog import DetectorModel
from bowerbird.engines.detector import MOST_SIGHTS, Sight
from bowerbird.engines.encoder import check_batch
from bowerbird.engines.onnx_network import OnnxNetwork
from bowerbird.errors import ModelError
from bowerbird.types import PixelSpec

if TYPE_CHECKING:
    from bowerbird.types import Pixels

# The grids that it looks at, pixels between two of their places, and the grey beside the picture.
_STRIDES = (8, 16, 32)
_GREY = 114


class OnnxDetector:
    """A Detector over ONNX Runtime, of a row of the catalog.

    The network gives, for every place of three grids, the centre of a box from that place on and
    its size as a logarithm, both in units of the grid, whether something is there, and what it is
    (Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv:2107.08430).

    Args:
        row: What the network knows, and the digest of its file.
        folder: Where that lies; only read.
        idle_unload_s: Unused for this long, its memory is given back; 0 for never.
    """

    def __init__(self, row: DetectorModel, folder: Path, idle_unload_s: float = 0) -> None:
        self._row = row
        self._spec = PixelSpec(row.image_size, "pad", _GREY)
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
    def categories(self) -> tuple[str, ...]:
        """All that it knows, in the order of the network's scores."""
        return self._row.categories

    @property
    def threshold(self) -> float:
        """Score from which a sight counts, as the catalog says it."""
        return self._row.threshold

    def detect(self, batch: Pixels, least: float | None = None) -> list[list[Sight]]:
        """Return the sights of every picture, surest first; boxes are shares of the padded square.

        Raises:
            ModelMissingError: The file has gone.
            ModelDamagedError: It is not the one of the catalog, or no network of this kind.
            ModelError: There is too little memory, or the network could not run.
        """
        check_batch(batch, self._spec.size)
        return [self._sights(one, self.threshold if least is None else least) for one in batch]

    def unload(self) -> None:
        """Give the weights' memory back; a call that runs now keeps its own until it ends."""
        self._network.unload()

    def close(self) -> None:
        """Unload, and stop the timer."""
        self._network.close()

    def _sights(self, picture: Pixels, least: float) -> list[Sight]:
        import numpy as np

        found = self._found(picture)
        sure = found[:, 4:5] * found[:, 5:]
        best, score = sure.argmax(1), sure.max(1)
        order = [at for at in (-score).argsort(kind="stable")[:MOST_SIGHTS] if score[at] >= least]
        places, strides = self._places
        middle = (found[order, :2] + places[order]) * strides[order]
        # A box is no larger than all that is seen, whatever a network says.
        half = np.exp(found[order, 2:4].clip(-20, 20)) * strides[order] / 2
        boxes = (np.hstack([middle - half, middle + half]) / self._spec.size).clip(0, 1)
        return [
            Sight(self.categories[best[at]], min(1.0, float(score[at])), tuple(box.tolist()))
            for at, box in zip(order, boxes, strict=True)
        ]

    def _found(self, picture: Pixels) -> Any:
        """Return what the network gives for a picture, float32 [places, 5 + categories]."""
        import numpy as np

        # It learnt from pictures as OpenCV reads them: blue first, 0 to 255.
        pixels = picture[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32)
        found = self._network.run(np.ascontiguousarray(pixels))
        if found.shape != (1, len(self._places[0]), 5 + len(self.categories)):
            raise self._network.wrong(f"it gave sights of shape {found.shape}")
        if not np.isfinite(found).all():
            raise ModelError(f"{self.id} gave sights that hold no numbers. {self._network.cure}")
        return found[0]

    @cached_property
    def _places(self) -> tuple[Any, Any]:
        """Left and top of every place, [places, 2], and how far apart its grid is, [places, 1]."""
        import numpy as np

        places, strides = [], []
        for stride in _STRIDES:
            count = self._spec.size // stride
            top, left = np.divmod(np.arange(count * count), count)
            places.append(np.stack([left, top], 1))
            strides.append(np.full((count * count, 1), stride))
        return (
            np.concatenate(places).astype(np.float32),
            np.concatenate(strides).astype(np.float32),
        )
