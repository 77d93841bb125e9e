"""Write the trained towers as two small ONNX files for ONNX Runtime."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from hubness import Hubness
from onnx import helper, numpy_helper
from segment import Segmenter
from torch import Tensor, nn
from towers import ImageTower, Likeness, TextTower, pool, unit

OPSET = 17
# An embedding: the meaning; features and colours, where texts have zeros; then three numbers, of
# which the first two carry what is taken from a score for the picture and for the text.
LEVELS = 3
MEANING, SAID = 0.5, 0.55  # shares of the meaning in pictures' and in texts' embeddings
LAYOUT = 0.08  # share of colours in what of a picture's embedding is no meaning
OF_PICTURES, OF_TEXTS = 0.2, 0.6  # what either side holds against the other's correction
REACH = (MEANING * SAID) ** 0.5  # a cosine of meanings in the product of whole embeddings
SMALLEST = 4096
SURE = 2.0  # logits of the matte times this: its middle values are haze more often than glass


class _Pixels(nn.Module):
    """The image tower as the engine calls it: bytes, channels last; the likeness behind."""

    def __init__(self, tower: ImageTower, likeness: Likeness, hubness: Hubness) -> None:
        super().__init__()
        self.tower, self.likeness, self.common = tower, likeness, hubness.pictures

    def forward(self, pixels: Tensor) -> Tensor:
        x = pixels.permute(0, 3, 1, 2).float()
        middle, dense = self.tower.backbone(x)
        meaning = unit(self.tower.head(pool(middle, dense)))
        kin, layout = self.likeness(x, dense)
        level = (-REACH / OF_TEXTS * self.common(meaning)).clamp(-0.4, 0.4)[:, None]
        rest = 1 - MEANING - OF_PICTURES**2 - level.square()
        held = torch.full_like(level, OF_PICTURES)
        parts = (
            MEANING**0.5 * meaning,
            (rest * (1 - LAYOUT)).sqrt() * kin,
            (rest * LAYOUT).sqrt() * layout,
            level,
            held,
            torch.zeros_like(level),
        )
        return torch.cat(parts, 1)


class _Text(nn.Module):
    """The text tower as the engine calls it: nothing where pictures have their likeness."""

    def __init__(self, tower: TextTower, hubness: Hubness) -> None:
        super().__init__()
        self.tower, self.common = tower, hubness.texts

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        meaning = self.tower(ids, mask)
        level = (-REACH / OF_PICTURES * self.common(meaning)).clamp(-0.28, 0.28)[:, None]
        held = torch.full_like(level, OF_TEXTS)
        slack = (1 - SAID - OF_TEXTS**2 - level.square()).sqrt()
        said = nn.functional.pad(SAID**0.5 * meaning, (0, Likeness.dim))
        return torch.cat((said, held, level, slack), 1)


def fold_norms(module: nn.Module) -> nn.Module:
    """Merge every batch norm into the convolution before it, in place."""
    for name, child in module.named_children():
        layers = list(child.children()) if isinstance(child, nn.Sequential) else []
        if layers and isinstance(layers[-1], nn.BatchNorm2d):
            fused = nn.utils.fuse_conv_bn_eval(layers[-2], layers[-1])
            setattr(module, name, nn.Sequential(*layers[:-2], fused))
        else:
            fold_norms(child)
    return module


def export_image(
    tower: ImageTower, likeness: Likeness, hubness: Hubness, size: int, path: Path
) -> None:
    """Write image.onnx: uint8 [n, size, size, 3] to float32 [n, dim]."""
    model = _Pixels(fold_norms(tower.eval()), likeness, hubness)
    example = torch.zeros(2, size, size, 3, dtype=torch.uint8)
    graph = _to_onnx(model, (example,), ["pixels"], {"pixels": {0: "n"}, "embedding": {0: "n"}})
    merge_pads(graph)
    shrink_weights(graph)
    onnx.save(graph, path)


class _Matte(nn.Module):
    """The segmenter as the engine calls it: bytes, channels last, seen at several sizes.

    At every second size it looks at the mirror image: looks that differ err less together.
    """

    def __init__(self, net: Segmenter, sides: tuple[int, ...]) -> None:
        super().__init__()
        self.net, self.sides = net, sides

    def forward(self, pixels: Tensor) -> Tensor:
        x = pixels.permute(0, 3, 1, 2).float()
        whole = max(self.sides)
        # Half the picture's pixels would be left out at the smaller sizes: each has its neighbours
        # mixed in before, by a binomial of 3 x 3.
        soft = nn.functional.avg_pool2d(nn.functional.avg_pool2d(x, 2, 1), 2, 1)
        found = []
        for number, side in enumerate(self.sides):
            seen = x if side == whole else _resized(soft, side)
            logits = self.net(seen.flip(3) if number % 2 else seen)[-1][:, None]
            found.append(_resized(logits.flip(3) if number % 2 else logits, whole))
        return (SURE * torch.stack(found).mean(0)).sigmoid()[:, 0]


def _resized(x: Tensor, side: int) -> Tensor:
    return nn.functional.interpolate(x, (side, side), mode="bilinear", align_corners=False)


def export_segmenter(net: Segmenter, sides: tuple[int, ...], path: Path) -> None:
    """Write segmenter.onnx: uint8 [n, side, side, 3] to a matte, float32 [n, side, side].

    Args:
        net: The network.
        sides: At which sizes it looks; the largest is that of the input.
        path: Where to write.
    """
    size = max(sides)
    model = _Matte(fold_norms(net.eval()), sides)
    example = torch.zeros(2, size, size, 3, dtype=torch.uint8)
    graph = _to_onnx(
        model, (example,), ["pixels"], {"pixels": {0: "n"}, "matte": {0: "n"}}, "matte"
    )
    merge_pads(graph)
    shrink_weights(graph)
    onnx.save(graph, path)


def export_detector(net: nn.Module, side: int, path: Path) -> None:
    """Write detector.onnx: uint8 [n, side, side, 3] to boxes and scores, float32 [n, 1917, 84]."""
    example = torch.zeros(2, side, side, 3, dtype=torch.uint8)
    dynamic = {"pixels": {0: "n"}, "sights": {0: "n"}}
    graph = _to_onnx(fold_norms(net.eval()), (example,), ["pixels"], dynamic, "sights")
    merge_pads(graph)
    shrink_weights(graph)
    onnx.save(graph, path)


def export_text(tower: TextTower, hubness: Hubness, path: Path) -> None:
    """Write text.onnx: int64 ids and mask [n, length] to float32 [n, dim]."""
    ids = torch.ones(2, 7, dtype=torch.int64)
    axes = {0: "n", 1: "length"}
    dynamic = {"ids": axes, "mask": axes, "embedding": {0: "n"}}
    graph = _to_onnx(_Text(tower.eval(), hubness), (ids, ids), ["ids", "mask"], dynamic)
    shrink_weights(graph)
    onnx.save(graph, path)


def _to_onnx(
    model: nn.Module,
    example: tuple[Tensor, ...],
    names: list[str],
    dynamic: dict,
    output: str = "embedding",
) -> onnx.ModelProto:
    stream = io.BytesIO()
    torch.onnx.export(
        model,
        example,
        stream,
        input_names=names,
        output_names=[output],
        dynamic_axes=dynamic,
        opset_version=OPSET,
        dynamo=False,
    )
    return onnx.load_from_string(stream.getvalue())


def merge_pads(model: onnx.ModelProto) -> None:
    """Move explicit padding into the convolution that follows it."""
    graph = model.graph
    made = {out: node for node in graph.node for out in node.output}
    for node in list(graph.node):
        pad = made.get(node.input[0]) if node.op_type == "Conv" else None
        if pad is not None and pad.op_type == "Pad":
            for attribute in node.attribute:
                if attribute.name == "pads":
                    del attribute.ints[:]
                    attribute.ints.extend([0, 0, 1, 1])
            node.input[0] = pad.input[0]
    _drop_unused(graph)


def _drop_unused(graph: onnx.GraphProto) -> None:
    changed = True
    while changed:
        used = {name for node in graph.node for name in node.input}
        used |= {out.name for out in graph.output}
        idle = [node for node in graph.node if not used & set(node.output)]
        for node in idle:
            graph.node.remove(node)
        changed = bool(idle)


def shrink_weights(model: onnx.ModelProto) -> None:
    """Store large weights in int8 with a scale a channel.

    The graph widens them with Cast and Mul, which ONNX Runtime computes once when it loads.
    """
    graph = model.graph
    users = {name: node for node in graph.node for name in node.input}
    widening = []
    for tensor in list(graph.initializer):
        array = numpy_helper.to_array(tensor)
        if array.dtype != np.float32 or array.size < SMALLEST:
            continue
        graph.initializer.remove(tensor)
        axes = _shared_axes(users[tensor.name], array)
        small, scale = quantise(array, axes)
        graph.initializer.append(numpy_helper.from_array(small, tensor.name + "_q"))
        graph.initializer.append(numpy_helper.from_array(scale, tensor.name + "_s"))
        widening.append(helper.make_node("Cast", [tensor.name + "_q"], [tensor.name + "_f"], to=1))
        widening.append(
            helper.make_node("Mul", [tensor.name + "_f", tensor.name + "_s"], [tensor.name])
        )
    for node in reversed(widening):
        graph.node.insert(0, node)


def _shared_axes(node: onnx.NodeProto, array: np.ndarray) -> tuple[int, ...]:
    transposed = any(a.name == "transB" and a.i for a in node.attribute)
    if node.op_type == "MatMul" or (node.op_type == "Gemm" and not transposed):
        return tuple(range(array.ndim - 1))
    return tuple(range(1, array.ndim))


def quantise(array: np.ndarray, axes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return int8 values and their scale, choosing the clipping that errs least."""
    top = np.abs(array).max(axis=axes, keepdims=True) + 1e-12
    best, error = top / 127, np.full(top.shape, np.inf, np.float32)
    for share in (1.0, 0.95, 0.9, 0.85, 0.8, 0.7):
        scale = top * share / 127
        back = np.clip(np.round(array / scale), -127, 127) * scale
        miss = np.square(back - array).sum(axis=axes, keepdims=True)
        best, error = np.where(miss < error, scale, best), np.minimum(miss, error)
    return np.clip(np.round(array / best), -127, 127).astype(np.int8), best.astype(np.float32)


def write_config(folder: Path, facts: dict) -> None:
    """Write config.json with the hashes of the files beside it."""
    names = ("image.onnx", "text.onnx", "tokenizer.json")
    hashes = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in names}
    text = json.dumps({**facts, "sha256": hashes}, indent=2) + "\n"
    (folder / "config.json").write_text(text, encoding="utf-8")
