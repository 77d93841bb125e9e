"""What an open_clip checkpoint on disk says of itself, read without torch."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bowerbird.engines.catalog import Calibration
from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError, NotFoundError
from bowerbird.types import PixelSpec

CONFIG = "open_clip_config.json"
_SUFFIXES = (".safetensors", ".bin", ".pt", ".pth")
_PREFERRED = (
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "open_clip_pytorch_model.bin",
    "open_clip_pytorch_model.pt",
    "model.safetensors",
)
_RESIZE: Mapping[str, Literal["squash", "crop", "pad"]] = {
    "shortest": "crop",
    "squash": "squash",
    "longest": "pad",
}
# open_clip's own defaults, for a config without preprocess_cfg.
_MEAN = (0.48145466, 0.4578275, 0.40821073)
_STD = (0.26862954, 0.26130258, 0.27577711)
# Display curves for weights that nobody calibrated: the cosines of a softmax-trained CLIP lie
# around 0.2, those of a sigmoid-trained SigLIP around 0.1.
_CLIP = Calibration(scale=40.0, bias=-9.0)
_SIGLIP = Calibration(scale=45.0, bias=-4.0)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """An open_clip model on disk.

    Attributes:
        folder: Holds the config, and the tokenizer where it is not CLIP's own.
        weights: The file with the weights.
        dim: Length of a vector.
        spec: Input of the image tower.
        mean: Per channel, of pixels in 0..1.
        std: Per channel.
        model: The architecture, as open_clip's constructors take it.
        calibration: The relevance curve of its family.
    """

    folder: Path
    weights: Path
    dim: int
    spec: PixelSpec
    mean: tuple[float, ...]
    std: tuple[float, ...]
    model: Mapping[str, Any]
    calibration: Calibration


def find(path: Path) -> Checkpoint:
    """Describe the checkpoint at `path`: a file of weights beside its config, or their folder.

    Raises:
        NotFoundError: Nothing is there.
        ModelMissingError: The weights or the config are not there.
        ModelDamagedError: The config cannot be understood.
        ModelError: It is of a kind that cannot be run.
    """
    path = path.expanduser().resolve()
    if path.is_dir():
        return _describe(path, _weights_in(path))
    if not path.is_file():
        raise NotFoundError(f"{path} is not there. Name a file of weights or its folder.")
    if path.suffix not in _SUFFIXES:
        raise ModelError(
            f"{path} is not a file of weights that Bowerbird can load; it takes "
            f"{', '.join(_SUFFIXES)}."
        )
    return _describe(path.parent, path)


def identity(checkpoint: Checkpoint) -> str:
    """Return an id from the model's name and a hash of its weights and config."""
    digest = hashlib.sha256((checkpoint.folder / CONFIG).read_bytes())
    with checkpoint.weights.open("rb") as stream:
        digest.update(hashlib.file_digest(stream, "sha256").digest())
    generic = checkpoint.weights.name in _PREFERRED
    name = checkpoint.folder.name if generic else checkpoint.weights.stem
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "checkpoint"
    return f"{slug[:40]}-{digest.hexdigest()[:8]}"


def _weights_in(folder: Path) -> Path:
    for name in _PREFERRED:
        if (folder / name).is_file():
            return folder / name
    found = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES)
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(path.name for path in found)
        raise ModelError(f"{folder} holds several files of weights ({names}). Name one of them.")
    raise ModelMissingError(
        f"{folder} holds no weights ({_PREFERRED[0]} or another of {', '.join(_SUFFIXES)})."
    )


def _describe(folder: Path, weights: Path) -> Checkpoint:
    path = folder / CONFIG
    try:
        config = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ModelMissingError(
            f"{path} is missing: put the {CONFIG} that belongs to {weights.name} beside it."
        ) from error
    except (OSError, ValueError) as error:
        raise ModelDamagedError(f"{path} cannot be read ({error}). Get it again.") from error
    try:
        model, preprocess = config["model_cfg"], config.get("preprocess_cfg") or {}
        _refuse_unsupported(model, path)
        calibration = _SIGLIP if "init_logit_bias" in model else _CLIP
        return Checkpoint(
            folder=folder,
            weights=weights,
            dim=int(model["embed_dim"]),
            spec=_spec(model, preprocess),
            mean=_three(preprocess.get("mean", _MEAN)),
            std=_three(preprocess.get("std", _STD)),
            model=model,
            calibration=calibration,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelDamagedError(f"{path} does not describe a model ({error!r}).") from error


def _refuse_unsupported(model: Mapping[str, Any], path: Path) -> None:
    if "hf_model_name" in model["text_cfg"]:
        raise ModelError(
            f"{path} describes a text tower that lies elsewhere on the hub, so it cannot be loaded "
            "offline. Choose a checkpoint that holds both of its towers."
        )
    size = model["vision_cfg"]["image_size"]
    if isinstance(size, list) and len(set(size)) != 1:
        raise ModelError(f"{path} describes an input that is not square ({size}): not supported.")


def _spec(model: Mapping[str, Any], preprocess: Mapping[str, Any]) -> PixelSpec:
    size = model["vision_cfg"]["image_size"]
    side = int(size[0] if isinstance(size, list) else size)
    resize = _RESIZE[preprocess.get("resize_mode", "shortest")]
    if not 0 < side <= 4096:
        raise ValueError(f"image_size {side}")
    return PixelSpec(side, resize, int(preprocess.get("fill_color", 0)))


def _three(values: Any) -> tuple[float, ...]:
    found = tuple(float(value) for value in values)
    if len(found) != 3:
        raise ValueError(f"{values} are not three channels")
    return found
