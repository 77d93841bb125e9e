"""Variations of a picture from its own patches."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bowerbird.actions import reimagine as actions
from bowerbird.actions.reimagine import reimagine, reimagine_file
from bowerbird.engines.generator import Drawn
from bowerbird.errors import DecodeError, NotFoundError, UsageError

Pixels = NDArray[np.uint8]


def scene(width: int = 88, height: int = 66) -> Pixels:
    """Sky, ground, and some houses."""
    image = Image.new("RGB", (width, height), "#80b0e0")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, int(height * 0.6), width, height), fill="#407030")
    for left, colour in ((0.15, "#c04030"), (0.4, "#e0c050"), (0.7, "#f0f0f0")):
        box = (left * width, 0.4 * height, (left + 0.16) * width, 0.75 * height)
        draw.rectangle(box, fill=colour)
    noise = np.random.default_rng(0).normal(0, 3, (height, width, 3))
    return (np.asarray(image) + noise).clip(0, 255).astype(np.uint8)


def psnr(one: Pixels, other: Pixels) -> float:
    apart = float(((one.astype(float) - other) ** 2).mean())
    return 10 * np.log10(255**2 / max(apart, 1e-9))


def test_variations_differ_from_the_picture_and_each_other() -> None:
    picture = scene()
    first, second = reimagine(picture, 2, seed=1, strength=0.5)
    for found in (first, second):
        assert found.shape == picture.shape
        assert found.dtype == np.uint8
        assert psnr(found, picture) < 25
    assert psnr(first, second) < 40


def test_they_are_made_of_the_same_stuff() -> None:
    picture = scene()
    (found,) = reimagine(picture, 1, seed=3, strength=0.5)
    for channel in range(3):
        before, after = (
            np.quantile(pixels[..., channel], [0.1, 0.5, 0.9]) for pixels in (picture, found)
        )
        assert np.abs(before - after).max() < 60
    # Sky stays above, ground below.
    assert found[:12, :, 2].mean() > found[-12:, :, 2].mean() + 50


def test_a_seed_gives_the_same_again_and_strength_goes_farther() -> None:
    picture = scene()
    (one,), (again,) = (list(reimagine(picture, 1, seed=7)) for _ in range(2))
    assert (one == again).all()
    near, far = (
        float(np.mean([psnr(found, picture) for found in reimagine(picture, 3, strength=strength)]))
        for strength in (0.05, 0.9)
    )
    assert near > far + 2


@pytest.mark.parametrize("size", [(14, 14), (15, 400), (500, 20), (333, 217)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    (found,) = reimagine(picture)
    assert found.shape == picture.shape


@pytest.mark.parametrize(
    "how", [{"count": 0}, {"count": 9}, {"strength": 1.1}, {"strength": -0.1}, {"seed": -1}]
)
def test_what_makes_no_sense_is_refused(how: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        list(reimagine(scene(), **how))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="fewer than 14"):
        list(reimagine(np.zeros((1, 1, 3), np.uint8)))


def test_files_are_written_beside_and_never_over(tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    Image.fromarray(scene(60, 40)).save(picture)
    before = picture.read_bytes()
    how = {"seed": 0, "strength": 0.3, "max_pixels": 10**8}
    names = [step.path.name for step in reimagine_file(picture, None, 2, **how) if step.path]  # type: ignore[arg-type]
    assert names == ["a-variation.png", "a-variation (2).png"]
    assert picture.read_bytes() == before
    with pytest.raises(NotFoundError, match="Check the path"):
        list(reimagine_file(tmp_path / "none.jpg", None, 1, **how))  # type: ignore[arg-type]
    picture.write_bytes(b"no picture")
    with pytest.raises(DecodeError, match="cannot be used: it"):
        list(reimagine_file(picture, None, 1, **how))  # type: ignore[arg-type]


class Slow:
    """A generator that draws in steps, and knows whether it was closed."""

    id = "slow"

    def __init__(self) -> None:
        self.closed = False
        self.how: tuple[int, float] = (0, 0.0)

    def reimagine(
        self, picture: np.ndarray, count: int = 1, *, seed: int = 0, strength: float = 0.35
    ) -> Iterator[Drawn]:
        self.how = (seed, strength)
        try:
            for number in range(count):
                yield Drawn((number + 0.5) / count)
                yield Drawn((number + 1) / count, picture[:9, :9])
        finally:
            self.closed = True


def test_a_generator_draws_and_its_steps_are_told(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    Image.fromarray(scene(60, 40)).save(picture)
    slow = Slow()
    steps = reimagine_file(picture, None, 2, seed=5, strength=0.5, max_pixels=10**8, generator=slow)
    told = [(step.done, step.path and step.path.name) for step in steps]
    assert told == [
        (0.25, None), (0.5, "a-variation.png"), (0.75, None), (1.0, "a-variation (2).png")
    ]  # fmt: skip
    assert slow.how == (5, 0.5)
    with Image.open(tmp_path / "a-variation.png") as image:
        assert image.size == (9, 9)


def test_the_time_that_is_left_knows_no_pauses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "a.png"
    Image.fromarray(scene(60, 40)).save(picture)
    now = [0.0]

    class Clocked(Slow):
        def reimagine(self, picture: np.ndarray, *how: int, **more: float) -> Iterator[Drawn]:
            now[0] += 60  # its weights are loaded
            for number in range(1, 5):
                now[0] += 10
                yield Drawn(number / 4)

    monkeypatch.setattr(actions, "monotonic", lambda: now[0])
    left = []
    for step in reimagine_file(
        picture, None, 1, seed=0, strength=0.5, max_pixels=10**8, generator=Clocked()
    ):
        left.append(step.remaining_s)
        now[0] += 1000  # paused
    assert left == [None, 20.0, 10.0, 0.0]


def test_closing_closes_the_generator(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    Image.fromarray(scene(60, 40)).save(picture)
    slow = Slow()
    steps = reimagine_file(picture, None, 2, seed=0, strength=0.5, max_pixels=10**8, generator=slow)
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert slow.closed
    assert list(tmp_path.glob("*variation*")) == []
