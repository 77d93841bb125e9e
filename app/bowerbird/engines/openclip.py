"""Encoders that open_clip runs, loaded from files on this machine and from nowhere else."""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowerbird.engines import precision
from bowerbird.engines.catalog import Calibration
from bowerbird.engines.checkpoint import Checkpoint
from bowerbird.engines.encoder import check_batch, readable, sigmoid, unit_rows
from bowerbird.engines.torchvision_operators import ensure_importable
from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError
from bowerbird.types import PixelSpec

if TYPE_CHECKING:
    import torch

    from bowerbird.types import Pixels, Vector

INSTALL = 'Run `pip install "bowerbird[models]"`.'
_IMAGES_AT_ONCE = 64
_TEXTS_AT_ONCE = 128


@dataclass(slots=True)
class _Loaded:
    """A model in memory; `sees` is false once its image tower was let go."""

    model: Any
    tokenizer: Any
    mean: torch.Tensor
    std: torch.Tensor
    choice: precision.Choice | None = None
    sees: bool = True


class OpenClipEncoder:
    """An Encoder over a local open_clip checkpoint; torch is imported when it is first used.

    Args:
        model_id: What its vectors are kept under.
        checkpoint: The files.
        memory: Folder where the choice of precision is remembered.
        calibration: The relevance curve; None for the one of its family.
    """

    def __init__(
        self,
        model_id: str,
        checkpoint: Checkpoint,
        memory: Path,
        calibration: Calibration | None = None,
    ) -> None:
        self._id = model_id
        self._checkpoint = checkpoint
        self._memory = memory
        self._calibration = calibration or checkpoint.calibration
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    @property
    def id(self) -> str:
        """What its vectors are kept under."""
        return self._id

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._checkpoint.dim

    @property
    def spec(self) -> PixelSpec:
        """Input of the image tower."""
        return self._checkpoint.spec

    @property
    def threshold(self) -> float | None:
        """Cosine below which nothing matches well."""
        return self._calibration.threshold

    def relevance(self, score: float) -> float:
        """Return how likely (0..1) a text and an image of this cosine belong together."""
        return sigmoid(self._calibration.scale * score + self._calibration.bias)

    def words(self) -> Sequence[str]:
        """Return none: these models have read far more words than their tokenizers keep whole."""
        return ()

    def encode_images(self, batch: Pixels) -> Vector:
        """Return unit vectors, float32 [n, dim], of RGB uint8 [n, size, size, 3].

        Raises:
            ModelError: The model is missing, damaged, or cannot run.
        """
        import numpy as np

        check_batch(batch, self.spec.size)
        rows = [np.empty((0, self.dim), np.float32)]
        for start in range(0, len(batch), _IMAGES_AT_ONCE):
            part = batch[start : start + _IMAGES_AT_ONCE]
            rows.append(unit_rows(self._see(part), len(part), self.dim, self.id))
        return np.concatenate(rows)

    def encode_texts(self, texts: Sequence[str]) -> Vector:
        """Return unit vectors, float32 [n, dim]; a text is cut at the model's length.

        Raises:
            ModelError: The model is missing, damaged, or cannot run.
        """
        import numpy as np

        rows = [np.empty((0, self.dim), np.float32)]
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            part = readable(texts[start : start + _TEXTS_AT_ONCE])
            rows.append(unit_rows(self._read(part), len(part), self.dim, self.id))
        return np.concatenate(rows)

    def unload(self, *, keep_text: bool = False) -> None:
        """Drop the model, or its image tower alone."""
        with self._lock:
            loaded = self._loaded
            if loaded is None:
                return
            if keep_text and loaded.sees:
                # A new object: a call that runs now keeps the whole one until it ends.
                self._loaded = _without_sight(loaded)
            elif not keep_text:
                self._loaded = None

    def _see(self, batch: Pixels) -> Any:
        loaded = self._ready(sight=True)
        import torch

        assert loaded.choice is not None
        pixels = torch.from_numpy(batch if batch.flags.writeable else batch.copy())
        try:
            rows = _embed(loaded, loaded.model, pixels, loaded.choice.precision)
        except RuntimeError as error:
            raise self._cannot_run(error) from error
        return rows.float().cpu().numpy()

    def _read(self, texts: list[str]) -> Any:
        loaded = self._ready(sight=False)
        import torch

        try:
            with torch.inference_mode():
                ids = loaded.tokenizer(texts).to(loaded.mean.device)
                rows = loaded.model.encode_text(ids)
        except RuntimeError as error:
            raise self._cannot_run(error) from error
        return rows.float().cpu().numpy()

    def _ready(self, *, sight: bool) -> _Loaded:
        with self._lock:
            if self._loaded is None or (sight and not self._loaded.sees):
                self._loaded = None  # never two copies in memory
                self._loaded = self._load()
            if sight and self._loaded.choice is None:
                self._choose(self._loaded)
            return self._loaded

    def _choose(self, loaded: _Loaded) -> None:
        import torch

        size = self.spec.size
        whole, halved = loaded.model, None

        def pictures(count: int) -> torch.Tensor:
            random = torch.Generator().manual_seed(0)
            return torch.randint(0, 256, (count, size, size, 3), generator=random).to(torch.uint8)

        def encode(pixels: torch.Tensor, name: str) -> torch.Tensor:
            nonlocal halved
            if name == precision.BF16 and halved is None:
                halved = _halved(whole)
            return _embed(loaded, halved if name == precision.BF16 else whole, pixels, name)

        device = str(loaded.mean.device.type)
        loaded.choice = precision.choose(self.id, device, encode, pictures, self._memory)
        if loaded.choice.precision == precision.BF16:
            loaded.model = halved or _halved(whole)  # lets the float32 image tower go

    def _load(self) -> _Loaded:
        try:
            ensure_importable()
            import open_clip  # noqa: F401
            import torch
        except ImportError as error:
            raise ModelError(
                f"The model {self.id} needs parts that are not installed ({error.name}). {INSTALL}"
            ) from error
        device = precision.best_device()
        weights = self._checkpoint.weights
        try:
            model = _build(self._checkpoint).to(device)
            tokenizer = _tokenizer(self._checkpoint)
        except FileNotFoundError as error:
            raise ModelMissingError(
                f"{weights} is missing. Get the model {self.id} again (`bowerbird models get`)."
            ) from error
        except Exception as error:
            # Whatever torch, safetensors and transformers raise on files that are not as they
            # should be; they have no common base.
            raise ModelDamagedError(
                f"The model {self.id} cannot be loaded from {weights} ({_short(error)}). "
                "Get it again."
            ) from error
        shape = (1, 3, 1, 1)
        mean = torch.tensor(self._checkpoint.mean, device=device).view(shape) * 255
        std = torch.tensor(self._checkpoint.std, device=device).view(shape) * 255
        return _Loaded(model, tokenizer, mean, std)

    def _cannot_run(self, error: RuntimeError) -> ModelError:
        return ModelError(
            f"The model {self.id} could not run ({_short(error)}). Close other programs if memory "
            "is short, or choose a smaller model with `bowerbird models use`."
        )


def _embed(loaded: _Loaded, model: Any, pixels: torch.Tensor, name: str) -> torch.Tensor:
    import torch

    with torch.inference_mode():
        # The permuted view is channels_last already, which is what convolutions like.
        channels = pixels.to(loaded.mean.device).permute(0, 3, 1, 2).float()
        prepared = (channels - loaded.mean) / loaded.std
        if name == precision.BF16:
            prepared = prepared.bfloat16()
        rows: torch.Tensor = model.encode_image(prepared)
    return rows


def _halved(model: Any) -> Any:
    """Return the model with its image tower in bf16, the text tower shared.

    Not autocast: it would cast all weights for every batch, which was measured to cost more than
    half of the gain, or, for weights that need no gradient and so are not cached, twenty times it.
    """
    import torch

    return _with_modules(model, visual=copy.deepcopy(model.visual).to(torch.bfloat16))


def _build(checkpoint: Checkpoint) -> Any:
    """Return the model with its weights. open_clip's own factory is passed by.

    It would choose the file of weights itself, log to the root logger, and look for what is
    missing on the hub.
    """
    import open_clip
    import torch
    from open_clip.factory import load_checkpoint

    config = copy.deepcopy(dict(checkpoint.model))
    custom = config.pop("custom_text", False)
    config["vision_cfg"]["timm_model_pretrained"] = False
    if "multimodal_cfg" in config:
        kind = open_clip.CoCa
    else:
        kind = open_clip.CustomTextCLIP if custom else open_clip.CLIP
    model = kind(**config)
    # weights_only: a pickle that would run code is refused.
    load_checkpoint(model, str(checkpoint.weights), strict=True, weights_only=True)
    model.eval().requires_grad_(False)
    return model.to(memory_format=torch.channels_last)


def _tokenizer(checkpoint: Checkpoint) -> Any:
    from open_clip.tokenizer import DEFAULT_CONTEXT_LENGTH, HFTokenizer, SimpleTokenizer

    text = checkpoint.model["text_cfg"]
    length = text.get("context_length", DEFAULT_CONTEXT_LENGTH)
    options = dict(text.get("tokenizer_kwargs") or {})
    if not text.get("hf_tokenizer_name"):
        return SimpleTokenizer(context_length=length, **options)
    # It lies beside the weights; without local_files_only transformers would ask the hub each time.
    return HFTokenizer(
        str(checkpoint.folder),
        context_length=length,
        tokenizer_mode=text.get("tokenizer_mode"),
        local_files_only=True,
        **options,
    )


def _without_sight(loaded: _Loaded) -> _Loaded:
    model = _with_modules(loaded.model, visual=None)
    return _Loaded(model, loaded.tokenizer, loaded.mean, loaded.std, sees=False)


def _with_modules(model: Any, **changes: Any) -> Any:
    """Return another shell around the same parts, but for `changes`."""
    shell = copy.copy(model)
    shell._modules = {**model._modules, **changes}
    return shell


def _short(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
