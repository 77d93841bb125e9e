"""A library of some small pictures, and the server over it."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bowerbird import paths
from bowerbird.library import Library
from bowerbird.settings import Settings
from bowerbird.types import Item
from helpers.api import Api, look, serving
from helpers.web import Site, serve

COUNT = 12


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    settings = Settings(private_addresses=True, max_pixels=2_000_000)
    with Library.open(tmp_path / "library", settings=settings) as opened:
        yield opened


@pytest.fixture
def api(library: Library) -> Iterator[Api]:
    with serving(library) as running:
        yield running


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        running.pages = {f"/{number}.png": look(number) for number in range(COUNT)}
        yield running


@pytest.fixture
def shop(library: Library) -> Library:
    """A library with a catalogue of twelve records and an upload folder."""
    catalogue = library.add_catalogue("shop")
    items = [
        Item(
            str(number),
            "",
            {
                "price": number * 10,
                "product": f"p{number // 2}",
                "tags": ["even" if number % 2 == 0 else "odd", f"t{number % 3}"],
            },
        )
        for number in range(COUNT)
    ]
    pictures = {str(number): look(number) for number in range(COUNT)}
    assert library.records(catalogue).insert(items, pictures) == {}
    drop = library.add_managed("drop")
    library.put(drop, "first.png", io.BytesIO(look(3)))
    return library
