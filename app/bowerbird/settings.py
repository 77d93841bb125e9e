"""The user's settings: one frozen dataclass, read from TOML, each option with a safe default."""

from __future__ import annotations

import contextlib
import json
import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bowerbird.errors import UsageError

MEBI = 1 << 20
# What no one looks for: system folders, trash, and the thumbnails that other programs keep.
IGNORED = (
    "@eaDir",
    "#recycle",
    "$RECYCLE.BIN",
    "System Volume Information",
    "Thumbs.db",
    "lost+found",
    "node_modules",
    "__pycache__",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """All options. Sizes are bytes, times seconds.

    Attributes:
        max_pixels: A picture with more pixels fails instead of being decoded.
        max_file_bytes: A file larger than this fails instead of being read; not a video, which is
            read in parts.
        decode_workers: Threads that decode; 0 for as many as there are processors. Large photos
            take ten times as long to decode as to embed, so a processor kept free would idle.
        queue_bytes: Decoded pictures waiting for the encoder never hold more than this.
        batch_size: Pictures an encoder batch.
        thumbnail_cache_bytes: Thumbnails over this sum are dropped, the longest unused first.
        managed_file_bytes: A file larger than this is not taken into the library itself.
        max_url_bytes: A picture on the web that is larger is not fetched.
        requests_per_second: Pictures asked of one host on the web; 0 for as many as come.
        private_addresses: Whether callers of the HTTP API may name pictures of this machine's own
            network; what the user names is not bound by it.
        download_bytes_per_second: What buckets and the web are read at, at most; 0 for no limit.
        originals_bytes: Local copies of pictures in buckets, made to open or export them, over this
            sum are dropped, the longest unused first.
        grace_days: How long a missing asset keeps its knowledge.
        idle_unload_s: A model unused for this long gives its memory back.
        ignore: Globs of names (or of keys, when they hold a `/`) that are never indexed.
        hidden: Whether names that begin with a dot are indexed.
        cutout_model: What removes backgrounds where no other model is named.
        detector_model: What finds things in pictures, likewise.
    """

    max_pixels: int = 500_000_000
    max_file_bytes: int = 2048 * MEBI
    decode_workers: int = 0
    queue_bytes: int = 256 * MEBI
    batch_size: int = 32
    thumbnail_cache_bytes: int = 4096 * MEBI
    managed_file_bytes: int = 20 * MEBI
    max_url_bytes: int = 64 * MEBI
    requests_per_second: int = 20
    private_addresses: bool = False
    download_bytes_per_second: int = 0
    originals_bytes: int = 2048 * MEBI
    grace_days: int = 30
    idle_unload_s: int = 600
    ignore: tuple[str, ...] = field(default=IGNORED)
    hidden: bool = False
    cutout_model: str = "builtin"
    detector_model: str = "builtin"

    @property
    def workers(self) -> int:
        """Decode threads to start."""
        return self.decode_workers or os.cpu_count() or 1


def load(path: Path) -> Settings:
    """Read settings from `path`; a file that is not there means the defaults.

    Raises:
        UsageError: The file does not parse, or an option is unknown or of the wrong type.
    """
    try:
        with path.open("rb") as stream:
            found: dict[str, Any] = tomllib.load(stream)
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The settings in {path} cannot be read ({error}). Correct or delete the file."
        ) from error
    defaults = Settings()
    known = {option.name for option in fields(Settings)}
    for name, value in found.items():
        if name not in known:
            raise UsageError(f"{path} has an unknown option {name!r}. Remove it.")
        default = getattr(defaults, name)
        if isinstance(default, tuple) and isinstance(value, list):
            found[name] = tuple(str(item) for item in value)
        elif type(value) is not type(default) or (type(value) is int and value < _least(name)):
            kind = "a list" if isinstance(default, tuple) else f"like {default!r}"
            raise UsageError(f"{path}: {name} must be {kind}, not {value!r}. Correct it.")
    return Settings(**found)


def _least(option: str) -> int:
    """Return the least number that makes sense: none of these may be nothing at all."""
    needed = ("max_pixels", "max_file_bytes", "max_url_bytes", "queue_bytes", "batch_size")
    return 1 if option in needed else 0


def save(path: Path, settings: Settings) -> None:
    """Write what differs from the defaults, so that later defaults reach everything else.

    Comments of a file that was written by hand are lost; options that hold stay.

    Raises:
        UsageError: The file cannot be written.
    """
    defaults = Settings()
    lines = [
        f"{option.name} = {_toml(getattr(settings, option.name))}\n"
        for option in fields(Settings)
        if getattr(settings, option.name) != getattr(defaults, option.name)
    ]
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text("".join(lines), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise UsageError(
            f"The settings cannot be written to {path}: {error.strerror}. Free some space there, "
            "or allow writing."
        ) from error


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(json.dumps(item, ensure_ascii=False) for item in value)}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower()
