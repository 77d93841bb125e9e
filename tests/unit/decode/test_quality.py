"""What spoils a picture lowers its score, and the more the lower."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from bowerbird.decode.quality import judge, judge_thumbnail
from bowerbird.types import Quality


def scene(seed: int) -> Image.Image:
    """Something in the middle of a lit room: shapes with edges, before a soft ground."""
    rng = np.random.default_rng(seed)
    rows = np.linspace(110, 190, 240)[:, None, None] + rng.normal(0, 1, (240, 320, 3))
    image = Image.fromarray(rows.clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = rng.integers(110, 190), rng.integers(70, 150)
        colour = tuple(int(level) for level in rng.integers(0, 255, 3))
        draw.rectangle((x, y, x + rng.integers(6, 30), y + rng.integers(6, 30)), fill=colour)
    return image


SCENES = [scene(seed) for seed in range(6)]


def noisy(image: Image.Image, strength: float) -> Image.Image:
    rng = np.random.default_rng(0)
    pixels = np.asarray(image, np.float32) + rng.normal(0, strength, (*image.size[::-1], 3))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def cut(image: Image.Image, strength: float) -> Image.Image:
    """Move the frame, so that it cuts what stands out."""
    return image.crop((int(150 + 30 * strength) if strength else 0, 0, 320, 240))


SPOILT = {
    "blur": ("sharpness", lambda image, s: image.filter(ImageFilter.GaussianBlur(4 * s))),
    "noise": ("sharpness", lambda image, s: noisy(image, 60 * s)),
    "dark": ("brightness", lambda image, s: ImageEnhance.Brightness(image).enhance(1 - 0.9 * s)),
    "bright": ("brightness", lambda image, s: ImageEnhance.Brightness(image).enhance(1 + 2 * s)),
    "crop": ("composition", cut),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_the_right_score_falls(fault: str) -> None:
    name, spoil = SPOILT[fault]
    scores = np.array(
        [[getattr(judge(spoil(image, s)), name) for s in (0.0, 0.5, 1.0)] for image in SCENES]
    )
    overall = np.array([[judge(spoil(image, s)).overall for s in (0.0, 1.0)] for image in SCENES])
    assert (np.diff(scores.mean(0)) < 0).all(), scores.mean(0)
    assert (scores[:, 2] < scores[:, 0]).all()
    assert (overall[:, 1] < overall[:, 0]).all()
    assert scores[:, 0].mean() > 0.4


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (5000, 2), (64, 64)])
def test_nothing_to_judge_is_no_fault(size: tuple[int, int]) -> None:
    found = judge(Image.new("RGB", size, (120, 120, 120)))
    assert (found.overall, found.sharpness, found.composition) == (0.0, 0.0, 0.0)
    assert 0 < found.brightness <= 1


def test_scores_stay_within_bounds_and_do_not_change() -> None:
    rng = np.random.default_rng(1)
    for mode in ("RGB", "L", "RGBA", "P", "CMYK", "1"):
        pixels = Image.fromarray(rng.integers(0, 256, (90, 130, 3), np.uint8)).convert(mode)
        found = judge(pixels)
        assert found == judge(pixels)
        for score in (found.overall, found.sharpness, found.brightness, found.composition):
            assert 0 <= score <= 1


def test_thumbnails_are_judged_alike() -> None:
    for image in SCENES:
        stream = io.BytesIO()
        image.save(stream, "WEBP", quality=80)
        found, whole = judge_thumbnail(stream.getvalue()), judge(image)
        assert isinstance(found, Quality)
        assert found.overall == pytest.approx(whole.overall, abs=0.08)
    assert judge_thumbnail(b"no picture") is None
    assert judge_thumbnail(b"") is None
