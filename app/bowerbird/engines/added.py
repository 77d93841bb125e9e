"""The checkpoints that the user added by path, remembered in a file of the model cache."""

from __future__ import annotations

import builtins
import json
import threading
from pathlib import Path
from typing import Any

from bowerbird.engines import checkpoint
from bowerbird.engines.checkpoint import Checkpoint
from bowerbird.errors import BowerbirdError, ModelDamagedError, ModelError, ModelMissingError
from bowerbird.types import Check, ModelInfo

NAME = "checkpoints.json"


class AddedCheckpoints:
    """Checkpoints by id; the weights stay where the user has them.

    Args:
        cache: Folder that the list is kept in; made when needed.
    """

    def __init__(self, cache: Path) -> None:
        self._path = cache / NAME
        self._lock = threading.Lock()

    def __contains__(self, model_id: str) -> bool:
        return model_id in self._read()

    def ids(self) -> builtins.list[str]:
        """Return all ids, the first added first."""
        return [*self._read()]

    def list(self) -> builtins.list[ModelInfo]:
        """Return a row each; one whose file has gone is not installed."""
        return [_info(model_id, row) for model_id, row in self._read().items()]

    def add(self, path: Path) -> ModelInfo:
        """Remember the checkpoint at `path`, under an id from its name and content.

        Raises:
            NotFoundError: Nothing is there.
            ModelError: It is not a checkpoint that can be run, or it cannot be remembered.
        """
        found = checkpoint.find(path)
        row = {"path": str(found.weights), "dim": found.dim, "size": found.weights.stat().st_size}
        try:
            model_id = checkpoint.identity(found)
            with self._lock:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                new = self._path.with_suffix(".new")
                new.write_text(json.dumps({**self._read(), model_id: row}, indent=1), "utf-8")
                new.replace(self._path)
        except OSError as error:
            raise ModelError(
                f"{error.filename or path} cannot be read or written ({error.strerror}). Check the "
                "rights, or name another folder in BOWERBIRD_MODELS."
            ) from error
        return _info(model_id, row)

    def find(self, model_id: str) -> Checkpoint:
        """Return the checkpoint of an id that is known.

        Raises:
            ModelMissingError: Its file has gone.
            ModelDamagedError: Other weights lie there now.
        """
        row = self._read()[model_id]
        path = Path(row["path"])
        if not path.is_file():
            raise ModelMissingError(
                f"The weights of {model_id} are no longer at {path}. Put them back, or add them "
                "from where they are now with `bowerbird models use PATH`."
            )
        if path.stat().st_size != row["size"]:
            raise ModelDamagedError(
                f"{path} is not the file any more that was added as {model_id}. Add it anew with "
                "`bowerbird models use PATH`."
            )
        return checkpoint.find(path)

    def check(self) -> builtins.list[Check]:
        """Return a line each; the weights are read whole and compared with the id."""
        lines = []
        for model_id, row in self._read().items():
            try:
                same = checkpoint.identity(self.find(model_id)) == model_id
            except (BowerbirdError, OSError) as error:
                lines.append(Check(model_id, False, str(error)))
                continue
            cure = "" if same else "Add it anew with `bowerbird models use PATH`."
            lines.append(Check(model_id, same, f"{row['path']}{'' if same else ': changed'}", cure))
        return lines

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads(self._path.read_text("utf-8"))
            return {
                str(model_id): {
                    "path": str(row["path"]),
                    "dim": int(row["dim"]),
                    "size": int(row["size"]),
                }
                for model_id, row in found.items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}


def _info(model_id: str, row: dict[str, Any]) -> ModelInfo:
    path = Path(row["path"])
    return ModelInfo(
        id=model_id,
        title=path.name,
        dim=row["dim"],
        download_size=0,
        licence="",
        languages="",
        note=f"Added from {path.parent}.",
        installed=path.is_file(),
        active=False,
    )
