"""The places of the side panel: what each line shows, read off the GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bowerbird.gui.i18n import tr
from bowerbird.types import (
    AllOf,
    Collection,
    CollectionCounts,
    Comparison,
    Facets,
    Filter,
    Query,
    SourceKind,
    Status,
)

if TYPE_CHECKING:
    from bowerbird.library import Library

# Tags that are worth a line; the others are in the filter bar and in the search.
TAGS = 60
# Recent searches that are worth one; the search offers the others while somebody types.
RECENT = 6
WITH_TEXT = Comparison("text", "exists", True)


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the side panel, and what it shows when it is chosen.

    Attributes:
        key: What the line is, whatever its count and state; keeps it chosen and unfolded.
        title: The line's name.
        icon: Of the theme's icons; empty for a heading, which shows nothing.
        count: Pictures; None where they are not counted.
        filter: Which pictures belong to it; None for all.
        collection: The collection that it is, itself.
        saved: The query of a saved search.
        search: What was typed, of a recent search.
        syncing: Whether it is being brought up to date.
        trouble: Why its source could not be reached.
        children: Lines below it.
    """

    key: tuple[str, ...]
    title: str
    icon: str
    count: int | None = None
    filter: Filter | None = None
    collection: Collection | None = None
    saved: Query | None = None
    search: str = ""
    syncing: bool = False
    trouble: str = ""
    children: tuple[Place, ...] = field(default=())

    @property
    def is_heading(self) -> bool:
        """Whether it only stands above its children."""
        return not self.icon


@dataclass(frozen=True, slots=True)
class Kept:
    """What is slow to count: folders by collection, and what the whole library holds."""

    folders: dict[int, tuple[tuple[str, int], ...]]
    whole: Facets
    copies: int = 0
    duplicates: int = 0
    texts: int = 0
    shots: int = 0


def everything() -> Place:
    """Return the place of all pictures before anything is counted."""
    return Place(("all",), tr("All pictures"), "pictures")


def with_recent(places: Sequence[Place], searches: Sequence[str]) -> list[Place]:
    """Return places with the newest of the recent searches behind the saved ones."""
    if not places or not searches:
        return list(places)
    lines = tuple(
        Place(("recent", text), text, "search", search=text) for text in searches[:RECENT]
    )
    recent = Place(("recents",), tr("Recent searches"), "", children=lines)
    below = {"tags", "troubles"}
    at = next((at for at, place in enumerate(places) if place.key[0] in below), len(places))
    return [*places[:at], recent, *places[at:]]


def read_kept(library: Library) -> Kept:
    """Count folders and tags; seconds in a very large library, so not at every step of a sync."""
    collections = library.collections()
    return Kept(
        {c.id: library.facets(_within(c)).folders for c in collections},
        library.facets(),
        library.search(Query(filter=Comparison("copies", ">", 0), limit=0)).total,
        library.search(Query(filter=Comparison("duplicates", ">", 0), limit=0)).total,
        library.search(Query(filter=WITH_TEXT, limit=0)).total,
        library.search(Query(filter=Comparison("shots", ">", 0), limit=0)).total,
    )


def read_places(
    library: Library, kept: Kept, syncing: Collection | None, trouble: dict[int, str]
) -> list[Place]:
    """Return the lines of the panel; none in a library without collections."""
    collections = library.collections()
    if not collections:
        return []
    whole = library.counts()
    current = None if syncing is None else syncing.id
    found = [Place(("all",), tr("All pictures"), "pictures", whole.ok)]
    found += [
        _collection(
            collection,
            library.counts(collection),
            kept.folders.get(collection.id, ()),
            syncing=collection.id == current,
            trouble=trouble.get(collection.id, ""),
        )
        for collection in collections
    ]
    # Behind a heading these would read like its own lines.
    if kept.texts:
        found.append(Place(("read",), tr("With text"), "text", kept.texts, WITH_TEXT))
    if kept.copies:
        exact = Query(filter=Comparison("copies", ">", 0), sort="content")
        found.append(Place(("copies",), tr("Exact copies"), "copies", kept.copies, saved=exact))
    if kept.duplicates:
        groups = Query(filter=Comparison("duplicates", ">", 0), sort="group")
        title = tr("Copies of one shot")
        found.append(Place(("duplicates",), title, "copies", kept.duplicates, saved=groups))
    if kept.shots:
        shots = Query(filter=Comparison("shots", ">", 0), sort="shots")
        found.append(Place(("shots",), tr("Similar shots"), "copies", kept.shots, saved=shots))
    if saved := library.saved_searches():
        lines = tuple(
            Place(("saved", each.name), each.name, "saved", saved=each.query) for each in saved
        )
        found.append(Place(("searches",), tr("Saved searches"), "", children=lines))
    if kept.whole.tags:
        lines = tuple(
            Place(("tag", tag), tag, "tag", count, Comparison("tag", "=", tag))
            for tag, count in kept.whole.tags[:TAGS]
        )
        found.append(Place(("tags",), tr("Tags"), "", children=lines))
    if troubles := _troubles(whole):
        found.append(Place(("troubles",), tr("Trouble"), "", children=troubles))
    return found


def _collection(
    collection: Collection,
    counts: CollectionCounts,
    folders: Iterable[tuple[str, int]],
    *,
    syncing: bool,
    trouble: str,
) -> Place:
    return Place(
        ("collection", str(collection.id)),
        collection.name,
        "offline" if trouble else "folder" if collection.kind is SourceKind.FOLDER else "pictures",
        counts.ok,
        _within(collection),
        collection,
        syncing=syncing,
        trouble=trouble,
        # The folders of a managed collection are contents, which mean nothing to anybody.
        children=()
        if collection.kind is SourceKind.MANAGED
        else _folders(collection, dict(folders)),
    )


def _folders(collection: Collection, direct: dict[str, int]) -> tuple[Place, ...]:
    """Return the tree of folders, each counting what lies below it."""
    totals: dict[str, int] = {}
    below: dict[str, list[str]] = {}
    for path, count in direct.items():
        parts = path.split("/") if path else []
        for depth in range(1, len(parts) + 1):
            here = "/".join(parts[:depth])
            if here not in totals:
                totals[here] = 0
                below.setdefault("/".join(parts[: depth - 1]), []).append(here)
            totals[here] += count

    def places(path: str) -> tuple[Place, ...]:
        return tuple(
            Place(
                ("folder", str(collection.id), folder),
                folder.rpartition("/")[2],
                "folder",
                totals[folder],
                AllOf((_within(collection), Comparison("folder", "=", folder))),
                children=places(folder),
            )
            for folder in sorted(below.get(path, ()), key=str.casefold)
        )

    return places("")


def _troubles(counts: CollectionCounts) -> tuple[Place, ...]:
    kinds = (
        (Status.FAILED, tr("Could not be read"), counts.failed),
        (Status.MISSING, tr("Missing files"), counts.missing),
        (Status.PENDING, tr("Waiting for their pictures"), counts.pending),
    )
    return tuple(
        Place(
            ("status", kind),
            title,
            "clock" if kind is Status.PENDING else "warning",
            count,
            Comparison("status", "=", kind.value),
        )
        for kind, title, count in kinds
        if count
    )


def _within(collection: Collection) -> Filter:
    return Comparison("collection", "=", collection.id)
