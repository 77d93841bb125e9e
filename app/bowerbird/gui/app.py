"""Starts the window."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from bowerbird import logs, paths
from bowerbird.gui import i18n
from bowerbird.gui.crash import Catcher
from bowerbird.gui.theme import Theme
from bowerbird.gui.window import Window
from bowerbird.library import Library


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    """Return the application object, made when there is none yet."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # Threads that search hand Python's lock over five times sooner than they would by themselves.
    sys.setswitchinterval(0.001)
    # Looking through every object for cycles stops the window for 40 ms and more: what is there now
    # stays, and of the rest the old ones are looked at seldom.
    gc.freeze()
    gc.set_threshold(20_000, 50, 1_000)
    application = QApplication(["bowerbird", *arguments])
    application.setApplicationName("bowerbird")
    application.setApplicationDisplayName("Bowerbird")
    application.setDesktopFileName("bowerbird")
    # The same everywhere, so that the theme's measures hold.
    application.setStyle("Fusion")
    i18n.install(application)
    return application


def main(argv: Sequence[str] | None = None, *, library: Path | None = None) -> int:
    """Open the window and run until it is closed.

    Args:
        argv: Arguments; None for the program's own.
        library: The library's folder; None for `--library` or the user's own.
    """
    parser = argparse.ArgumentParser(prog="bowerbird-window")
    parser.add_argument("--library", type=Path, default=library, metavar="PATH")
    options, rest = parser.parse_known_args(sys.argv[1:] if argv is None else argv)
    logs.set_up(paths.log_folder())
    application = make_application(rest)
    Catcher().install()
    kept = QSettings("bowerbird", "bowerbird")
    dark = {"light": False, "dark": True}.get(str(kept.value("scheme", "system")))
    window = Window(Theme(application, dark=dark), lambda: Library.open(options.library), kept)
    window.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main())
