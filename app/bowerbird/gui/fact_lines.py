"""Lines of what and how something is, below each other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QSizePolicy

from bowerbird.gui.theme import UNIT


class FactLines(QGridLayout):
    """Two columns: what is told, quietly, and what it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(2 * UNIT)
        self.setVerticalSpacing(4)
        self.setColumnStretch(1, 1)

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show these in place of those before."""
        emptied(self)
        for line in lines:
            self.add_line(*line)

    def add_line(self, what: str, value: str) -> None:
        """Show one more."""
        title = QLabel(what)
        title.setObjectName("quiet")
        title.setAlignment(Qt.AlignmentFlag.AlignTop)
        said = wrapped("")
        said.setText(value)
        row = self.count() // 2
        self.addWidget(title, row, 0)
        self.addWidget(said, row, 1)


def wrapped(name: str) -> QLabel:
    """Return a label whose text breaks and can be selected."""
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    # One endless word must not make the panel wider than it is.
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def emptied(layout: QLayout) -> None:
    """Take all widgets out of a layout, and be done with them."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
