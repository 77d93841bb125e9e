"""Changes to the library that can be taken back: each knows how to be done and undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from bowerbird.gui.i18n import tr
from bowerbird.types import Asset, Auto, Collection, Query

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.library import Library


class Edits(QObject):
    """The stack of changes; what touches the library runs off the GUI thread, in order.

    Args:
        library: What is changed.
        jobs: One thread, so that a change and its undoing keep their order.
        parent: The window.
    """

    done = Signal()
    """The library holds another state."""

    def __init__(self, library: Library, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self.stack = QUndoStack(self)

    def tag(self, assets: Sequence[Asset], tag: str) -> None:
        """Give a tag to those that have it not yet."""
        ids = [asset.id for asset in assets if not _has(asset, tag)]
        if tag and ids:
            self._push(
                tr("Tag “{tag}”").format(tag=tag),
                lambda: self._library.tag(ids, [tag]),
                lambda: self._library.untag(ids, [tag]),
            )

    def untag(self, assets: Sequence[Asset], tag: str) -> None:
        """Take a tag from those that have it."""
        ids = [asset.id for asset in assets if _has(asset, tag)]
        if ids:
            self._push(
                tr("Remove tag “{tag}”").format(tag=tag),
                lambda: self._library.untag(ids, [tag]),
                lambda: self._library.tag(ids, [tag]),
            )

    def merge_tags(self, merges: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        """Give pictures, by their ids, tags that they have not yet."""
        library = self._library

        def do() -> None:
            for asset_id, tags in merges:
                library.tag([asset_id], tags)

        def undo() -> None:
            for asset_id, tags in merges:
                library.untag([asset_id], tags)

        if merges:
            self._push(tr("Merge the tags of copies"), do, undo)

    def set_metadata(self, asset: Asset, metadata: Mapping[str, Any]) -> None:
        """Replace the free metadata of a picture."""
        before = dict(asset.metadata)
        if dict(metadata) != before:
            self._push(
                tr("Edit the data of {name}").format(name=asset.name),
                lambda: self._library.set_metadata(asset.id, metadata),
                lambda: self._library.set_metadata(asset.id, before),
            )

    def rename(self, collection: Collection, name: str) -> None:
        """Give a collection another name."""
        self._push(
            tr("Rename “{name}”").format(name=collection.name),
            lambda: self._library.rename_collection(collection, name),
            lambda: self._library.rename_collection(collection, collection.name),
        )

    def set_auto(self, collection: Collection, auto: Auto) -> None:
        """Choose when a collection is looked at by itself."""
        before = collection.auto
        if auto is not before:
            self._push(
                tr("When “{name}” is looked at").format(name=collection.name),
                lambda: self._library.set_auto(collection, auto),
                lambda: self._library.set_auto(collection, before),
            )

    def save_search(self, name: str, query: Query) -> None:
        """Keep a search under a name; undoing brings back what had that name."""
        library = self._library
        before: list[Query] = []

        def do() -> None:
            before[:] = [s.query for s in library.saved_searches() if s.name == name]
            library.save_search(name, query)

        def undo() -> None:
            library.forget_search(name)
            for old in before:
                library.save_search(name, old)

        self._push(tr("Save search “{name}”").format(name=name), do, undo)

    def forget_search(self, name: str, query: Query) -> None:
        """Forget a saved search."""
        self._push(
            tr("Forget search “{name}”").format(name=name),
            lambda: self._library.forget_search(name),
            lambda: self._library.save_search(name, query),
        )

    def note(self, text: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        """Keep a change that was done already, so that it can be taken back."""
        self.stack.push(_Edit(text, lambda: self._run(do), lambda: self._run(undo), done=True))
        self.done.emit()

    def _push(self, text: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        self.stack.push(_Edit(text, lambda: self._run(do), lambda: self._run(undo)))

    def _run(self, change: Callable[[], None]) -> None:
        self._jobs.start(change, lambda _: self.done.emit())


class _Edit(QUndoCommand):
    """One change."""

    def __init__(
        self, text: str, do: Callable[[], None], undo: Callable[[], None], *, done: bool = False
    ) -> None:
        super().__init__(text)
        self._do = do
        self._undo = undo
        self._is_done = done

    def redo(self) -> None:
        """Do it; the stack calls this when it is pushed, too."""
        if not self._is_done:
            self._do()
        self._is_done = False

    def undo(self) -> None:
        """Take it back."""
        self._undo()


def _has(asset: Asset, tag: str) -> bool:
    return tag.casefold() in (known.casefold() for known in asset.tags)
