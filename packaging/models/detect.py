"""The detector: the encoder's backbone with a head that says what is where, anchor by anchor."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import onnx
import torch
from device import half
from export import fold_norms
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional
from towers import Backbone, conv_bn

SIDE = 304
FROZEN = 6  # so many blocks stay the encoder's: they see edges and colours here as there
EARLY_SHAPE = (38, 38, 32)
FINE, COARSE = 12, 16  # after these blocks the maps have 19 and 10 places a side
KINDS = 80
GRIDS = (19, 10, 5, 3, 2, 1)
SCALES = (0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1.0)
STEP, POWER = 0.1, 0.2  # how much of an anchor, or of a power of e, one of a box's code is


def anchors() -> np.ndarray:
    """Return middle and size (y, x, height, width) of all anchors, float32 [1917, 4].

    They are SSD's (Liu et al. 2016), in the order of the teacher's.
    """
    found = []
    for level, side in enumerate(GRIDS):
        scale, larger = SCALES[level : level + 2]
        shapes = [(scale, 1.0), (scale, 2.0), (scale, 0.5), (scale, 3.0), (scale, 1 / 3)]
        shapes += [((scale * larger) ** 0.5, 1.0)]
        if level == 0:
            shapes = [(0.1, 1.0), (scale, 2.0), (scale, 0.5)]
        sizes = np.array([(s / ratio**0.5, s * ratio**0.5) for s, ratio in shapes])
        middles = (np.indices((side, side)).reshape(2, -1).T + 0.5) / side
        both = np.repeat(middles, len(shapes), 0), np.tile(sizes, (side * side, 1))
        found.append(np.concatenate(both, 1))
    return np.concatenate(found).astype(np.float32)


class Around(nn.Module):
    """Look around channel by channel, then mix; with a shortcut where the size stays."""

    def __init__(self, inner: int, outer: int, stride: int = 1) -> None:
        super().__init__()
        around = nn.Conv2d(inner, inner, 3, stride, 1, groups=inner, bias=False)
        self.around = nn.Sequential(around, nn.BatchNorm2d(inner))
        self.mix = conv_bn(inner, outer)
        self.short = stride == 1 and inner == outer

    def forward(self, x: Tensor) -> Tensor:
        y = self.mix(functional.relu(self.around(x)))
        return functional.relu(x + y if self.short else y)


class Detecting(nn.Module):
    """Pixels to what every anchor shows and how its thing lies against it."""

    widths = (192, 256, 256, 192, 192, 128)

    def __init__(self) -> None:
        super().__init__()
        self.backbone = fold_norms(Backbone().eval())
        del self.backbone.last
        # An odd side is halved as the teacher does it, so that the grids are the same.
        turn = self.backbone.blocks[13].body[2]
        turn[0], turn[1].padding = nn.Identity(), (1, 1)
        fine, coarse = self.widths[:2]
        self.coarse = nn.Sequential(conv_bn(320, coarse), nn.ReLU(), Around(coarse, coarse))
        self.fine, self.down = conv_bn(96, fine), conv_bn(coarse, fine)
        self.join = nn.Sequential(Around(fine, fine), Around(fine, fine))
        self.smaller = nn.ModuleList(
            [Around(a, b, 2) for a, b in itertools.pairwise(self.widths[1:])]
        )
        counts = (3, *(6,) * 5)
        self.kinds = nn.ModuleList(
            [nn.Conv2d(w, c * KINDS, 1) for w, c in zip(self.widths, counts, strict=True)]
        )
        self.places = nn.ModuleList(
            [nn.Conv2d(w, c * 4, 1) for w, c in zip(self.widths, counts, strict=True)]
        )
        for layer in self.kinds:
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.constant_(layer.bias, -5.0)
        self.register_buffer("anchors", torch.from_numpy(anchors()), persistent=False)

    @torch.no_grad()
    def early(self, pixels: Tensor) -> Tensor:
        """Return the map after the blocks that stay as they are, uint8 [n, h, w, 3] given."""
        x = pixels.permute(0, 3, 1, 2).float()
        with half():
            return self._through(self.backbone.stem(x * (1 / 128) - 1), 0, FROZEN)[-1]

    def late(self, early: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits [n, 1917, 80] and codes of boxes [n, 1917, 4]."""
        maps = self._through(early, FROZEN, len(self.backbone.blocks))
        coarse = self.coarse(maps[COARSE - FROZEN])
        down = functional.interpolate(self.down(coarse), (GRIDS[0],) * 2, mode="nearest")
        fine = self.join(functional.relu(self.fine(maps[FINE - FROZEN]) + down))
        levels = [fine, coarse]
        for smaller in self.smaller:
            levels.append(smaller(levels[-1]))
        return self._said(levels, self.kinds, KINDS), self._said(levels, self.places, 4)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return boxes (left, top, right, bottom as shares of the side), then scores in 0..1.

        Args:
            pixels: uint8 [n, 304, 304, 3].

        Returns:
            float [n, 1917, 84].
        """
        x = self.backbone.stem(pixels.permute(0, 3, 1, 2).float() * (1 / 128) - 1)
        logits, codes = self.late(self._through(x, 0, FROZEN)[-1])
        middle = codes[..., :2] * STEP * self.anchors[:, 2:] + self.anchors[:, :2]
        size = (codes[..., 2:].clamp(max=10) * POWER).exp() * self.anchors[:, 2:]
        ends = torch.cat([middle - size / 2, middle + size / 2], -1).clamp(0, 1)
        top, left, bottom, right = ends.unbind(-1)
        return torch.cat([torch.stack([left, top, right, bottom], -1), logits.sigmoid()], -1)

    def _through(self, x: Tensor, first: int, end: int) -> list[Tensor]:
        found = []
        for block in self.backbone.blocks[first:end]:
            y = block(x)
            x = x + y if y.shape == x.shape else y
            found.append(x)
        return found

    @staticmethod
    def _said(levels: list[Tensor], layers: nn.ModuleList, width: int) -> Tensor:
        said = [
            layer(x).permute(0, 2, 3, 1).flatten(1).unflatten(1, (-1, width))
            for x, layer in zip(levels, layers, strict=True)
        ]
        return torch.cat(said, 1)


def begin_from(net: Detecting, path: Path) -> None:
    """Take the backbone's weights from the shipped image tower, image.onnx."""
    prefix = "tower.backbone."
    graph = onnx.load(path).graph
    found = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    state = {}
    for name in net.backbone.state_dict():
        whole = prefix + name
        kept = found[whole] if whole in found else found[whole + "_q"] * found[whole + "_s"]
        state[name] = torch.from_numpy(kept.astype(np.float32))
    net.backbone.load_state_dict(state)
