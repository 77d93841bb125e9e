"""Thumbnails that the cache dropped are made anew; what cannot be reached is not asked for all."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from bowerbird.decode.fingerprint import fingerprint
from bowerbird.indexing.thumbnails import Thumbnails
from bowerbird.settings import Settings
from bowerbird.store.store import Store
from bowerbird.types import Asset, SourceKind
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
    files = source().files
    records = [
        replace(
            success(collection.id, entry(key), vector),
            fingerprint=fingerprint(io.BytesIO(files[key][0])),
        )
        for key, vector in zip(KEYS, vectors, strict=True)
    ]
    store.write(records, ENCODER)
    for path in (folder / "thumbnails").rglob("*.webp"):
        path.unlink()
    return store, store.assets([1, 2, 3])


def test_it_is_made_anew_from_the_source(tmp_path: Path) -> None:
    store, (asset, *_) = filled(tmp_path)
    with store:
        files = source()
        found = Thumbnails(store, lambda _: files, Settings())
        made = found.of(asset)
        assert made is not None
        with Image.open(io.BytesIO(made)) as small:
            assert small.size == (40, 30)


def test_that_of_another_content_is_not_kept(tmp_path: Path) -> None:
    """It would be the thumbnail of the content before for ever, in every file that has that."""
    store, (asset, *_) = filled(tmp_path)
    with store:
        files = source()
        found = Thumbnails(store, lambda _: files, Settings())
        right = files.files["a.png"][0]
        files.put("a.png", encoded(Image.new("RGB", (50, 50), "white"), "PNG"))
        assert found.of(asset) is not None
        assert store.thumbnail(str(asset.md5)) is None
        assert found.get(asset.id, str(asset.md5)) is None
        files.put("a.png", right)
        assert found.of(asset) == store.thumbnail(str(asset.md5)) is not None


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
