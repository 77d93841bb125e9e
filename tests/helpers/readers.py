"""A reader in this process, and programs that answer as the reader's own process does, or fail."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from bowerbird.engines import reader
from bowerbird.types import TextLine

if TYPE_CHECKING:
    from bowerbird.types import Pixels

FONTS = Path("/usr/share/fonts/truetype/dejavu")


class FakeReader:
    """Reads what `says` has for the colour of the middle pixel, across the upper half.

    Attributes:
        says: Lines by colour.
        sizes: Of all that it was shown, width and height.
        fail: Raised by the next reading.
    """

    def __init__(self, says: dict[tuple[int, int, int], tuple[str, ...]] | None = None) -> None:
        self.says = says or {}
        self.sizes: list[tuple[int, int]] = []
        self.fail: Exception | None = None

    def read(self, pixels: Pixels, given_up: threading.Event | None = None) -> list[TextLine]:
        height, width = pixels.shape[:2]
        self.sizes.append((width, height))
        if self.fail is not None:
            error, self.fail = self.fail, None
            raise error
        red, green, blue = (int(value) for value in pixels[height // 2, width // 2])
        lines = self.says.get((red, green, blue), ())
        return [TextLine(line, 0.9, (0.0, 0.0, 1.0, 0.5)) for line in lines]

    def close(self) -> None:
        """Nothing runs."""


# By the first byte of a picture: what the process does with it.
READ, CRASH, HANG, BABBLE, REFUSE, NONSENSE, ONCE = range(7)

_PROGRAM = """
import os, sys, time
sys.path[:] = {path!r}
from bowerbird.workers import receive, send
answers, asked = sys.stdout.buffer, sys.stdin.buffer
{hello}
while True:
    header, data = receive(asked)
    what = data[0]
    if what == 1 or (what == 6 and not os.path.exists({mark!r})):
        open({mark!r}, "w").close()
        os._exit(3)
    if what == 2:
        time.sleep(600)
    if what == 3:
        answers.write(b"x" * 100)
        answers.flush()
    elif what == 4:
        send(answers, {{"error": "MemoryError"}})
    elif what == 5:
        send(answers, {{"lines": [["too", "few"]]}})
    else:
        send(answers, {{"lines": [["{{}} x {{}}".format(*header["shape"]), 0.5, 0, 0, 1.5, 1]]}})
"""
READY = "send(answers, {'ready': True})"


def program(mark: Path, hello: str = READY) -> list[str]:
    """Return the command of a process that answers; `mark` says that it crashed before."""
    code = _PROGRAM.format(path=sys.path, mark=str(mark), hello=hello)
    return [sys.executable, "-c", code]


def picture(what: int = READ, width: int = 4, height: int = 3) -> Pixels:
    """Return pixels that tell the process what to do."""
    return np.full((height, width, 3), what, np.uint8)


def page(*lines: str, size: tuple[int, int] = (900, 500), points: int = 26) -> Image.Image:
    """Return a rendered page, black on white."""
    path = FONTS / "DejaVuSans.ttf"
    font = ImageFont.truetype(path, points) if path.exists() else ImageFont.load_default(points)
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((40, 40 + number * round(points * 1.7)), line, "black", font)
    return image


def need_reading() -> None:
    """Skip a test where nothing can be read."""
    if not reader.installed():
        pytest.skip(f"needs {reader.PACKAGE}, which is not installed")


def is_running(pid: int) -> bool:
    """Whether there is such a process, and no mere rest of one."""
    try:
        os.kill(pid, 0)
        return " Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return False
