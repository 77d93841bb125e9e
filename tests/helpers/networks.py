"""Tiny networks with the layout of rembg's: the matte is the red of what they are shown."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from bowerbird.engines.catalog import SegmenterModel

SIDE = 16
MEAN, STD = (0.5, 0.4, 0.3), (0.2, 0.25, 0.5)


def network(
    scale: float = 0.2, shift: float = 0.5, side: int = SIDE, channels: int = 3, told: str = ""
) -> bytes:
    """Return an ONNX file; its matte is `scale * red + shift`, of red as it is shown."""
    constants = {
        "start": np.array([0], np.int64),
        "end": np.array([1], np.int64),
        "axis": np.array([1], np.int64),
        "scale": np.array(scale, np.float32),
        "shift": np.array(shift, np.float32),
    }
    nodes = [
        helper.make_node("Slice", ["input.1", "start", "end", "axis"], ["red"]),
        helper.make_node("Mul", ["red", "scale"], ["scaled"]),
        helper.make_node("Add", ["scaled", "shift"], ["matte"]),
        # What a network saw on its way, as U²-Net gives it.
        helper.make_node("Neg", ["matte"], ["coarser"]),
    ]
    shape = [1, 1, side, side]
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("input.1", TensorProto.FLOAT, [1, channels, side, side])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name in ("matte", "coarser")
        ],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    model.doc_string = told
    found: bytes = model.SerializeToString()
    return found


def row(
    data: bytes, model_id: str = "tiny", *, sigmoid: bool = False, memory: int = 1
) -> SegmenterModel:
    """Return the row of the catalog that would offer a network."""
    return SegmenterModel(
        id=model_id,
        title="Tiny",
        download_size=len(data),
        memory=memory,
        licence="MIT",
        note="For tests.",
        repo="someone/cutter",
        release="v0.0.0",
        files=("Tiny.onnx",),
        sha256={"Tiny.onnx": hashlib.sha256(data).hexdigest()},
        image_size=SIDE,
        mean=MEAN,
        std=STD,
        sigmoid=sigmoid,
    )


def write(folder: Path, data: bytes) -> Path:
    """Put a network where a download would; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Tiny.onnx").write_bytes(data)
    return folder
