"""Puts the parts of the window into their places."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from bowerbird.gui.theme import UNIT


def lay_out(
    window: QMainWindow,
    *,
    panel: QWidget,
    top: tuple[QWidget, ...],
    pages: QWidget,
    message: QWidget,
    status: QWidget,
) -> QSplitter:
    """Fill the window and return the splitter between the panel and the pictures.

    Args:
        window: Gets a central widget.
        panel: Stands at the left.
        top: Lines above the pictures.
        pages: The pictures, or what stands in their place.
        message: Spans the window's upper edge.
        status: Spans its lower edge.
    """
    middle = QWidget()
    middle.setObjectName("ground")
    inner = QVBoxLayout(middle)
    inner.setContentsMargins(UNIT, UNIT + 4, 0, 0)
    inner.setSpacing(UNIT)
    lines = QVBoxLayout()
    lines.setContentsMargins(4, 0, UNIT + 4, 0)
    lines.setSpacing(UNIT)
    for line in top:
        lines.addWidget(line)
    inner.addLayout(lines)
    inner.addWidget(pages, 1)
    split = QSplitter(Qt.Orientation.Horizontal)
    split.setHandleWidth(1)
    for side in (panel, middle):
        split.addWidget(side)
    split.setStretchFactor(1, 1)
    split.setSizes([28 * UNIT, 130 * UNIT])
    split.setCollapsible(1, False)
    whole = QWidget()
    outer = QVBoxLayout(whole)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    for widget in (message, split, status):
        outer.addWidget(widget, 1 if widget is split else 0)
    window.setCentralWidget(whole)
    window.setMinimumSize(80 * UNIT, 60 * UNIT)
    return split
