"""Files go to the trash when somebody agreed, and come back."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from bowerbird import paths
from bowerbird.gui.theme import Theme
from bowerbird.gui.trash import put_back, to_trash
from bowerbird.gui.window import Window
from bowerbird.library import Library

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support"),
    pytest.mark.skipif(os.name != "posix", reason="the trash of freedesktop.org"),
]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(home: Path, theme: Theme, qtbot: QtBot) -> Iterator[Window]:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    photos = home / "photos"
    photos.mkdir()
    for name in ("a", "b", "c"):
        Image.new("RGB", (40, 30), (ord(name), 90, 200)).save(photos / f"{name}.png")
    opened = Window(theme, lambda: Library.open(home / "library"), begin_sync=Library.sync)
    opened.show()
    opened.add_folder(photos)
    qtbot.waitUntil(lambda: len(opened._model) == 3 and opened.is_settled, timeout=20_000)
    yield opened
    opened.close()
    opened.deleteLater()


def answer(monkeypatch: pytest.MonkeyPatch, which: str) -> list[str]:
    """Press a button of the question."""
    asked: list[str] = []

    def exec_(box: QMessageBox) -> int:
        asked.append(box.text())
        next(button for button in box.buttons() if button.text() == which).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", exec_)
    return asked


def names(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "photos").iterdir())


def position(window: Window, name: str) -> int:
    return next(at for at in range(3) if window._model.asset_at(at).name == name)  # type: ignore[union-attr]


def test_files_go_and_come_back(
    window: Window, home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: all(window._model.asset_at(at) for at in range(3)))
    window._view.select(position(window, "a.png"), Qt.KeyboardModifier.NoModifier)
    window._view.select(position(window, "c.png"), CONTROL)
    asked = answer(monkeypatch, "Keep")
    qtbot.keyClick(window._view, Qt.Key.Key_Delete)
    assert asked == ["Move 2 files to the trash?"]
    assert names(home) == ["a.png", "b.png", "c.png"], "kept is kept"
    answer(monkeypatch, "Move to the trash")
    qtbot.keyClick(window._view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(home) == ["b.png"])
    qtbot.waitUntil(lambda: len(window._model) == 1 and window.is_settled, timeout=20_000)
    qtbot.keyClick(window._view, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: names(home) == ["a.png", "b.png", "c.png"])
    qtbot.waitUntil(lambda: len(window._model) == 3 and window.is_settled, timeout=20_000)
    assert not list((home / "data" / "Trash" / "info").iterdir())


def test_what_is_back_already_is_not_written_over(home: Path) -> None:
    path = home / "x.png"
    path.write_bytes(b"old")
    target = to_trash(path)
    assert target is not None
    assert target.read_bytes() == b"old"
    path.write_bytes(b"new")
    assert not put_back(target, path)
    assert path.read_bytes() == b"new"
    path.unlink()
    assert put_back(target, path)
    assert path.read_bytes() == b"old"
    assert not put_back(target, path)
    assert to_trash(home / "gone.png") is None
