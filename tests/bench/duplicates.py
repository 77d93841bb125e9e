"""Copies of one shot among real photos: how many are found, how many are wrong, how long it takes.

    python tests/bench/duplicates.py [--photos ../shared/data] [--count 3000] [--altered 150]

Some of the photos get copies altered as in imagededup's benchmark: cropped, mirrored both ways,
turned by 25 degrees, squeezed, resized, recompressed. A pair of files is right when both came from
one photo. The last line is JSON: precision of pairs, recall (of copies in one group with their
photo) by alteration and in all, milliseconds a picture, and of a second look at nothing new.
"""

import argparse
import io
import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from bowerbird.library import Library

DATA = Path(__file__).parents[3] / "shared/data"
SETS = ("flickr8k", "coco", "imagenet-sample", "conceptual", "scenes", "ecssd")
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
    options = parser.parse_args()
    files = [f for name in SETS for f in sorted((options.photos / name).rglob("*.jpg"))]
    files = random.Random(3).sample(files, min(options.count, len(files)))
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "photos")
        folder.mkdir()
        for number, path in enumerate(files):
            image = Image.open(path).convert("RGB")
            image.save(folder / f"{number:06d}-photo.jpg", quality=90)
            for name, alter in ALTERED.items() if number < options.altered else ():
                alter(image).save(folder / f"{number:06d}-{name}.jpg", quality=85)
        print(json.dumps(measure(Path(home, "library"), folder, options.altered)))


def measure(home: Path, folder: Path, altered: int) -> dict[str, object]:
    """Index, look for copies, and compare with what is known."""
    with Library.open(home) as library:
        for _ in library.sync(library.add_folder(folder)):
            pass
        count = library.counts().ok
        begun = time.perf_counter()
        for _ in library.find_duplicates():
            pass
        took = time.perf_counter() - begun
        begun = time.perf_counter()
        for _ in library.find_duplicates():
            pass
        again = time.perf_counter() - begun
        groups = [[asset.name for asset in group.assets] for group in library.duplicates()]
        with library._store.database.reading() as connection:
            pairs = connection.execute(
                "SELECT x.name, y.name FROM links JOIN assets x ON x.id = a "
                "JOIN assets y ON y.id = b"
            ).fetchall()
    right = sum(one[:6] == other[:6] for one, other in pairs)
    found = dict.fromkeys(ALTERED, 0)
    for names in groups:
        photos = {name[:6] for name in names if name.endswith("-photo.jpg")}
        for name in names:
            kind = name[7:-4]
            if kind != "photo" and name[:6] in photos:
                found[kind] += 1
    return {
        "pictures": count,
        "precision": round(right / max(1, len(pairs)), 4),
        "recall": round(sum(found.values()) / (altered * len(ALTERED)), 3),
        **{f"recall_{kind}": round(number / altered, 3) for kind, number in found.items()},
        "ms_a_picture": round(1000 * took / count, 2),
        "again_s": round(again, 2),
    }


if __name__ == "__main__":
    main()
