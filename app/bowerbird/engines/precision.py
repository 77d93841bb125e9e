"""Which device and number format run a model fastest: measured once, remembered in a file."""

from __future__ import annotations

import json
import logging
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

NAME = "precision.json"
FP32, BF16 = "fp32", "bf16"
# Half precision has to earn its rounding: clearly faster, and the same vectors for any ranking.
_FASTER = 1.15
_COSINE = 0.999
_RUNS = 2
_PICTURES = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """How a model runs here, and what that was decided on.

    Attributes:
        device: torch's name of the device.
        precision: `fp32`, or `bf16` for the image tower's weights.
        speedup: Of bf16 over fp32, as measured.
        cosine: The smallest between the vectors of the two.
    """

    device: str
    precision: str
    speedup: float
    cosine: float


def best_device() -> str:
    """Return `cuda` or `mps` where there is one, else `cpu`."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def choose(
    model_id: str,
    device: str,
    encode: Callable[[Any, str], torch.Tensor],
    pictures: Callable[[int], Any],
    folder: Path,
) -> Choice:
    """Return the remembered choice, or measure one and remember it.

    Args:
        model_id: What it is remembered under, with the device, the processor and torch's version.
        device: torch's name of the device.
        encode: Takes pictures and a precision, returns vectors, [n, dim].
        pictures: Makes that many random pictures on the device.
        folder: Where it is remembered; a folder that cannot be written costs a new measure only.
    """
    key = _key(model_id, device)
    known = _remembered(folder)
    try:
        return Choice(**known[key])
    except (KeyError, TypeError):
        found = _measure(device, encode, pictures(_PICTURES))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / f"{NAME}.new"
        chosen = {
            "device": found.device,
            "precision": found.precision,
            "speedup": round(found.speedup, 2),
            "cosine": round(found.cosine, 6),
        }
        new.write_text(json.dumps({**known, key: chosen}, indent=1), "utf-8")
        new.replace(folder / NAME)
    except OSError as error:
        logger.info("cannot remember the precision of %s: %s", model_id, error)
    return found


def remembered(folder: Path) -> list[str]:
    """Return a line for each choice that was made here, for a health report."""
    return [
        f"{key}: {choice.get('precision')} ({choice.get('speedup')}x)"
        for key, choice in _remembered(folder).items()
        if isinstance(choice, dict)
    ]


def _remembered(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _key(model_id: str, device: str) -> str:
    import torch

    name = torch.cuda.get_device_name() if device == "cuda" else platform.machine()
    return f"{model_id} on {device} {name}, torch {torch.__version__}"


def _measure(device: str, encode: Callable[[Any, str], torch.Tensor], pictures: Any) -> Choice:
    import torch

    vectors, seconds = {}, {}
    for precision in (FP32, BF16):
        try:
            seconds[precision], vectors[precision] = _timed(encode, pictures, precision)
        except RuntimeError as error:
            if precision == FP32:
                raise
            logger.info("bf16 does not run on %s: %s", device, error)
            return Choice(device, FP32, 0.0, 0.0)
    cosines = torch.nn.functional.cosine_similarity(vectors[FP32], vectors[BF16])
    cosine = float(cosines.min())
    speedup = seconds[FP32] / seconds[BF16]
    half = speedup >= _FASTER and cosine >= _COSINE
    return Choice(device, BF16 if half else FP32, speedup, cosine)


def _timed(
    encode: Callable[[Any, str], torch.Tensor], pictures: Any, precision: str
) -> tuple[float, torch.Tensor]:
    vectors = encode(pictures, precision).float().cpu()  # also warms up
    best = float("inf")
    for _ in range(_RUNS):
        start = time.perf_counter()
        vectors = encode(pictures, precision).float().cpu()  # waits for the device
        best = min(best, time.perf_counter() - start)
    return best, vectors
