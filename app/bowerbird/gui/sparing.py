"""Decides which copies can go: never the last of a shot, and never what cannot be told."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bowerbird.gui.copies_model import Choice
from bowerbird.types import Asset, DuplicateGroup, SourceKind

if TYPE_CHECKING:
    from bowerbird.library import Library


@dataclass(frozen=True, slots=True)
class Spare:
    """What can go.

    Attributes:
        assets: The pictures whose files go to the trash.
        tags: What the first one that is kept of each group gets from those, by its id.
        left: Groups of which nothing goes, since what is to be kept is not there now, or since
            what is to go lies on no drive of this machine.
    """

    assets: tuple[Asset, ...]
    tags: tuple[tuple[int, tuple[str, ...]], ...]
    left: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Groups as they are shown.

    Attributes:
        groups: Those of which more than one picture is left.
        known: Ids of pictures that went, and of which the library still knows.
        row: Which of them is current.
        files: Pictures that can go.
        bytes: Their size.
    """

    groups: list[DuplicateGroup]
    known: frozenset[int]
    row: int
    files: int
    bytes: int


def counted(
    groups: Sequence[DuplicateGroup], choice: Choice, gone: Set[int], first: int, row: int
) -> Counted:
    """Leave out what went, and count what can go.

    Args:
        groups: As the library knows them.
        choice: What is kept.
        gone: Ids of what went.
        first: Id of the first picture of the group that was current; it stays so.
        row: Where that was, for when it is gone.
    """
    left = [one for each in groups if (one := _without(each, gone)) is not None]
    spare = [asset for group in left for asset in choice.spare(group)]
    known = frozenset(asset.id for group in groups for asset in group.assets) & gone
    same = next((at for at, group in enumerate(left) if group.assets[0].id == first), None)
    row = max(0, min(row, len(left) - 1)) if same is None else same
    return Counted(left, known, row, len(spare), sum(asset.size for asset in spare))


def _without(group: DuplicateGroup, gone: Set[int]) -> DuplicateGroup | None:
    """Return what is left of a group; None where that is no group any more."""
    if not any(asset.id in gone for asset in group.assets):
        return group
    left = tuple(asset for asset in group.assets if asset.id not in gone)
    return replace(group, assets=left) if len(left) > 1 else None


def let_go(groups: list[DuplicateGroup]) -> None:
    """Empty a list in small parts: in one go, other threads would have to wait for it."""
    while groups:
        del groups[-500:]


def find_spare(library: Library, groups: Sequence[DuplicateGroup], choice: Choice) -> Spare:
    """Look at the files of groups; a thread's work, since drives may be asleep."""
    kinds = {each.id: each.kind for each in library.collections()}
    # Frames of a video share its file: what is kept in one group must not go with another.
    kept_files = {library.place(asset) for group in groups for asset in choice.kept(group)}
    assets: list[Asset] = []
    tags: list[tuple[int, tuple[str, ...]]] = []
    left = 0
    for group in groups:
        kept = choice.kept(group)
        wanted = [asset for asset in choice.spare(group) if library.place(asset) not in kept_files]
        if not wanted:
            continue
        safe = any(
            kinds.get(asset.collection_id) is SourceKind.S3 or library.locate(asset) is not None
            for asset in kept
        )
        going = [asset for asset in wanted if safe and library.locate(asset) is not None]
        left += len(going) < len(wanted)
        assets += going
        new = dict.fromkeys(tag for asset in going for tag in asset.tags)
        known = {tag.casefold() for tag in kept[0].tags}
        if more := tuple(tag for tag in new if tag.casefold() not in known):
            tags.append((kept[0].id, more))
    return Spare(tuple(assets), tuple(tags), left)
