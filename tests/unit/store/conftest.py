"""A store with one collection, and a way to fill it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from bowerbird.store.store import Store
from bowerbird.types import Collection, SourceKind
from helpers.records import ENCODER, entry, success, unit


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def photos(store: Store) -> Collection:
    return store.add_collection("photos", SourceKind.FOLDER, "/photos")


Fill = Callable[[Sequence[str]], np.ndarray]


@pytest.fixture
def fill(store: Store, photos: Collection) -> Fill:
    """Store pictures under keys, the first with asset id 1; gives their vectors."""

    def write(keys: Sequence[str]) -> np.ndarray:
        vectors = unit(np.random.default_rng(len(keys)), len(keys))
        rows = zip(keys, vectors, strict=True)
        store.write([success(photos.id, entry(key), vector) for key, vector in rows], ENCODER)
        return vectors

    return write
