"""Files of ONNX models, shipped or downloaded: compared with their digests, and run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError
from bowerbird.types import Check

CONFIG = "config.json"


class ShippedFiles:
    """The files of one model, in a folder that is only read.

    Args:
        title: What a sentence calls the model, such as "built-in model".
        folder: Where its files lie.
        cure: What to do when one of them is missing or damaged.
    """

    def __init__(self, title: str, folder: Path, cure: str) -> None:
        self.title = title
        self.folder = folder
        self.cure = cure

    def read(self, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            ModelMissingError: It is not there, or cannot be read.
        """
        path = self.folder / name
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise ModelMissingError(
                f"The {self.title} is not complete: {path} is missing. {self.cure}"
            ) from error
        except OSError as error:
            raise ModelMissingError(
                f"The {self.title}'s {path} cannot be read ({error.strerror}). {self.cure}"
            ) from error

    def verified(self, name: str, sha256: Mapping[str, str]) -> bytes:
        """Return a file's bytes, which are those that were shipped.

        Raises:
            ModelError: It is missing or damaged.
        """
        # 12 MB hash in some 10 ms: less than the doubt is worth.
        found = self.read(name)
        if hashlib.sha256(found).hexdigest() != sha256[name]:
            raise self.damaged(name, "its digest is wrong")
        return found

    def intact(self, name: str, sha256: Mapping[str, str]) -> Path:
        """Return the path of a file that may be large, once it was compared with its digest.

        Raises:
            ModelError: It is missing or damaged.
        """
        path = self.folder / name
        try:
            with path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise ModelMissingError(
                f"The {self.title}'s {path} cannot be read ({error.strerror}). {self.cure}"
            ) from error
        if found != sha256[name]:
            raise self.damaged(name, "its digest is wrong")
        return path

    def session(
        self, name: str, sha256: Mapping[str, str], threads: int, *, large: bool = False
    ) -> Any:
        """Return an ONNX Runtime session of a file.

        Args:
            name: The file.
            sha256: Digests by name.
            threads: How many compute.
            large: Its bytes are not held beside the session, and what a run took is given back.

        Raises:
            ModelError: It is missing or damaged.
        """
        weights = str(self.intact(name, sha256)) if large else self.verified(name, sha256)
        import onnxruntime

        onnxruntime.disable_telemetry_events()  # its Windows builds heed no environment
        options = onnxruntime.SessionOptions()
        options.enable_cpu_mem_arena = options.enable_mem_pattern = not large
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that wait in a loop would take the decoders' time.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            return onnxruntime.InferenceSession(
                weights, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise self.damaged(name, error) from error

    def run(self, session: Any, inputs: Mapping[str, Any], output: str) -> Any:
        """Return one output of a session.

        Raises:
            ModelError: It could not run.
        """
        try:
            (found,) = session.run([output], dict(inputs))
        except Exception as error:
            # ONNX Runtime raises its own exceptions, straight from C++, without a common base.
            raise ModelError(f"The {self.title} could not run ({error}). {self.cure}") from error
        return found

    def check(self, label: str, names: Iterable[str], sha256: Mapping[str, str]) -> list[Check]:
        """Return one line a file, each read whole and compared with its digest."""
        lines = []
        for name in names:
            try:
                size = len(self.verified(name, sha256))
            except ModelError as error:
                lines.append(Check(f"{label}/{name}", False, str(error), self.cure))
            else:
                lines.append(Check(f"{label}/{name}", True, f"{size:,} bytes, digest right"))
        return lines

    def damaged(self, name: str, why: object) -> ModelDamagedError:
        """Return the error that says that a file is damaged."""
        return ModelDamagedError(
            f"The {self.title}'s {self.folder / name} is damaged ({why}). {self.cure}"
        )
