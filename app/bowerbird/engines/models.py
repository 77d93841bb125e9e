"""The models of this machine: what there is, fetching one, and the engine that runs it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from bowerbird import paths
from bowerbird.engines import catalog, checkpoint, diffusion, precision, reader as reading
from bowerbird.engines.added import AddedCheckpoints
from bowerbird.engines.builtin import BuiltinEncoder
from bowerbird.engines.catalog import DEFAULT, Model
from bowerbird.engines.detector import BuiltinDetector, Detector
from bowerbird.engines.diffusion import DiffusionGenerator
from bowerbird.engines.download import RemoteFile, complete, fetch, hub_url, verify
from bowerbird.engines.encoder import Encoder
from bowerbird.engines.generator import Generator
from bowerbird.engines.onnx_detector import OnnxDetector
from bowerbird.engines.onnx_segmenter import OnnxSegmenter
from bowerbird.engines.openclip import INSTALL, OpenClipEncoder
from bowerbird.engines.reader import RapidReader, TextReader
from bowerbird.engines.segmenter import BuiltinSegmenter, Segmenter
from bowerbird.engines.shared import SharedEncoder
from bowerbird.engines.shelf import Row, Shelf
from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError, UsageError
from bowerbird.types import Check, ModelInfo, ModelKind, Progress

__all__ = ["DEFAULT", "Models"]

Engine = TypeVar("Engine")
_Checks: TypeAlias = list[Check]  # inside the class, `list` is the method
_NEEDED = ("onnxruntime", "tokenizers")
# Who needs each, and how it is installed.
_OPTIONAL = {
    **dict.fromkeys(
        ("torch", "open_clip_torch", "transformers"), ("only larger models need it", INSTALL)
    ),
    "diffusers": ("only making new pictures by a model needs it", diffusion.INSTALL),
    reading.PACKAGE: ("only reading the text in pictures needs it", reading.INSTALL),
}


class Models:
    """The catalog, the checkpoints added by path, and their engines; safe from any thread.

    Args:
        cache: Where downloaded weights are kept, shared by all libraries; made when needed.
        idle_unload_s: An image tower unused for this long is unloaded; 0 for never.
        builtin: The built-in model's folder; None for the shipped one.
        segmenter: The segmenter's folder, likewise.
        detector: The detector's folder, likewise.
    """

    def __init__(
        self,
        cache: Path,
        *,
        idle_unload_s: float = 600,
        builtin: Path | None = None,
        segmenter: Path | None = None,
        detector: Path | None = None,
    ) -> None:
        self._cache = cache
        self._idle_unload_s = idle_unload_s
        self._builtin = builtin or paths.resource("models/builtin")
        self._segmenter_files = segmenter or paths.resource("models/segmenter")
        self._detector_files = detector or paths.resource("models/detector")
        self._rows = {row.id: row for row in catalog.catalog()}
        self._added = AddedCheckpoints(cache)
        self._lock = threading.Lock()
        self._encoders: dict[str, SharedEncoder] = {}
        self._segmenter: BuiltinSegmenter | None = None
        self._detector: BuiltinDetector | None = None
        self._reader: RapidReader | None = None
        self._cutters = Shelf(cache, catalog.segmenters(), "cutout")
        self._detectors = Shelf(cache, catalog.detectors(), "detect")
        self._generators = Shelf(cache, catalog.generators(), "reimagine")
        # By id; a row of the catalog is for one thing alone.
        self._chosen: dict[str, Any] = {}

    def list(self) -> list[ModelInfo]:
        """Return every model, those of the catalog first; `active` is the library's to fill in."""
        rows = [_info(row, self._installed(row)) for row in self._rows.values()]
        rows += [_shipped("cutout", self._segmenter_files), *self._cutters.list()]
        rows += [_shipped("detect", self._detector_files), *self._detectors.list()]
        return rows + self._generators.list(diffusion.lacking()) + self._added.list()

    def kind(self, model_id: str) -> ModelKind:
        """Return what a model is for.

        Raises:
            NotFoundError: There is no such model.
        """
        if model_id in self._cutters:
            return "cutout"
        if model_id in self._detectors:
            return "detect"
        if model_id in self._generators:
            return "reimagine"
        self._row(model_id)
        return "search"

    def get(self, model_id: str) -> Iterator[Progress]:
        """Fetch a model, resuming where it stopped; one that is here is checked and repaired.

        Closing the iterator cancels. The ids of checkpoints added by path yield nothing.

        Raises:
            NotFoundError: There is no such model.
            ConflictError: Another process is fetching it.
            StorageFullError: The disk is full, or would be.
            DownloadError: It failed for good, or after its retries.
            ModelDamagedError: What arrived does not fit the catalog.
        """
        for shelf in self._shelves():
            if model_id in shelf:
                yield from shelf.get(model_id)
                self._let_go(model_id)
                return
        row = self._row(model_id)
        if row is None or not row.files:
            return
        files = [
            RemoteFile(name, hub_url(row.repo, name), row.sha256.get(name, ""))
            for name in row.files
        ]
        yield from fetch(files, self._cache / row.id, title=row.title)
        self._engine(row)  # says at once when the files do not fit the catalog
        with self._lock:
            running = self._encoders.get(row.id)
        if running is not None:
            running.unload()  # so that it reads what may have been repaired

    def encoder(self, model_id: str = DEFAULT) -> Encoder:
        """Return the encoder of a model; its weights are loaded when it is first used.

        All callers share one. It may be used until `close`.

        Raises:
            NotFoundError: There is no such model.
            ModelMissingError: It is not installed.
            ModelDamagedError: Its description cannot be read, or does not fit the catalog.
        """
        row = self._row(model_id)
        with self._lock:
            found = self._encoders.get(model_id)
            if found is None:
                engine = self._engine_added(model_id) if row is None else self._engine(row)
                found = SharedEncoder(engine, self._idle_unload_s)
                self._encoders[model_id] = found
            return found

    def segmenter(self, model_id: str = DEFAULT) -> Segmenter:
        """Return what finds the subject of a picture; all callers share one, until `close`.

        Raises:
            NotFoundError: There is no such model.
            UsageError: It is for something else.
            ModelMissingError: It is not on this machine.
            ModelDamagedError: Its description cannot be read.
        """
        if model_id != DEFAULT:
            return self._fetched(self._cutters, model_id, "remove backgrounds", OnnxSegmenter)
        with self._lock:
            if self._segmenter is None:
                self._segmenter = BuiltinSegmenter(self._segmenter_files, self._idle_unload_s)
            return self._segmenter

    def generator(self, model_id: str) -> Generator:
        """Return what makes pictures that are like one; all callers share it, until `close`.

        Raises:
            NotFoundError: There is no such model.
            UsageError: It is for something else.
            ModelMissingError: It is not on this machine.
        """
        return self._fetched(self._generators, model_id, "make pictures", DiffusionGenerator)

    def detector(self, model_id: str = DEFAULT) -> Detector:
        """Return what finds the objects of a picture; all callers share one, until `close`.

        Raises:
            NotFoundError: There is no such model.
            UsageError: It is for something else.
            ModelMissingError: It is not on this machine.
            ModelDamagedError: Its description cannot be read.
        """
        if model_id != DEFAULT:
            return self._fetched(self._detectors, model_id, "find things", OnnxDetector)
        with self._lock:
            if self._detector is None:
                self._detector = BuiltinDetector(self._detector_files, self._idle_unload_s)
            return self._detector

    def reader(self) -> TextReader:
        """Return what reads the text in pictures; all callers share one, until `close`.

        Raises:
            ModelMissingError: It is not installed.
        """
        if not reading.installed():
            raise reading.missing()
        with self._lock:
            if self._reader is None:
                self._reader = RapidReader(self._idle_unload_s)
            return self._reader

    def add_checkpoint(self, path: Path) -> ModelInfo:
        """Make an open_clip checkpoint known by path; the file stays where it is.

        Args:
            path: A file of weights beside its open_clip_config.json, or the folder of both.

        Raises:
            NotFoundError: Nothing is there.
            ModelError: It is not a checkpoint that can be run.
        """
        return self._added.add(path)

    def check(self) -> _Checks:
        """Return what is installed, what runs on what, and what is damaged, one line each.

        Files are read whole and compared with their digests.
        """
        lines = [*_runtimes(), *self._check_builtin(), *self._check_segmenter()]
        lines += [*self._check_detector(), *reading.check()]
        for row in self._rows.values():
            if row.files and self._installed(row):
                lines.append(self._check_row(row))
        lines += self._added.check()
        lines += [line for shelf in self._shelves() for line in shelf.check()]
        lines += [Check("precision", True, line) for line in precision.remembered(self._cache)]
        return lines

    def close(self) -> None:
        """Unload all encoders and end their timers; they may not be used after."""
        with self._lock:
            encoders, self._encoders = [*self._encoders.values()], {}
            every = (self._segmenter, self._detector, self._reader)
            self._segmenter = self._detector = self._reader = None
            chosen, self._chosen = [*self._chosen.values()], {}
        others = [one for one in every if one is not None]
        for engine in (*encoders, *others, *chosen):
            engine.close()

    def _row(self, model_id: str) -> Model | None:
        """Return the row of the catalog, None for a checkpoint added by path."""
        if model_id in self._rows:
            return self._rows[model_id]
        if model_id in self._added:
            return None
        others = [row.id for shelf in self._shelves() for row in shelf]
        raise catalog.unknown(model_id, [*self._rows, *self._added.ids(), *others])

    def _shelves(self) -> tuple[Shelf[Any], ...]:
        return (self._cutters, self._detectors, self._generators)

    def _fetched(
        self,
        shelf: Shelf[Row],
        model_id: str,
        what: str,
        make: Callable[[Row, Path, float], Engine],
    ) -> Engine:
        """Return the engine of a model that was downloaded."""
        if model_id not in shelf:
            self.kind(model_id)  # says so where there is none at all
            able = " or ".join(row.id for row in shelf)
            raise UsageError(f"{model_id} does not {what}. Use {able}.")
        folder = shelf.folder(model_id)
        with self._lock:
            if model_id not in self._chosen:
                made = make(shelf.row(model_id), folder, self._idle_unload_s)
                self._chosen[model_id] = made
            found: Engine = self._chosen[model_id]
            return found

    def _let_go(self, model_id: str) -> None:
        """Have an engine read anew what may have been repaired."""
        with self._lock:
            running = self._chosen.get(model_id)
        if running is not None:
            running.unload()

    def _installed(self, row: Model) -> bool:
        if row.id == DEFAULT:
            return (self._builtin / "config.json").is_file()
        return complete(self._cache / row.id, row.files)

    def _engine(self, row: Model) -> Encoder:
        if row.id == DEFAULT:
            return BuiltinEncoder(self._builtin)
        if not self._installed(row):
            raise ModelMissingError(
                f"The model {row.id} is not on this machine yet, or only in part. "
                f"Run `bowerbird models get {row.id}`."
            )
        found = checkpoint.find(self._cache / row.id)
        if (found.dim, found.spec.size, found.spec.resize) != (row.dim, row.image_size, row.resize):
            raise ModelDamagedError(
                f"The files of {row.id} are those of another model. Delete {found.folder} and run "
                f"`bowerbird models get {row.id}`."
            )
        return OpenClipEncoder(row.id, found, self._cache, row.calibration)

    def _engine_added(self, model_id: str) -> Encoder:
        return OpenClipEncoder(model_id, self._added.find(model_id), self._cache)

    def _check_builtin(self) -> _Checks:
        try:
            return BuiltinEncoder(self._builtin).check()
        except ModelError as error:
            return [Check(DEFAULT, False, str(error), "Install Bowerbird again.")]

    def _check_segmenter(self) -> _Checks:
        try:
            return BuiltinSegmenter(self._segmenter_files).check()
        except ModelError as error:
            return [Check("segmenter", False, str(error), "Install Bowerbird again.")]

    def _check_detector(self) -> _Checks:
        try:
            return BuiltinDetector(self._detector_files).check()
        except ModelError as error:
            return [Check("detector", False, str(error), "Install Bowerbird again.")]

    def _check_row(self, row: Model) -> Check:
        damaged = verify(self._cache / row.id, row.files)
        if damaged:
            cure = f"Run `bowerbird models get {row.id}`: it fetches what is damaged."
            return Check(row.id, False, f"damaged: {', '.join(damaged)}", cure)
        try:
            self._engine(row)
        except ModelError as error:
            return Check(row.id, False, str(error))
        return Check(row.id, True, f"{len(row.files)} files, digests right")


def _info(row: Model, installed: bool) -> ModelInfo:
    return ModelInfo(
        id=row.id,
        title=row.title,
        dim=row.dim,
        download_size=row.download_size,
        licence=row.licence,
        languages=row.languages,
        note=row.note,
        installed=installed,
        active=False,
    )


def _shipped(kind: ModelKind, folder: Path) -> ModelInfo:
    return ModelInfo(
        id=DEFAULT,
        title="Built-in",
        dim=0,
        download_size=0,
        licence="Apache-2.0",
        languages="",
        note="Ships with Bowerbird: small and quick.",
        installed=(folder / "config.json").is_file(),
        active=False,
        kind=kind,
    )


def _runtimes() -> _Checks:
    from importlib import metadata

    lines = []
    for name in (*_NEEDED, *_OPTIONAL):
        try:
            lines.append(Check(name, True, metadata.version(name)))
        except metadata.PackageNotFoundError:
            if name in _NEEDED:
                lines.append(Check(name, False, "not installed", "Install Bowerbird again."))
            else:
                who, cure = _OPTIONAL[name]
                lines.append(Check(name, True, f"not installed; {who}", cure))
    return lines
