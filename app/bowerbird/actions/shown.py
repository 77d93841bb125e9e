"""A picture that somebody shows as bytes, and all that can be asked of it, as bytes and numbers."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

from bowerbird.actions.background import cut_out
from bowerbird.actions.palette import palette
from bowerbird.actions.reimagine import reimagine
from bowerbird.actions.shaping import SMALL, shape_in, small
from bowerbird.decode.decoder import fit, load_whole, open_picture
from bowerbird.decode.formats import HEAD_BYTES, recognise
from bowerbird.decode.quality import judge
from bowerbird.errors import DecodeError, UsageError
from bowerbird.types import Palette, Quality, Silhouette, Suggestion

if TYPE_CHECKING:
    from bowerbird.actions.tags import Tagger
    from bowerbird.decode.picture import Picture
    from bowerbird.engines.encoder import Encoder
    from bowerbird.engines.segmenter import Segmenter
    from bowerbird.types import Vector

NAME = "the picture"


class ShownPicture:
    """What can be asked of a picture; it is decoded when something is, and small only once.

    Every method raises DecodeError where the bytes are not a picture that can be read, and
    ModelError where a model cannot be loaded or run.

    Args:
        data: The bytes of a file.
        encoder: Gives embeddings.
        segmenter: Gives what finds the subject for its shape.
        cutter: Gives what finds the subject to cut it out.
        tagger: Gives what suggests tags.
        max_pixels: A picture with more is refused.
    """

    def __init__(
        self,
        data: bytes,
        encoder: Encoder,
        segmenter: Callable[[], Segmenter],
        cutter: Callable[[], Segmenter],
        tagger: Callable[[], Tagger],
        max_pixels: int,
    ) -> None:
        self._data = data
        self._encoder = encoder
        self._segmenter = segmenter
        self._cutter = cutter
        self._tagger = tagger
        self._max_pixels = max_pixels

    @property
    def format(self) -> str:
        """The short name of its format; empty where it is none that is known."""
        known = recognise(self._data[:HEAD_BYTES], NAME)
        return "" if known is None else known.name

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, upright."""
        return self._opened.width, self._opened.height

    @cached_property
    def _opened(self) -> Picture:
        side = max(SMALL, self._encoder.spec.size)
        try:
            return open_picture(io.BytesIO(self._data), NAME, side, self._max_pixels)
        except DecodeError as error:
            raise type(error)(f"{NAME} {error}") from error

    @cached_property
    def _small(self) -> Image.Image:
        return small(self._opened.image)

    @cached_property
    def embedding(self) -> Vector:
        """Its embedding, float32 [dim]."""
        pixels = fit(self._opened.image, self._encoder.spec)
        vector: Vector = self._encoder.encode_images(pixels[None])[0]
        return vector

    def palette(self, count: int = 5) -> Palette:
        """Return its main colours.

        Raises:
            UsageError: The count is not 1 to 10.
        """
        return palette(np.asarray(self._small), count)

    def quality(self) -> Quality:
        """Return how good it is."""
        return judge(self._small)

    def silhouette(self) -> Silhouette | None:
        """Return the shape of its subject; None where nothing stands out."""
        return shape_in(self._small, self._segmenter())

    def tags(self) -> tuple[Suggestion, ...]:
        """Return the tags that it may have, the surest first."""
        return () if self.quality().is_blank else self._tagger().suggest(self.embedding[None])[0]

    def cutout(self, kind: Literal["png", "webp"] = "png") -> bytes:
        """Return the file of its subject without the background, at its full size."""
        found = cut_out(self._whole(), self._cutter()).image()
        return _encoded(found, kind, {"lossless": True} if kind == "webp" else {})

    def variation(self, seed: int, strength: float = 0.35) -> bytes:
        """Return the JPEG file of a picture like it, at its full size.

        Args:
            seed: The same gives the same.
            strength: How far from it, 0 to 1.

        Raises:
            UsageError: It is too small to be made of patches.
        """
        found = next(iter(reimagine(self._whole(), 1, seed=seed, strength=strength)))
        return _encoded(Image.fromarray(found), "jpeg", {"quality": 92})

    def _whole(self) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        try:
            return load_whole(io.BytesIO(self._data), NAME, max_pixels=self._max_pixels)
        except DecodeError as error:
            raise type(error)(f"{NAME} {error}") from error


def _encoded(image: Image.Image, kind: str, how: dict[str, object]) -> bytes:
    stream = io.BytesIO()
    try:
        image.save(stream, kind, **how)
    except (OSError, ValueError) as error:
        # WebP holds 16383 pixels a side, JPEG 65535.
        raise UsageError(f"The picture is too large for {kind}.") from error
    return stream.getvalue()
