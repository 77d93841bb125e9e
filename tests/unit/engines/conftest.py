"""Tiny ONNX towers with the built-in model's layout, made anew for the tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

DIM, SIZE, LENGTH = 8, 6, 5
WORDS = ("[PAD]", "[UNK]", "red", "blue", "shoe", "cat")


def write_builtin(folder: Path) -> Path:
    """Write a working pair of towers: mean colour, and mean word vector, through fixed matrices."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    onnx.save(_image_tower(random), folder / "image.onnx")
    onnx.save(_text_tower(random), folder / "text.onnx")
    tokenizer = Tokenizer(
        models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    write_config(folder)
    return folder


def write_config(folder: Path, **changes: object) -> None:
    """Write config.json with the right digests, then what the test wants otherwise."""
    names = ("image.onnx", "text.onnx", "tokenizer.json")
    config: dict[str, object] = {
        "id": "builtin-test",
        "dim": DIM,
        "image_size": SIZE,
        "resize": "squash",
        "max_length": LENGTH,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names
        },
        "calibration": {"scale": 10.0, "bias": -3.0},
        "threshold": 0.2,
    }
    (folder / "config.json").write_text(json.dumps(config | changes), "utf-8")


@pytest.fixture
def builtin(tmp_path: Path) -> Path:
    return write_builtin(tmp_path / "builtin")


@pytest.fixture
def rewrite_config() -> Callable[..., None]:
    return write_config


def _image_tower(random: np.random.Generator) -> onnx.ModelProto:
    matrix = random.normal(size=(3, DIM)).astype(np.float32)
    nodes = [
        helper.make_node("Cast", ["pixels"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["floats", "axes"], ["mean"], keepdims=0),
        helper.make_node("MatMul", ["mean", "matrix"], ["raw"]),
        *_unit(),
    ]
    axes = numpy_helper.from_array(np.array([1, 2], np.int64), "axes")
    pixels = helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", SIZE, SIZE, 3])
    return _model(nodes, [pixels], [axes, numpy_helper.from_array(matrix, "matrix")])


def _text_tower(random: np.random.Generator) -> onnx.ModelProto:
    table = random.normal(size=(len(WORDS), DIM)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["words"]),
        helper.make_node("Cast", ["mask"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["floats", "last"], ["weights"]),
        helper.make_node("Mul", ["words", "weights"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "one"], ["raw"], keepdims=0),
        *_unit(),
    ]
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.array([2], np.int64), "last"),
        numpy_helper.from_array(np.array([1], np.int64), "one"),
    ]
    shape = ["n", "length"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("ids", "mask")
    ]
    return _model(nodes, inputs, constants)


def _unit() -> list[onnx.NodeProto]:
    return [helper.make_node("LpNormalization", ["raw"], ["embedding"], axis=1, p=2)]


def _model(
    nodes: list[onnx.NodeProto],
    inputs: list[onnx.ValueInfoProto],
    constants: list[onnx.TensorProto],
) -> onnx.ModelProto:
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", DIM])
    graph = helper.make_graph(nodes, "tower", inputs, [output], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    return model
