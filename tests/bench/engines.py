"""Measures the built-in encoder: time to load each tower, images a second, and a text's time."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "app"))

import numpy as np

from bowerbird import paths
from bowerbird.engines.builtin import BuiltinEncoder

TEXTS = ("a dog", "two children on a beach at sunset", "red running shoes", "a cat on a sofa")
# In a process of its own, so that what is imported counts.
COLD = """
import sys, time
start = time.perf_counter()
sys.path.insert(0, {app!r})
from pathlib import Path
from bowerbird.engines.builtin import BuiltinEncoder
encoder = BuiltinEncoder(Path({folder!r}))
if {what!r} == "text":
    encoder.encode_texts(["a dog"])
else:
    import numpy as np
    encoder.encode_images(np.ones((1, encoder.spec.size, encoder.spec.size, 3), np.uint8))
print(time.perf_counter() - start)
"""


def cold(folder: Path, what: str, runs: int) -> float:
    """Return the median seconds from a bare Python to the first vector."""
    app = str(Path(__file__).resolve().parents[2] / "app")
    code = COLD.format(app=app, folder=str(folder), what=what)
    seconds = []
    for _ in range(runs):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        seconds.append(float(done.stdout))
    return statistics.median(seconds)


def images_per_second(encoder: BuiltinEncoder, batch: int, seconds: float) -> float:
    """Return the best of the rates of single batches within that time."""
    random = np.random.default_rng(0)
    size = encoder.spec.size
    pixels = random.integers(0, 256, (batch, size, size, 3), np.uint8)
    encoder.encode_images(pixels)
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        encoder.encode_images(pixels)
        best = min(best, time.perf_counter() - start)
    return batch / best


def text_milliseconds(encoder: BuiltinEncoder, runs: int) -> float:
    """Return the median time of one text."""
    encoder.encode_texts(TEXTS[:1])
    spent = []
    for at in range(runs):
        start = time.perf_counter()
        encoder.encode_texts([TEXTS[at % len(TEXTS)]])
        spent.append(time.perf_counter() - start)
    return statistics.median(spent) * 1000


def main() -> None:
    """Print a line a figure, then all as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=paths.resource("models/builtin"))
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=8.0)
    arguments = parser.parse_args()
    encoder = BuiltinEncoder(arguments.folder)
    figures = {
        "load_s": round(cold(arguments.folder, "text", 5), 3),
        "load_images_s": round(cold(arguments.folder, "images", 3), 3),
        "images_per_s": round(images_per_second(encoder, arguments.batch, arguments.seconds), 1),
        "text_ms": round(text_milliseconds(encoder, 200), 2),
    }
    for name, value in figures.items():
        print(f"{name:14} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
