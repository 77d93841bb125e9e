"""Looks at one picture in all ways at once, from one decode."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from bowerbird.actions.palette import palette
from bowerbird.actions.shaping import SMALL, shape_in, small
from bowerbird.actions.tags import Tagger
from bowerbird.decode.decoder import fit, open_picture
from bowerbird.decode.quality import judge
from bowerbird.types import Analysis

if TYPE_CHECKING:
    from bowerbird.engines.encoder import Encoder
    from bowerbird.engines.segmenter import Segmenter
    from bowerbird.types import Vector


def analyse(
    stream: BinaryIO,
    name: str,
    encoder: Encoder,
    segmenter: Segmenter,
    tagger: Tagger,
    *,
    colours: int = 5,
    turned: bool = False,
    max_pixels: int,
) -> Analysis:
    """Return what a look at a picture tells.

    Args:
        stream: The file.
        name: Its name.
        encoder: Gives the embedding for tags.
        segmenter: Finds the subject, for its shape.
        tagger: Suggests tags, with that encoder.
        colours: How many main colours, 1 to 10.
        turned: Whether turned and mirrored shapes count as the same.
        max_pixels: A picture with more is refused.

    Raises:
        DecodeError: It is not a picture that can be read.
        UsageError: The number of colours is none of these.
        ModelError: A model cannot be loaded or run.
    """
    picture = open_picture(stream, name, max(SMALL, encoder.spec.size), max_pixels)
    reduced = small(picture.image)
    quality = judge(reduced)
    vector: Vector = encoder.encode_images(fit(picture.image, encoder.spec)[None])
    return Analysis(
        picture.width,
        picture.height,
        palette(np.asarray(reduced), colours),
        quality,
        shape_in(reduced, segmenter, turned=turned),
        () if quality.is_blank else tagger.suggest(vector)[0],
    )
