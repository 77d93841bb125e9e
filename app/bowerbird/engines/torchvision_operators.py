"""Declares torchvision's missing operators, so that it can be imported beside a CPU-only torch.

PyPI's torchvision is built against the CUDA torch. Beside torch's CPU-only build its compiled part
does not load, and the import of its Python part, which open_clip needs for its transforms alone,
ends with "operator torchvision::nms does not exist". With the two schemas declared it imports;
the operators themselves are never called by an encoder.
"""

from __future__ import annotations

import importlib
import threading
from typing import Any

_SCHEMA = "{}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_OPERATORS = ("nms", "qnms")
_lock = threading.Lock()
_declared: list[Any] = []  # a torch Library takes its declarations with it when it is dropped


def ensure_importable() -> None:
    """Import torchvision, declaring the operators only where its own are missing.

    Raises:
        ImportError: torch or torchvision is not installed.
    """
    with _lock:
        try:
            importlib.import_module("torchvision")
        except RuntimeError as error:
            if "torchvision::" not in str(error) or _declared:
                raise
            _declare()
            importlib.import_module("torchvision")


def _declare() -> None:
    import torch

    make: Any = torch.library.Library
    library = make("torchvision", "DEF")
    for name in _OPERATORS:
        library.define(_SCHEMA.format(name))
    _declared.append(library)
