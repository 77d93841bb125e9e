"""Copies are sorted out: what is ticked stays, tags are merged, and nothing goes unasked."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from bowerbird import paths
from bowerbird.gui import copies_dialog, copies_model
from bowerbird.gui.copies_dialog import CopiesDialog
from bowerbird.gui.copies_model import Choice, why
from bowerbird.gui.sparing import counted, find_spare
from bowerbird.gui.theme import Theme
from bowerbird.gui.window import Window
from bowerbird.indexing import keeper
from bowerbird.library import Library
from bowerbird.types import DuplicateGroup, SourceKind
from helpers.fake_library import FakeLibrary, user_error

Open = Callable[[FakeLibrary], Window]
TICK = Qt.ItemDataRole.CheckStateRole
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def open_dialog(window: Window, qtbot: QtBot, *, shots: bool = False) -> CopiesDialog:
    assert window._hands is not None
    window._hands.sort_out(shots=shots)
    dialog = window._hands.copies.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: window.is_settled)
    return dialog


@pytest.fixture
def library() -> FakeLibrary:
    library = FakeLibrary(9)
    library.duplicated = [[2, 5, 6], [3, 4]]
    library.shot = [[7, 8]]
    return library


def ticks(dialog: CopiesDialog) -> list[bool]:
    model = dialog._copies
    return [
        Qt.CheckState(model.data(model.index(row), TICK)) == Qt.CheckState.Checked
        for row in range(model.rowCount())
    ]


def tick(dialog: CopiesDialog, row: int, state: Qt.CheckState) -> bool:
    return dialog._copies.setData(dialog._copies.index(row), state, TICK)


def test_groups_show_what_is_kept_and_why(
    open_window: Open, library: FakeLibrary, qtbot: QtBot
) -> None:
    window = open_window(library)
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert window._hands is not None
    dialog = window._hands.copies.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    qtbot.waitUntil(lambda: window.is_settled)
    assert dialog._groups.rowCount() == 2
    assert ticks(dialog) == [True, False, False]
    said = dialog._copies.data(dialog._copies.index(0)).splitlines()
    assert said[-1] == "To keep: most pixels"
    assert dialog._state.text() == "2 groups · 3 files to spare · 3.0 kB"
    assert dialog._groups.data(QModelIndex(dialog._groups.index(0))).endswith("2.0 kB to spare")


def test_hands_choose_and_the_last_one_stays(
    open_window: Open, library: FakeLibrary, qtbot: QtBot
) -> None:
    dialog = open_dialog(open_window(library), qtbot)
    assert not tick(dialog, 0, Qt.CheckState.Unchecked), "the last one that is kept"
    assert tick(dialog, 1, Qt.CheckState.Checked)
    assert tick(dialog, 0, Qt.CheckState.Unchecked)
    assert ticks(dialog) == [False, True, False]
    assert dialog._state.text() == "2 groups · 3 files to spare · 3.0 kB"
    tick(dialog, 2, Qt.CheckState.Checked)
    assert dialog._state.text() == "2 groups · 2 files to spare · 2.0 kB"


def test_folders_to_keep_from_change_the_suggestion_but_not_what_hands_chose(
    open_window: Open, library: FakeLibrary, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(library)
    dialog = open_dialog(window, qtbot)
    dialog._left.setCurrentIndex(dialog._groups.index(1))
    tick(dialog, 1, Qt.CheckState.Checked)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/pictures/best")
    dialog._ask_for_folder()
    qtbot.waitUntil(lambda: window.is_settled)
    assert dialog._folder.text() == "Keep what lies in: best"
    kept = [[a.id for a in dialog._choice.kept(group)] for group in dialog._groups.groups]
    assert kept == [[6], [4, 3]]
    dialog._drop_folder(Path("/pictures/best"))
    qtbot.waitUntil(lambda: window.is_settled)
    assert [a.id for a in dialog._choice.kept(dialog._groups.groups[0])] == [2]


def test_similar_shots_are_all_kept_at_first(
    open_window: Open, library: FakeLibrary, qtbot: QtBot
) -> None:
    dialog = open_dialog(open_window(library), qtbot, shots=True)
    assert ticks(dialog) == [True, True]
    assert dialog._copies.data(dialog._copies.index(0)).endswith("Best: best quality")
    assert not dialog._all.isEnabled()
    assert not dialog._one.isEnabled()
    tick(dialog, 1, Qt.CheckState.Unchecked)
    assert dialog._all.isEnabled()
    assert dialog._one.isEnabled()


def test_without_copies_it_says_what_to_do_and_does_it(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(FakeLibrary(9))
    dialog = open_dialog(window, qtbot)
    assert dialog._state.text().startswith("No copies are known.")
    assert not dialog._all.isEnabled()
    assert not dialog._split.isEnabled()
    dialog._find.click()
    qtbot.waitUntil(lambda: dialog._groups.rowCount() == 2)


def test_trouble_is_a_sentence(open_window: Open, library: FakeLibrary, qtbot: QtBot) -> None:
    window = open_window(library)
    library.fail = user_error()
    dialog = open_dialog(window, qtbot)
    assert dialog._state.text() == str(user_error())
    assert not dialog._one.isEnabled()
    assert not dialog._all.isEnabled()


def test_names_run_from_left_to_right(
    open_window: Open, library: FakeLibrary, qtbot: QtBot
) -> None:
    dialog = open_dialog(open_window(library), qtbot)
    for text in (
        dialog._groups.data(dialog._groups.index(0)),
        dialog._copies.data(dialog._copies.index(0)),
    ):
        assert "\N{LEFT-TO-RIGHT ISOLATE}2.jpg\N{POP DIRECTIONAL ISOLATE}" in text


def test_of_very_many_groups_the_first_have_a_row(
    open_window: Open, library: FakeLibrary, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies_model, "MOST_ROWS", 1)
    monkeypatch.setattr(copies_dialog, "MOST_ROWS", 1)
    dialog = open_dialog(open_window(library), qtbot)
    assert dialog._groups.rowCount() == 1
    said = "2 groups · 3 files to spare · 3.0 kB · the first 1 are shown"
    assert dialog._state.text() == said, "all of them count"


def test_every_reason_has_words() -> None:
    known = {reason for reason, _ in keeper._REASONS} | {"lies where you keep pictures"}
    source = Path(why.__code__.co_filename).read_text("utf-8")
    assert [each for each in known if f'"{each}": tr("{each}")' not in source] == []


def test_what_cannot_be_told_does_not_go(library: FakeLibrary) -> None:
    # The fake has no file for picture 1.
    copies = DuplicateGroup("copies", tuple(library.assets([1, 2])), "most pixels")
    found = find_spare(library, [copies], Choice())  # type: ignore[arg-type]
    assert (found.assets, found.left) == ((), 1), "what is to be kept is not there"
    turned = DuplicateGroup("copies", tuple(library.assets([2, 1, 3])), "most pixels")
    found = find_spare(library, [turned], Choice())  # type: ignore[arg-type]
    assert [asset.id for asset in found.assets] == [3]
    assert found.left == 1


def test_a_video_that_is_kept_in_one_group_does_not_go_with_another(library: FakeLibrary) -> None:
    def frames(time: float) -> DuplicateGroup:
        two = library.assets([2 + int(time), 12 + int(time)])
        names = ("a.mp4", "b.mp4")
        made = [
            replace(e, key=f"{n}#t={time:.3f}", time=time) for e, n in zip(two, names, strict=True)
        ]
        return DuplicateGroup("identical", tuple(made), "")

    groups, choice = [frames(0.0), frames(4.0)], Choice()
    choice.choose(groups[1], groups[1].assets[1], kept=True)
    choice.choose(groups[1], groups[1].assets[0], kept=False)
    assert find_spare(library, groups, choice).assets == ()  # type: ignore[arg-type]


def test_what_is_kept_goes_under_no_other_name(library: FakeLibrary) -> None:
    groups = [DuplicateGroup("copies", tuple(library.assets(ids)), "") for ids in ([2, 3], [4, 5])]
    library.places = {2: "one file", 5: "one file"}
    found = find_spare(library, groups, Choice())  # type: ignore[arg-type]
    assert [asset.id for asset in found.assets] == [3]


def test_what_is_kept_on_the_web_alone_is_not_kept(library: FakeLibrary) -> None:
    library.found = [replace(library.found[0], kind=SourceKind.CATALOGUE)]
    copies = DuplicateGroup("copies", tuple(library.assets([1, 2])), "most pixels")
    found = find_spare(library, [copies], Choice())  # type: ignore[arg-type]
    assert (found.assets, found.left) == ((), 1)
    library.found = [replace(library.found[0], kind=SourceKind.S3)]
    found = find_spare(library, [copies], Choice())  # type: ignore[arg-type]
    assert [asset.id for asset in found.assets] == [2]


def test_what_went_is_left_out_until_a_sync_has_seen_it(library: FakeLibrary) -> None:
    groups = library.duplicates()
    found = counted(groups, Choice(), {3}, first=5, row=1)
    assert [[a.id for a in each.assets] for each in found.groups] == [[2, 5, 6]]
    assert (found.row, found.files, found.known) == (0, 2, {3})


# --- on disk ------------------------------------------------------------------------------------


@pytest.fixture
def window(home: Path, theme: Theme, qtbot: QtBot) -> Iterator[Window]:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    photos = home / "photos"
    photos.mkdir()
    picture = Image.effect_mandelbrot((320, 240), (-2, -1, 1, 1), 60).convert("RGB")
    picture.save(photos / "large.png")
    picture.resize((160, 120)).save(photos / "small.jpg")
    Image.new("RGB", (40, 30), (200, 90, 20)).save(photos / "other.png")
    opened = Window(theme, lambda: Library.open(home / "library"), begin_sync=Library.sync)
    opened.show()
    opened.add_folder(photos)
    qtbot.waitUntil(lambda: len(opened._model) == 3 and opened.is_settled, timeout=20_000)
    yield opened
    opened.close()
    opened.deleteLater()


def names(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "photos").iterdir())


def test_records_of_the_files_are_not_shown_as_copies(
    window: Window, home: Path, qtbot: QtBot
) -> None:
    library = window._library
    assert library is not None
    shop = home / "shop.csv"
    shop.write_text("id,image\n1,photos/large.png\n2,photos/small.jpg\n3,photos/other.png\n")
    for _ in library.import_catalogue(shop, "shop", pytest.fail):
        pass
    for _ in library.sync(library.collection("shop")):
        pass
    for _ in library.find_duplicates(similar_shots=True):
        pass
    dialog = open_dialog(window, qtbot)
    ((large, small),) = [group.assets for group in dialog._groups.groups]
    assert (large.name, small.name) == ("large.png", "small.jpg"), "of the folder, and no record"
    spare = find_spare(library, dialog._groups.groups, Choice())
    assert [asset.id for asset in spare.assets] == [small.id]
    dialog.choose_kind(True)
    qtbot.waitUntil(lambda: window.is_settled)
    assert dialog._groups.rowCount() == 0


@pytest.mark.skipif(os.name != "posix", reason="the trash of freedesktop.org")
def test_copies_go_their_tags_stay_and_undo_brings_back(
    window: Window, home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, hands = window._library, window._hands
    assert library is not None
    assert hands is not None
    for _ in library.find_duplicates():
        pass
    ((large, small),) = [group.assets for group in library.duplicates()]
    assert (large.name, small.name) == ("large.png", "small.jpg")
    library.tag([small.id], ["fractal"])
    dialog = open_dialog(window, qtbot)
    answers = iter(("Keep", "Move to the trash"))

    def exec_(box: QMessageBox) -> int:
        assert box.parent() is dialog
        which = next(answers)
        next(button for button in box.buttons() if button.text() == which).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", exec_)
    dialog._all.click()
    qtbot.waitUntil(lambda: window.is_settled)
    assert names(home) == ["large.png", "other.png", "small.jpg"], "kept is kept"
    dialog._all.click()
    qtbot.waitUntil(lambda: names(home) == ["large.png", "other.png"], timeout=20_000)
    qtbot.waitUntil(lambda: len(window._model) == 2 and window.is_settled, timeout=20_000)
    assert library.assets([large.id])[0].tags == ("fractal",)
    qtbot.waitUntil(lambda: dialog._groups.rowCount() == 0)
    hands.edits.stack.undo()
    qtbot.waitUntil(lambda: "small.jpg" in names(home), timeout=20_000)
    hands.edits.stack.undo()
    qtbot.waitUntil(lambda: library.assets([large.id])[0].tags == ())
    qtbot.waitUntil(lambda: dialog._groups.rowCount() == 1, timeout=20_000)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)
