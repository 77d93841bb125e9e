"""Thumbnails that the cache dropped are made anew; what cannot be reached is not asked for all."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bowerbird.errors import DecodeError
from bowerbird.indexing.thumbnails import Thumbnails, remake
from bowerbird.settings import Settings
from bowerbird.store.store import Store
from bowerbird.types import Asset, SourceKind, Status
from helpers.images import encoded
from helpers.records import ENCODER, entry, success, unit
from helpers.sources import MemorySource

KEYS = ("a.png", "b.png", "c.png")


def source() -> MemorySource:
    made = MemorySource()
    for number, key in enumerate(KEYS):
        made.put(key, encoded(Image.new("RGB", (40, 30), (80 * number, 0, 0)), "PNG"))
    return made


def filled(folder: Path) -> tuple[Store, list[Asset]]:
    """A store with three pictures, none of which has a thumbnail any more."""
    store = Store.open(folder)
    collection = store.add_collection("photos", SourceKind.FOLDER, "/photos")
    vectors = unit(np.random.default_rng(0), len(KEYS))
    rows = zip(KEYS, vectors, strict=True)
    store.write([success(collection.id, entry(key), vector) for key, vector in rows], ENCODER)
    for path in (folder / "thumbnails").rglob("*.webp"):
        path.unlink()
    return store, store.assets([1, 2, 3])


def test_it_is_made_anew_from_the_source() -> None:
    files = source()
    moment = np.datetime64(0, "s").item()
    asset = Asset(1, "u", 1, "a.png", "a.png", 1, modified=moment, status=Status.OK)
    with Image.open(io.BytesIO(remake(asset, files, Settings()))) as small:
        assert small.size == (40, 30)
    files.put("a.png", b"broken")
    with pytest.raises(DecodeError):
        remake(asset, files, Settings())


def test_it_is_kept_and_not_asked_for_again(tmp_path: Path) -> None:
    store, (asset, *_) = filled(tmp_path)
    with store:
        files = source()
        found = Thumbnails(store, lambda _: files, Settings())
        made = found.get(asset.id, str(asset.md5))
        assert made is not None
        assert made == store.thumbnail(str(asset.md5)) == found.of(asset)
        assert files.opened == ["a.png"]
        assert found.get(asset.id, "0" * 32) is None, "of another content by now"
        assert found.get(99, str(asset.md5)) == made


def test_one_bad_file_spares_the_rest_and_an_absent_source_is_asked_once(tmp_path: Path) -> None:
    store, assets = filled(tmp_path)
    with store:
        files = source()
        files.put("a.png", b"broken")
        files.denied.add("b.png")
        found = Thumbnails(store, lambda _: files, Settings())
        assert [found.of(asset) is None for asset in assets] == [True, True, False]
        away = source()
        away.offline = True
        found = Thumbnails(store, lambda _: away, Settings())
        assert [found.of(asset) is None for asset in assets] == [True, True, False]
        assert away.opened == ["a.png"]
