"""What hands do with the pictures in the grid: inspect, look, tag, find alike, take elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QObject, QPoint, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDrag, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from bowerbird.gui.facts import likeness, mood
from bowerbird.gui.files import Files
from bowerbird.gui.i18n import tr
from bowerbird.gui.inspector import MOST_SHARED, Inspector
from bowerbird.gui.jobs import Operation
from bowerbird.gui.panes import MOST, to_image
from bowerbird.gui.places import Place
from bowerbird.gui.quick_look import QuickLook
from bowerbird.gui.shortcuts import keyed
from bowerbird.types import Asset, Comparison, Query, Reading, Similarity, Suggestion

if TYPE_CHECKING:
    from bowerbird.gui.edits import Edits
    from bowerbird.gui.grid.thumbnails import Thumbnails
    from bowerbird.gui.grid.view import GridView
    from bowerbird.gui.jobs import Jobs
    from bowerbird.library import Library

PREVIEW = 720
SIMILAR = 8
# A hand that moves through the grid waits for nothing; a preview is decoded where it rests.
REST_MS = 180
# Files that can be dragged at once; file managers choke on more.
MOST_DRAGGED = 2000


class Pictures(QObject):
    """Joins the grid with the inspector and the quick look.

    Args:
        library: Knows the pictures.
        jobs: Runs what takes time.
        view: The grid.
        inspector: Shows what is selected.
        thumbnails: Small pictures.
        edits: Changes that can be undone.
        say: Shows a sentence.
        parent: The window.
    """

    similar_wanted = Signal(object)
    """An Asset: pictures like it."""
    chip_wanted = Signal(object, float)
    """An Asset that is to count in the search as well, and how much."""
    place_wanted = Signal(object)
    """A Place that is in no list."""
    export_wanted = Signal()
    cutout_wanted = Signal()
    read_wanted = Signal()
    """The text in the selected pictures is to be read."""
    tags_wanted = Signal(object)
    """A list of ids: pictures that are to get the tags that they may have."""
    attributes_wanted = Signal(object)
    """A list of ids: pictures of products whose attributes are to be read."""
    shape_wanted = Signal(object)
    """An Asset: pictures whose subject has its shape."""
    reimagine_wanted = Signal(object)
    """A list of ids: pictures that variations are to be made of."""
    trash_wanted = Signal()

    def __init__(
        self,
        library: Library,
        jobs: Jobs,
        view: GridView,
        inspector: Inspector,
        thumbnails: Thumbnails,
        edits: Edits,
        say: Callable[[str], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self._view = view
        self._inspector = inspector
        self._thumbnails = thumbnails
        self._edits = edits
        self._roots: dict[int, Path] = {}
        self._asked: list[Operation[Any]] = []
        self.files = Files(library, jobs, say, parent)
        self.look = QuickLook(jobs, library.preview, self._small, library.detect, parent)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._look_closer)
        view.selection_changed.connect(self.inspect)
        view.grid.dataChanged.connect(self.inspect)
        view.looked.connect(self.quick_look)
        view.dragged.connect(self._drag)
        view.opened.connect(self._open)
        view.menu_wanted.connect(self._show_menu)
        inspector.tag_wanted.connect(lambda tag: edits.tag(self.selected(), tag))
        inspector.untag_wanted.connect(lambda tag: edits.untag(self.selected(), tag))
        inspector.metadata_wanted.connect(self._set_metadata)
        inspector.left.connect(view.setFocus)
        self.look.stepped.connect(self._step)
        self.look.closed.connect(view.setFocus)
        self.look.opened.connect(lambda: self._open(view.current))

    def know_collections(self, roots: dict[int, Path]) -> None:
        """Learn where the collections lie, so that a drag need not ask."""
        self._roots = roots

    def close(self) -> None:
        """Stop what waits."""
        self._rest.stop()

    # --- what is selected -----------------------------------------------------------------------

    def positions(self) -> list[int]:
        """Return the selected positions, or the current one."""
        chosen: list[int] = self._view.selected().tolist()
        return chosen or ([self._view.current] if self._view.current >= 0 else [])

    def selected(self) -> list[Asset]:
        """Return the selected pictures that are known already, up to `MOST_SHARED`."""
        chosen = self._view.selected()[:MOST_SHARED].tolist()
        found = (self._view.grid.asset_at(position) for position in chosen)
        return [asset for asset in found if asset is not None]

    def ids(self) -> list[int]:
        """Return the ids of all that is selected."""
        return self._view.grid.asset_ids(self._view.selected())

    def inspect(self) -> None:
        """Show what is known of the selection; the large preview follows when hands rest."""
        if not self._inspector.isVisible():
            return
        before = [asset.id for asset in self._inspector.assets]
        assets = self.selected()
        self._inspector.show_assets(assets, len(self._view.selected()))
        if [asset.id for asset in assets] != before:
            for asked in self._asked:
                asked.drop()
            self._asked = []
            if len(assets) == 1:
                self._inspector.show_picture(self._small(assets[0]))
            self._rest.start()

    def _look_closer(self) -> None:
        assets = self._inspector.assets
        if len(assets) == 2:
            self._compare(*assets)
        if len(assets) != 1:
            return
        asset, library = assets[0], self._library

        def alike() -> tuple[list[Asset], list[Asset]]:
            twins = library.near_duplicates(asset)[:SIMILAR]
            known = {asset.id, *(each.id for each in twins)}
            query = Query(assets=(asset.uuid,), limit=SIMILAR + len(known))
            ids = library.search(query).ids.tolist()
            return [e for e in library.assets(ids) if e.id not in known][:SIMILAR], twins

        self._asked = [
            # What cannot be shown large shows small, and opening it says why.
            self._jobs.start(
                lambda: to_image(library.preview(asset, PREVIEW)),
                lambda image: self._inspector.show_picture(QPixmap.fromImage(image)),
                lambda _: None,
            ),
            self._jobs.start(alike, self._show_alike, lambda _: None),
            self._jobs.start(
                lambda: library.suggest_tags([asset.id]).get(asset.id, ()),
                lambda found: self._suggest(asset, found),
                lambda _: None,
            ),
        ]
        self._show_text(asset)
        if asset.colours:
            self._jobs.start(
                lambda: library.temperature(asset),
                lambda found: self._inspector.show_found([asset], mood(found)),
                lambda _: None,
            )

    def _compare(self, one: Asset, other: Asset) -> None:
        """Say how much two pictures are alike; what has no embedding is like nothing."""
        library = self._library

        def alike() -> Similarity | None:
            known = library.vectors([one.id, other.id])
            if len(known) < 2:
                return None
            return library.compare_vectors(known[one.id], known[other.id])

        def show(found: Similarity | None) -> None:
            if found is not None:
                self._inspector.show_found([one, other], likeness(found))

        self._asked = [self._jobs.start(alike, show, lambda _: None)]

    def show_read(self) -> None:
        """Show the text of the picture that is inspected, which was perhaps read by now."""
        if len(self._inspector.assets) == 1:
            self._show_text(self._inspector.assets[0])

    def _show_text(self, asset: Asset) -> None:
        library = self._library

        def show(found: Reading | None) -> None:
            if [each.id for each in self._inspector.assets] == [asset.id]:
                self._inspector.read.show_reading(found)

        self._jobs.start(lambda: library.reading(asset), show, lambda _: None)

    def _suggest(self, asset: Asset, found: tuple[Suggestion, ...]) -> None:
        if [each.id for each in self._inspector.assets] == [asset.id]:
            self._inspector.show_suggestions(found)

    def _show_alike(self, groups: tuple[list[Asset], list[Asset]]) -> None:
        library = self._library
        shown = [asset.id for asset in self._inspector.assets]

        def read() -> list[list[tuple[Asset, bytes]]]:
            every = [[(asset, library.thumbnail(asset)) for asset in group] for group in groups]
            return [[(a, data) for a, data in group if data is not None] for group in every]

        def arrived(found: list[list[tuple[Asset, bytes]]]) -> None:
            if [asset.id for asset in self._inspector.assets] != shown:
                return
            alike, twins = ([(asset, _picture(data)) for asset, data in group] for group in found)
            self._inspector.show_similar(alike, twins)

        self._jobs.start(read, arrived, lambda _: None)

    def _small(self, asset: Asset) -> QPixmap | None:
        return self._thumbnails.picture(asset, QSize(320, 320))

    def _set_metadata(self, metadata: dict[str, Any]) -> None:
        assets = self.selected()
        if len(assets) == 1:
            self._edits.set_metadata(assets[0], metadata)

    # --- quick look -----------------------------------------------------------------------------

    def quick_look(self) -> None:
        """Look at the current picture, or at up to four that are selected."""
        chosen = self.selected()
        if not 1 < len(chosen) <= MOST:
            current = self._view.grid.asset_at(self._view.current) if self.positions() else None
            chosen = [current] if current is not None else []
        if chosen:
            self.look.look_at(chosen)

    def _step(self, by: int) -> None:
        to = self._view.current + by
        if 0 <= to < len(self._view.grid) and len(self.look.assets) == 1:
            self._view.select(to, Qt.KeyboardModifier.NoModifier)
            asset = self._view.grid.asset_at(to)
            if asset is not None:
                self.look.look_at([asset])

    # --- elsewhere ------------------------------------------------------------------------------

    def _open(self, position: int) -> None:
        asset = self._view.grid.asset_at(position)
        if asset is not None:
            self.files.open(asset)

    def _show_menu(self, point: QPoint) -> None:
        asset = self._view.grid.asset_at(self._view.current)
        if asset is None:
            return
        more: list[tuple[str, Callable[[], None]] | None] = [
            (tr("Quick look\tSpace"), self.quick_look),
            None,
            (keyed(tr("Find similar"), "similar"), lambda: self.similar_wanted.emit(asset)),
            (tr("Find the same shape"), lambda: self.shape_wanted.emit(asset)),
            (tr("Also like this"), lambda: self.chip_wanted.emit(asset, 1.0)),
            (tr("Not like this"), lambda: self.chip_wanted.emit(asset, -0.5)),
            *self._copies(asset),
            None,
            (keyed(tr("Edit tags …"), "tag"), self.edit_tags),
            (tr("Add suggested tags"), lambda: self.tags_wanted.emit(self.ids())),
            (tr("Read attributes"), lambda: self.attributes_wanted.emit(self.ids())),
            (tr("Read text"), self.read_wanted.emit),
            None,
            (keyed(tr("Remove background …"), "cutout"), self.cutout_wanted.emit),
            (
                keyed(tr("Reimagine …"), "reimagine"),
                lambda: self.reimagine_wanted.emit(self.ids()),
            ),
            None,
            *self._link(asset),
            (keyed(tr("Export …"), "export"), self.export_wanted.emit),
            (tr("Move to the trash …\tDelete"), self.trash_wanted.emit),
            None,
        ]
        self.files.menu(asset, more).popup(point)

    def _link(self, asset: Asset) -> list[tuple[str, Callable[[], None]]]:
        """Offer an address of what lies in a bucket or on the web."""
        if asset.collection_id in self._roots:
            return []
        return [(tr("Copy link"), lambda: self.files.copy_link(asset))]

    def _copies(self, asset: Asset) -> list[tuple[str, Callable[[], None]]]:
        """Offer to show the files of the same content, where there are some."""
        if not asset.copies:
            return []
        title = tr("Copies of {name}").format(name=asset.name)
        same = Comparison("md5", "=", asset.md5)
        place = Place(("copies", str(asset.md5)), title, "copies", filter=same)
        return [(tr("Show all copies"), lambda: self.place_wanted.emit(place))]

    def edit_tags(self) -> None:
        """Put the hands into the tag field of the selection."""
        self._inspector.show()
        self.inspect()
        self._inspector.edit_tags()

    def mime(self) -> QMimeData | None:
        """Return the files of the selection as other programs take them; None without files."""
        assets = [self._view.grid.asset_at(at) for at in self.positions()[:MOST_DRAGGED]]
        paths = [
            self._roots[asset.collection_id] / asset.file_key
            for asset in assets
            if asset is not None and asset.collection_id in self._roots
        ]
        if not paths:
            return None
        mime = QMimeData()
        paths = list(dict.fromkeys(paths))  # frames of a video share its file
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        mime.setText("\n".join(map(str, paths)))
        return mime

    def _drag(self) -> None:
        mime = self.mime()
        if mime is None:
            return
        drag = QDrag(self._view)
        drag.setMimeData(mime)
        asset = self._view.grid.asset_at(self._view.current)
        small = self._small(asset) if asset is not None else None
        if small is not None and not small.isNull():
            kept = Qt.AspectRatioMode.KeepAspectRatio
            drag.setPixmap(small.scaled(96, 96, kept, Qt.TransformationMode.SmoothTransformation))
        drag.exec(Qt.DropAction.CopyAction)

    def copy(self) -> None:
        """Copy the selected files; one picture also as an image."""
        mime = self.mime()
        if mime is None:
            return
        assets = self.selected()
        if len(assets) != 1:
            QApplication.clipboard().setMimeData(mime)
            return
        asset, library = assets[0], self._library

        def decoded(image: object) -> None:
            mime.setImageData(image)
            QApplication.clipboard().setMimeData(mime)

        self._jobs.start(lambda: to_image(library.preview(asset, 1 << 14)), decoded)


def _picture(data: bytes) -> QPixmap:
    picture = QPixmap()
    picture.loadFromData(data)
    return picture
