"""Bowerbird's own small encoder: two shipped ONNX towers, loaded apart, each on first use."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bowerbird.engines.encoder import check_batch, readable, sigmoid, unit_rows
from bowerbird.engines.processors import physical_cores
from bowerbird.engines.shipped import CONFIG, ShippedFiles
from bowerbird.types import PixelSpec

if TYPE_CHECKING:
    from bowerbird.types import Check, Pixels, Vector

IMAGE, TEXT, TOKENIZER = "image.onnx", "text.onnx", "tokenizer.json"
_CURE = "Install Bowerbird again, or choose another model with `bowerbird models use`."
# Larger calls are cut up, so that memory stays bounded whatever the caller hands in.
_IMAGES_AT_ONCE = 64
_TEXTS_AT_ONCE = 256
# Captions hold none of these marks, so that one moves a text about as far as a word would.
_MARKS = re.compile(r"[^\w\s'.,&%+-]")


@dataclass(frozen=True, slots=True)
class Config:
    """What config.json says about the two towers.

    Attributes:
        id: Encoder id; changes whenever the weights do.
        dim: Length of a vector.
        spec: Input of the image tower.
        max_length: Tokens a text is cut at.
        sha256: Hex digests of the files by name.
        scale: Slope of the relevance curve over the cosine.
        bias: Its offset.
        threshold: Cosine below which nothing matches well.
    """

    id: str
    dim: int
    spec: PixelSpec
    max_length: int
    sha256: dict[str, str]
    scale: float
    bias: float
    threshold: float | None


def read_config(folder: Path) -> Config:
    """Read `folder/config.json`.

    Raises:
        ModelMissingError: It is not there.
        ModelDamagedError: It does not say what it should.
    """
    return _config(_files(folder))


def _files(folder: Path) -> ShippedFiles:
    return ShippedFiles("built-in model", folder, _CURE)


def _config(files: ShippedFiles) -> Config:
    found = files.read(CONFIG)
    try:
        data: dict[str, Any] = json.loads(found)
        resize: Literal["squash", "crop", "pad"] = data["resize"]
        if resize not in ("squash", "crop", "pad"):
            raise ValueError(resize)
        threshold = data.get("threshold")
        return Config(
            id=str(data["id"]),
            dim=int(data["dim"]),
            spec=PixelSpec(int(data["image_size"]), resize),
            max_length=int(data["max_length"]),
            sha256={name: str(data["sha256"][name]) for name in (IMAGE, TEXT, TOKENIZER)},
            scale=float(data["calibration"]["scale"]),
            bias=float(data["calibration"]["bias"]),
            threshold=None if threshold is None else float(threshold),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise files.damaged(CONFIG, repr(error)) from error


class BuiltinEncoder:
    """An Encoder over ONNX Runtime; a text search never loads the image tower.

    Args:
        folder: Where image.onnx, text.onnx, tokenizer.json and config.json lie; only read.

    Raises:
        ModelMissingError: config.json is not there.
        ModelDamagedError: config.json cannot be understood.
    """

    def __init__(self, folder: Path) -> None:
        self._files = _files(folder)
        self._config = _config(self._files)
        self._lock = threading.Lock()
        self._image: Any = None
        self._text: Any = None
        self._tokenizer: Any = None
        self._words: list[str] = []

    @property
    def id(self) -> str:
        """Encoder id, as config.json says it."""
        return self._config.id

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._config.dim

    @property
    def spec(self) -> PixelSpec:
        """Input of the image tower."""
        return self._config.spec

    @property
    def threshold(self) -> float | None:
        """Cosine below which nothing matches well."""
        return self._config.threshold

    def relevance(self, score: float) -> float:
        """Return the calibrated probability (0..1) that text and image belong together."""
        return sigmoid(self._config.scale * score + self._config.bias)

    def words(self) -> Sequence[str]:
        """Return the words that it learnt as wholes, the most frequent first.

        Raises:
            ModelError: The tokenizer is missing or damaged.
        """
        # Kept, as a description that is being typed asks with every letter.
        if not self._words:
            tokenizer, _ = self._text_tower()
            ranks = tokenizer.get_vocab()
            # Its training joined the letters of frequent words first; others are parts of words.
            self._words = sorted(filter(str.isalpha, ranks), key=ranks.__getitem__)
        return self._words

    def encode_images(self, batch: Pixels) -> Vector:
        """Return unit vectors, float32 [n, dim], of RGB uint8 [n, size, size, 3].

        Raises:
            ModelError: The image tower is missing, damaged or cannot run.
        """
        import numpy as np

        check_batch(batch, self.spec.size)
        if not len(batch):
            return np.empty((0, self.dim), np.float32)
        session = self._image_tower()
        return np.concatenate(
            [
                self._run(session, {"pixels": np.ascontiguousarray(part)}, len(part))
                for part in _parts(batch, _IMAGES_AT_ONCE)
            ]
        )

    def encode_texts(self, texts: Sequence[str]) -> Vector:
        """Return unit vectors, float32 [n, dim]; a text is cut at the model's length.

        Raises:
            ModelError: The text tower or its tokenizer is missing, damaged or cannot run.
        """
        import numpy as np

        if not len(texts):
            return np.empty((0, self.dim), np.float32)
        tokenizer, session = self._text_tower()
        rows = []
        for part in _parts(texts, _TEXTS_AT_ONCE):
            encoded = tokenizer.encode_batch([_bare(text) for text in readable(part)])
            ids = np.array([text.ids for text in encoded], np.int64)
            mask = np.array([text.attention_mask for text in encoded], np.int64)
            rows.append(self._run(session, {"ids": ids, "mask": mask}, len(part)))
        return np.concatenate(rows)

    def unload(self, *, keep_text: bool = False) -> None:
        """Drop the towers; a call that runs now keeps its own until it ends."""
        with self._lock:
            self._image = None
            if not keep_text:
                self._text = self._tokenizer = None

    def check(self) -> list[Check]:
        """Return one line a file, each read whole and compared with its digest."""
        return self._files.check("builtin", (IMAGE, TEXT, TOKENIZER), self._config.sha256)

    def _run(self, session: Any, inputs: dict[str, Any], count: int) -> Vector:
        rows = self._files.run(session, inputs, "embedding")
        return unit_rows(rows, count, self.dim, self.id)

    def _image_tower(self) -> Any:
        with self._lock:
            if self._image is None:
                self._image = self._session(IMAGE, physical_cores())
            return self._image

    def _text_tower(self) -> tuple[Any, Any]:
        with self._lock:
            if self._text is None:
                self._tokenizer = self._load_tokenizer()
                self._text = self._session(TEXT, 1)
            return self._tokenizer, self._text

    def _session(self, name: str, threads: int) -> Any:
        return self._files.session(name, self._config.sha256, threads)

    def _load_tokenizer(self) -> Any:
        found = self._files.verified(TOKENIZER, self._config.sha256)
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_buffer(found)
        except Exception as error:
            raise self._files.damaged(TOKENIZER, error) from error
        tokenizer.enable_truncation(self._config.max_length)
        padding = tokenizer.padding or {}
        tokenizer.enable_padding(
            pad_id=padding.get("pad_id", 0), pad_token=padding.get("pad_token", "[PAD]")
        )
        return tokenizer


def _bare(text: str) -> str:
    """Return a text without marks that mean nothing to this model, but move what it says."""
    return " ".join(_MARKS.sub(" ", text).split()) or text


def _parts(items: Any, size: int) -> list[Any]:
    return [items[start : start + size] for start in range(0, len(items), size)]
