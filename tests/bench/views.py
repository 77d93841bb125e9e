"""Draws every view of the window, light and dark, at two sizes, for somebody to look at.

    python tests/bench/views.py OUT [--library FOLDER]

Without a library it makes one of the photos beside the checkout. The last line is JSON: how many
pictures were drawn, and where they lie.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from bowerbird.gui.window import Window

    Save = Callable[[str, QWidget], None]

# Points and device pixels a point: 1280 x 800, and 2560 x 1440 on a screen of twice the density.
SIZES = {"1280x800": ((1280, 800), 1), "2560x1440": ((1280, 720), 2)}


OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def look(window: Window) -> None:
    """Look at what is selected."""
    assert window._hands is not None
    window._hands.pictures.quick_look()


def chips(window: Window) -> None:
    """Search also by a picture to avoid."""
    assert window._hands is not None
    window._hands._add(window._model.asset_at(3), -0.5)


def things(window: Window) -> None:
    """Show the things in what is looked at."""
    assert window._hands is not None
    window._hands.pictures.look._toggle_boxes()


def copies(application: QApplication, window: Window, save: Save) -> None:
    """Draw how copies and similar shots are sorted out."""
    from bowerbird.gui.i18n import tr
    from bowerbird.gui.snapshot import settle

    hands = window._hands
    assert hands is not None
    for shots in (False, True):
        hands.sort_out(shots=shots)
        dialog = hands.copies.dialog
        assert dialog is not None
        settle(application, lambda said=dialog._state: said.text() != tr("Working …"))
        save("similar-shots" if shots else "copies", dialog)
        dialog.close()


def menus(window: Window, save: Save) -> None:
    """Draw menus that hold more than lines."""
    from PySide6.QtTest import QTest

    for name, button in (
        ("colour", window._filters._colour),
        ("quality", window._filters._quality),
    ):
        button.menu().popup(window.pos())
        QTest.qWait(1000)
        save(f"menu-{name}", button.menu())
        button.menu().close()


def draw(library: Path, out: Path, width: int, height: int, *, dark: bool) -> int:
    """Draw all views in this process; return how many."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from bowerbird.gui.api_dialog import ApiDialog
    from bowerbird.gui.app import make_application
    from bowerbird.gui.key_dialog import KeyDialog
    from bowerbird.gui.models_dialog import ModelsDialog
    from bowerbird.gui.reimagine_dialog import ReimagineDialog
    from bowerbird.gui.sending import ExportDialog
    from bowerbird.gui.settings_dialog import SettingsDialog
    from bowerbird.gui.shortcuts import Sheet
    from bowerbird.gui.snapshot import settle
    from bowerbird.gui.theme import Theme
    from bowerbird.gui.window import Window
    from bowerbird.library import Library
    from bowerbird.settings import Settings

    application = make_application()
    theme = Theme(application, dark=dark)
    none, control = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
    drawn = 0

    def save(name: str, widget: QWidget) -> None:
        nonlocal drawn
        widget.grab().save(str(out / f"{name}.png"))
        drawn += 1

    def view(name: str, folder: Path, *steps: Callable[[Window], object]) -> None:
        window = Window(theme, lambda: Library.open(folder), sync=False)
        window.resize(width, height)
        window.show()
        settle(application, lambda: window.is_settled)
        for step in steps:
            step(window)
            settle(application, lambda: window.is_settled)
            QTest.qWait(300)
            settle(application, lambda: window.is_settled)
        save(name, window)
        window.close()

    def menu(window: Window) -> None:
        window._filters._date.menu().aboutToShow.emit()
        save("date-chart", window._filters._chart)

    def dialogs(window: Window) -> None:
        hands = window._hands
        assert hands is not None
        for name, dialog in (
            ("settings", SettingsDialog(Settings(), "system", lambda *_: None, window)),
            ("keys", Sheet(window)),
            ("export", ExportDialog(3, 200, window)),
            ("models", ModelsDialog(hands._library, window._jobs, hands.tasks, print, window)),
            ("reimagine", ReimagineDialog(hands._library, window._jobs, window)),
            ("other-programs", ApiDialog(hands._library, hands._serving, window._jobs, window)),
            ("key", KeyDialog(hands._library.collections(), window)),
        ):
            dialog.show()
            settle(application, lambda: window.is_settled)
            save(name, dialog)
            dialog.close()

    with tempfile.TemporaryDirectory() as home:
        view("empty", Path(home))
    view("browse", library, lambda w: w._view.select(4, none))
    view("rows", library, lambda w: w._filters.set_filled(True))
    view(
        "search",
        library,
        lambda w: w.type_query("a dog on grass"),
        lambda w: w._view.select(0, none),
    )
    view("chips", library, lambda w: w.type_query("a beach"), chips)
    view("doubtful", library, lambda w: w.type_query("bycicle"))
    view(
        "filtered",
        library,
        lambda w: w._filters.narrow(w._filters.narrowing.with_colour("#3a78c9")),
        menu,
    )
    view("nothing", library, lambda w: w._filters.set_least(0.95), lambda w: w.type_query("zzz"))
    view("look", library, lambda w: w._view.select(2, none), look)
    view("compare", library, lambda w: [w._view.select(at, control) for at in (1, 2, 5)], look)
    view(
        "things",
        library,
        lambda w: w.type_query("a dog"),
        lambda w: w._view.select(0, none),
        look,
        things,
    )
    view(
        "dialogs-behind",
        library,
        dialogs,
        lambda w: menus(w, save),
        lambda w: copies(application, w, save),
    )
    return drawn


def main() -> None:
    """Make a library when there is none, and draw in processes of their own."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--library", type=Path)
    parser.add_argument(
        "--child", nargs=3, metavar=("WIDTH", "HEIGHT", "SCHEME"), help=argparse.SUPPRESS
    )
    options = parser.parse_args()
    if options.child:
        width, height, scheme = options.child
        print(draw(options.library, options.out, int(width), int(height), dark=scheme == "dark"))
        return
    with tempfile.TemporaryDirectory() as home:
        library = options.library or make_library(Path(home))
        count = 0
        for name, ((width, height), scale) in SIZES.items():
            for scheme in ("light", "dark"):
                out = options.out / f"{name}-{scheme}"
                out.mkdir(parents=True, exist_ok=True)
                what = (str(out), "--library", str(library))
                done = subprocess.run(
                    [sys.executable, __file__, *what, "--child", str(width), str(height), scheme],
                    check=True,
                    capture_output=True,
                    text=True,
                    env={**os.environ, **OFFSCREEN, "QT_SCALE_FACTOR": str(scale)},
                )
                count += int(done.stdout.split()[-1])
    print(json.dumps({"drawn": count, "in": str(options.out)}))


def make_library(folder: Path) -> Path:
    """Index some hundred photos of several sets."""
    from photos import SHARED
    from PIL import Image

    from bowerbird.library import Library
    from bowerbird.types import Query

    pictures = folder / "photos"
    for name in ("flickr8k/dev", "imagenet-sample", "scenes", "styles"):
        found = sorted(path for path in (SHARED / name).rglob("*.jpg"))[::7][:90]
        (pictures / name).mkdir(parents=True, exist_ok=True)
        for path in found:
            (pictures / name / path.name).write_bytes(path.read_bytes())
        for path in found[:4]:
            with Image.open(path) as image:
                small = image.convert("RGB").reduce(2)
            small.save(pictures / name / f"{path.stem} small.jpg")
    with Library.open(folder / "library") as library:
        collection = library.add_folder(pictures, "Photos")
        for _ in library.sync(collection):
            pass
        dogs = library.search(Query(texts=("a dog",), limit=12)).ids.tolist()
        library.tag(dogs, ["dog"])
        library.save_search("Beaches", Query(texts=("a beach",)))
        for shots in (False, True):
            for _ in library.find_duplicates(similar_shots=shots):
                pass
    return folder / "library"


if __name__ == "__main__":
    main()
