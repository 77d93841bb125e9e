"""The segmenter: the encoder's backbone with a light decoder, from pixels to a matte."""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional
from towers import Backbone, conv_bn

# From which block each map comes, coarse to fine, and how wide the decoder is there.
TAPS = ((16, 96), (12, 80), (5, 48), (2, 32), (0, 16))
CHANNELS = {0: 16, 2: 24, 5: 32, 12: 96, 16: 320}


class Refine(nn.Module):
    """Look around once, channel by channel, with a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.around = conv_bn(width, width, 3)
        self.mix = conv_bn(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.mix(functional.relu(self.around(x))))


class Weigh(nn.Module):
    """Weigh a place against what lies farther around it, with a shortcut (as in ConvNeXt)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.around = conv_bn(width, width, 7, groups=width)
        self.widen = conv_bn(width, 4 * width)
        self.narrow = conv_bn(4 * width, width)
        # Nothing at first: what was learnt without it holds.
        nn.init.zeros_(self.narrow[-1].weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.narrow(functional.relu(self.widen(self.around(x))))


class Segmenter(nn.Module):
    """Pixels to how much of the subject every pixel shows.

    The coarsest map, with its average added so that every place knows the whole, is refined, its
    places weighed against each other, and doubled until it has half the picture's side; finer maps
    join on the way.
    """

    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone()
        del self.backbone.last
        self.sides = nn.ModuleList([conv_bn(CHANNELS[tap], width) for tap, width in TAPS])
        self.whole = nn.Conv2d(TAPS[0][1], TAPS[0][1], 1)
        self.context = nn.Sequential(Weigh(TAPS[0][1]), Weigh(TAPS[0][1]))
        self.refines = nn.ModuleList([Refine(width) for _, width in TAPS])
        self.narrows = nn.ModuleList([conv_bn(a, b) for (_, a), (_, b) in itertools.pairwise(TAPS)])
        self.guesses = nn.ModuleList([nn.Conv2d(width, 1, 3, padding=1) for _, width in TAPS])

    def forward(self, pixels: Tensor) -> list[Tensor]:
        """Return logits, coarse to fine, the last at half the side of `pixels`.

        Args:
            pixels: float [n, 3, side, side] in 0..255.
        """
        maps = self.backbone.maps(pixels)
        found = []
        x = torch.zeros(())
        for index, (tap, _) in enumerate(TAPS):
            side = self.sides[index](maps[tap])
            if index == 0:
                x = side + self.whole(side.mean((2, 3), keepdim=True))
            else:
                x = self.narrows[index - 1](x)
                x = functional.interpolate(x, scale_factor=2, mode="bilinear") + side
            x = self.refines[index](functional.relu(x))
            if index == 0:
                x = self.context(x)
            found.append(self.guesses[index](x)[:, 0])
        return found
