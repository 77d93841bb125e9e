"""Draws the window with its hits into a PNG, with or without a display.

python -m bowerbird.gui.snapshot LIBRARY OUT.png [--query TEXT] [--size 1280x800] [--dark]
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from bowerbird.gui.app import make_application
from bowerbird.gui.theme import Theme
from bowerbird.gui.window import Window
from bowerbird.library import Library

# A library that takes longer than this to show itself is drawn as it is.
PATIENCE_S = 20.0


def snapshot(
    library: Path,
    target: Path,
    *,
    query: str = "",
    size: tuple[int, int] = (1280, 800),
    dark: bool = False,
) -> None:
    """Open the real window on a library, search, and save what it shows.

    Args:
        library: The library's folder.
        target: The PNG.
        query: What is typed; empty browses.
        size: Width and height in points.
        dark: The dark scheme instead of the light one.

    Raises:
        OSError: The picture cannot be saved.
    """
    application = make_application()
    window = Window(Theme(application, dark=dark), lambda: Library.open(library), sync=False)
    window.resize(*size)
    window.show()
    try:
        settle(application, lambda: window.is_settled)
        if query:
            window.type_query(query)
            settle(application, lambda: window.is_settled)
        saved = window.grab().save(str(target), "PNG")
    finally:
        window.close()
    if not saved:
        raise OSError(f"{target} cannot be written")


def settle(application: QApplication, done: Callable[[], bool]) -> None:
    """Let the window work until nothing is left to do for a moment."""
    end = time.monotonic() + PATIENCE_S
    quiet_since: float | None = None
    while time.monotonic() < end:
        QCoreApplication.processEvents()
        now = time.monotonic()
        if not done():
            quiet_since = None
        elif quiet_since is None:
            quiet_since = now
        elif now - quiet_since > 0.3:
            return
        time.sleep(0.01)


def main(argv: Sequence[str] | None = None) -> int:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--query", default="")
    parser.add_argument("--size", default="1280x800", help="WIDTHxHEIGHT")
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args(argv)
    size = re.fullmatch(r"(\d+)x(\d+)", options.size)
    if size is None:
        parser.error("--size is WIDTHxHEIGHT, as in 1280x800")
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    snapshot(
        options.library,
        options.target,
        query=options.query,
        size=(int(size[1]), int(size[2])),
        dark=options.dark,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
