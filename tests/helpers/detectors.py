"""A tiny network with the detector's layout: the first pixel's red is how sure it is of a cat."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from bowerbird.engines.catalog import DetectorModel

SIDE = 32
CATEGORIES = ("cat", "dog")
# Box, then the scores of a cat and a dog: a dog to the right, always, and a cat on the left twice.
ALWAYS = ((0.5, 0, 1, 1, 0, 0.7), (0, 0, 0.5, 0.5, 0, 0), (0, 0, 0.5, 0.4, 0, 0.02))
WITH_RED = ((0, 0, 0, 0, 0, 0), (0, 0, 0, 0, 1, 0), (0, 0, 0, 0, 0.9, 0))


def write_detector(folder: Path, scale: float = 1 / 255) -> Path:
    """Write detector.onnx and config.json; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    constants = {
        "start": np.zeros(3, np.int64),
        "end": np.ones(3, np.int64),
        "axes": np.array([1, 2, 3], np.int64),
        "last": np.array([3], np.int64),
        "scale": np.array(scale, np.float32),
        "always": np.array([ALWAYS], np.float32),
        "with_red": np.array([WITH_RED], np.float32),
    }
    nodes = [
        helper.make_node("Slice", ["pixels", "start", "end", "axes"], ["corner"]),
        helper.make_node("Squeeze", ["corner", "last"], ["red"]),
        helper.make_node("Cast", ["red"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["floats", "scale"], ["share"]),
        helper.make_node("Mul", ["with_red", "share"], ["more"]),
        helper.make_node("Add", ["always", "more"], ["sights"]),
    ]
    shape = ["n", len(ALWAYS), 4 + len(CATEGORIES)]
    graph = helper.make_graph(
        nodes,
        "detector",
        [helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", SIDE, SIDE, 3])],
        [helper.make_tensor_value_info("sights", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    path = folder / "detector.onnx"
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, path)
    config = {
        "id": "detector-test",
        "image_size": SIDE,
        "resize": "squash",
        "threshold": 0.5,
        "categories": CATEGORIES,
        "sha256": {"detector.onnx": hashlib.sha256(path.read_bytes()).hexdigest()},
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return folder


def yolox(columns: int = 7, blue: float = 1.0, side: int = SIDE, sure: float = 0.9) -> bytes:
    """Return an ONNX file with YOLOX's layout for 32 pixels: a cat where the picture is blue.

    Its box lies around (12, 20) and is 16 by 8 pixels; a dog fills the last, coarsest place.
    """
    places = 16 + 4 + 1
    always = np.zeros((1, places, columns), np.float32)
    always[0, 20, :7] = (0.5, 0.5, 0, 0, 1, 0, 0.6)
    with_blue = np.zeros((1, places, columns), np.float32)
    with_blue[0, 2 * 4 + 1, :7] = (0.5, 0.5, np.log(2), 0, blue, sure, 0)
    constants = {
        "start": np.array([0], np.int64),
        "end": np.array([1], np.int64),
        "axis": np.array([1], np.int64),
        "scale": np.array(1 / 255, np.float32),
        "always": always,
        "with_blue": with_blue,
    }
    nodes = [
        helper.make_node("Slice", ["images", "start", "end", "axis"], ["first"]),
        helper.make_node("ReduceMax", ["first"], ["most"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["most", "scale"], ["share"]),
        helper.make_node("Mul", ["with_blue", "share"], ["more"]),
        helper.make_node("Add", ["always", "more"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "yolox",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, side, side])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, places, columns])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    found: bytes = model.SerializeToString()
    return found


def yolox_row(data: bytes) -> DetectorModel:
    """Return the row of the catalog that would offer it."""
    return DetectorModel(
        id="finder",
        title="Finder",
        download_size=len(data),
        memory=1,
        licence="Apache-2.0",
        note="For tests.",
        repo="someone/finder",
        release="v1",
        files=("finder.onnx",),
        sha256={"finder.onnx": hashlib.sha256(data).hexdigest()},
        image_size=SIDE,
        threshold=0.5,
        categories=CATEGORIES,
    )
