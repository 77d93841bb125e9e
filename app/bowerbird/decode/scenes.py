"""Chooses the frames of a film that are worth keeping, from small samples of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bowerbird.types import Pixels, Vector

# Where nothing is cut, a frame is still kept every so many seconds.
EVERY_S = 30.0
# Frames that are kept of one file; of more, the one that differs most in each part of the film.
MOST = 64
# Cuts nearer than this to the last frame that was kept are flashes.
LEAST_S = 0.4
# A cut is a difference of at least this (0..1), and so many times the usual one around it.
CUT, TIMES_USUAL = 0.22, 2.5
# Samples before and behind by which the usual difference is judged.
AROUND = 4
# A scene that changed by this since the frame that was kept of it shows something else.
DRIFT = 0.42
# Means of a frame's light, and its spread, below which there is nothing to see (0..255).
DARK, FLAT = 20.0, 3.0
# Steps of each colour channel in a histogram.
_STEPS = 4
# Cells of a side by which the layout of two frames is compared.
_CELLS = 8


def choose(times: Sequence[float], samples: Pixels) -> list[int]:
    """Return which samples to keep, ascending: the first good one, and one of every scene.

    A cut is where colours and layout differ from the sample before by more than they usually do
    around it, so that a shaking camera or a pan is not taken for one.

    Args:
        times: Seconds, ascending [n].
        samples: RGB [n, side, side, 3].
    """
    if not times:
        return []
    looks = _Looks(samples)
    steps = np.array([0.0, *(looks.apart(at - 1, at) for at in range(1, len(times)))])
    kept: list[int] = []
    strength: list[float] = []
    last, waiting = 0, True
    for at, moment in enumerate(times):
        waiting = waiting or _is_cut(steps, at)
        if not looks.good[at] or (kept and moment - times[last] < LEAST_S):
            continue
        apart = looks.apart(last, at) if kept else 1.0
        # After a flash or a black frame the scene may be the same as before.
        cut = waiting and apart >= CUT
        waiting = False
        if not kept or cut or apart >= DRIFT or moment - times[last] >= EVERY_S:
            kept.append(at)
            strength.append(apart)
            last = at
    return _spread(kept, strength) if kept else [0]


def _is_cut(steps: Vector, at: int) -> bool:
    around = np.concatenate((steps[max(1, at - AROUND) : at], steps[at + 1 : at + 1 + AROUND]))
    usual = float(np.median(around)) if len(around) else 0.0
    return bool(steps[at] >= max(CUT, TIMES_USUAL * usual))


def _spread(kept: list[int], strength: list[float]) -> list[int]:
    """Keep at most `MOST`, from all parts of the film."""
    if len(kept) <= MOST:
        return kept
    parts = np.array_split(np.arange(len(kept)), MOST)
    best = [max(part.tolist(), key=lambda at: strength[at]) for part in parts]
    return [kept[0], *(kept[at] for at in best[1:])]


class _Looks:
    """What samples are compared by: the shares of their colours, and where light and dark lie."""

    def __init__(self, samples: Pixels) -> None:
        count, side = samples.shape[:2]
        steps = (samples // (256 // _STEPS)).astype(np.int64)
        bins = (steps[..., 0] * _STEPS + steps[..., 1]) * _STEPS + steps[..., 2]
        bins = bins.reshape(count, -1)
        self._colours = np.stack(
            [np.bincount(row, minlength=_STEPS**3) / row.size for row in bins]
        ).astype(np.float32)
        cell = side // _CELLS
        cells = samples.reshape(count, _CELLS, cell, _CELLS, cell, 3)
        self._layout = cells.mean((2, 4), dtype=np.float32) / 255
        light = samples.mean(3, dtype=np.float32).reshape(count, -1)
        self.good = (light.mean(1) >= DARK) & (light.std(1) >= FLAT)

    def apart(self, one: int, other: int) -> float:
        """Return how much two samples differ, 0..1."""
        colours = np.abs(self._colours[one] - self._colours[other]).sum() / 2
        layout = np.abs(self._layout[one] - self._layout[other]).mean()
        # Halves of a film's frames differ by a quarter of the full range where they differ at all.
        return float(0.5 * colours + 0.5 * min(1.0, 4 * layout))
