"""Makes of a video what the library keeps of it: a frame of every scene, each as a picture."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from bowerbird.decode import isolation, scenes
from bowerbird.decode.decoder import decode, decoded
from bowerbird.decode.formats import HEAD_BYTES, recognise, recognise_video
from bowerbird.decode.picture import DAMAGED, EMPTY
from bowerbird.decode.video import INSTALL, SAMPLE_SIDE
from bowerbird.errors import DecodeError
from bowerbird.types import Check, Decoded, PixelSpec

if TYPE_CHECKING:
    from bowerbird.types import Pixels

UNKNOWN = "is not a video Bowerbird can read"


@functools.cache
def can_read() -> bool:
    """Whether the package is there that reads videos."""
    return importlib.util.find_spec("av") is not None


def check(*, wanted: bool) -> Check:
    """Say whether videos can be read; that they cannot is only bad where they are `wanted`."""
    if can_read():
        version = importlib.metadata.version("av")
        return Check("videos", True, f"PyAV {version} reads them, where they are asked for")
    advice = f"To look into them: {INSTALL}"
    return Check("videos", not wanted, "are passed over, since PyAV is not installed", advice)


def decode_film(
    stream: BinaryIO,
    name: str,
    spec: PixelSpec,
    *,
    max_pixels: int,
    stopped: Callable[[], bool] = lambda: False,
) -> list[tuple[float | None, Decoded]]:
    """Decode a frame of every scene of a video; with a time each, seconds.

    A picture by the name of a video is one frame without a time.

    Args:
        stream: The file, able to seek.
        name: Its name or key.
        spec: What the encoder wants.
        max_pixels: A frame with more is refused before it is decoded.
        stopped: Asked now and then whether to leave it half-way.

    Raises:
        DecodeError: It cannot become pictures; the message is a short reason that reads after "it".
        OSError: The stream itself cannot be read any more.
    """
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if not head:
        raise DecodeError(EMPTY)
    if recognise(head, name) is not None:
        return [(None, decode(stream, name, spec, max_pixels=max_pixels))]
    kind = recognise_video(head)
    if kind is None:
        raise DecodeError(UNKNOWN)
    answer, pixels = isolation.survey(stream, kind, max_pixels, stopped)
    times = _chosen(answer, pixels)
    stream.seek(0)
    opened = isolation.open_frames(
        stream,
        kind,
        times,
        spec.size,
        max_pixels,
        straight=bool(answer.get("straight")),
        stopped=stopped,
    )
    found: list[tuple[float | None, Decoded]] = [
        (time, decoded(kind, picture, spec)) for time, picture in opened
    ]
    if not found:
        raise DecodeError(DAMAGED)
    return found


def _chosen(answer: dict[str, Any], pixels: bytes) -> list[float]:
    try:
        times = [float(time) for time in answer["times"]]
        shape = (len(times), SAMPLE_SIDE, SAMPLE_SIDE, 3)
        samples: Pixels = np.frombuffer(pixels, np.uint8).reshape(shape)
    except (KeyError, TypeError, ValueError) as error:
        raise DecodeError(isolation.CRASHED) from error
    return [times[at] for at in scenes.choose(times, samples)]
