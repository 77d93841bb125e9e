"""The models of this machine: what there is, fetching one, and the encoder that runs it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from bowerbird import paths
from bowerbird.engines import catalog
from bowerbird.engines.builtin import BuiltinEncoder
from bowerbird.engines.catalog import DEFAULT, Model
from bowerbird.engines.encoder import Encoder
from bowerbird.engines.idle import IdleTimer
from bowerbird.errors import ModelError, ModelMissingError
from bowerbird.types import Check, ModelInfo, PixelSpec, Progress

if TYPE_CHECKING:
    from bowerbird.types import Pixels, Vector

__all__ = ["DEFAULT", "Models", "SharedEncoder"]

_Checks: TypeAlias = list[Check]  # inside the class, `list` is the method
_RUNTIMES = ("onnxruntime", "tokenizers", "torch", "open_clip_torch", "transformers")


class SharedEncoder:
    """An Encoder that lets its image tower go when it was not used for a while.

    The text tower stays: a first search that has to wait for weights is what users complain of.
    """

    def __init__(self, engine: Encoder, idle_unload_s: float) -> None:
        self._engine = engine
        self._idle = IdleTimer(idle_unload_s, self._let_go)
        self.id = engine.id
        self.dim = engine.dim
        self.spec: PixelSpec = engine.spec
        self.threshold = engine.threshold

    def encode_images(self, batch: Pixels) -> Vector:
        """Return unit vectors, float32 [n, dim], of RGB uint8 [n, size, size, 3]."""
        try:
            return self._engine.encode_images(batch)
        finally:
            self._idle.touch()

    def encode_texts(self, texts: Sequence[str]) -> Vector:
        """Return unit vectors, float32 [n, dim]."""
        return self._engine.encode_texts(texts)

    def relevance(self, score: float) -> float:
        """Return how likely (0..1) a text and an image of this cosine belong together."""
        return self._engine.relevance(score)

    def unload(self, *, keep_text: bool = False) -> None:
        """Give the weights' memory back."""
        self._engine.unload(keep_text=keep_text)

    def close(self) -> None:
        """Unload and stop the timer."""
        self._idle.close()
        self._engine.unload()

    def _let_go(self) -> None:
        self._engine.unload(keep_text=True)


class Models:
    """The catalog, the checkpoints added by path, and their encoders; safe from any thread.

    Args:
        cache: Where downloaded weights are kept, shared by all libraries; made when needed.
        idle_unload_s: An image tower unused for this long is unloaded; 0 for never.
        builtin: The built-in model's folder; None for the shipped one.
    """

    def __init__(
        self, cache: Path, *, idle_unload_s: float = 600, builtin: Path | None = None
    ) -> None:
        self._cache = cache
        self._idle_unload_s = idle_unload_s
        self._builtin = builtin or paths.resource("models/builtin")
        self._rows = {row.id: row for row in catalog.catalog()}
        self._lock = threading.Lock()
        self._encoders: dict[str, SharedEncoder] = {}

    def list(self) -> list[ModelInfo]:
        """Return every model, those of the catalog first; `active` is the library's to fill in."""
        return [self._info(row) for row in self._rows.values()]

    def get(self, model_id: str) -> Iterator[Progress]:
        """Fetch a model, resuming what is there; nothing happens when it is installed.

        Raises:
            NotFoundError: There is no such model.
        """
        row = self._row(model_id)
        if self._installed(row):
            yield Progress("checking", row.download_size, row.download_size, current=row.title)

    def encoder(self, model_id: str = DEFAULT) -> Encoder:
        """Return the encoder of a model; its weights are loaded when it is first used.

        Raises:
            NotFoundError: There is no such model.
            ModelMissingError: It is not installed.
            ModelDamagedError: Its description cannot be read.
        """
        row = self._row(model_id)
        with self._lock:
            found = self._encoders.get(row.id)
            if found is None:
                found = SharedEncoder(self._engine(row), self._idle_unload_s)
                self._encoders[row.id] = found
            return found

    def check(self) -> _Checks:
        """Return what is installed and what is damaged, one line each."""
        return [*_runtimes(), *self._check_builtin()]

    def close(self) -> None:
        """Unload all encoders and end their timers; they may not be used after."""
        with self._lock:
            encoders, self._encoders = list(self._encoders.values()), {}
        for encoder in encoders:
            encoder.close()

    def _row(self, model_id: str) -> Model:
        try:
            return self._rows[model_id]
        except KeyError:
            raise catalog.unknown(model_id, self._rows) from None

    def _info(self, row: Model) -> ModelInfo:
        return ModelInfo(
            id=row.id,
            title=row.title,
            dim=row.dim,
            download_size=row.download_size,
            licence=row.licence,
            languages=row.languages,
            note=row.note,
            installed=self._installed(row),
            active=False,
        )

    def _installed(self, row: Model) -> bool:
        if row.id == DEFAULT:
            return True
        folder = self._cache / row.id
        return all((folder / name).is_file() for name in row.files)

    def _engine(self, row: Model) -> Encoder:
        if row.id == DEFAULT:
            return BuiltinEncoder(self._builtin)
        raise ModelMissingError(
            f"The model {row.id} is not on this machine yet. Run `bowerbird models get {row.id}`."
        )

    def _check_builtin(self) -> _Checks:
        try:
            return BuiltinEncoder(self._builtin).check()
        except ModelError as error:
            return [Check("builtin", False, str(error))]


def _runtimes() -> _Checks:
    lines = []
    for name in _RUNTIMES:
        try:
            lines.append(Check(name, True, metadata.version(name)))
        except metadata.PackageNotFoundError:
            lines.append(Check(name, True, "not installed; only needed for larger models"))
    return lines
