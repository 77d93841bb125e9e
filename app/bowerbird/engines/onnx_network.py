"""One downloaded ONNX file that takes a picture: checked, loaded when first used, run in turns."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowerbird.engines import memory
from bowerbird.engines.idle import IdleTimer
from bowerbird.engines.processors import physical_cores
from bowerbird.engines.shipped import ShippedFiles
from bowerbird.errors import ModelDamagedError

if TYPE_CHECKING:
    from bowerbird.engines.catalog import Offered


class OnnxNetwork:
    """A network over ONNX Runtime, of a row of the catalog; safe from any thread.

    Args:
        row: What it needs, and the digest of its file.
        side: Of the square picture that it takes, pixels.
        folder: Where the file lies; only read.
        idle_unload_s: Unused for this long, its memory is given back; 0 for never.
    """

    def __init__(self, row: Offered, side: int, folder: Path, idle_unload_s: float = 0) -> None:
        self.id = row.id
        self.cure = f"Run `bowerbird models get {row.id}`: it fetches what is damaged."
        self._row = row
        self._side = side
        self._files = ShippedFiles(f"model {row.id}", folder, self.cure)
        self._lock = threading.Lock()
        self._running = threading.Lock()
        self._session: Any = None
        self._idle = IdleTimer(idle_unload_s, self.unload)

    def run(self, pixels: Any) -> Any:
        """Return what it first gives for a picture.

        Args:
            pixels: float32 [1, 3, side, side].

        Raises:
            ModelMissingError: The file has gone.
            ModelDamagedError: It is not the one of the catalog, or no network of this kind.
            ModelError: There is too little memory, or the network could not run.
        """
        session = self._loaded()
        # Some give what they saw on the way there, too, behind the first.
        asked, given = session.get_inputs()[0].name, session.get_outputs()[0].name
        try:
            # One after the other, whoever asks: a run takes gigabytes, and all cores as it is.
            with self._running:
                return self._files.run(session, {asked: pixels}, given)
        finally:
            self._idle.touch()

    def unload(self) -> None:
        """Give the weights' memory back; a call that runs now keeps its own until it ends."""
        with self._lock:
            self._session = None

    def close(self) -> None:
        """Unload, and stop the timer."""
        self._idle.close()
        self.unload()

    def wrong(self, why: str) -> ModelDamagedError:
        """Return the error for a network that is of another kind."""
        return ModelDamagedError(
            f"The file of {self.id} is not the network that it should be ({why}). {self.cure}"
        )

    def _loaded(self) -> Any:
        with self._lock:
            if self._session is None:
                instead = "choose another model; the built-in one needs little."
                memory.require(self.id, self._row.memory, instead, memory.available())
                (name,) = self._row.files
                session = self._files.session(name, self._row.sha256, physical_cores(), large=True)
                self._look(session)
                self._session = session
            return self._session

    def _look(self, session: Any) -> None:
        """Refuse a network that takes something else than one picture of the right size."""
        inputs = session.get_inputs()
        wanted = (1, 3, self._side, self._side)
        shape = inputs[0].shape if len(inputs) == 1 else ()
        fits = len(shape) == 4 and all(
            have == want for have, want in zip(shape, wanted, strict=True) if isinstance(have, int)
        )
        if not fits or inputs[0].type != "tensor(float)":
            raise self.wrong("it takes other pixels")
