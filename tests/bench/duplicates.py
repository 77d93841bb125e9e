"""Copies of one shot among real photos: how many are found, how many are wrong, how long it takes.

    python tests/bench/duplicates.py [--photos ../shared/data] [--count 3000] [--altered 150]
    python tests/bench/duplicates.py --count 100000  # a large library

Some of the photos get copies altered as in imagededup's benchmark: cropped, mirrored both ways,
turned by 25 degrees, squeezed, resized, recompressed. A pair of files is right when both came from
one photo. Where more pictures are asked for than there are photos, or more than `--real`, the
others are two photos over each other, with hashes and thumbnails of their own and an embedding
between those of the two, so that each has many neighbours that have to be looked at. A few of them
are copies (of two with the same parents, or of a photo that the other veils), so
that pairs with them are counted apart and tell nothing of precision.

The last line is JSON: precision of pairs, recall (of copies in one group with their photo) by
alteration and in all, seconds of the whole search, of processors (the same on a busy machine), and
milliseconds a picture, most memory of its process in MB, and seconds of a second look at nothing
new; with `--similar-shots` also seconds of the look for those, behind the first.
"""

import argparse
import io
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from bowerbird.decode.hashes import dhash, phash
from bowerbird.library import Library
from bowerbird.types import Decoded, Entry, Exif, Fingerprint, Record

DATA = Path(__file__).parents[3] / "shared/data"
SETS = ("flickr8k", "coco", "imagenet-sample", "conceptual", "scenes", "ecssd")
BATCH = 1000
Alter = Callable[[Image.Image], Image.Image]


def recompressed(image: Image.Image) -> Image.Image:
    """Lose what a bad JPEG loses."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=25)
    return Image.open(io.BytesIO(stream.getvalue())).convert("RGB")


def cropped(image: Image.Image) -> Image.Image:
    """Cut a sixth off every side."""
    width, height = image.size
    box = (0.15 * width, 0.15 * height, 0.85 * width, 0.85 * height)
    return image.crop(tuple(map(int, box)))  # type: ignore[arg-type]  # four of them


ALTERED: dict[str, Alter] = {
    "crop": cropped,
    "mirror": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "upside_down": lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    "turn_25": lambda image: image.rotate(25, Image.Resampling.BICUBIC, expand=True),
    "aspect": lambda image: image.resize((image.width, int(image.height * 0.7))),
    "resize": lambda image: image.resize((image.width // 2, image.height // 2)),
    "recompress": recompressed,
}


def main() -> None:
    """Write the photos and their copies, index them, look, count."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photos", type=Path, default=DATA)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--altered", type=int, default=150)
    parser.add_argument("--real", type=int, default=10_000, help="at most so many real photos")
    parser.add_argument("--similar-shots", action="store_true")
    options = parser.parse_args()
    files = [f for name in SETS for f in sorted((options.photos / name).rglob("*.jpg"))]
    files = random.Random(3).sample(files, min(options.count, options.real, len(files)))
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "photos")
        folder.mkdir()
        for number, path in enumerate(files):
            image = Image.open(path).convert("RGB")
            image.save(folder / f"{number:06d}-photo.jpg", quality=90)
            for name, alter in ALTERED.items() if number < options.altered else ():
                alter(image).save(folder / f"{number:06d}-{name}.jpg", quality=85)
        fill(Path(home, "library"), folder, options.count - len(files))
        # In a process of its own, so that its memory is that of the search.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn) as pool:
            search = pool.submit(
                measure, Path(home, "library"), options.altered, similar=options.similar_shots
            )
            print(json.dumps(search.result()))


def fill(home: Path, folder: Path, count: int) -> None:
    """Index the photos, and put pictures beside them that are made of two each."""
    with Library.open(home) as library:
        collection = library.add_folder(folder)
        for _ in library.sync(collection):
            pass
        store, encoder = library._store, library._encoder()
        ids, vectors = store.get_vectors(encoder.id, store.eligible(None))
        contents = store.links().contents(ids.tolist())
        rng = np.random.default_rng(3)

        @cache
        def small(at: int) -> Image.Image:
            data = store.thumbnail(contents[int(ids[at])])
            assert data is not None
            return Image.open(io.BytesIO(data)).convert("RGB").resize((160, 120))

        def made() -> Iterator[Record]:
            for number in range(count):
                one, other = rng.integers(0, len(ids), 2).tolist()
                turned = small(one).transpose(Image.Transpose(int(rng.integers(0, 2))))
                image = Image.blend(turned, small(other), float(rng.uniform(0.35, 0.65)))
                vector = vectors[one] + vectors[other] + 0.03 * rng.standard_normal(encoder.dim)
                vector = (vector / np.linalg.norm(vector)).astype(np.float32)
                name = f"{900_000 + number}-made.jpg"
                yield record(collection.id, name, image, vector)

        batch: list[Record] = []
        for each in made():
            batch.append(each)
            if len(batch) == BATCH:
                store.write(batch, encoder.id)
                batch = []
        store.write(batch, encoder.id)
        index = store.vectors(encoder.id, encoder.dim)
        index.refresh()
        index.save()


def record(collection_id: int, name: str, image: Image.Image, vector: np.ndarray) -> Record:
    """Return a picture as the pipeline hands it to the store."""
    grey, stream = image.convert("L"), io.BytesIO()
    image.save(stream, "WEBP", quality=70, method=0)
    pixels = np.empty((0, 0, 3), np.uint8)
    data = stream.getvalue()
    decoded = Decoded(640, 480, "jpeg", pixels, data, phash(grey), dhash(grey), (), Exif())
    return Record(
        collection_id,
        Entry(name, 100_000, 1),
        fingerprint=Fingerprint(f"{int(name[:6]):032x}", f"{int(name[:6]):032x}"),
        decoded=decoded,
        embedding=vector,
    )


def measure(home: Path, altered: int, *, similar: bool) -> dict[str, object]:
    """Look for copies, and compare with what is known."""
    with Library.open(home) as library:
        count = library.counts().ok
        cpu = time.process_time()
        took = seconds(library.find_duplicates())
        cpu = time.process_time() - cpu
        again = seconds(library.find_duplicates())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        groups = [[asset.name for asset in group.assets] for group in library.duplicates()]
        with library._store.database.reading() as connection:
            pairs = connection.execute(
                "SELECT x.name, y.name FROM links JOIN assets x ON x.id = a "
                "JOIN assets y ON y.id = b"
            ).fetchall()
        shots = seconds(library.find_duplicates(similar_shots=True)) if similar else None
    made = sum("-made" in one or "-made" in other for one, other in pairs)
    right = sum(one[:6] == other[:6] for one, other in pairs)
    found = dict.fromkeys(ALTERED, 0)
    for names in groups:
        photos = {name[:6] for name in names if name.endswith("-photo.jpg")}
        for name in names:
            kind = name[7:-4]
            if kind in found and name[:6] in photos:
                found[kind] += 1
    return {
        "pictures": count,
        "precision": round(right / max(1, len(pairs) - made), 4),
        "made_pairs": made,
        "recall": round(sum(found.values()) / (altered * len(ALTERED)), 3),
        **{f"recall_{kind}": round(number / altered, 3) for kind, number in found.items()},
        "seconds": round(took, 1),
        "cpu_seconds": round(cpu, 1),
        "ms_a_picture": round(1000 * took / count, 2),
        # Linux counts in KiB, macOS in bytes.
        "peak_mb": round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)),
        "again_s": round(again, 2),
        **({} if shots is None else {"similar_shots_s": round(shots, 1)}),
    }


def seconds(steps: Iterator[object]) -> float:
    """Return how long all steps take."""
    begun = time.perf_counter()
    for _ in steps:
        pass
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
