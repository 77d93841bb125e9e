"""Read the detector teacher: which everyday objects a picture shows, used in training only."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 300
# Places in the network: the last map, the one before at twice the size, the scores of all boxes.
DEEP, SHALLOW, SCORES = 109, 163, 173
BOXES, ANCHORS = 172, 171  # the boxes of all anchors, coded, and the anchors
# How much of a code is one anchor's height or width, and one power of e.
STEP, POWER = 0.1, 0.2
RANKS = range(0, 30, 5)  # how sure it is of the first, sixth, ... box of a kind: so, how many


class Detector:
    """SSD MobileNet V1 over COCO's 80 kinds, from the quantised TFLite file."""

    def __init__(self, path: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._net = Interpreter(str(path), experimental_preserve_all_tensors=True, num_threads=1)
        self._net.allocate_tensors()
        self._scale = {d["index"]: d["quantization"] for d in self._net.get_tensor_details()}
        self._input = self._net.get_input_details()[0]["index"]

    def look(self, pixels: np.ndarray) -> np.ndarray:
        """Return float16 [3032]: averages and maxima of two maps, and how sure it is of what.

        Args:
            pixels: uint8 [h, w, 3], of any size.
        """
        self._see(pixels)
        deep, shallow = self._map(DEEP), self._map(SHALLOW)
        sure = 1 / (1 + np.exp(-self._map(SCORES)))
        ranked = -np.sort(-sure, 0)[RANKS.start : RANKS.stop : RANKS.step]
        parts = [
            deep.mean((0, 1)),
            deep.max((0, 1)),
            shallow.mean((0, 1)),
            shallow.max((0, 1)),
            np.log(sure.max(0) + 1e-4),
            np.log(sure.mean(0) + 1e-5),
            np.log(ranked + 1e-3).ravel(),
        ]
        return np.concatenate(parts).astype(np.float16)

    def boxes(self, pixels: np.ndarray, kinds: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """Return how sure it is of every anchor and where its thing would be.

        Args:
            pixels: uint8 [h, w, 3], of any size.
            kinds: Columns of the scores to return.

        Returns:
            Logits as they are kept in the network, uint8 [1917, kinds]: see `sureness`.
            Middle and size as shares of the picture (y, x, height, width), float32 [1917, 4].
        """
        self._see(pixels)
        code, anchors = self._map(BOXES)[:, 0], self._whole(ANCHORS)
        middle = code[:, :2] * STEP * anchors[:, 2:] + anchors[:, :2]
        size = np.exp(code[:, 2:] * POWER) * anchors[:, 2:]
        raw = self._net.get_tensor(SCORES)[0][:, kinds]
        return raw, np.concatenate([middle, size], 1).astype(np.float32)

    def sureness(self) -> np.ndarray:
        """Return the probability that each of the 256 values of a logit stands for."""
        scale, zero = self._scale[SCORES]
        return (1 / (1 + np.exp(-(np.arange(256) - zero) * scale))).astype(np.float32)

    def _see(self, pixels: np.ndarray) -> None:
        image = Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        self._net.set_tensor(self._input, np.asarray(image)[None])
        self._net.invoke()

    def _whole(self, index: int) -> np.ndarray:
        scale, zero = self._scale[index]
        return (self._net.get_tensor(index).astype(np.float32) - zero) * scale

    def _map(self, index: int) -> np.ndarray:
        return self._whole(index)[0]


def kinds(path: Path) -> dict[str, int]:
    """Return the column of the scores for each kind that has a name."""
    with zipfile.ZipFile(path) as inside:
        names = inside.read(inside.namelist()[0]).decode().split("\n")
    return {name.strip(): at for at, name in enumerate(names, 1) if name.strip(" ?\r")}


def look_at_all(path: Path, pixels: np.ndarray) -> np.ndarray:
    """Return what the detector makes of every picture, float16 [n, 3032]."""
    detector = Detector(path)
    return np.stack([detector.look(np.asarray(picture)) for picture in pixels])
