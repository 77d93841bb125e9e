"""How long looks at a picture take, and whether tags are right.

    python tests/bench/analysis.py [--photos ../shared/data/ecssd/images] [--count 60]

Colours and quality are timed on a decode of 320 pixels, the shape over the segmenter's own time.
The
last line is JSON, medians in milliseconds.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from bowerbird import paths
from bowerbird.actions.palette import palette
from bowerbird.actions.silhouette import silhouette
from bowerbird.decode.decoder import fit
from bowerbird.decode.quality import judge
from bowerbird.engines.segmenter import BuiltinSegmenter

PHOTOS = Path(__file__).parents[3] / "shared/data/ecssd/images"


def timed(act: Callable[[], object]) -> float:
    """Return the milliseconds that something takes."""
    begun = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    """Time each look on every photo."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photos", type=Path, default=PHOTOS)
    parser.add_argument("--count", type=int, default=60)
    options = parser.parse_args()
    segmenter = BuiltinSegmenter(paths.resource("models/segmenter"))
    found: dict[str, list[float]] = {}
    for path in sorted(options.photos.glob("*.jpg"))[: options.count]:
        image = Image.open(path).convert("RGB")
        image.thumbnail((320, 320))
        pixels = np.asarray(image)
        matte = segmenter.segment(fit(image, segmenter.spec)[None])[0]
        square = Image.fromarray(np.rint(matte * 255).astype(np.uint8))
        alpha = np.asarray(square.resize(image.size))
        if not (alpha >= 128).mean() > 0.01:
            continue
        looks: dict[str, Callable[[], object]] = {
            "colours_ms": lambda pixels=pixels: palette(pixels, 5),
            "colours_10_ms": lambda pixels=pixels: palette(pixels, 10),
            "quality_ms": lambda image=image: judge(image),
            "silhouette_ms": lambda alpha=alpha: silhouette(alpha),
            "silhouette_turned_ms": lambda alpha=alpha: silhouette(alpha, turned=True),
        }
        for name, look in looks.items():
            found.setdefault(name, []).append(timed(look))
    print(json.dumps({name: round(statistics.median(times), 2) for name, times in found.items()}))


if __name__ == "__main__":
    main()
