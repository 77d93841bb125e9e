"""The result of a search as a list; what is looked at is fetched."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from bowerbird.gui.facts import titled
from bowerbird.gui.i18n import tr
from bowerbird.types import Asset, Results, Status

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.library import Library

    Index = QModelIndex | QPersistentModelIndex

# Assets fetched at a time; a screen shows about a hundred.
PAGE = 128
# Assets kept; about 1 kB each.
KEPT = 8192
ASSET = Qt.ItemDataRole.UserRole
SCORE = Qt.ItemDataRole.UserRole + 1


class GridModel(QAbstractTableModel):
    """One row a hit, in the order of the result; where each is drawn is the view's affair.

    Args:
        jobs: Runs what fetches rows, off the GUI thread.
    """

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._library: Library | None = None
        self._results = Results(np.empty(0, np.int64), None, 0)
        self._assets: OrderedDict[int, Asset] = OrderedDict()
        self._asked: set[int] = set()
        # Rows fetched since the result came; others are shown, and fetched again.
        self._fresh: set[int] = set()
        self._generation = 0

    def show(self, library: Library, results: Results) -> None:
        """Replace the result; rows that are known show at once and are fetched anew."""
        self.beginResetModel()
        self._library, self._results = library, results
        self._generation += 1
        self._asked.clear()
        self._fresh.clear()
        self.endResetModel()

    def forget_facts(self) -> None:
        """Fetch what is looked at anew: the library changed, the result did not."""
        self._fresh.clear()
        self._asked.clear()
        self._generation += 1
        if len(self):
            self.dataChanged.emit(self.cell(0), self.cell(len(self) - 1))

    @property
    def results(self) -> Results:
        """What is shown."""
        return self._results

    def __len__(self) -> int:
        return len(self._results)

    def asset_ids(self, positions: np.ndarray) -> list[int]:
        """Return the ids at some positions."""
        ids: list[int] = self._results.ids[positions].tolist()
        return ids

    def asset_at(self, position: int) -> Asset | None:
        """Return the asset at a position; None while it is being fetched, and where none is."""
        if not 0 <= position < len(self._results):
            return None
        asset_id = int(self._results.ids[position])
        asset = self._assets.get(asset_id)
        if asset_id not in self._fresh:
            self._fetch(position // PAGE)
        if asset is not None:
            self._assets.move_to_end(asset_id)
        return asset

    def cell(self, position: int) -> QModelIndex:
        """Return the cell of an asset."""
        return self.index(position, 0)

    # --- Qt's questions -------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        """One row a hit."""
        return 0 if parent.isValid() else len(self._results)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        """One column."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows; None while it is fetched."""
        position = index.row()
        if not 0 <= position < len(self._results):
            return None
        if role == SCORE:
            return self._results[position].score
        asset = self.asset_at(position)
        if asset is None:
            return None
        if role == ASSET:
            return asset
        if role == Qt.ItemDataRole.DisplayRole:
            return asset.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return _described(asset)
        return None

    # --- fetching -------------------------------------------------------------------------------

    def _fetch(self, page: int) -> None:
        if page in self._asked or self._library is None:
            return
        self._asked.add(page)
        library, generation = self._library, self._generation
        ids = self._results.ids[page * PAGE : (page + 1) * PAGE].tolist()

        def arrived(assets: list[Asset]) -> None:
            self._keep(assets)
            if generation == self._generation:
                self._fresh.update(ids)
                self._asked.discard(page)
                self._say_changed(page)

        self._jobs.start(lambda: library.assets(ids), arrived)

    def _keep(self, assets: list[Asset]) -> None:
        for asset in assets:
            self._assets[asset.id] = asset
        while len(self._assets) > KEPT:
            dropped, _ = self._assets.popitem(last=False)
            self._fresh.discard(dropped)

    def _say_changed(self, page: int) -> None:
        last = min((page + 1) * PAGE, len(self._results)) - 1
        self.dataChanged.emit(self.cell(page * PAGE), self.cell(last))


def _described(asset: Asset) -> str:
    parts = [titled(asset)]
    if asset.width and asset.height:
        parts.append(f"{asset.width} x {asset.height}")
    if asset.copies:
        parts.append(tr("%n copies elsewhere", "of a file", asset.copies))
    if asset.status is Status.MISSING:
        parts.append(tr("not there now"))
    if asset.folder:
        parts.append(asset.folder)
    return "\n".join(parts)
