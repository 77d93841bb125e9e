"""Re-scan of many unchanged files, and opening a large library in the window.

    python tests/bench/rescan.py [--count 100000]

The files are empty stubs with a picture's name; the rows are written through the real store, so
that the re-scan finds every one of them known. The baseline is a bare walk with `os.scandir`.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from bowerbird.library import Library
from bowerbird.types import Colour, Decoded, Entry, Exif, Fingerprint, Record

PER_FOLDER = 1000

# From a bare Python to the first picture on the screen, while the window syncs behind it.
FIRST_PICTURE = """
import sys, time
begun = time.perf_counter()
from pathlib import Path
from bowerbird.gui.app import make_application
from bowerbird.gui.theme import Theme
from bowerbird.gui.window import Window
from bowerbird.library import Library
application = make_application()
window = Window(Theme(application), lambda: Library.open(Path(sys.argv[1])))
window._thumbnails.ready.connect(lambda _: application.quit())
window.show()
application.exec()
window.grab()
print(time.perf_counter() - begun, flush=True)
window.close()
"""


def make_files(root: Path, count: int) -> list[Entry]:
    """Make empty stubs, a thousand a folder."""
    entries = []
    for number in range(count):
        folder = root / f"{number // PER_FOLDER:04d}"
        if number % PER_FOLDER == 0:
            folder.mkdir(parents=True)
        path = folder / f"stub-{number:07d}.jpg"
        path.touch()
        stat = path.stat()
        entries.append(Entry(path.relative_to(root).as_posix(), stat.st_size, stat.st_mtime_ns))
    return entries


def fill(library: Library, root: Path, entries: list[Entry]) -> None:
    """Write a row for every stub, as indexing would."""
    collection = library.add_folder(root)
    encoder = library._encoder()
    rng = np.random.default_rng(0)
    picture = thumbnail()
    for start in range(0, len(entries), 1000):
        records = []
        for offset, entry in enumerate(entries[start : start + 1000]):
            vector = rng.normal(size=encoder.dim).astype(np.float32)
            decoded = Decoded(
                width=4000,
                height=3000,
                format="jpeg",
                pixels=np.empty((0, 0, 3), np.uint8),
                thumbnail=picture if start + 1000 >= len(entries) else b"",
                phash=start + offset,
                dhash=start + offset,
                colours=(Colour(10, 20, 30, 1.0),),
                exif=Exif(),
            )
            mark = f"{start + offset:032x}"
            records.append(
                Record(
                    collection.id,
                    entry,
                    fingerprint=Fingerprint(mark, mark),
                    decoded=decoded,
                    embedding=vector / np.linalg.norm(vector),
                )
            )
        library._store.write(records, encoder.id)


def thumbnail() -> bytes:
    """Return a picture of the size that thumbnails have."""
    stream = io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 256, (15, 20, 3), np.uint8)
    image = Image.fromarray(noise).resize((320, 240), Image.Resampling.BICUBIC)
    image.save(stream, "WEBP", quality=80)
    return stream.getvalue()


def walk(root: Path) -> int:
    """Count files with the bare minimum of work: names, sizes and times."""
    count = 0
    folders = [str(root)]
    while folders:
        with os.scandir(folders.pop()) as found:
            for entry in found:
                if entry.is_dir():
                    folders.append(entry.path)
                else:
                    entry.stat()
                    count += 1
    return count


def main() -> None:
    """Make the stubs and the rows, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as home:
        root, folder = Path(home) / "stubs", Path(home) / "library"
        entries = make_files(root, count)
        with Library.open(folder) as library:
            fill(library, root, entries)
            collection = library.collections()[0]
            for _ in library.sync(collection):  # builds the index once
                pass
            begun = time.perf_counter()
            done = 0
            for progress in library.sync(collection):
                done += progress.phase == "indexing" and progress.done
            rescan = time.perf_counter() - begun
            assert done == 0, "nothing changed, so nothing may be done again"
            assert library.counts().ok == count
        begun = time.perf_counter()
        walk(root)
        bare = time.perf_counter() - begun
        first = [
            float(
                subprocess.run(
                    [sys.executable, "-c", FIRST_PICTURE, str(folder)],
                    capture_output=True,
                    text=True,
                    check=True,
                    env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
                ).stdout
            )
            for _ in range(5)
        ]
    print(
        json.dumps(
            {
                "count": count,
                "rescan_s": round(rescan, 2),
                "bare_walk_s": round(bare, 2),
                "first_thumbnails_s": round(sorted(first)[2], 3),
            }
        )
    )


if __name__ == "__main__":
    main()
