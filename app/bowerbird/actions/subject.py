"""Finds a picture's subject: how much of it every pixel shows, by one look or by two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageStat

from bowerbird.decode.decoder import fit

if TYPE_CHECKING:
    from bowerbird.engines.segmenter import Segmenter
    from bowerbird.types import Pixels, Vector

_FLAT = 1.0  # standard deviation (levels of 255) below which a picture shows nothing
_AROUND = 0.2  # of the subject's box is seen on each of its sides when it is looked at closer
_FILLS = 0.85  # of a picture: a box this large shows nothing that the whole did not
_SURE = 1e-4  # from 0 and from 1: no look is surer than this


def find(picture: Pixels, segmenter: Segmenter) -> Vector:
    """Return how much of a picture is subject, float32 [side, side] of the picture squashed.

    In a picture of one colour a network sees what is not there, so that it is not asked.

    Args:
        picture: RGB uint8 [height, width, 3].
        segmenter: Finds the subject.

    Raises:
        ModelError: The segmenter's weights cannot be loaded or run.
    """
    seen = fit(Image.fromarray(picture), segmenter.spec)
    if max(ImageStat.Stat(Image.fromarray(seen)).stddev) < _FLAT:
        return np.zeros(seen.shape[:2], np.float32)
    found: Vector = segmenter.segment(seen[None])[0]
    return _closer(picture, found, segmenter) if segmenter.closer else found


def _closer(picture: Pixels, matte: Vector, segmenter: Segmenter) -> Vector:
    """Look again at what lies around the subject, which is larger there; mix both as log odds."""
    top, bottom, left, right = _around(matte)
    if not 0 < (bottom - top) * (right - left) <= _FILLS * matte.size:
        return matte
    high, wide = picture.shape[0] / matte.shape[0], picture.shape[1] / matte.shape[1]
    part = Image.fromarray(picture).resize(
        matte.shape[::-1],
        Image.Resampling.BICUBIC,
        box=(left * wide, top * high, right * wide, bottom * high),
        reducing_gap=2.0,
    )
    seen = segmenter.segment(np.asarray(part)[None])[0]
    again = np.asarray(
        Image.fromarray(seen).resize((right - left, bottom - top), Image.Resampling.BILINEAR)
    )
    found = matte.copy()
    here = found[top:bottom, left:right]
    share = np.float32(segmenter.closer)
    odds = (1 - share) * _log_odds(here) + share * _log_odds(again)
    here[:] = 1 / (1 + np.exp(-odds))
    return found


def _around(matte: Vector) -> tuple[int, ...]:
    """Return top, bottom, left and right of the subject with some room; zeros for none."""
    reach = []
    for axis in (1, 0):
        there = np.flatnonzero((matte > 0.5).any(axis))
        start, end = (int(there[0]), int(there[-1]) + 1) if len(there) else (0, 0)
        room = round(_AROUND * (end - start))
        reach += [max(0, start - room), min(matte.shape[1 - axis], end + room)]
    return tuple(reach)


def _log_odds(matte: Vector) -> Vector:
    sure = matte.clip(_SURE, 1 - _SURE)
    found: Vector = np.log(sure / (1 - sure))
    return found
