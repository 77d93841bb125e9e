"""What strokes of a hand make of cut-outs, against masks drawn by people.

    python tests/bench/strokes.py ../shared/data/ecssd [--hardness 0.6] [--limit N]

The hand is simulated: it dabs where the error is deepest, with a brush that overshoots it by a
third, as hands do. Photos that were kept out of training, those that the network got least right.
The last line is JSON: iou (at one half, the mean) after each number of dabs, and seconds that a
look at a photo of a screen's size takes, by the number of its strokes.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import cv2
import numpy as np
from cutout import held_out
from PIL import Image

from bowerbird import paths
from bowerbird.actions.background import corrected
from bowerbird.actions.draft import Draft
from bowerbird.actions.subject import find
from bowerbird.engines.segmenter import BuiltinSegmenter
from bowerbird.types import Stroke

OVERSHOOT = 4 / 3
STEPS = (0, 1, 3, 5, 10)
SCREEN = 2048
TIMED = (0, 1, 10, 100)


def overlap(alpha: np.ndarray, mask: np.ndarray) -> float:
    """Return the share of what either has that both have."""
    here = alpha >= 128
    either = int((here | mask).sum())
    return float((here & mask).sum() / either) if either else 1.0


def dab(alpha: np.ndarray, mask: np.ndarray, hardness: float) -> Stroke:
    """Return a dab where the error is deepest."""
    wrong = np.pad((alpha >= 128) != mask, 1)
    deep = cv2.distanceTransform(wrong.astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    y, x = np.unravel_index(int(deep.argmax()), deep.shape)
    height, width = mask.shape
    radius = min(0.25, OVERSHOOT * float(deep.max()) / max(height, width))
    point = ((x + 0.5) / width, (y + 0.5) / height)
    return Stroke((point,), radius, hardness, bool(mask[y, x]))


def correct(
    picture: np.ndarray, coarse: np.ndarray, mask: np.ndarray, hardness: float
) -> list[float]:
    """Return the overlap after each of `STEPS` dabs."""
    strokes: list[Stroke] = []
    found = []
    for number in range(max(STEPS) + 1):
        alpha = corrected(picture, coarse, strokes).alpha
        if number in STEPS:
            found.append(overlap(alpha, mask))
        strokes.append(dab(alpha, mask, hardness))
    return found


def time_looks(picture: np.ndarray, segmenter: BuiltinSegmenter) -> dict[str, float]:
    """Return seconds that a look takes, the median of five, by the number of strokes."""
    size = (SCREEN, round(SCREEN * picture.shape[0] / picture.shape[1]))
    draft = Draft(np.asarray(Image.fromarray(picture).resize(size)), segmenter, 10**9)
    draft.look(())
    ways = np.random.default_rng(1).random((max(TIMED), 8, 2)).cumsum(1) / 8
    every = [Stroke(tuple(map(tuple, way)), 0.03, 0.6, bool(n % 2)) for n, way in enumerate(ways)]
    found = {}
    for count in TIMED:
        took = []
        for _ in range(5):
            begun = time.perf_counter()
            draft.look(every[:count])
            took.append(time.perf_counter() - begun)
        found[str(count)] = round(statistics.median(took), 3)
    return found


def main() -> None:
    """Correct what is worst, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="with images/ and masks/ of the same names")
    parser.add_argument("--hardness", type=float, default=0.6, help="of the brush")
    parser.add_argument("--limit", type=int, default=40, help="how many of the worst")
    options = parser.parse_args()
    segmenter = BuiltinSegmenter(paths.resource("models/segmenter"))
    cases = []
    for path in sorted((options.folder / "images").iterdir()):
        if held_out(path):
            with Image.open(path) as image:
                picture = np.asarray(image.convert("RGB"))
            with Image.open(options.folder / "masks" / f"{path.stem}.png") as image:
                mask = np.asarray(image.convert("L").resize(picture.shape[1::-1], 0)) >= 128
            coarse = find(picture, segmenter)
            score = overlap(corrected(picture, coarse, ()).alpha, mask)
            cases.append((score, picture, coarse, mask))
    cases.sort(key=lambda case: case[0])
    worst = cases[: options.limit]
    rows = [correct(picture, coarse, mask, options.hardness) for _, picture, coarse, mask in worst]
    means = np.mean(rows, 0).round(3).tolist()
    figures = {
        "pictures": len(worst),
        "iou": dict(zip(map(str, STEPS), means, strict=True)),
        "seconds": time_looks(worst[0][1], segmenter),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
