"""Similar shots are told from other scenes, and from pictures of the same kind of thing."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bowerbird.decode.shots import Scene, same_scene


def drawn(seed: int) -> Image.Image:
    """Shapes on a ground, others for every seed."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (320, 240), tuple(int(level) for level in rng.integers(60, 200, 3)))
    draw = ImageDraw.Draw(image)
    for _ in range(70):
        x, y = int(rng.integers(0, 300)), int(rng.integers(0, 220))
        size = int(rng.integers(8, 60))
        colour = tuple(int(level) for level in rng.integers(0, 255, 3))
        kind = draw.ellipse if rng.random() < 0.4 else draw.rectangle
        kind((x, y, x + size, y + int(size * rng.uniform(0.4, 1.6))), fill=colour)
    return image


def later(image: Image.Image) -> Image.Image:
    """The same scene from a step aside, in other light, with somebody in it."""
    ImageDraw.Draw(image).ellipse((110, 60, 200, 220), fill=(30, 20, 20))
    corners = (14, 8, 6, 236, 318, 230, 300, 4)
    moved = image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    return moved.point(lambda level: int(level * 0.85 + 12))


def scene(image: Image.Image) -> Scene:
    stream = io.BytesIO()
    image.save(stream, "WEBP", quality=80)
    found = Scene.of(stream.getvalue())
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(6))
def test_the_next_moment_is_of_the_same_scene(seed: int) -> None:
    one, other = scene(drawn(seed)), scene(later(drawn(seed)))
    assert same_scene(one, other)
    assert same_scene(other, one)


def test_other_scenes_are_not() -> None:
    scenes = [scene(drawn(seed)) for seed in range(8)]
    assert not any(
        same_scene(scenes[one], scenes[other]) for one in range(8) for other in range(one)
    )


def test_a_thing_alone_makes_no_scene() -> None:
    thing = drawn(3).crop((100, 60, 180, 140))
    one, other = drawn(10), drawn(11)
    one.paste(thing, (30, 40))
    other.paste(thing, (200, 120))
    assert not same_scene(scene(one), scene(other))


def test_within_a_burst_the_same_colours_are_enough() -> None:
    rows = np.linspace(40, 220, 240)[:, None, None]
    sea = Image.fromarray(
        (rows * np.array([0.3, 0.6, 1.0]) + np.zeros((1, 320, 1))).astype(np.uint8)
    )
    later_sea = sea.copy()
    ImageDraw.Draw(later_sea).ellipse((150, 100, 170, 112), fill=(20, 20, 20))
    one, other = scene(sea), scene(later_sea)
    assert not same_scene(one, other), "nothing tells this sea from another"
    assert same_scene(one, other, burst=True)
    assert not same_scene(one, scene(drawn(1)), burst=True)


def test_what_cannot_be_read_has_no_scene() -> None:
    assert Scene.of(b"no picture") is None


@pytest.mark.parametrize("size", [(320, 240), (320, 2), (3, 320), (1, 1)])
def test_a_picture_without_anything_in_it_is_like_none(size: tuple[int, int]) -> None:
    empty = scene(Image.new("RGB", size, (90, 90, 90)))
    assert not same_scene(empty, scene(drawn(1)))
    assert not same_scene(scene(drawn(1)), empty)
