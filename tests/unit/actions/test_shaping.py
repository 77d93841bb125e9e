"""Pictures by the shape of their subject, in a whole library."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageOps

from bowerbird import paths
from bowerbird.errors import UsageError
from bowerbird.library import Library
from bowerbird.types import Query


def draw(path: Path, kind: str, colour: str, ground: str, at: tuple[int, int, int, int]) -> None:
    image = Image.new("RGB", (320, 240), ground)
    pen = ImageDraw.Draw(image)
    left, top, right, bottom = at
    if kind == "disc":
        pen.ellipse(at, fill=colour)
    elif kind == "bar":
        middle = (top + bottom) // 2
        pen.rectangle((left, middle - 12, right, middle + 12), fill=colour)
    else:
        pen.polygon([((left + right) // 2, top), (right, bottom), (left, bottom)], fill=colour)
    image.save(path)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    photos = tmp_path / "photos"
    photos.mkdir()
    looks = (("#c02020", "#f0f0f0", (90, 50, 230, 190)), ("#f0e020", "#203060", (60, 60, 180, 180)))
    for number, (colour, ground, at) in enumerate(looks):
        for kind in ("disc", "bar", "corner"):
            draw(photos / f"{kind}-{number}.png", kind, colour, ground, at)
    Image.new("RGB", (320, 240), "#808080").save(photos / "nothing.png")
    with Library.open(tmp_path / "library") as opened:
        for _ in opened.sync(opened.add_folder(photos)):
            pass
        yield opened


def found(library: Library, path: Path, **how: Any) -> list[str]:
    results = library.search(Query(shape=library.shape(path), **how))
    return [asset.name for asset in library.assets(results.ids.tolist())]


def test_looking_says_how_fast_it_goes_and_how_long_it_takes(library: Library) -> None:
    *_, last = library.find_shapes()
    assert (last.phase, last.done, last.total, last.remaining_s) == ("looking", 7, 7, 0)
    assert last.rate > 0


def test_shapes_are_found_whatever_their_colours(library: Library, tmp_path: Path) -> None:
    assert found(library, tmp_path / "photos" / "disc-0.png") == []
    assert list(library.find_shapes())[-1].done == 7
    for kind in ("disc", "bar", "corner"):
        names = found(library, tmp_path / "photos" / f"{kind}-0.png", limit=2)
        assert sorted(names) == [f"{kind}-0.png", f"{kind}-1.png"]  # alike in shape, so a tie
    only = library.parse_filter("name contains '-1'")
    names = found(library, tmp_path / "photos" / "bar-0.png", filter=only)
    assert names[0] == "bar-1.png"
    assert len(names) == 3
    near = found(library, tmp_path / "photos" / "bar-0.png", min_score=0.95)
    assert sorted(near) == ["bar-0.png", "bar-1.png"]


@pytest.mark.parametrize("degrees", [0, 70, 180])
@pytest.mark.parametrize("mirrored", [False, True])
def test_turned_and_mirrored_shapes_are_found_where_that_is_wanted(
    library: Library, tmp_path: Path, degrees: int, mirrored: bool
) -> None:
    list(library.find_shapes())
    image = Image.new("RGB", (300, 300), "#e8e8e8")
    ImageDraw.Draw(image).polygon([(90, 210), (210, 210), (150, 90)], fill="#206040")
    image = image.rotate(degrees, fillcolor="#e8e8e8")
    (ImageOps.mirror(image) if mirrored else image).save(tmp_path / "asked.png")
    shape = library.shape(tmp_path / "asked.png", turned=True)
    results = library.search(Query(shape=shape, limit=2))
    names = {asset.name for asset in library.assets(results.ids.tolist())}
    assert names == {"corner-0.png", "corner-1.png"}
    assert results.scores is not None
    assert results.scores.min() > 0.9


@pytest.mark.parametrize("shape", [(1.0, 2.0), (float("nan"),) * 256, (0.1,) * 255])
def test_what_is_no_shape(library: Library, shape: tuple[float, ...]) -> None:
    with pytest.raises(UsageError, match="256 finite numbers"):
        library.search(Query(shape=shape))


def test_only_what_is_new_is_looked_at(library: Library, tmp_path: Path) -> None:
    list(library.find_shapes())
    assert list(library.find_shapes())[-1].total == 0
    draw(tmp_path / "photos" / "bar-0.png", "disc", "#208040", "#ffffff", (20, 20, 120, 120))
    for _ in library.sync(library.collections()[0]):
        pass
    assert list(library.find_shapes())[-1].total == 1
    names = found(library, tmp_path / "photos" / "disc-0.png", limit=3)
    assert set(names) == {"disc-0.png", "disc-1.png", "bar-0.png"}


def test_shapes_of_pictures_whose_thumbnails_are_gone(library: Library, tmp_path: Path) -> None:
    for path in (library.path / "thumbnails").rglob("*.webp"):
        path.unlink()
    (tmp_path / "photos").rename(tmp_path / "away")
    list(library.find_shapes())
    (tmp_path / "away").rename(tmp_path / "photos")
    assert list(library.find_shapes())[-1].total == 7
    assert found(library, tmp_path / "photos" / "bar-0.png", limit=1) == ["bar-0.png"]


def test_a_picture_without_a_subject_has_no_shape(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Nothing stands out"):
        library.shape(tmp_path / "photos" / "nothing.png")
