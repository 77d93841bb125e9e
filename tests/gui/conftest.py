"""A window without a display; timers that still run when a test ends fail it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bowerbird.gui.theme import Theme
from bowerbird.gui.window import Window
from helpers.fake_library import FakeLibrary


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, so that the user's trash stays as it is."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def _no_running_timers(qapp: QApplication) -> Iterator[None]:
    yield
    running = [
        timer
        for widget in [*QApplication.topLevelWidgets(), qapp]
        for timer in widget.findChildren(QTimer)
        if timer.isActive() and _is_ours(timer)
    ]
    assert not running, f"timers left running: {[t.parent() for t in running]}"


def _is_ours(timer: QTimer) -> bool:
    """Widgets of Qt have timers of their own, such as a cursor's."""
    parent: QObject | None = timer.parent()
    return type(parent).__module__.startswith("bowerbird")


@pytest.fixture(autouse=True)
def _empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """What is left there outlives Python, and crashes Qt's platform for tests at exit."""
    yield
    qapp.clipboard().clear()


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, dark=False)


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary()


@pytest.fixture
def open_window(qtbot: QtBot, theme: Theme) -> Iterator[Callable[[FakeLibrary], Window]]:
    """Opens windows that are settled, and closes them."""
    opened: list[Window] = []

    def open_one(library: FakeLibrary) -> Window:
        window = Window(theme, lambda: library, begin_sync=FakeLibrary.sync)  # type: ignore[arg-type,return-value]
        opened.append(window)
        window.resize(1100, 700)
        window.show()
        qtbot.waitUntil(lambda: window.is_settled)
        if library.count:
            qtbot.waitUntil(lambda: window._model.asset_at(0) is not None)
        return window

    yield open_one
    for window in opened:
        window.close()
        window.deleteLater()
    QApplication.processEvents()
