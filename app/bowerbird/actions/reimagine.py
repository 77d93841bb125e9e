"""Makes pictures that are like one, and are not it: from its own patches, or by a model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bowerbird.actions.export import save
from bowerbird.decode.decoder import load_whole
from bowerbird.engines.generator import Drawn, Generator
from bowerbird.errors import DecodeError, NoPictureError, UsageError
from bowerbird.types import Variation

if TYPE_CHECKING:
    from bowerbird.types import Pixels

Floats = NDArray[np.float32]

MOST = 8
# What the method without weights is called where one is chosen.
PATCHES = "patches"
# Side of a patch, and longest side at which patches are searched: from there on to the full size,
# what was chosen is copied from the picture itself.
_PATCH, _SEARCHED = 7, 176
# Shorter side at which a picture is dreamt up, and how much larger each next step is.
_SMALLEST, _STEP = 22, 4 / 3
# Times that patches are chosen and blended at the smallest size, and at the others.
_FIRST, _LATER = 8, 2
# Numbers that a patch is told by when it is searched, of three colours times its area.
_TOLD_BY = 40
# How little a patch that is used already counts as near; small makes all of a picture come up.
_EVERYTHING = 0.02
# Patches compared at once, and rows laid at once.
_AT_ONCE, _STRIP = 4096, 256


def reimagine(
    picture: Pixels, count: int = 1, *, seed: int = 0, strength: float = 0.35
) -> Iterator[Pixels]:
    """Yield variations of a picture, each of its size; the same seed gives the same.

    Nearest neighbours among patches, across a pyramid (Granot et al., "Drop the GAN: In Defense of
    Patches Nearest Neighbors as Single Image Generative Models", 2022): a noisy small version is
    made of the picture's own patches, and every next step replaces what it got by the patches of
    its size that are nearest to it. At full size, pieces of the picture are laid where the last
    step chose them.

    Args:
        picture: RGB uint8 [height, width, 3].
        count: How many, 1 to 8.
        seed: What tells one set of variations from another, from 0.
        strength: How far from the picture, 0 to 1.

    Raises:
        UsageError: Count or strength are none of these, or the picture is too small.
    """
    _check(count, seed, strength)
    if min(picture.shape[:2]) < 2 * _PATCH:
        raise UsageError(f"A picture of fewer than {2 * _PATCH} pixels a side holds no patches.")
    levels = [_shrunk(picture, size) for size in _sizes(picture.shape[1], picture.shape[0])]
    for number in range(count):
        yield _one(picture, levels, np.random.default_rng((seed, number)), strength)


class Patches:
    """The Generator that needs no weights: `reimagine`, a picture a step."""

    @property
    def id(self) -> str:
        """What the user names it by."""
        return PATCHES

    def reimagine(
        self, picture: Pixels, count: int = 1, *, seed: int = 0, strength: float = 0.35
    ) -> Iterator[Drawn]:
        """Make variations of a picture out of its own patches.

        Raises:
            UsageError: The picture is too small.
        """
        found = reimagine(picture, count, seed=seed, strength=strength)
        for number, variation in enumerate(found, 1):
            yield Drawn(number / count, variation)


def reimagine_file(
    file: Path,
    folder: Path | None,
    count: int,
    *,
    seed: int,
    strength: float,
    max_pixels: int,
    generator: Generator | None = None,
) -> Iterator[Variation]:
    """Write NAME-variation.png for each variation, never over a file that is there.

    Args:
        file: The picture.
        folder: Where to write; None for beside it.
        count: How many, 1 to 8.
        seed: What tells one set of variations from another.
        strength: How far from the picture, 0 to 1.
        max_pixels: A picture with more is refused.
        generator: What makes them; None for the picture's own patches.

    Raises:
        UsageError: Count, seed or strength are none of these, there is no such file, or it is too
            small.
        DecodeError: It is not a picture that can be read.
        ModelError: The generator cannot be loaded or run.
        SourceDeniedError: The folder may not be written.
        StorageFullError: No space is left; the file that was cut short is removed.
    """
    _check(count, seed, strength)
    try:
        with file.open("rb") as stream:
            picture = load_whole(stream, file.name, max_pixels=max_pixels)
    except OSError as error:
        raise NoPictureError(f"{file} cannot be read: {error.strerror}. Check the path.") from error
    except DecodeError as error:
        raise type(error)(f"{file} cannot be used: it {error}.") from error
    generator = generator or Patches()
    steps = generator.reimagine(picture, count, seed=seed, strength=strength)
    # Closed with this one, not when somebody gets to it: what draws behind it ends then.
    with contextlib.closing(steps):  # type: ignore[type-var]  # all of them are generators
        for drawn, remaining_s in _timed(steps):
            path = None
            if drawn.picture is not None:
                image = Image.fromarray(drawn.picture)
                path = save(image, folder or file.parent, f"{file.stem}-variation.png")
            yield Variation(drawn.done, path, remaining_s)


def _timed(steps: Iterator[Drawn]) -> Iterator[tuple[Drawn, float | None]]:
    """Yield steps with the seconds that are left, of which pauses are no part.

    What lies before the first step counts as little: weights are loaded once.
    """
    spent, first = 0.0, None
    while True:
        start = monotonic()
        drawn = next(steps, None)
        if drawn is None:
            return
        if first is None:
            first = drawn.done if drawn.done > 0 else None
            yield drawn, None
            continue
        spent += monotonic() - start
        gone = drawn.done - first
        yield drawn, spent / gone * (1 - drawn.done) if gone > 0 else None


def _check(count: int, seed: int, strength: float) -> None:
    if not 1 <= count <= MOST:
        raise UsageError(f"1 to {MOST} variations can be made at once, not {count}.")
    if seed < 0:
        raise UsageError(f"A seed is a number from 0, and not {seed}.")
    if not 0 <= strength <= 1:
        raise UsageError(f"The strength lies between 0 and 1, and is not {strength}.")


def _sizes(width: int, height: int) -> list[tuple[int, int]]:
    """Return widths and heights of the steps, the smallest first."""
    scale = min(1.0, _SEARCHED / max(width, height))
    sizes = []
    while True:
        size = (max(_PATCH, round(width * scale)), max(_PATCH, round(height * scale)))
        sizes.append(size)
        if min(size) <= _SMALLEST:
            return sizes[::-1]
        scale /= _STEP


def _shrunk(picture: Pixels, size: tuple[int, int]) -> Floats:
    small = Image.fromarray(picture).resize(size, Image.Resampling.BOX)
    return np.asarray(small, np.float32) / np.float32(255)


def _one(
    picture: Pixels, levels: list[Floats], rng: np.random.Generator, strength: float
) -> Pixels:
    first = levels[0]
    # What is dreamt of: its own blurred self, moved about, under noise.
    noise = rng.standard_normal(first.shape).astype(np.float32)
    now = _wandered(first, rng, strength) + noise * np.float32(0.05 + 0.55 * strength)
    chosen: NDArray[np.intp] = np.empty(0, np.intp)
    for number, level in enumerate(levels):
        if number:
            now = _resized(now, level.shape)
        known = level if number == 0 else _resized(levels[number - 1], level.shape)
        for turn in range(_FIRST if number == 0 else _LATER):
            # The first look compares with what is as blurred as the guess itself.
            chosen = _nearest(now, known if turn == 0 else level)
            now = _blended(level, chosen)
    return _laid(picture, chosen, levels[-1].shape[:2])


def _wandered(level: Floats, rng: np.random.Generator, strength: float) -> Floats:
    """Move what is in a small picture, each place a little elsewhere than its neighbours."""
    height, width = level.shape[:2]
    reach = 0.35 * strength
    moves = rng.standard_normal((2, 3, 3)).astype(np.float32) * np.float32(reach)
    ways = [
        np.asarray(
            Image.fromarray(move).resize((width, height), Image.Resampling.BICUBIC), np.float32
        )
        for move in moves
    ]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y = np.rint(y + ways[0] * height).clip(0, height - 1).astype(int)
    x = np.rint(x + ways[1] * width).clip(0, width - 1).astype(int)
    found: Floats = level[y, x]
    return found


def _resized(level: Floats, shape: tuple[int, ...]) -> Floats:
    planes = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(level[..., channel])).resize(
                (shape[1], shape[0]), Image.Resampling.BICUBIC
            ),
            np.float32,
        )
        for channel in range(3)
    ]
    return np.stack(planes, -1)


def _patches(level: Floats) -> Floats:
    """Return every patch in rows, float32 [patches, area * 3]."""
    windows = np.lib.stride_tricks.sliding_window_view(level, (_PATCH, _PATCH), (0, 1))
    return np.ascontiguousarray(windows.reshape(-1, 3 * _PATCH * _PATCH))


def _nearest(guess: Floats, known: Floats) -> NDArray[np.intp]:
    """Return for each patch of a guess the number of the known patch that takes its place."""
    keys, asked = _patches(known), _patches(guess)
    mean = keys.mean(0)
    keys, asked = keys - mean, asked - mean
    if len(keys) > 4 * _TOLD_BY:
        # The directions in which patches differ tell them as well as all of their pixels.
        sample = keys[:: max(1, len(keys) // 4000)]
        _, _, directions = np.linalg.svd(sample, full_matrices=False)
        told = np.ascontiguousarray(directions[:_TOLD_BY].T)
        keys, asked = keys @ told, asked @ told
    # Such that their products are squared distances: one pass over them is what takes the time.
    keys = np.column_stack([keys, (keys**2).sum(1), np.ones(len(keys), np.float32)])
    asked = np.column_stack([-2 * asked, np.ones(len(asked), np.float32), (asked**2).sum(1)])
    # How near each known patch comes to anything at all: what nothing is near to is wanted more.
    rare = np.full(len(keys), np.inf, np.float32)
    for rows in _runs(len(asked)):
        np.minimum(rare, (asked[rows] @ keys.T).min(0), out=rare)
    wanted = keys / (np.maximum(rare, 0) + np.float32(_EVERYTHING))[:, None]
    found = np.empty(len(asked), np.intp)
    for rows in _runs(len(asked)):
        found[rows] = (asked[rows] @ wanted.T).argmin(1)
    return found


def _runs(count: int) -> list[slice]:
    return [slice(start, start + _AT_ONCE) for start in range(0, count, _AT_ONCE)]


def _blended(level: Floats, chosen: NDArray[np.intp]) -> Floats:
    """Lay the chosen patches over each other and average."""
    height, width = level.shape[:2]
    down, across = height - _PATCH + 1, width - _PATCH + 1
    top, left = np.divmod(chosen.reshape(down, across), across)
    total = np.zeros_like(level)
    times = np.zeros((height, width, 1), np.float32)
    for y in range(_PATCH):
        for x in range(_PATCH):
            total[y : y + down, x : x + across] += level[top + y, left + x]
            times[y : y + down, x : x + across] += 1
    found: Floats = total / times
    return found


def _laid(picture: Pixels, chosen: NDArray[np.intp], small: tuple[int, int]) -> Pixels:
    """Return the picture with its pieces where patches of a smaller one were chosen.

    Every pixel is an average of what the four choices around it say, so that pieces that go on
    beside each other have no seam, and others a soft one.
    """
    height, width = picture.shape[:2]
    down, across = small[0] - _PATCH + 1, small[1] - _PATCH + 1
    top, left = np.divmod(chosen.reshape(down, across), across)
    # Where the middle of each patch came from, less where it lies.
    moved_y = (top - np.arange(down)[:, None]).astype(np.float32) * (height / small[0])
    moved_x = (left - np.arange(across)[None, :]).astype(np.float32) * (width / small[1])
    half = _PATCH // 2
    y = (np.arange(height, dtype=np.float32) + 0.5) * (small[0] / height) - 0.5 - half
    x = (np.arange(width, dtype=np.float32) + 0.5) * (small[1] / width) - 0.5 - half
    y, x = y.clip(0, down - 1), x.clip(0, across - 1)
    x0 = np.floor(x).astype(int)
    fx = (x - x0)[None, :]
    columns = np.arange(width, dtype=np.float32)[None, :]
    found = np.empty_like(picture)
    # In strips, so that a large picture needs little more memory than it takes itself.
    for start in range(0, height, _STRIP):
        rows = np.arange(start, min(start + _STRIP, height))
        y0 = np.floor(y[rows]).astype(int)
        fy = (y[rows] - y0)[:, None]
        total = np.zeros((len(rows), width, 3), np.float32)
        for dy in (0, 1):
            for dx in (0, 1):
                at = np.ix_(np.minimum(y0 + dy, down - 1), np.minimum(x0 + dx, across - 1))
                share = (fy if dy else 1 - fy) * (fx if dx else 1 - fx)
                from_y = np.rint(rows[:, None] + moved_y[at]).clip(0, height - 1).astype(int)
                from_x = np.rint(columns + moved_x[at]).clip(0, width - 1).astype(int)
                total += picture[from_y, from_x] * share[..., None]
        found[rows] = np.rint(total).clip(0, 255)
    return found
