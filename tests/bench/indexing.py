"""Indexing of large JPEGs against its own parts: decoding alone and encoding alone.

    python tests/bench/indexing.py [--count 500] [--workers N] [--folder FOLDER]

All three use the pipeline's own pool size and functions, in one run, in turns, so that a machine
whose speed drifts slows them alike. `full_decode_ratio` compares a decode at full size.
"""

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray
from photos import ROOT, large_photos
from PIL import Image

from bowerbird.decode.decoder import decode
from bowerbird.decode.formats import EXTENSIONS
from bowerbird.indexing.pipeline import Job, prepare
from bowerbird.library import Library
from bowerbird.settings import Settings
from bowerbird.sources.kinds import open_source
from bowerbird.types import Collection, Entry, SourceKind

ROUNDS = 3


def seconds(work: Callable[[], object]) -> float:
    """Run `work` once."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def index(pictures: Path, settings: Settings, batch: NDArray[np.uint8]) -> float:
    """Index a folder into a fresh library; seconds, without those of opening it and the model."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(folder, settings=settings) as library,
    ):
        library._encoder().encode_images(batch)
        collection = library.add_folder(pictures)
        begun = time.perf_counter()
        for _ in library.sync(collection):
            pass
        took = time.perf_counter() - begun
        assert library.counts().ok == len(list(pictures.glob("*.jpg")))
        return took


def full_decode(path: Path) -> None:
    """Decode every pixel, then shrink: what a program without reduced-scale decoding does."""
    with Image.open(path) as image:
        image.convert("RGB").resize((320, 240), Image.Resampling.BICUBIC)


def main() -> None:
    """Measure in turns and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--folder", type=Path, default=ROOT / ".cache" / "bench" / "photos-12mp")
    parser.add_argument("--workers", type=int, default=0, help="decode threads; 0 for the default")
    options = parser.parse_args()
    folder = options.folder / str(options.count)
    paths = large_photos(folder, options.count)
    settings = Settings(decode_workers=options.workers)
    with tempfile.TemporaryDirectory() as home, Library.open(home) as library:
        encoder = library._encoder()
        spec = encoder.spec
        collection = Collection(1, "", "bench", SourceKind.FOLDER, str(folder))
        source = open_source(collection, settings, EXTENSIONS, library._store.items(1), folder)
        jobs = [Job(1, Entry(path.name, path.stat().st_size, 0)) for path in paths]
        rng = np.random.default_rng(0)
        batch = rng.integers(0, 256, (settings.batch_size, spec.size, spec.size, 3), np.uint8)
        encoder.encode_images(batch)

        free = threading.Semaphore(settings.workers)

        def decode_alone() -> None:
            with ThreadPoolExecutor(settings.workers) as pool:
                list(pool.map(lambda job: prepare(job, source, spec, settings, free), jobs))

        def encode_alone() -> None:
            for _ in range(0, len(jobs), settings.batch_size):
                encoder.encode_images(batch)

        times: dict[str, list[float]] = {"decode": [], "encode": [], "pipeline": []}
        for _ in range(ROUNDS):
            times["decode"].append(seconds(decode_alone))
            times["encode"].append(seconds(encode_alone))
            times["pipeline"].append(index(folder, settings, batch))

        def reduced() -> None:
            for path in paths[:20]:
                with path.open("rb") as stream:
                    decode(stream, path.name, spec, max_pixels=settings.max_pixels)

        ratios = [
            seconds(lambda: [full_decode(path) for path in paths[:20]]) / seconds(reduced)
            for _ in range(ROUNDS)
        ]
    rate = {name: len(jobs) / median(runs) for name, runs in times.items()}
    slower = min(rate["decode"], rate["encode"])
    print(
        json.dumps(
            {
                "count": len(jobs),
                "workers": settings.workers,
                "decode_per_s": round(rate["decode"], 1),
                "encode_per_s": round(rate["encode"], 1),
                "pipeline_per_s": round(rate["pipeline"], 1),
                "of_slower": round(
                    median(
                        max(d, e) / p
                        for d, e, p in zip(
                            times["decode"], times["encode"], times["pipeline"], strict=True
                        )
                    ),
                    3,
                ),
                "slower_per_s": round(slower, 1),
                "full_decode_ratio": round(median(ratios), 2),
            }
        )
    )


if __name__ == "__main__":
    main()
