"""Makes pictures like one by diffusion: a Stable unCLIP pipeline of diffusers, from a folder."""

from __future__ import annotations

import contextlib
import json
import logging
import math
import queue
import threading
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from bowerbird.engines import memory
from bowerbird.engines.catalog import GeneratorModel
from bowerbird.engines.generator import Drawn
from bowerbird.engines.idle import IdleTimer
from bowerbird.engines.torchvision_operators import ensure_importable
from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError, UsageError

if TYPE_CHECKING:
    from bowerbird.types import Pixels

logger = logging.getLogger(__name__)

INSTALL = 'Run `pip install "bowerbird[diffusion]"`.'
_INDEX = "model_index.json"
_PACKAGES = ("torch", "diffusers", "transformers", "accelerate")
_STEPS = 20  # more cost time and change little
_GUIDANCE = 10.0  # the pipeline's own
_HALF = ("cuda", "mps")  # where half precision is at home
_SMALLEST = 16
_LOOK_S = 0.1

# What comes out of the thread that draws: a share, a picture, an error, or None at the end.
_News: TypeAlias = "float | Pixels | Exception | None"


class _StoppedError(Exception):
    """Nobody waits for the picture any more."""


def lacking() -> str:
    """Return what has to be installed before a pipeline can run; empty where nothing is missing.

    Nothing is imported for that.
    """
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    return f"It needs {', '.join(missing)}. {INSTALL}" if missing else ""


class DiffusionGenerator:
    """A Generator over a pipeline that diffusers saved; only safetensors are read, never pickles.

    It works at about the size that its network was trained at, in the picture's proportions.

    Args:
        row: Which pipeline it is, and the memory that it takes.
        folder: Where its files lie; only read.
        idle_unload_s: Unused for this long, its memory is given back; 0 for never.
    """

    def __init__(self, row: GeneratorModel, folder: Path, idle_unload_s: float = 0) -> None:
        self._row = row
        self._folder = folder
        self._loading = threading.Lock()
        # A pipeline keeps its place within itself: one picture at a time.
        self._drawing = threading.Lock()
        self._loaded: Any = None
        self._idle = IdleTimer(idle_unload_s, self.unload)

    @property
    def id(self) -> str:
        """What the user names it by."""
        return self._row.id

    def reimagine(
        self, picture: Pixels, count: int = 1, *, seed: int = 0, strength: float = 0.35
    ) -> Iterator[Drawn]:
        """Make variations of a picture, with a step of the network between two steps.

        Raises:
            UsageError: The picture is too small.
            ModelMissingError: A package that it needs is not installed.
            ModelDamagedError: Its files are not those of such a pipeline.
            ModelError: There is too little memory, or it could not run.
        """
        if min(picture.shape[:2]) < _SMALLEST:
            raise UsageError(f"A picture of fewer than {_SMALLEST} pixels a side shows too little.")
        news: queue.Queue[_News] = queue.Queue(1)
        stop = threading.Event()
        thread = threading.Thread(
            target=self._draw_all,
            args=(picture, [(seed, number) for number in range(count)], strength, news, stop),
            name="bowerbird-diffusion",
        )
        thread.start()
        finished = 0
        try:
            while (found := news.get()) is not None:
                if isinstance(found, Exception):
                    raise found
                if isinstance(found, float):
                    yield Drawn((finished + found) / count)
                else:
                    finished += 1
                    yield Drawn(finished / count, found)
        finally:
            stop.set()
            thread.join()
            self._idle.touch()

    def unload(self) -> None:
        """Give the weights' memory back; a picture that is being made keeps its own."""
        with self._loading:
            self._loaded = None

    def close(self) -> None:
        """Unload, and stop the timer."""
        self._idle.close()
        self.unload()

    def _draw_all(
        self,
        picture: Pixels,
        seeds: list[tuple[int, int]],
        strength: float,
        news: queue.Queue[_News],
        stop: threading.Event,
    ) -> None:
        """Draw in a thread, which waits with each step until it was taken."""

        def tell(what: _News) -> None:
            while not stop.is_set():
                try:
                    news.put(what, timeout=_LOOK_S)
                except queue.Full:
                    continue
                return
            raise _StoppedError

        try:
            self._draw_each(picture, seeds, strength, tell)
        except _StoppedError:
            return
        except (MemoryError, RuntimeError, ValueError, OSError) as error:
            last: _News = self._cannot_run(error)
        except Exception as error:  # noqa: BLE001  # raised again where it is waited for
            last = error
        else:
            last = None
        with contextlib.suppress(_StoppedError):
            tell(last)

    def _draw_each(
        self,
        picture: Pixels,
        seeds: list[tuple[int, int]],
        strength: float,
        tell: Callable[[_News], None],
    ) -> None:
        tell(0.0)
        pipeline = self._ready()
        while not self._drawing.acquire(timeout=_LOOK_S):
            tell(0.0)
        try:
            for seed in seeds:
                tell(_draw(pipeline, picture, seed, strength, tell))
        finally:
            self._drawing.release()

    def _ready(self) -> Any:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> Any:
        lacks = lacking()
        if lacks:
            raise ModelMissingError(f"The model {self.id} cannot run here. {lacks}")
        self._look()
        ensure_importable()
        import diffusers
        import torch
        import transformers

        from bowerbird.engines.precision import best_device

        device = best_device()
        half = device in _HALF
        needed = self._row.memory * (0.6 if half else 1.0)
        instead = "leave the model away: pictures are then made of patches."
        memory.require(self.id, round(needed), instead, _free(device))
        logs: Any
        for logs in (diffusers.utils.logging, transformers.utils.logging):
            logs.disable_progress_bar()
        try:
            pipelines: Any = diffusers.StableUnCLIPImg2ImgPipeline
            pipeline = pipelines.from_pretrained(
                self._folder,
                local_files_only=True,
                use_safetensors=True,
                dtype=torch.float16 if half else torch.float32,
            )
        except MemoryError:
            raise
        except ImportError as error:
            raise ModelMissingError(
                f"The model {self.id} needs parts that are not installed ({error}). {INSTALL}"
            ) from error
        except Exception as error:
            # Each library below it, safetensors first, has its own ways of saying that a file is
            # not what it should be.
            logger.info("cannot load %s", self._folder, exc_info=True)
            raise self._wrong(str(error).partition("\n")[0] or repr(error)) from error
        pipeline.set_progress_bar_config(disable=True)
        pipeline.to(device)
        logger.info("%s runs on %s in %s", self.id, device, "half" if half else "full")
        return pipeline

    def _look(self) -> None:
        """Refuse a folder that describes another pipeline, before any of it is loaded."""
        try:
            found = json.loads((self._folder / _INDEX).read_text("utf-8"))["_class_name"]
        except FileNotFoundError as error:
            raise ModelMissingError(
                f"{self._folder / _INDEX} is missing. Run `bowerbird models get {self.id}`."
            ) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._wrong(f"{_INDEX}: {error!r}") from error
        if found != self._row.pipeline:
            raise self._wrong(f"they are a {found}, not a {self._row.pipeline}")

    def _wrong(self, why: object) -> ModelDamagedError:
        return ModelDamagedError(
            f"The files of {self.id} in {self._folder} cannot be used ({why}). Run `bowerbird "
            f"models get {self.id}`: it fetches what is damaged."
        )

    def _cannot_run(self, error: BaseException) -> ModelError:
        full = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
        logger.info("%s could not run", self.id, exc_info=error)
        why = "the memory is full" if full else str(error) or type(error).__name__
        return ModelError(
            f"The model {self.id} could not run ({why}). Close other programs and try again, or "
            "leave the model away: pictures are then made of patches."
        )


def _draw(
    pipeline: Any,
    picture: Pixels,
    seed: tuple[int, int],
    strength: float,
    tell: Callable[[_News], None],
) -> Pixels:
    """Return one variation; `tell` hears the share that is done, and ends it by what it raises."""
    import numpy as np
    import torch
    from PIL import Image

    height, width = picture.shape[:2]
    width, height = _size(pipeline, width, height)
    # Drawn on the processor, so that another device makes the same of a seed, or nearly.
    (number,) = np.random.SeedSequence(seed).generate_state(1, np.uint64)
    chance = torch.Generator("cpu").manual_seed(int(number >> np.uint64(1)))
    most = pipeline.image_noising_scheduler.config.num_train_timesteps - 1

    def stepped(step: int, _moment: int, _latents: Any) -> None:
        tell(min(1.0, (step + 1) / (_STEPS + 1)))

    with torch.inference_mode():
        found = pipeline(
            image=Image.fromarray(picture),
            prompt="",
            width=width,
            height=height,
            num_inference_steps=_STEPS,
            guidance_scale=_GUIDANCE,
            noise_level=round(strength * most),
            generator=chance,
            output_type="np",
            callback=stepped,
        ).images[0]
    if not np.isfinite(found).all():
        raise ValueError("it gave a picture that holds no numbers")
    drawn: Pixels = np.rint(found.clip(0, 1) * 255).astype(np.uint8)
    return drawn


def _size(pipeline: Any, width: int, height: int) -> tuple[int, int]:
    """Return a size in a picture's proportions, of the area that the network was trained at."""
    # What every level of the network halves without a rest; the pipeline itself asks for eights.
    halved = pipeline.vae_scale_factor * 2 ** (len(pipeline.unet.config.block_out_channels) - 1)
    grain = math.lcm(8, halved)
    side = pipeline.unet.config.sample_size * pipeline.vae_scale_factor
    shape = math.sqrt(min(4.0, max(0.25, width / height)))
    return (
        max(grain, round(side * shape / grain) * grain),
        max(grain, round(side / shape / grain) * grain),
    )


def _free(device: str) -> int | None:
    if device != "cuda":
        return memory.available()
    import torch

    return int(torch.cuda.mem_get_info()[0])
