"""A small library of plain colours, and the command line on it."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from bowerbird.cli import attributes, hits, progress, search, terminal as terminal_module
from bowerbird.cli.main import main
from bowerbird.engines.models import Models
from bowerbird.library import Library
from helpers.encoders import FakeEncoder

COLOURS = {"red": (220, 30, 30), "green": (30, 180, 40), "blue": (30, 60, 220)}

Run = Callable[..., int]
Terminal = Callable[[], str]


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> FakeEncoder:
    fake = FakeEncoder()
    monkeypatch.setattr(Models, "encoder", lambda *_: fake)
    return fake


@pytest.fixture
def run(encoder: FakeEncoder) -> Iterator[Run]:
    """Run the command line in this process; what it does to logging is undone."""
    logger = logging.getLogger("bowerbird")
    before, level = list(logger.handlers), logger.level

    def command(*words: str | Path) -> int:
        try:
            return main([str(word) for word in words])
        except SystemExit as stop:  # argparse
            return int(stop.code or 0)

    yield command
    for handler in [handler for handler in logger.handlers if handler not in before]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    (folder / "sea").mkdir(parents=True)
    for name, colour in COLOURS.items():
        inside = folder / "sea" if name == "blue" else folder
        Image.new("RGB", (60, 40), colour).save(inside / f"{name}.png")
    return folder


@pytest.fixture
def indexed(photos: Path, encoder: FakeEncoder) -> Path:
    """The folder of a collection `photos`, of which one file is broken."""
    (photos / "broken.jpg").write_bytes(b"no picture")
    with Library.open() as library:
        for _ in library.sync(library.add_folder(photos)):
            pass
    return photos


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A person at the terminal: returns what was printed to stdout and stderr since last asked."""
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich's word for it
    for module in (attributes, hits, progress, search, terminal_module):
        monkeypatch.setattr(module, "is_terminal", lambda _: True)
    return lambda: "".join(capsys.readouterr())
