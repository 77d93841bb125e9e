"""Variations of photos: how long they take, how far from the photo, how alike to the encoder.

    python tests/bench/reimagine.py [--photos ../shared/data/flickr8k/dev] [--count 12]

The last line is JSON, medians: seconds at 512 and 1024 pixels, PSNR (dB) of variations against
their photo, their cosine to it, and as a baseline the cosine of photos to themselves recompressed,
and to others.
"""

import argparse
import io
import json
import statistics
import time
from pathlib import Path

import numpy as np
from PIL import Image

from bowerbird import paths
from bowerbird.actions.reimagine import reimagine
from bowerbird.decode.decoder import fit
from bowerbird.engines.models import Models

PHOTOS = Path(__file__).parents[3] / "shared/data/flickr8k/dev"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photos", type=Path, default=PHOTOS)
    parser.add_argument("--count", type=int, default=12)
    options = parser.parse_args()
    encoder = Models(paths.model_cache()).encoder("builtin")
    files = sorted(options.photos.glob("*.jpg"))
    photos = [Image.open(path).convert("RGB") for path in files[:: len(files) // options.count]]

    def embed(images: list[Image.Image]) -> np.ndarray:
        return encoder.encode_images(np.stack([fit(image, encoder.spec) for image in images]))

    far, made = [], []
    for photo in photos:
        pixels = np.asarray(photo)
        (found,) = reimagine(pixels, seed=1)
        apart = float(((pixels.astype(np.float64) - found) ** 2).mean())
        far.append(10 * np.log10(255**2 / apart))
        made.append(Image.fromarray(found))
    vectors = embed(photos)
    others = (vectors @ vectors.T)[~np.eye(len(photos), dtype=bool)]
    print(
        json.dumps(
            {
                "s_512": seconds(photos[0], 512),
                "s_1024": seconds(photos[0], 1024),
                "psnr_db": round(statistics.median(far), 1),
                "cosine": round(float(np.median((vectors * embed(made)).sum(1))), 3),
                "cosine_recompressed": round(
                    float(np.median((vectors * embed([*map(recompressed, photos)])).sum(1))), 3
                ),
                "cosine_others": round(float(np.median(others)), 3),
            }
        )
    )


def recompressed(image: Image.Image) -> Image.Image:
    """Lose what a bad JPEG loses."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=25)
    return Image.open(io.BytesIO(stream.getvalue())).convert("RGB")


def seconds(photo: Image.Image, side: int) -> float:
    """Return the time of one variation at a size."""
    pixels = np.asarray(photo.resize((side, side)))
    begun = time.perf_counter()
    next(iter(reimagine(pixels)))
    return round(time.perf_counter() - begun, 2)


if __name__ == "__main__":
    main()
