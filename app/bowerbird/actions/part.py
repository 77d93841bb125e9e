"""Cuts a part out of a picture, so that it can be searched by."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image

from bowerbird.decode.decoder import load_whole
from bowerbird.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def cut_part(stream: BinaryIO, name: str, box: Sequence[int], max_pixels: int) -> bytes:
    """Return a part of a picture as the bytes of a PNG file.

    Args:
        stream: The file.
        name: Its name.
        box: Left, top, right and bottom in pixels of the full picture, the latter two exclusive, as
            a `Detection` has them. What lies beyond the picture is left out.
        max_pixels: A picture with more is refused.

    Raises:
        DecodeError: It is not a picture that can be read.
        UsageError: The box is none, or lies beyond the picture.
    """
    if len(box) != 4 or box[0] >= box[2] or box[1] >= box[3]:
        raise UsageError("A box is left, top, right and bottom in pixels, as in 10,20,300,200.")
    picture = load_whole(stream, name, max_pixels=max_pixels)
    height, width = picture.shape[:2]
    left, top, right, bottom = (max(0, int(edge)) for edge in box)
    part = picture[top:bottom, left:right]
    if not part.size:
        raise UsageError(f"The box lies beyond the picture, which has {width} x {height} pixels.")
    target = io.BytesIO()
    Image.fromarray(part).save(target, "PNG", compress_level=1)
    return target.getvalue()
