"""Read the U2-Net teacher: how much of a picture's subject every pixel is, used in training only.

The network's convolutions are run by torch instead of ONNX Runtime, which computes float16 as
float32: in bfloat16 a picture takes a fraction of the time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from device import DEVICE
from onnx import numpy_helper
from torch import Tensor
from torch.nn import functional

SIDE = 320
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class SaliencyTeacher:
    """u2netp, rebuilt in memory from its ONNX file; nothing of it is written anywhere."""

    def __init__(self, path: Path) -> None:
        graph = onnx.load(path).graph
        self.nodes = [node for node in graph.node if node.op_type != "Constant"]
        self.input, self.output = graph.input[0].name, graph.output[0].name
        self.weights = {
            found.name: torch.from_numpy(numpy_helper.to_array(found).astype(np.float32)).to(
                DEVICE, torch.bfloat16
            )
            for found in graph.initializer
        }

    @torch.no_grad()
    def __call__(self, pixels: Tensor) -> Tensor:
        """Return the saliency, float32 [n, 320, 320] in 0..1, of float [n, 3, 320, 320] in 0..255.

        A picture is divided by its maximum and its answer stretched to the full range, as the
        model's authors do.
        """
        x = pixels.to(DEVICE).float()
        x = x / x.amax((1, 2, 3), keepdim=True).clamp(min=1)
        mean, deviation = (torch.tensor(v, device=DEVICE).view(3, 1, 1) for v in (MEAN, DEVIATION))
        known = dict(self.weights)
        known[self.input] = ((x - mean) / deviation).to(
            torch.bfloat16, memory_format=torch.channels_last
        )
        for node in self.nodes:
            _run(node, known)
        found = known[self.output].float()[:, 0]
        low, high = found.amin((1, 2), keepdim=True), found.amax((1, 2), keepdim=True)
        return (found - low) / (high - low).clamp(min=1e-6)


def _run(node: onnx.NodeProto, known: dict[str, Tensor]) -> None:
    """Compute one node; those that only compute shapes are left out, as all are known."""
    values = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    given = [known[name] for name in node.input if name in known]
    if not given or node.op_type in {"Shape", "Gather", "Slice", "Unsqueeze"}:
        return
    match node.op_type:
        case "Conv":
            found = functional.conv2d(
                *given, padding=values["pads"][:2], dilation=values["dilations"]
            )
        case "Relu":
            found = given[0].relu()
        case "Sigmoid":
            found = given[0].float().sigmoid()
        case "MaxPool":
            found = functional.max_pool2d(given[0], 2, 2, ceil_mode=True)
        case "Add":
            found = given[0] + given[1]
        case "Concat":
            side = max(x.shape[-1] for x in given)
            found = torch.cat([_grown(x, side) for x in given], 1)
        case "Cast" | "Resize":
            found = given[0]  # a map grows where it meets a larger one, see Concat
        case other:
            raise ValueError(f"{node.name}: {other} is not known")
    known[node.output[0]] = found


def _grown(x: Tensor, side: int) -> Tensor:
    if x.shape[-1] == side:
        return x
    return functional.interpolate(x, (side, side), mode="bilinear", align_corners=False)
