"""The two networks that are shipped: an image tower and a text tower."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

GROUP_WIDTH = 16


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


class ResidualBlock(nn.Module):
    """Two pointwise convolutions around a grouped one, with a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.reduce = conv_bn(width, width)
        self.mix = conv_bn(width, width, 3, groups=width // GROUP_WIDTH)
        self.expand = conv_bn(width, width)
        nn.init.zeros_(self.expand[-1].weight)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.reduce(x))
        y = functional.relu(self.mix(y))
        return functional.relu(x + self.expand(y))


class Stage(nn.Module):
    """From one bottleneck to the next: widen, shrink the map if asked, refine, narrow."""

    def __init__(self, inner: int, width: int, outer: int, depth: int, stride: int) -> None:
        super().__init__()
        layers = [conv_bn(inner, width), nn.ReLU()]
        if stride == 2:
            groups = width // GROUP_WIDTH
            layers += [conv_bn(width, width, 3, 2, groups), nn.ReLU()]
            layers += [conv_bn(width, width), nn.ReLU()]
        layers += [ResidualBlock(width) for _ in range(depth)]
        self.body = nn.Sequential(*layers)
        self.out = nn.Conv2d(width, outer, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.body(x))


class Stem(nn.Module):
    """Pixels to the first bottleneck, at a quarter of the resolution."""

    def __init__(self, outer: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            conv_bn(3, 24, 3, 2),
            nn.ReLU(),
            conv_bn(24, 48, 3, 2),
            nn.ReLU(),
            ResidualBlock(48),
            ResidualBlock(48),
        )
        self.out = nn.Conv2d(48, outer, 1)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.out(self.body(pixels * (1 / 64) - 2))


class Backbone(nn.Module):
    """The convolutional part: five stages joined by narrow bottlenecks, then a dense map."""

    bottlenecks = (24, 32, 64, 96)
    dense_width = 1280

    def __init__(self) -> None:
        super().__init__()
        self.parts = nn.ModuleList(
            [
                Stem(24),
                Stage(24, 80, 32, 3, 2),
                Stage(32, 192, 64, 4, 2),
                Stage(64, 192, 96, 4, 1),
                Stage(96, 384, self.dense_width, 5, 2),
            ]
        )

    def stages(self, pixels: Tensor) -> list[Tensor]:
        """Return what every stage gives, the dense map (rectified) last."""
        found = [pixels]
        for part in self.parts:
            found.append(part(found[-1]))
        found[-1] = functional.relu6(found[-1])
        return found[1:]

    def stages_from(self, inputs: list[Tensor]) -> list[Tensor]:
        """Return what every stage gives when each is fed from another network's bottlenecks."""
        found = [part(x) for part, x in zip(self.parts, inputs, strict=True)]
        found[-1] = functional.relu6(found[-1])
        return found

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return the middle (96 channels) and the last (1280 channels) map."""
        found = self.stages(pixels)
        return found[-2], found[-1]


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


@dataclass(frozen=True)
class TextShape:
    """The sizes of a text tower."""

    vocabulary: int = 10_000
    length: int = 32
    width: int = 256
    heads: int = 4
    inner: int = 768
    layers: int = 2


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
