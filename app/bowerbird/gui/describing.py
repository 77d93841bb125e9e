"""Describes many pictures at once: tags that they may have, and attributes of products."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from bowerbird.errors import BowerbirdError
from bowerbird.gui.i18n import tr
from bowerbird.types import Asset, Attribute, Product, Progress

if TYPE_CHECKING:
    from bowerbird.gui.edits import Edits
    from bowerbird.gui.tasks import Task, Tasks
    from bowerbird.library import Library

# Pictures at a time: what one cancels is at most so many.
_AT_ONCE = 32
# What the title and the description of a product are called, the likeliest first.
_TITLES = ("title", "name", "product", "product_name")
_DESCRIPTIONS = ("description", "body", "text")
GUESSED = "guessed"

Change = tuple[int, Any, Any]
"""An asset's id, what it was, and what it is now."""


class Describing(QObject):
    """Runs as tasks; what was done is one step to undo, also where it was cancelled.

    Args:
        library: Knows the pictures.
        tasks: Shows the work.
        edits: Keeps what can be undone.
        parent: The window.
    """

    def __init__(self, library: Library, tasks: Tasks, edits: Edits, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._tasks = tasks
        self._edits = edits

    def add_tags(self, ids: Sequence[int]) -> Task:
        """Give pictures the tags that they have with some certainty; none is taken."""
        library = self._library

        def put(changes: Sequence[Change], *, back: bool) -> None:
            for asset_id, _, tags in changes:
                (library.untag if back else library.tag)([asset_id], tags)

        title = tr("Add suggested tags to %n pictures", "", len(ids))
        return self._run(title, ids, lambda chosen, made: add_tags(library, chosen, made), put)

    def add_attributes(self, ids: Sequence[int]) -> Task:
        """Note what products are, as far as nothing is noted of it yet."""
        library = self._library

        def put(changes: Sequence[Change], *, back: bool) -> None:
            for asset_id, before, after in changes:
                library.set_metadata(asset_id, before if back else after)

        title = tr("Read attributes of %n pictures", "", len(ids))
        work = lambda chosen, made: add_attributes(library, chosen, made)  # noqa: E731
        return self._run(title, ids, work, put)

    def _run(
        self,
        title: str,
        ids: Sequence[int],
        work: Callable[[Sequence[int], list[Change]], Iterator[Progress]],
        put: Callable[..., None],
    ) -> Task:
        made: list[Change] = []

        def begin() -> Iterator[Progress]:
            return work(ids, made)

        def ended() -> None:
            changes = made.copy()
            made.clear()
            task.say(tr("%n pictures changed", "", len(changes)))
            if changes:
                self._edits.note(
                    title, lambda: put(changes, back=False), lambda: put(changes, back=True)
                )

        task = self._tasks.start(title, begin)
        task.ended.connect(ended)
        return task


def add_tags(library: Library, ids: Sequence[int], made: list[Change]) -> Iterator[Progress]:
    """Give tags, noting them in `made`."""
    done = 0
    for chosen in _parts(ids):
        suggested = library.suggest_tags(chosen)
        for asset in library.assets(chosen):
            known = {tag.casefold() for tag in asset.tags}
            names = [one.name for one in suggested.get(asset.id, ())]
            if new := tuple(name for name in names if name.casefold() not in known):
                library.tag([asset.id], new)
                made.append((asset.id, (), new))
        done += len(chosen)
        yield Progress("reading", done, len(ids))


def add_attributes(library: Library, ids: Sequence[int], made: list[Change]) -> Iterator[Progress]:
    """Write attributes into the metadata, noting what was and is in `made`."""
    done = failed = 0
    for chosen in _parts(ids):
        assets = library.assets(chosen)
        products = [_product(library, asset) for asset in assets]
        for asset, found in zip(assets, library.attributes_of(products), strict=True):
            done += 1
            if isinstance(found, BowerbirdError):
                failed += 1
                yield Progress("reading", done, len(ids), failed, current=f"{asset.name}: {found}")
                continue
            after = with_attributes(asset.metadata, found)
            if after != asset.metadata:
                library.set_metadata(asset.id, after)
                made.append((asset.id, dict(asset.metadata), after))
        done += len(chosen) - len(assets)
        yield Progress("reading", done, len(ids), failed)


def with_attributes(metadata: Mapping[str, Any], found: Mapping[str, Attribute]) -> dict[str, Any]:
    """Return metadata with what it did not say; what is only guessed is named as such."""
    known = {name.casefold() for name in metadata}
    new = {name: one for name, one in found.items() if name.casefold() not in known}
    after = {**metadata, **{name: one.value for name, one in new.items()}}
    guessed = [name for name, one in new.items() if one.source == "embedding"]
    before = metadata.get(GUESSED, [])
    if guessed and isinstance(before, list):
        after[GUESSED] = [*before, *guessed]
    return after


def _product(library: Library, asset: Asset) -> Product:
    texts = {
        name.casefold(): value for name, value in asset.metadata.items() if isinstance(value, str)
    }
    title, description = (
        next((texts[name] for name in names if name in texts), "")
        for names in (_TITLES, _DESCRIPTIONS)
    )
    return Product(title, description, library.thumbnail(asset))


def _parts(ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield list(ids[start : start + _AT_ONCE])
