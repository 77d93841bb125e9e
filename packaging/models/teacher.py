"""Read the MobileNetV2 teacher: features and scores, used in training and never shipped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from device import DEVICE
from torch import Tensor, nn
from torch.nn import functional

CLASSES = 1000
FEATURE_DIM = 1280


class _QuantConv(nn.Module):
    """One convolution of the teacher with TensorFlow's padding."""

    def __init__(self, weight: Tensor, bias: Tensor, stride: int, groups: int, act: bool) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        self.stride, self.groups, self.act = stride, groups, act

    def forward(self, x: Tensor) -> Tensor:
        size = self.weight.shape[-1]
        if size > 1:
            total = size - self.stride if x.shape[-1] % self.stride == 0 else size - 1
            lead = total // 2
            x = functional.pad(x, (lead, total - lead, lead, total - lead))
        x = functional.conv2d(x, self.weight, self.bias, self.stride, groups=self.groups)
        return x.clamp_(0, 6) if self.act else x


class Teacher(nn.Module):
    """MobileNetV2, rebuilt in memory from the quantised TFLite file.

    The weights live only as long as the process: nothing of them is written anywhere.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        convs = _read_convs(path)
        self.stem = convs[0]
        self.blocks = nn.ModuleList([nn.Sequential(*convs[1:3])])
        rest = convs[3:-2]
        for start in range(0, len(rest), 3):
            self.blocks.append(nn.Sequential(*rest[start : start + 3]))
        self.last = convs[-2]
        self.classifier = convs[-1]
        self.eval().requires_grad_(False)

    @classmethod
    def load(cls, path: Path) -> Teacher:
        """Return the teacher where training runs, in bfloat16."""
        teacher = cls(path).to(DEVICE, torch.bfloat16)
        return teacher.to(memory_format=torch.channels_last)

    def stages(self, pixels: Tensor) -> list[Tensor]:
        """Return the map after every block, then the dense 1280-d map.

        Args:
            pixels: uint8 or float [n, 3, h, w] in 0..255.
        """
        x = self.stem((pixels.to(self.stem.weight.dtype) - 128) * 0.0078125)
        found = []
        for index, block in enumerate(self.blocks):
            y = block(x)
            x = x + y if y.shape == x.shape and index else y
            found.append(x)
        return [*found, self.last(x)]

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return the dense 1280-d map and the scores of the 1,000 classes."""
        dense = self.stages(pixels)[-1]
        return dense, self.scores(dense.mean((2, 3)))

    def scores(self, pooled: Tensor) -> Tensor:
        """Classify average-pooled features."""
        return self.classifier(pooled[:, :, None, None].to(self.stem.weight.dtype))[:, 1:, 0, 0]


def _read_convs(path: Path) -> list[_QuantConv]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path), experimental_preserve_all_tensors=True)
    interpreter.allocate_tensors()
    details = {d["index"]: d for d in interpreter.get_tensor_details()}
    convs = []
    for op in interpreter._get_ops_details():
        if op["op_name"] not in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            continue
        source, first, second = (int(i) for i in op["inputs"])
        if len(details[first]["shape"]) == 1:
            first, second = second, first
        weight = _dequantise(interpreter, details[first])
        bias = _dequantise(interpreter, details[second])
        depthwise = op["op_name"] == "DEPTHWISE_CONV_2D"
        weight = weight.permute(3, 0, 1, 2) if depthwise else weight.permute(0, 3, 1, 2)
        target = details[int(op["outputs"][0])]
        stride = int(details[source]["shape"][1]) // int(target["shape"][1])
        act = "Relu6" in target["name"]
        groups = weight.shape[0] if depthwise else 1
        convs.append(_QuantConv(weight.contiguous(), bias, stride, groups, act))
    return convs


def _dequantise(interpreter: object, detail: dict) -> Tensor:
    raw = np.asarray(interpreter.tensor(detail["index"])()).astype(np.float32)
    scales = detail["quantization_parameters"]["scales"]
    zeros = detail["quantization_parameters"]["zero_points"]
    return torch.from_numpy((raw - float(zeros[0])) * float(scales[0]))
