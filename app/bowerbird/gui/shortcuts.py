"""Every key that does something, as one table: the shortcuts and the sheet that shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT

# Groups beside each other on the sheet, so that it fits the screen of a small laptop.
_ACROSS = 3


def table() -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    """Return groups of (name of an act, its keys, what it does); keys of no act are the grid's."""
    return (
        (
            tr("Search"),
            (
                ("search", "Ctrl+L", tr("Go to the search")),
                ("", "Down", tr("From the search to the pictures")),
                ("", "Ctrl+Return", tr("Set words aside as a part of their own")),
                ("clear", "Escape", tr("Clear the search")),
                ("back", "Alt+Left", tr("Back to the search before")),
                ("forward", "Alt+Right", tr("Forward again")),
                ("save", "Ctrl+S", tr("Save this search")),
                ("similar", "Ctrl+G", tr("Find pictures like this one")),
                ("", "Ctrl+V", tr("Search by the picture in the clipboard")),
            ),
        ),
        (
            tr("Pictures"),
            (
                ("", "Space", tr("Quick look; up to four side by side")),
                ("", "Return", tr("Open the file")),
                ("tag", "Ctrl+T", tr("Edit tags")),
                ("", "Ctrl+C", tr("Copy")),
                ("export", "Ctrl+E", tr("Export")),
                ("cutout", "Ctrl+B", tr("Remove the background")),
                ("reimagine", "Ctrl+Shift+B", tr("Make variations")),
                ("", "Delete", tr("Move the files to the trash")),
                ("", "Ctrl+A", tr("Select all")),
                ("filled", "Ctrl+R", tr("Rows filled with pictures, or squares")),
                ("larger", "Ctrl++", tr("Larger pictures")),
                ("smaller", "Ctrl+-", tr("Smaller pictures")),
            ),
        ),
        (
            tr("Quick look"),
            (
                ("", "Left", tr("The picture before")),
                ("", "Right", tr("The next picture")),
                ("", "+", tr("Zoom in")),
                ("", "-", tr("Zoom out")),
                ("", "0", tr("Show the whole picture")),
                ("", "1", tr("Show its own size")),
                ("", "Shift", tr("With the mouse: search by a part of the picture")),
                ("", "B", tr("Show the things in it; a click searches by one")),
                ("", "Tab", tr("The next thing; Enter searches by it")),
            ),
        ),
        (
            tr("Remove the background"),
            (
                ("", "K", tr("The brush that keeps; the other mouse button removes")),
                ("", "R", tr("The brush that removes; the other mouse button keeps")),
                ("", "[", tr("A smaller brush")),
                ("", "]", tr("A larger brush")),
                ("", "Ctrl+Up", tr("Move the brush; with Shift, paint")),
                ("", "Return", tr("Paint one dab")),
                ("", "Left", tr("Move the handle between before and after")),
                ("", "X", tr("After alone, before alone, both")),
                ("", "F", tr("Show what is removed, faintly")),
                ("", "Space", tr("With the mouse: move the picture")),
                ("", "PgDown", tr("The next picture")),
                ("", "Ctrl+S", tr("Save")),
            ),
        ),
        (
            tr("Window"),
            (
                ("add", "Ctrl+O", tr("Add a folder")),
                ("sync", "F5", tr("Look for changes in all collections")),
                ("copies", "Ctrl+D", tr("Sort out copies")),
                ("tasks", "Ctrl+J", tr("Show or hide the tasks")),
                ("panel", "F9", tr("Show or hide the places")),
                ("inspector", "Ctrl+I", tr("Show or hide the details")),
                ("settings", "Ctrl+,", tr("Settings")),
                ("undo", "Ctrl+Z", tr("Undo")),
                ("redo", "Ctrl+Shift+Z", tr("Redo")),
                ("quit", "Ctrl+Q", tr("Close the window")),
                ("sheet", "?", tr("Show this sheet")),
            ),
        ),
    )


def install(window: QWidget, acts: Mapping[str, Callable[[], object]]) -> None:
    """Make the shortcuts of all named acts.

    Args:
        window: Where they work.
        acts: What each name of the table does.
    """
    for _, rows in table():
        for name, keys, _ in rows:
            if name in acts:
                QShortcut(QKeySequence(keys), window, acts[name])


def keyed(text: str, name: str) -> str:
    """Return a line of a menu with the keys of a named act at its end."""
    keys = next(keys for _, rows in table() for act, keys, _ in rows if act == name)
    return f"{text}\t{QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)}"


class Sheet(QDialog):
    """All keys on one page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(4 * UNIT)
        grid.setVerticalSpacing(3 * UNIT)
        for at, (title, rows) in enumerate(table()):
            grid.addLayout(
                _group(title, rows), at // _ACROSS, at % _ACROSS, Qt.AlignmentFlag.AlignTop
            )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(4 * UNIT, 3 * UNIT, 4 * UNIT, 4 * UNIT)
        outer.addLayout(grid)


def _group(title: str, rows: tuple[tuple[str, str, str], ...]) -> QGridLayout:
    group = QGridLayout()
    group.setHorizontalSpacing(2 * UNIT)
    group.setVerticalSpacing(6)
    heading = QLabel(title)
    heading.setObjectName("heading")
    group.addWidget(heading, 0, 0, 1, 2)
    for row, (_, keys, does) in enumerate(rows, 1):
        native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        key = QLabel(native or keys)
        key.setObjectName("key")
        key.setAlignment(Qt.AlignmentFlag.AlignCenter)
        group.addWidget(key, row, 0)
        group.addWidget(QLabel(does), row, 1)
    group.setColumnStretch(1, 1)
    return group
