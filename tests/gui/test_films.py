"""Videos in the window: asked for by their folder, shown frame by frame, acted on as files."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from bowerbird import paths
from bowerbird.gui.theme import Theme
from bowerbird.gui.window import Window
from bowerbird.library import Library
from bowerbird.types import Asset
from helpers import films

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(
    tmp_path: Path, theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "films"
    films.put(folder, "party.mp4", films.scenes(1, 2, 3))
    films.put(folder, "walk.mp4", films.scenes(4, 5))
    opened = Window(theme, lambda: Library.open(tmp_path / "library"), begin_sync=Library.sync)
    opened.resize(1200, 700)
    opened.show()
    opened.add_folder(folder)
    qtbot.waitUntil(lambda: opened._places != [] and opened.is_settled, timeout=20_000)
    look_into_videos(opened, "Look into videos")
    qtbot.waitUntil(lambda: len(opened._model) == 5 and opened.is_settled, timeout=20_000)
    yield opened
    opened.close()
    opened.deleteLater()


def look_into_videos(window: Window, title: str) -> None:
    place = next(place for place in window._places if place.collection is not None)
    acts = dict(window._hands.places.of(place))  # type: ignore[union-attr]
    acts[title]()


def assets(window: Window, qtbot: QtBot) -> list[Asset]:
    def fetched() -> list[Asset]:
        found = [window._model.asset_at(at) for at in range(len(window._model))]
        return [asset for asset in found if asset is not None]

    qtbot.waitUntil(lambda: len(fetched()) == len(window._model))
    return fetched()


def select(window: Window, qtbot: QtBot, name: str) -> list[Asset]:
    """Select all frames of a file."""
    chosen = [asset for asset in assets(window, qtbot) if asset.name == name]
    window._view.select_ids(np.array([asset.id for asset in chosen], np.int64))
    qtbot.waitUntil(lambda: len(window._hands.pictures.selected()) == len(chosen))  # type: ignore[union-attr]
    return chosen


def test_every_scene_is_shown_with_its_time(window: Window, qtbot: QtBot) -> None:
    shown = assets(window, qtbot)
    assert {asset.name for asset in shown} == {"party.mp4", "walk.mp4"}
    assert sorted(asset.timecode for asset in shown) == ["0:00", "0:00", "0:02", "0:02", "0:04"]
    tip = window._model.data(window._model.cell(0), Qt.ItemDataRole.ToolTipRole)
    assert "mp4 · 0:0" in tip


def test_videos_can_be_passed_over_again(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: any(p.collection is not None and p.collection.videos for p in window._places)
    )
    look_into_videos(window, "Pass over videos")
    qtbot.waitUntil(lambda: len(window._model) == 0 and window.is_settled, timeout=20_000)


def test_the_details_tell_file_and_time(window: Window, qtbot: QtBot) -> None:
    late = next(asset for asset in assets(window, qtbot) if asset.timecode == "0:04")
    window._view.select_ids(np.array([late.id], np.int64))
    inspector = window._inspector
    inspector.show()
    window._hands.pictures.inspect()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: [one.id for one in inspector.assets] == [late.id])
    texts = [label.text().replace("\u200b", "") for label in inspector.findChildren(QLabel)]
    assert "party.mp4 · 0:04" in texts
    assert "party.mp4" in texts
    assert "0:04" in texts
    qtbot.waitUntil(lambda: window.is_settled)


def test_frames_are_dragged_and_opened_as_their_file(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = select(window, qtbot, "party.mp4")
    assert len(chosen) == 3
    hands = window._hands
    assert hands is not None
    mime = hands.pictures.mime()
    assert mime is not None
    (url,) = mime.urls()
    assert Path(url.toLocalFile()).name == "party.mp4"
    opened: list[Path] = []
    monkeypatch.setattr("bowerbird.gui.files._hand_to_system", opened.append)
    hands.pictures.files.open(chosen[-1])
    qtbot.waitUntil(lambda: len(opened) == 1)
    assert opened[0].name == "party.mp4"
    qtbot.waitUntil(lambda: window.is_settled)


def test_quick_look_shows_the_frame_at_its_full_size(window: Window, qtbot: QtBot) -> None:
    late = next(asset for asset in assets(window, qtbot) if asset.timecode == "0:04")
    look = window._hands.pictures.look  # type: ignore[union-attr]
    look.look_at([late])
    qtbot.waitUntil(lambda: look._pictures.get(late.id) is not None, timeout=10_000)
    qtbot.waitUntil(lambda: look._pictures[late.id].width() == films.SIZE[0], timeout=10_000)
    assert "0:04" in look.accessibleDescription()
    look.close_look()
    qtbot.waitUntil(lambda: window.is_settled)


def test_the_whole_video_goes_to_the_trash_and_the_question_says_so(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    select(window, qtbot, "party.mp4")
    asked: list[str] = []

    def exec_(box: QMessageBox) -> int:
        asked.append(f"{box.text()} {box.informativeText()}")
        next(b for b in box.buttons() if b.text() == "Move to the trash").click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", exec_)
    window._hands.pictures.trash_wanted.emit()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: len(window._model) == 2 and window.is_settled, timeout=20_000)
    assert "1 file" in asked[0]
    assert "whole video" in asked[0]
    assert {asset.name for asset in assets(window, qtbot)} == {"walk.mp4"}
    qtbot.keyClick(window._view, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: len(window._model) == 5 and window.is_settled, timeout=20_000)
