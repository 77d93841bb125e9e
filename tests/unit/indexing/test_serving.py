"""A chosen model answers only once it has embedded everything."""

from pathlib import Path

import numpy as np
import pytest

from bowerbird.indexing.serving import promote, serving_model, want, wanted_model
from bowerbird.store.store import Store
from bowerbird.types import Decoded, Entry, Exif, Fingerprint, Record, SourceKind


def write(store: Store, key: str, encoder: str, asset_id: int | None = None) -> None:
    collections = store.collections() or [store.add_collection("p", SourceKind.FOLDER, "/p")]
    pixels = np.empty((0, 0, 3), np.uint8)
    decoded = Decoded(1, 1, "png", pixels, b"", 0, 0, (), Exif())
    vector = np.eye(4, dtype=np.float32)[0]
    mark = Fingerprint(key * 32, key * 32)
    entry = Entry(key, 1, 1)
    row = Record(collections[0].id, entry, asset_id, mark, decoded, vector)
    store.write([row], encoder)


def test_default_serves_an_empty_library(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        assert wanted_model(store) == serving_model(store) == "builtin"
        want(store, "better", "better-1")
        assert wanted_model(store) == serving_model(store) == "better"


def test_new_model_takes_over_when_it_has_seen_everything(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        write(store, "a", "builtin-1")
        write(store, "b", "builtin-1")
        want(store, "better", "better-1")
        assert (wanted_model(store), serving_model(store)) == ("better", "builtin")
        ids = store.eligible(None).tolist()
        write(store, "a", "better-1", ids[0])
        promote(store, "better", "better-1")
        assert serving_model(store) == "builtin"
        write(store, "b", "better-1", ids[1])
        promote(store, "better", "better-1")
        assert serving_model(store) == "better"
        want(store, "builtin", "builtin-1")
        assert serving_model(store) == "builtin"


@pytest.mark.parametrize("model", ["other", "builtin"])
def test_a_model_that_is_not_wanted_any_more_is_not_promoted(tmp_path: Path, model: str) -> None:
    with Store.open(tmp_path) as store:
        want(store, "better", "better-1")
        promote(store, model, "x")
        assert serving_model(store) == "better"
