"""Opens the window, which is what `bowerbird` without a command does."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from bowerbird.errors import BowerbirdError


def run(options: argparse.Namespace) -> int:
    """Open the window and return its exit code.

    Raises:
        BowerbirdError: There is no display, or Qt is not installed.
    """
    if not _has_display():
        raise BowerbirdError(
            "There is no display for the window. Use the commands: bowerbird --help."
        )
    arguments = [] if options.library is None else ["--library", options.library]
    try:
        # By name: the terminal must not depend on the window, nor load Qt for anything else.
        app = importlib.import_module("bowerbird.gui.app")
    except ImportError as error:
        raise BowerbirdError(
            f"The window cannot start ({error}). Install Qt: pip install PySide6-Essentials."
        ) from error
    code: int = app.main(arguments)
    return code


def _has_display() -> bool:
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in named)
