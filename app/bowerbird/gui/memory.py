"""What the window remembers from one day to the next: its places, sizes and recent searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMainWindow

if TYPE_CHECKING:
    from bowerbird.gui.layout import Parts


def restore(settings: QSettings, window: QMainWindow, parts: Parts) -> None:
    """Put everything where it was."""

    def kept(name: str, otherwise: Any, kind: type) -> Any:
        return settings.value(name, otherwise, kind)

    if geometry := settings.value("geometry"):
        window.restoreGeometry(geometry)
    if split := settings.value("split/3"):
        parts.split.restoreState(split)
    parts.panel.setVisible(kept("shown/panel", True, bool))
    parts.inspector.setVisible(kept("shown/inspector", True, bool))
    parts.view.set_cell(kept("cell", parts.view.cell_size, int))
    parts.filters.set_filled(kept("filled", False, bool))
    parts.bar.set_recent(kept("recent", [], list))


def save(settings: QSettings, window: QMainWindow, parts: Parts, *, inspector: bool) -> None:
    """Note where everything is.

    Args:
        settings: Keeps it.
        window: The window.
        parts: Its parts.
        inspector: Whether the details only gave way and are to be there in a wider window.
    """
    settings.setValue("geometry", window.saveGeometry())
    settings.setValue("split/3", parts.split.saveState())
    settings.setValue("shown/panel", not parts.panel.isHidden())
    settings.setValue("shown/inspector", inspector or not parts.inspector.isHidden())
    settings.setValue("cell", parts.view.cell_size)
    settings.setValue("filled", parts.filters.is_filled)
    settings.setValue("recent", parts.bar.recent)
