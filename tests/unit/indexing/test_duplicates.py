"""Copies of one shot in a whole library: found, grouped, and the best of them named."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bowerbird import paths
from bowerbird.library import Library
from bowerbird.types import Asset, Comparison, Query

Copy = Callable[[Image.Image], Image.Image]
FLIP, ROTATE = Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_90


def shot(seed: int) -> Image.Image:
    """A scene of many shapes, another for every seed."""
    rng = np.random.default_rng(seed)
    ground = tuple(int(level) for level in rng.integers(60, 200, 3))
    image = Image.new("RGB", (640, 480), ground)
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = int(rng.integers(0, 600)), int(rng.integers(0, 440))
        size = int(rng.integers(15, 120))
        colour = tuple(int(level) for level in rng.integers(0, 255, 3))
        kind = draw.ellipse if rng.random() < 0.4 else draw.rectangle
        kind((x, y, x + size, y + int(size * rng.uniform(0.4, 1.6))), fill=colour)
    return image


COPIES: dict[str, Copy] = {
    "smaller": lambda image: image.resize((320, 240)),
    "mirrored": lambda image: image.transpose(FLIP),
    "turned": lambda image: image.transpose(ROTATE),
    "squeezed": lambda image: image.resize((640, 340)),
    "cropped": lambda image: image.crop((90, 60, 560, 420)),
}


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for seed in range(12):
        shot(seed).save(folder / f"{seed:02d}.png")
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    with Library.open(tmp_path / "library") as opened:
        yield opened


def look(library: Library, folder: Path) -> int:
    """Sync, look for copies, and return how many pictures were compared."""
    for _ in library.sync(library.add_folder(folder)):
        pass
    return list(library.find_duplicates())[-1].done


def named(assets: tuple[Asset, ...]) -> list[str]:
    return [asset.name for asset in assets]


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_is_found_whatever_was_done_to_it(library: Library, photos: Path, how: str) -> None:
    COPIES[how](shot(3)).save(photos / "copy.jpg", quality=60)
    look(library, photos)
    (group,) = library.duplicates()
    assert group.kind == "copies"
    assert named(group.assets) == ["03.png", "copy.jpg"]


def test_other_pictures_are_no_copies(library: Library, photos: Path) -> None:
    assert look(library, photos) == 12
    assert library.duplicates() == []
    assert library.search(Query(filter=Comparison("duplicates", ">", 0))).total == 0


def test_the_next_shot_of_a_burst_is_no_copy(library: Library, photos: Path) -> None:
    moved = shot(3)
    patch = moved.crop((200, 160, 330, 300))
    ImageDraw.Draw(moved).rectangle((200, 160, 330, 300), fill=moved.getpixel((5, 5)))
    moved.paste(patch, (330, 200))
    moved.save(photos / "moved.jpg", quality=90)
    brighter = shot(4).point(lambda level: min(255, int(level * 0.8 + 30)))
    brighter.save(photos / "brighter.jpg", quality=90)
    look(library, photos)
    (group,) = library.duplicates()
    assert set(named(group.assets)) == {"04.png", "brighter.jpg"}


def test_what_was_looked_at_is_not_again(library: Library, photos: Path) -> None:
    assert look(library, photos) == 12
    assert look(library, photos) == 0
    shot(5).resize((400, 300)).save(photos / "copy.png")
    assert look(library, photos) == 1
    (group,) = library.duplicates()
    assert set(named(group.assets)) == {"05.png", "copy.png"}
    # A file whose content is another is looked at again, and what was found of it forgotten.
    shot(99).save(photos / "copy.png")
    assert look(library, photos) == 1
    assert library.duplicates() == []


def test_groups_and_what_to_keep(library: Library, photos: Path, tmp_path: Path) -> None:
    shutil.copy2(photos / "07.png", photos / "again.png")
    shot(7).resize((320, 240)).save(photos / "small.png")
    shot(8).save(photos / "lossy.jpg", quality=40)
    look(library, photos)
    first, second = library.duplicates()
    assert named(first.assets)[0] in ("07.png", "again.png")
    assert first.reason == "most pixels"
    assert set(named(first.assets)) == {"07.png", "again.png", "small.png"}
    assert (named(second.assets), second.reason) == (
        ["08.png", "lossy.jpg"],
        "a format without loss",
    )
    found = library.search(Query(filter=Comparison("duplicates", ">", 0), sort="group"))
    together = [asset.name for asset in library.assets(found.ids.tolist())]
    assert {"08.png", "lossy.jpg"} in (set(together[:2]), set(together[-2:]))
    archive = tmp_path / "archive"
    archive.mkdir()
    shot(8).resize((200, 150)).save(archive / "kept.png")
    look(library, archive)
    (kept,) = (
        one
        for one in library.duplicates(keep=[archive])
        if len(one.assets) == 3 and "08.png" in named(one.assets)
    )
    assert (named(kept.assets)[0], kept.reason) == ("kept.png", "lies where you keep pictures")
    only = library.duplicates(library.parse_filter("collection = archive"))
    assert only == []


def test_identical_files_are_a_group_of_their_own_kind(library: Library, photos: Path) -> None:
    shutil.copy2(photos / "02.png", photos / "twin.png")
    look(library, photos)
    (group,) = library.duplicates()
    assert group.kind == "identical"
    assert len(group.assets) == 2


def test_it_can_be_left_and_gone_on_with(library: Library, photos: Path) -> None:
    shot(3).resize((320, 240)).save(photos / "copy.png")
    for _ in library.sync(library.add_folder(photos)):
        pass
    steps = library.find_duplicates()
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert list(library.find_duplicates())[-1].done == 13
    assert len(library.duplicates()) == 1
