"""The two networks that are shipped: an image tower and a text tower."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

# Output channels, stride and hidden channels of every block: MobileNetV2's shape (Sandler et al.
# 2018), its later blocks wider, since a wider block learns another one's function sooner.
BLOCKS = (
    (16, 1, 32),
    (24, 2, 96),
    (24, 1, 144),
    (32, 2, 144),
    *((32, 1, 192),) * 2,
    (64, 2, 192),
    *((64, 1, 512),) * 3,
    (96, 1, 512),
    *((96, 1, 768),) * 2,
    (160, 2, 864),
    *((160, 1, 1440),) * 2,
    (320, 1, 1920),
)
EARLY = 4  # so many blocks see large maps: they cost most and learn soonest
MIDDLE = 12  # the block whose map is pooled beside the last one


def conv_bn(inner: int, outer: int, size: int = 1, stride: int = 1, groups: int = 1) -> nn.Module:
    """Return a convolution with batch norm; padding leads as TensorFlow's does."""
    layers: list[nn.Module] = []
    padding = size // 2
    if stride == 2 and size > 1:
        layers.append(nn.ZeroPad2d((0, size - 2, 0, size - 2)))
        padding = 0
    layers.append(nn.Conv2d(inner, outer, size, stride, padding, groups=groups, bias=False))
    layers.append(nn.BatchNorm2d(outer))
    return nn.Sequential(*layers)


class InvertedResidual(nn.Module):
    """Widen, mix neighbours channel by channel, narrow; the shortcut is the backbone's to add."""

    def __init__(self, inner: int, hidden: int, outer: int, stride: int) -> None:
        super().__init__()
        widen = [conv_bn(inner, hidden), nn.ReLU6()] if inner != hidden else []
        self.body = nn.Sequential(
            *widen, conv_bn(hidden, hidden, 3, stride, groups=hidden), nn.ReLU6()
        )
        self.out = nn.Conv2d(hidden, outer, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.body(x))


class Backbone(nn.Module):
    """The convolutional part: a stem, seventeen inverted residuals, a dense map."""

    dense_width = 1280

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(conv_bn(3, 32, 3, 2), nn.ReLU6())
        inner = 32
        blocks = []
        for outer, stride, hidden in BLOCKS:
            blocks.append(InvertedResidual(inner, hidden, outer, stride))
            inner = outer
        self.blocks = nn.ModuleList(blocks)
        self.last = nn.Conv2d(inner, self.dense_width, 1)

    def stages(self, pixels: Tensor) -> list[Tensor]:
        """Return the map after every block, then the dense map (rectified)."""
        found = self.maps(pixels)
        return [*found, functional.relu6(self.last(found[-1]))]

    def maps(self, pixels: Tensor) -> list[Tensor]:
        """Return the map after every block."""
        return self._through(self.stem(pixels * (1 / 128) - 1), 0)

    def later(self, early: Tensor) -> list[Tensor]:
        """Return what `stages` does from the map after the first blocks on."""
        found = self._through(early, EARLY)
        return [*found, functional.relu6(self.last(found[-1]))]

    def _through(self, x: Tensor, first: int) -> list[Tensor]:
        found = []
        for block in self.blocks[first:]:
            y = block(x)
            x = x + y if y.shape == x.shape else y
            found.append(x)
        return found

    def alone(self, pixels: Tensor, maps: list[Tensor], few: int) -> list[Tensor]:
        """Return what every block adds when each is fed the map before it of another network.

        The first blocks see only the first `few` pictures: their maps are large, and each place of
        them is an example.
        """
        inputs = [self.stem(pixels[:few] * (1 / 128) - 1), *maps[:-2]]
        found = [
            block(x[:few] if index < EARLY else x)
            for index, (block, x) in enumerate(zip(self.blocks, inputs, strict=True))
        ]
        return [*found, functional.relu6(self.last(maps[-2]))]

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return the middle (96 channels) and the last (1280 channels) map."""
        found = self.stages(pixels)
        return found[MIDDLE], found[-1]


class ImageHead(nn.Module):
    """Pooled maps to an embedding: a straight line and a bent one, added."""

    middle_width = 96

    def __init__(self, dim: int, hidden: int = 512, dropout: float = 0.5) -> None:
        super().__init__()
        width = 2 * Backbone.dense_width + 2 * self.middle_width
        self.register_buffer("shift", torch.zeros(width))
        self.register_buffer("scale", torch.ones(width))
        self.drop = nn.Dropout(dropout)
        self.line = nn.Linear(width, dim)
        self.bend = nn.Sequential(
            nn.Linear(width, hidden), nn.ReLU(), nn.Dropout(0.2), nn.Linear(hidden, dim)
        )

    def forward(self, pooled: Tensor) -> Tensor:
        x = self.drop(((pooled - self.shift) * self.scale).clamp(-6, 6))
        return self.line(x) + self.bend(x)


def pool(middle: Tensor, dense: Tensor) -> Tensor:
    """Return averages, maxima and spreads over all positions of both maps."""
    mean = middle.mean((2, 3))
    spread = ((middle - mean[:, :, None, None]).square().mean((2, 3)) + 1e-6).sqrt()
    return torch.cat([dense.mean((2, 3)), dense.amax((2, 3)), mean, spread], 1)


class ImageTower(nn.Module):
    """Pixels to a unit-length embedding."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.head = ImageHead(dim)

    def forward(self, pixels: Tensor) -> Tensor:
        return unit(self.head(pool(*self.backbone(pixels))))


class Directions(nn.Module):
    """The main directions of something measured of pictures, the strong ones held back."""

    def __init__(self, width: int, dim: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("turn", torch.zeros(width, dim))

    def fit(self, found: Tensor) -> None:
        """Find the directions of float [n, width]."""
        self.mean.copy_(found.mean(0))
        _, spread, turn = torch.linalg.svd(found - self.mean, full_matrices=False)
        kept = self.turn.shape[1]
        strength = (spread / len(found) ** 0.5)[:kept]
        self.turn.copy_(turn[:kept].T / strength**0.5)

    def forward(self, x: Tensor) -> Tensor:
        return unit((x - self.mean) @ self.turn)


class Likeness(nn.Module):
    """What makes two pictures alike beside what is said of them: features, and where colours are.

    Texts know nothing of it: it stands behind the meaning in a picture's embedding, and counts
    between two pictures alone.
    """

    grid = 4
    kin_dim, layout_dim = 96, 29
    dim = kin_dim + layout_dim

    def __init__(self) -> None:
        super().__init__()
        self.kin = Directions(Backbone.dense_width, self.kin_dim)
        self.layout = Directions(3 * self.grid**2, self.layout_dim)

    def cells(self, pixels: Tensor) -> Tensor:
        """Return brightness and two opposed colours of every cell of a grid, [n, 48].

        Args:
            pixels: float [n, 3, h, w] in 0..255.
        """
        small = functional.adaptive_avg_pool2d(pixels / 255, self.grid)
        red, green, blue = small.unbind(1)
        light = (red + green + blue) / 3
        return torch.stack([light, red - green, (red + green) / 2 - blue], 1).flatten(1)

    def forward(self, pixels: Tensor, dense: Tensor) -> tuple[Tensor, Tensor]:
        """Return the features' and the colours' part, each of unit length."""
        return self.kin(dense.mean((2, 3))), self.layout(self.cells(pixels))


@dataclass(frozen=True)
class TextShape:
    """The sizes of a text tower."""

    vocabulary: int = 10_000
    length: int = 32
    width: int = 256
    heads: int = 4
    inner: int = 768
    layers: int = 4


class TextLayer(nn.Module):
    """One transformer layer, norm first."""

    def __init__(self, shape: TextShape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.first, self.second = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.mix = nn.Linear(shape.width, 3 * shape.width)
        self.join = nn.Linear(shape.width, shape.width)
        self.widen = nn.Linear(shape.width, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.width)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        size = x.shape[-1] // self.heads
        query, key, value = self.mix(self.first(x)).unflatten(-1, (3, self.heads, size)).unbind(2)
        scores = query.transpose(1, 2) @ key.permute(0, 2, 3, 1) * size**-0.5 + bias
        y = (scores.softmax(-1) @ value.transpose(1, 2)).transpose(1, 2).flatten(2)
        x = x + self.drop(self.join(y))
        return x + self.drop(self.narrow(functional.relu(self.widen(self.second(x)))))


class TextTower(nn.Module):
    """Sub-word ids to a unit-length embedding."""

    def __init__(self, dim: int, shape: TextShape) -> None:
        super().__init__()
        self.tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Parameter(torch.zeros(shape.length, shape.width))
        self.layers = nn.ModuleList([TextLayer(shape) for _ in range(shape.layers)])
        self.norm = nn.LayerNorm(shape.width)
        self.join = nn.Linear(shape.width, dim)
        nn.init.normal_(self.tokens.weight, std=0.05)
        nn.init.normal_(self.places, std=0.01)

    def pooled(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the mean over the words of the last layer."""
        keep = mask[..., None].to(self.places.dtype)
        x = self.tokens(ids) + self.places[: ids.shape[1]]
        bias = (mask[:, None, None].to(x.dtype) - 1) * 1e4
        for layer in self.layers:
            x = layer(x, bias)
        return self.norm((x * keep).sum(1) / keep.sum(1).clamp(min=1))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        return unit(self.join(self.pooled(ids, mask)))


def unit(x: Tensor) -> Tensor:
    """Scale rows to length one."""
    return x / (x.square().sum(-1, keepdim=True) + 1e-12).sqrt()
