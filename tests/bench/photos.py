"""Large photos for benchmarks, made once from the small real ones, with their kind of detail."""

from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"


def sources() -> list[Path]:
    """Return real photos to make larger ones of."""
    found = sorted((SHARED / "flickr8k" / "dev").glob("*.jpg"))
    if not found:
        raise SystemExit(f"No photos in {SHARED}: this benchmark is made from them.")
    return found


def large_photos(folder: Path, count: int, size: tuple[int, int] = (4000, 3000)) -> list[Path]:
    """Make `count` JPEGs of `size` pixels in `folder`, or return those made before.

    Sensor noise keeps the files as heavy (3 to 5 MB at quality 90) as a camera's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / f"photo-{number:04d}.jpg" for number in range(count)]
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 6, (size[1], size[0], 1)).astype(np.int16)
    for number, (path, source) in enumerate(zip(made, _cycle(sources(), count), strict=True)):
        if path.exists():
            continue
        with Image.open(source) as small:
            pixels = np.asarray(small.convert("RGB").resize(size, Image.Resampling.BICUBIC))
        grain = np.roll(noise, number * 7919, axis=1)
        noisy = np.clip(pixels + grain, 0, 255).astype(np.uint8)
        part = path.with_suffix(".part")
        Image.fromarray(noisy).save(part, "JPEG", quality=90)
        part.rename(path)
    return made


def _cycle(paths: list[Path], count: int) -> list[Path]:
    return [paths[number % len(paths)] for number in range(count)]
