"""Pictures that move from one collection to another stay who they are."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bowerbird.engines.models import Models
from bowerbird.library import Library
from bowerbird.types import Asset, Collection, Comparison, Query, Status
from helpers.encoders import FakeEncoder


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    encoder = FakeEncoder()
    monkeypatch.setattr(Models, "encoder", lambda *_: encoder)
    with Library.open(tmp_path / "library") as opened:
        yield opened


def sync(library: Library, *collections: Collection) -> None:
    for collection in collections:
        for _ in library.sync(collection):
            pass


def assets(library: Library, status: str = "ok") -> dict[tuple[int, str], Asset]:
    found = library.search(Query(filter=Comparison("status", "=", status), limit=None))
    everything = library.assets(found.ids.tolist())
    return {(asset.collection_id, asset.key): asset for asset in everything}


@pytest.fixture
def two(library: Library, tmp_path: Path) -> tuple[Collection, Collection]:
    """Two folders of pictures, where one picture has a tag."""
    for folder in ("inbox", "archive"):
        (tmp_path / folder).mkdir()
        for number in range(3):
            # Uncompressed: all are of one size.
            seed = number if folder == "inbox" else 10 + number
            pixels = np.random.default_rng(seed).integers(0, 256, (20, 20, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / folder / f"{number}.bmp")
    inbox, archive = (library.add_folder(tmp_path / name) for name in ("inbox", "archive"))
    sync(library, inbox, archive)
    library.tag([assets(library)[inbox.id, "0.bmp"].id], ["mine"])
    return inbox, archive


@pytest.mark.parametrize("first", ["from", "to"])
def test_a_moved_picture_keeps_its_tags(
    library: Library, two: tuple[Collection, Collection], tmp_path: Path, first: str
) -> None:
    inbox, archive = two
    before = assets(library)[inbox.id, "0.bmp"]
    shutil.move(tmp_path / "inbox" / "0.bmp", tmp_path / "archive" / "sorted.bmp")
    sync(library, *((inbox, archive) if first == "from" else (archive, inbox)))
    after = assets(library)
    assert (inbox.id, "0.bmp") not in after
    moved = after[archive.id, "sorted.bmp"]
    assert (moved.id, moved.uuid, moved.tags) == (before.id, before.uuid, ("mine",))
    assert assets(library, "missing") == {}
    assert len(after) == 6
    sync(library, inbox, archive)
    assert assets(library) == after


def test_a_copy_is_somebody_else(
    library: Library, two: tuple[Collection, Collection], tmp_path: Path
) -> None:
    inbox, archive = two
    shutil.copy2(tmp_path / "inbox" / "0.bmp", tmp_path / "archive" / "copy.bmp")
    sync(library, archive, inbox)
    found = assets(library)
    assert found[inbox.id, "0.bmp"].tags == ("mine",)
    assert found[archive.id, "copy.bmp"].tags == ()
    assert found[archive.id, "copy.bmp"].copies == 1


def test_a_drive_that_is_away_gives_nothing(
    library: Library, two: tuple[Collection, Collection], tmp_path: Path
) -> None:
    inbox, archive = two
    shutil.copy2(tmp_path / "inbox" / "0.bmp", tmp_path / "archive" / "copy.bmp")
    (tmp_path / "inbox").rename(tmp_path / "unplugged")
    sync(library, archive)
    found = assets(library)
    assert found[inbox.id, "0.bmp"].tags == ("mine",)
    assert found[inbox.id, "0.bmp"].status is Status.OK
    assert found[archive.id, "copy.bmp"].tags == ()
