"""A tiny network with the segmenter's layout: the red of a pixel is how much of it is subject."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 32


def write_segmenter(folder: Path, scale: float = 1 / 255, closer: float = 0) -> Path:
    """Write segmenter.onnx and config.json; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    constants = {
        "start": np.array([0], np.int64),
        "end": np.array([1], np.int64),
        "axis": np.array([3], np.int64),
        "scale": np.array(scale, np.float32),
    }
    nodes = [
        helper.make_node("Slice", ["pixels", "start", "end", "axis"], ["red"]),
        helper.make_node("Squeeze", ["red", "axis"], ["plane"]),
        helper.make_node("Cast", ["plane"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["floats", "scale"], ["matte"]),
    ]
    graph = helper.make_graph(
        nodes,
        "segmenter",
        [helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", SIDE, SIDE, 3])],
        [helper.make_tensor_value_info("matte", TensorProto.FLOAT, ["n", SIDE, SIDE])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    path = folder / "segmenter.onnx"
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, path)
    config = {
        "id": "segmenter-test",
        "image_size": SIDE,
        "resize": "squash",
        "closer": closer,
        "sha256": {"segmenter.onnx": hashlib.sha256(path.read_bytes()).hexdigest()},
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return folder
