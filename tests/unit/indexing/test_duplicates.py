"""Copies of one shot in a whole library: found, grouped, and the best of them named."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from bowerbird import paths
from bowerbird.indexing import duplicates
from bowerbird.library import Library
from bowerbird.store.links import Pair
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


def look(library: Library, folder: Path, *, similar_shots: bool = False) -> int:
    """Sync, look for copies, and return how many pictures were compared."""
    for _ in library.sync(library.add_folder(folder)):
        pass
    return list(library.find_duplicates(similar_shots=similar_shots))[-1].done


def moment(seed: int, number: int) -> Image.Image:
    """A scene from a step aside, a moment later, when something else stands in it."""
    image = shot(seed)
    ImageDraw.Draw(image).ellipse((90 * number, 150, 90 * number + 110, 330), fill=(30, 20, 20))
    left, top = 6 * number, 4 * number
    corners = (left, top, 4, 476 - top, 636 - left, 470, 630, 5)
    moved = image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    return moved.point(lambda level: int(level * 0.9 + 3 * number))


def at(second: float) -> Image.Exif:
    """EXIF of a picture that was taken in a second of some minute."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = f"2024:05:06 10:20:{int(second):02d}"
    return exif


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


def test_what_another_version_took_for_copies_is_compared_anew(
    library: Library, photos: Path
) -> None:
    shot(5).resize((400, 300)).save(photos / "copy.png")
    assert look(library, photos) == 13
    store = library._store
    one, other, *_ = store.eligible(None).tolist()
    md5 = store.links().contents([one, other])
    store.links().add({}, [Pair(one, other, md5[one], md5[other])])
    assert look(library, photos) == 0
    assert sum(len(group.assets) for group in library.duplicates()) > 2
    store.set_meta("notion_of_copies", "1")
    assert look(library, photos) == 13
    (group,) = library.duplicates()
    assert set(named(group.assets)) == {"05.png", "copy.png"}
    assert look(library, photos) == 0


@pytest.mark.parametrize("similar_shots", [False, True])
def test_pictures_whose_thumbnails_are_gone_are_compared(
    library: Library, photos: Path, similar_shots: bool
) -> None:
    shot(3).resize((320, 240)).save(photos / "copy.png")
    moment(5, 1).save(photos / "moment.jpg", quality=90)
    for _ in library.sync(library.add_folder(photos)):
        pass
    for path in (library.path / "thumbnails").rglob("*.webp"):
        path.unlink()
    # What cannot be had now is looked at once it can.
    photos.rename(photos.with_name("away"))
    list(library.find_duplicates(similar_shots=similar_shots))
    assert library.duplicates() == library.similar_shots() == []
    photos.with_name("away").rename(photos)
    asset = next(each for each in library.assets(range(1, 15)) if each.name == "copy.png")
    assert [each.name for each in library.near_duplicates(asset)] == ["03.png"]
    list(library.find_duplicates(similar_shots=similar_shots))
    assert [set(named(one.assets)) for one in library.duplicates()] == [{"03.png", "copy.png"}]
    shots = [set(named(one.assets)) for one in library.similar_shots()]
    assert shots == ([{"05.png", "moment.jpg"}] if similar_shots else [])
    assert look(library, photos, similar_shots=similar_shots) == 0


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


def test_similar_shots_are_found_where_they_are_asked_for(library: Library, photos: Path) -> None:
    for number in range(1, 4):
        moment(3, number).save(photos / f"03-{number}.jpg", quality=90)
    shot(3).resize((320, 240)).save(photos / "03-small.jpg")
    shot(5).resize((320, 240)).save(photos / "05-small.jpg")
    assert look(library, photos) == 17
    assert library.similar_shots() == []
    assert look(library, photos, similar_shots=True) == 17
    (group,) = library.similar_shots()
    assert (group.kind, len(group.assets)) == ("similar", 5)
    assert {asset.name[:2] for asset in group.assets} == {"03"}
    assert look(library, photos, similar_shots=True) == 0
    # Copies are a matter of their own, whatever else is of the scene.
    copies = [set(named(one.assets)) for one in library.duplicates()]
    assert {"03.png", "03-small.jpg"} in copies
    assert {"05.png", "05-small.jpg"} in copies
    found = library.search(Query(filter=Comparison("shots", ">", 0), sort="shots"))
    assert sorted(found.ids.tolist()) == sorted(asset.id for asset in group.assets)
    # A file whose content is another is another scene.
    shot(99).save(photos / "03-1.jpg")
    assert look(library, photos, similar_shots=True) == 2
    (group,) = library.similar_shots()
    assert "03-1.jpg" not in named(group.assets)


def test_few_pairs_are_remembered_as_compared(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "REMEMBERED", 3)
    monkeypatch.setattr(duplicates, "same_scene", lambda *_, **__: False)
    for _ in library.sync(library.add_folder(photos)):
        pass
    store, encoder = library._store, library._encoder()
    index = store.vectors(encoder.id, encoder.dim)
    index.refresh()
    seen = duplicates._Seen(store, encoder.id, index, lambda _, md5: store.thumbnail(md5))
    ids = store.eligible(None).tolist()
    for one, other in itertools.combinations(ids, 2):
        assert seen._shot(one, other, burst=True) is None
        assert len(seen._done) + len(seen._before) <= 6


def test_the_best_of_similar_shots_is_suggested(
    library: Library, photos: Path, tmp_path: Path
) -> None:
    shot(2).filter(ImageFilter.GaussianBlur(3)).save(photos / "02.png")
    moment(2, 1).save(photos / "sharp.jpg", quality=90)
    look(library, photos, similar_shots=True)
    (group,) = library.similar_shots()
    assert (named(group.assets), group.reason) == (["sharp.jpg", "02.png"], "best quality")
    (group,) = library.similar_shots(keep=[photos])
    assert group.reason == "best quality"
    assert library.similar_shots(library.parse_filter("name = sharp.jpg")) == []


def test_pictures_of_one_burst_need_less_likeness(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "sea"
    folder.mkdir()
    water = np.linspace(60, 200, 480)[:, None, None] * np.array([0.3, 0.6, 1.0])
    for second in (1, 3, 50):
        waves = (
            np.random.default_rng(second).integers(-40, 40, (24, 32)).repeat(20, 0).repeat(20, 1)
        )
        sea = Image.fromarray((water + waves[:, :, None]).clip(0, 255).astype(np.uint8))
        sea.save(folder / f"{second:02d}.jpg", quality=92, exif=at(second))
    look(library, folder, similar_shots=True)
    assert library.duplicates() == []
    (group,) = library.similar_shots()
    assert set(named(group.assets)) == {"01.jpg", "03.jpg"}


def test_a_chain_of_scenes_is_no_group(library: Library, photos: Path) -> None:
    look(library, photos)
    store = library._store
    ids = store.eligible(None).tolist()
    md5 = store.links().contents(ids)
    chain = [Pair(one, other, md5[one], md5[other]) for one, other in itertools.pairwise(ids)]
    store.shots().add({}, chain)
    assert store.shots().group() == len(store.shots().groups(store.eligible(None)))
    groups = store.shots().groups(store.eligible(None))
    assert max(map(len, groups)) == 3, "a middle and its two neighbours"
    store.links().add({}, chain)
    assert store.links().group() == 1, "copies of copies are copies"


def test_pairs_of_contents_that_are_others_by_now_are_not_noted(
    library: Library, photos: Path
) -> None:
    look(library, photos)
    store = library._store
    one, other, third = store.eligible(None).tolist()[:3]
    md5 = store.links().contents([one, other, third])
    store.links().add({}, [Pair(one, other, md5[one], "0" * 32)])
    assert store.links().group() == 0
    # What one found of another stays when that one is checked.
    store.links().add({one: md5[one]}, [Pair(one, other, md5[one], md5[other])])
    store.links().add({other: md5[other]}, [Pair(other, third, md5[other], md5[third])])
    assert store.links().group() == 1
    assert store.links().groups(store.eligible(None)) == [[one, other, third]]


def test_what_has_no_embedding_yet_is_compared_once_it_has(library: Library, photos: Path) -> None:
    shot(3).resize((320, 240)).save(photos / "copy.png")
    for _ in library.sync(library.add_folder(photos)):
        pass
    with library._store.database.writing() as connection:
        (copy,) = connection.execute("SELECT id FROM assets WHERE name = 'copy.png'").fetchone()
        kept = connection.execute(
            "SELECT asset_id, encoder, live, vector FROM embeddings WHERE asset_id = ?", (copy,)
        ).fetchone()
        connection.execute("DELETE FROM embeddings WHERE asset_id = ?", (copy,))
    assert list(library.find_duplicates())[-1].done == 12
    with library._store.database.writing() as connection:
        connection.execute(
            "INSERT INTO embeddings (asset_id, encoder, live, vector) VALUES (?, ?, ?, ?)",
            tuple(kept),
        )
    assert list(library.find_duplicates())[-1].done == 1
    (group,) = library.duplicates()
    assert set(named(group.assets)) == {"03.png", "copy.png"}


def test_a_library_larger_than_what_is_kept_ready_is_searched_whole(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "READY", 4)
    monkeypatch.setattr(duplicates, "READ", 5)
    for seed in range(0, 12, 2):
        shot(seed).resize((320, 240)).save(photos / f"{seed:02d}-small.png")
    assert look(library, photos) == 18
    found = [{asset.name[:2] for asset in group.assets} for group in library.duplicates()]
    assert sorted(map(sorted, found)) == [[f"{seed:02d}"] for seed in range(0, 12, 2)]
