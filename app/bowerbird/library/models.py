"""Which models there are, and which of them does what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bowerbird import paths, settings as settings_file
from bowerbird.errors import ModelMissingError, NotFoundError, UsageError
from bowerbird.library.base import Base
from bowerbird.types import ModelInfo, Progress

if TYPE_CHECKING:
    from bowerbird.engines.segmenter import Segmenter

T = TypeVar("T")


class ModelChoice(Base):
    """The models that a library uses."""

    def models(self) -> list[ModelInfo]:
        """Return the models that can be used, with what is installed and which ones are in use."""
        from bowerbird.indexing.serving import wanted_model

        active = {
            "search": wanted_model(self._store),
            "cutout": self.settings.cutout_model,
            "detect": self.settings.detector_model,
        }
        return [
            replace(info, active=info.id == active.get(info.kind)) for info in self._models.list()
        ]

    def get_model(self, model_id: str) -> Iterator[Progress]:
        """Download a model; closing the generator pauses, and the next call resumes.

        Raises:
            NotFoundError: No such model.
            DownloadError: The transfer failed after its retries.
        """
        return self._models.get(model_id)

    def measure_model(self, model_id: str) -> float:
        """Return how many pictures a second a model embeds on this machine, decoding aside.

        Raises:
            ModelError: It cannot be loaded or run.
        """
        from bowerbird.engines.speed import pictures_a_second

        return pictures_a_second(self._models.encoder(model_id), self.settings.batch_size)

    def use_model(self, model_id: str) -> None:
        """Use a model from now on, or an open_clip checkpoint by its path.

        The one before keeps serving searches until every picture is embedded by a sync.

        Raises:
            NotFoundError: No such model.
            ModelMissingError: It is not downloaded yet.
            UsageError: It is no model to search with.
        """
        from bowerbird.indexing.serving import want

        chosen = model_id
        if Path(model_id).expanduser().exists():
            chosen = self._models.add_checkpoint(Path(model_id).expanduser()).id
        kind = self._models.kind(chosen)
        if kind != "search":
            raise UsageError(
                f"{chosen} cannot search. Use it with `bowerbird {kind} --model {chosen} FILE`."
            )
        want(self._store, chosen, self._models.encoder(chosen).id)

    def cut_out_with(self, model_id: str) -> None:
        """Remove backgrounds with a model from now on; `builtin` is the one that ships.

        Raises:
            NotFoundError: No such model.
            ModelMissingError: It is not downloaded yet.
            UsageError: The settings cannot be written.
        """
        self._models.segmenter(model_id)
        self._settle(cutout_model=model_id)

    def detect_with(self, model_id: str) -> None:
        """Find things in pictures with a model from now on; `builtin` is the one that ships.

        Raises:
            NotFoundError: No such model.
            ModelMissingError: It is not downloaded yet.
            UsageError: The settings cannot be written.
        """
        self._models.detector(model_id)
        self._settle(detector_model=model_id)

    def _settle(self, **changed: Any) -> None:
        self.settings = replace(self.settings, **changed)
        file = paths.config_file()
        settings_file.save(file, replace(settings_file.load(file), **changed))

    def _cutter(self, model: str | None) -> tuple[Segmenter, str]:
        """Return what cuts out, and where that is not the one that is wanted, why."""
        return self._chosen(self._models.segmenter, model, self.settings.cutout_model)

    @staticmethod
    def _chosen(engine: Callable[..., T], model: str | None, settled: str) -> tuple[T, str]:
        """Return an engine, and where that is not the one that is wanted, why."""
        # Wrong settings are no reason to do nothing; a model that is asked for just now is.
        if model:
            return engine(model), ""
        try:
            return engine(settled), ""
        except (ModelMissingError, NotFoundError, UsageError) as error:
            return engine(), f"{error} Until then the built-in model does it."
