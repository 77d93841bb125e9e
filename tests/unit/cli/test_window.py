import sys
from collections.abc import Callable
from types import ModuleType

import pytest

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the window was started with; no Qt is involved."""
    calls: list[list[str]] = []
    app = ModuleType("bowerbird.gui.app")
    app.main = lambda arguments: calls.append(arguments) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bowerbird.gui.app", app)
    return calls


def test_opens_the_window(run: Run, opened: list[list[str]]) -> None:
    assert run() == 0
    assert run("--library", "here") == 0
    assert opened == [[], ["--library", "here"]]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays are named on Linux")
def test_without_a_display(
    run: Run, opened: list[list[str]], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert run() == 1
    assert capsys.readouterr().err.startswith("bowerbird: There is no display")
    assert opened == []


def test_without_qt(run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bowerbird.gui.app", None)
    monkeypatch.setenv("DISPLAY", ":0")
    assert run() == 1
    assert "pip install PySide6-Essentials" in capsys.readouterr().err
