"""The weights that ship, on real photos: that they are the good ones, not how good they are."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bowerbird.decode.decoder import fit
from bowerbird.engines.models import Models
from bowerbird.types import PixelSpec


@pytest.fixture
def models(tmp_path: Path) -> Iterator[Models]:
    found = Models(tmp_path)
    yield found
    found.close()


def pixels(path: Path, spec: PixelSpec) -> np.ndarray:
    with Image.open(path) as image:
        return fit(image.convert("RGB"), spec)


def test_names_kinds_of_things(models: Models, shared: Path) -> None:
    files = sorted((shared / "data" / "imagenet-sample").glob("*.jpg"))[::20]
    names = [path.stem.partition("_")[2].replace("_", " ") for path in files]
    encoder = models.encoder("builtin")
    looks = encoder.encode_images(np.stack([pixels(path, encoder.spec) for path in files]))
    words = encoder.encode_texts([f"a photo of a {name}" for name in names])
    right = (looks @ words.T).argmax(1) == np.arange(len(files))
    # The head before this one, which did not read classes, named less than half.
    assert right.mean() > 0.7


def test_finds_the_subject(models: Models, shared: Path) -> None:
    data = shared / "data" / "ecssd"
    files = sorted((data / "images").iterdir())
    held_out = [path for path in files if zlib.crc32(path.stem.encode()) % 5 == 0][:16]
    segmenter = models.segmenter("builtin")
    mattes = segmenter.segment(np.stack([pixels(path, segmenter.spec) for path in held_out]))
    overlaps = []
    for path, matte in zip(held_out, mattes, strict=True):
        with Image.open(data / "masks" / f"{path.stem}.png") as drawn:
            mask = np.asarray(drawn.convert("L").resize(matte.shape[::-1])) >= 128
        found = matte >= 0.5
        overlaps.append((found & mask).sum() / (found | mask).sum())
    assert np.mean(overlaps) > 0.75
