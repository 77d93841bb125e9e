"""New pictures written in random order while a daemon watches: none may be missed.

    python tests/bench/writing.py [--count 10000] [--photos FOLDER]

Every twentieth file lies half-written for a while, every fiftieth is written under another name and
renamed, every hundredth grows twice. The last line is JSON: files, missed, failed, seconds from the
first byte to the last picture indexed, and seconds that writing alone took.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bowerbird.library import Library

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = ROOT.parent / "shared/data/flickr8k/dev"
PATIENCE_S = 300.0


def main() -> None:
    """Start the daemon, write, wait, compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--photos", type=Path, default=PHOTOS)
    options = parser.parse_args()
    photos = sorted(options.photos.glob("*.jpg"))
    with tempfile.TemporaryDirectory() as home:
        folder, library = Path(home, "photos"), Path(home, "library")
        folder.mkdir()
        with Library.open(library) as opened:
            opened.add_folder(folder)
        daemon = subprocess.Popen(
            [sys.executable, "-m", "bowerbird", "--library", str(library), "sync", "--daemon"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "app")},
        )
        try:
            time.sleep(3)  # it is to watch by then
            print(json.dumps(measure(folder, library, photos, options.count)))
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait()


def measure(folder: Path, library: Path, photos: list[Path], count: int) -> dict[str, float | int]:
    """Write pictures, and wait until all are indexed or nothing goes on."""
    order = list(range(count))
    random.Random(1).shuffle(order)
    begun = time.monotonic()
    for number in order:
        write(folder, number, photos[number % len(photos)].read_bytes())
    written = time.monotonic() - begun
    with Library.open(library) as opened:
        until = time.monotonic() + PATIENCE_S
        while opened.counts().ok < count and time.monotonic() < until:
            time.sleep(0.5)
        counts = opened.counts()
    took = time.monotonic() - begun
    return {
        "files": count,
        "missed": count - counts.ok - counts.failed,
        "failed": counts.failed,
        "seconds": round(took, 1),
        "writing_s": round(written, 1),
    }


def write(folder: Path, number: int, photo: bytes) -> None:
    """Write one picture as programs do: at once, in halves, under another name, or bit by bit."""
    data = photo + number.to_bytes(4, "big")  # no two are the same
    path = folder / f"{number % 40:02d}" / f"{number % 7}" / f"{number:05d}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    first = path.with_suffix(".part") if number % 50 == 0 else path
    with first.open("wb") as stream:
        stream.write(data[: len(data) // 2])
        if number % 20 == 0:
            stream.flush()
            time.sleep(0.08)
        stream.write(data[len(data) // 2 :])
    if first != path:
        first.rename(path)
    if number % 100 == 1:
        for _ in range(2):
            time.sleep(0.02)
            with path.open("ab") as stream:
                stream.write(b"more")


if __name__ == "__main__":
    main()
