"""Makes the parts of the window and puts them into their places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from bowerbird.gui.filter_bar import FilterBar
from bowerbird.gui.grid.model import GridModel
from bowerbird.gui.grid.thumbnails import Thumbnails
from bowerbird.gui.grid.view import GridView
from bowerbird.gui.inspector import Inspector
from bowerbird.gui.pages import EmptyPage, MessageBar
from bowerbird.gui.places import Place
from bowerbird.gui.search_bar import SearchBar
from bowerbird.gui.side_panel import Actions, SidePanel
from bowerbird.gui.status_line import StatusLine
from bowerbird.gui.theme import UNIT, Theme


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window is made of.

    Attributes:
        panel: The places, at the left.
        bar: The search.
        filters: The line below it.
        remark: A sentence about the result.
        view: The grid.
        empty: What stands in the grid's place when there are no pictures.
        stack: Shows one of these two.
        inspector: The details, at the right.
        message: What went wrong, along the window's upper edge.
        status: Counts and jobs, along its lower edge.
        split: Panel, pictures and inspector.
    """

    panel: SidePanel
    bar: SearchBar
    filters: FilterBar
    remark: QLabel
    view: GridView
    empty: EmptyPage
    stack: QStackedWidget
    inspector: Inspector
    message: MessageBar
    status: StatusLine
    split: QSplitter


def build(
    window: QMainWindow,
    theme: Theme,
    model: GridModel,
    thumbnails: Thumbnails,
    actions: Callable[[Place], Actions],
) -> Parts:
    """Fill the window and return its parts.

    Args:
        window: Gets a central widget.
        theme: Colours.
        model: What the grid shows.
        thumbnails: Its pictures.
        actions: Gives what can be done with a place.
    """
    remark = QLabel()
    remark.setObjectName("quiet")
    remark.setTextInteractionFlags(
        Qt.TextInteractionFlag.LinksAccessibleByMouse
        | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
    )
    remark.hide()
    parts = Parts(
        SidePanel(theme, actions),
        SearchBar(theme),
        FilterBar(theme),
        remark,
        GridView(model, theme, thumbnails),
        EmptyPage(theme),
        QStackedWidget(),
        Inspector(theme),
        MessageBar(theme),
        StatusLine(theme),
        QSplitter(Qt.Orientation.Horizontal),
    )
    for page in (parts.view, parts.empty):
        parts.stack.addWidget(page)
    _lay_out(window, parts)
    return parts


def _lay_out(window: QMainWindow, parts: Parts) -> None:
    middle = QWidget()
    middle.setObjectName("ground")
    inner = QVBoxLayout(middle)
    inner.setContentsMargins(UNIT, UNIT + 4, 0, 0)
    inner.setSpacing(UNIT)
    lines = QVBoxLayout()
    lines.setContentsMargins(4, 0, UNIT + 4, 0)
    lines.setSpacing(UNIT)
    for line in (parts.bar, parts.filters, parts.remark):
        lines.addWidget(line)
    inner.addLayout(lines)
    inner.addWidget(parts.stack, 1)
    parts.split.setHandleWidth(1)
    for side in (parts.panel, middle, parts.inspector):
        parts.split.addWidget(side)
    parts.split.setStretchFactor(1, 1)
    parts.split.setSizes([28 * UNIT, 100 * UNIT, 34 * UNIT])
    parts.split.setCollapsible(1, False)
    whole = QWidget()
    outer = QVBoxLayout(whole)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    for widget in (parts.message, parts.split, parts.status):
        outer.addWidget(widget, 1 if widget is parts.split else 0)
    window.setCentralWidget(whole)
    window.setMinimumSize(80 * UNIT, 60 * UNIT)
