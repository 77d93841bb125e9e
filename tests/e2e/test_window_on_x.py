"""The real program on a real X display, moved by the keys and the mouse of a person."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageGrab

from bowerbird.library import Library
from bowerbird.types import Comparison, Query

APP = Path(__file__).resolve().parents[2] / "app"
NEEDED = ("Xvfb", "xdotool", "twm")
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)), reason=f"needs {', '.join(NEEDED)} (packaging/dev.py test)"
)
PATIENCE_S = 60


class Screen:
    """An X display with a window manager, and hands on it."""

    def __init__(self, folder: Path) -> None:
        read, write = os.pipe()
        self._log = (folder / "x.log").open("w")
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stderr=self._log,
        )
        os.close(write)
        with os.fdopen(read) as told:
            self.display = f":{told.readline().strip()}"
        self.environment = {**os.environ, "DISPLAY": self.display, "HOME": str(folder)}
        # Placed by nobody: windows map where they ask to.
        (folder / ".twmrc").write_text("RandomPlacement\nNoTitle\n")
        self._manager = subprocess.Popen(
            ["twm", "-q"], env=self.environment, stdout=self._log, stderr=self._log
        )

    def do(self, *arguments: str) -> str:
        """Run xdotool."""
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=True,
        )
        return done.stdout

    def look(self) -> Image.Image:
        """Return what is on the screen."""
        return ImageGrab.grab(xdisplay=self.display)

    def wait_until(self, done: Callable[[], bool], what: str) -> None:
        """Wait for something to happen, and say what did not."""
        end = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < end, f"never: {what}"
            time.sleep(0.1)

    def settle(self) -> np.ndarray:
        """Wait until the screen stays as it is, a blinking caret aside; return it."""
        before = np.asarray(self.look())
        still = 0
        end = time.monotonic() + PATIENCE_S
        while still < 4 and time.monotonic() < end:
            time.sleep(0.15)
            now = np.asarray(self.look())
            still = still + 1 if (now != before).any(-1).sum() < 200 else 0
            before = now
        return before

    def close(self) -> None:
        for process in (self._manager, self._server):
            process.terminate()
            process.wait()
        self._log.close()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    made = Screen(tmp_path)
    yield made
    made.close()


def test_a_person_finds_tags_looks_and_leaves(screen: Screen, photos: Path, tmp_path: Path) -> None:
    home = tmp_path / "library"
    with Library.open(home) as library:
        library.add_folder(photos, "Photos")
    program = subprocess.Popen(
        [sys.executable, "-m", "bowerbird.gui.app", "--library", str(home)],
        env={
            **screen.environment,
            "PYTHONPATH": str(APP),
            "QT_QPA_PLATFORM": "xcb",
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        window = screen.do("search", "--sync", "--onlyvisible", "--name", "Bowerbird").split()[0]
        screen.do("windowsize", "--sync", window, "1200", "760")
        # It indexes by itself, in a process of its own.
        with Library.open(home) as library:
            screen.wait_until(lambda: library.counts().ok == 6, "six pictures are indexed")
            screen.settle()
            Image.new("RGB", (320, 240), "green").save(photos / "b" / "late.jpg")
            screen.wait_until(lambda: library.counts().ok == 7, "a new file is seen by itself")
            screen.settle()
            screen.do("mousemove", "--window", window, "600", "30", "click", "1")
            screen.do("type", "--delay", "30", "navy-yellow")
            hits = screen.settle()
            screen.do("key", "Down")
            screen.settle()
            screen.do("key", "space")
            quick = screen.settle()
            assert (quick != hits).any(-1).mean() > 0.3, "the quick look covers the window"
            screen.do("key", "Escape")
            screen.settle()
            screen.do("key", "ctrl+t")
            screen.do("type", "--delay", "30", "holiday")
            screen.do("key", "Return")
            tagged = Query(filter=Comparison("tag", "=", "holiday"))
            screen.wait_until(lambda: len(library.search(tagged)) == 1, "the tag is given")
            (asset,) = library.assets(library.search(tagged).ids.tolist())
            assert asset.name == "navy-yellow.jpg"
            screen.do("key", "Escape")
            screen.do("key", "ctrl+z")
            screen.wait_until(lambda: not len(library.search(tagged)), "the tag is taken back")
            before = screen.settle()
            screen.do("key", "ctrl+r")
            assert (screen.settle() != before).any(-1).sum() > 1000, "rows are filled"
            screen.do("key", "ctrl+j")
            screen.settle()
            screen.do("key", "question")
            screen.do("search", "--sync", "--onlyvisible", "--name", "Keys")
            screen.do("key", "Escape")
            screen.settle()
        # The window manager gives the keys to who is clicked on.
        screen.do("mousemove", "--window", window, "600", "600", "click", "1")
        screen.do("key", "ctrl+q")
        _, said = program.communicate(timeout=PATIENCE_S)
    finally:
        program.kill()
    assert "Traceback" not in said, said
