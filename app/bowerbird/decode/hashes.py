"""Perceptual hashes of 64 bits; near-identical pictures differ in a few of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# The eight ways to turn and mirror a picture: transposed, then mirrored, then upside down.
WAYS = tuple((tr, fx, fy) for tr in (0, 1) for fx in (0, 1) for fy in (0, 1))
_SIDE = 32


def _cosines() -> NDArray[np.float32]:
    """The 8 lowest rows of the DCT-II of 32 samples."""
    frequency, sample = np.mgrid[0:8, 0:_SIDE]
    angles = np.pi * frequency * (2 * sample + 1) / (2 * _SIDE)
    return np.asarray(np.cos(angles), dtype=np.float32)


_DCT = _cosines()


def _ways() -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """Return for the eight ways to turn a picture which bit comes where, and which change."""
    places = np.arange(64).reshape(8, 8)
    down, across = np.mgrid[0:8, 0:8] % 2
    turned_to = [(places.T if tr else places).ravel() for tr, _, _ in WAYS]
    flipped = [(fx * across ^ fy * down).ravel() for _, fx, fy in WAYS]
    return np.array(turned_to), np.array(flipped, np.uint8)


_TURNED, _FLIPPED = _ways()


def phash(grey: Image.Image) -> int:
    """Return the DCT hash of an image of mode L.

    Each bit says whether one of the 64 lowest frequencies of 32 x 32 pixels lies above their
    median (Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010).
    """
    samples = np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=np.float32)
    low = (_DCT @ samples @ _DCT.T).ravel()
    # Without the mean, which would dominate. Rounded, so that flat pictures have no noisy bits.
    return _bits(np.round(low, 2) > np.median(np.round(low[1:], 2)))


def dhash(grey: Image.Image) -> int:
    """Return the gradient hash of an image of mode L: is each pixel darker than the next one?"""
    samples = np.asarray(grey.resize((9, 8), Image.Resampling.BOX), dtype=np.int16)
    return _bits((samples[:, 1:] > samples[:, :-1]).ravel())


def _bits(flags: NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(flags).tobytes(), "big")


def turned(phashes: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Return what DCT hashes become when their pictures are turned and mirrored in all ways.

    Where a picture is mirrored, every odd frequency across it changes its sign, and so its bit.

    Args:
        phashes: uint64 [n].

    Returns:
        uint8 [8, n, 8]: for each of `WAYS` the hashes' bytes.
    """
    rows = np.ascontiguousarray(phashes).astype(">u8").view(np.uint8).reshape(-1, 8)
    bits = np.unpackbits(rows, axis=1)
    ways = bits[:, _TURNED].transpose(1, 0, 2) ^ _FLIPPED[:, None]
    return np.packbits(ways, axis=2)
