"""`bowerbird sync --daemon` keeps a library true until it is told to end."""

import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bowerbird.library import Library
from bowerbird.types import Auto

APP = Path(__file__).resolve().parents[2] / "app"
PATIENCE_S = 60
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM")


def wait_until(done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.05)


@pytest.fixture
def home(tmp_path: Path, photos: Path) -> Path:
    with Library.open(tmp_path / "library") as library:
        library.add_folder(photos, "Photos")
    return tmp_path / "library"


@pytest.fixture
def daemon(home: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bowerbird", "--library", str(home), "sync", "--daemon"],
        env={**os.environ, "PYTHONPATH": str(APP)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_it_keeps_up_and_ends_when_told(
    home: Path, photos: Path, daemon: "subprocess.Popen[str]"
) -> None:
    with Library.open(home) as library:
        wait_until(lambda: library.counts().ok == 6, "what was there is indexed")
        (collection,) = library.collections()
        wait_until(lambda: library.collections()[0].last_auto_sync is not None, "it is noted")
        Image.new("RGB", (300, 200), "green").save(photos / "new.png")
        wait_until(lambda: library.counts().ok == 7, "a new file is seen")
        (photos / "a" / "white-red.jpg").rename(photos / "moved.jpg")
        (photos / "new.png").unlink()
        wait_until(lambda: library.counts().missing == 1, "a lost one, too")
        assert library.counts().ok == 6
        assert collection.auto is Auto.CHANGE
        daemon.send_signal(signal.SIGTERM)
        said, wrong = daemon.communicate(timeout=PATIENCE_S)
    assert daemon.returncode == 0
    assert "Photos: 6 worked on, 0 failed" in said
    assert wrong == ""


def test_no_picture_is_missed_that_is_written_meanwhile(
    home: Path, photos: Path, daemon: "subprocess.Popen[str]"
) -> None:
    with Library.open(home) as library:
        wait_until(lambda: library.counts().ok == 6, "what was there is indexed")
        order = list(range(400))
        random.Random(5).shuffle(order)
        pixels = np.random.default_rng(5)
        for number in order:
            picture = Image.fromarray(pixels.integers(0, 256, (16, 16, 3), np.uint8))
            path = photos / f"{number % 23}" / f"{number % 3}" / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = io.BytesIO()
            picture.save(stream, "PNG")
            data = stream.getvalue()
            if number % 9 == 0:  # half of it lies there for a while
                path.write_bytes(data[:60])
                time.sleep(0.03)
            path.write_bytes(data)
        wait_until(lambda: library.counts().ok == 406, "every one is seen")
        assert library.counts().failed == 0
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=PATIENCE_S)
