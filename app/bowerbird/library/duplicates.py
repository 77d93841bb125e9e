"""Finds copies and similar shots, and suggests which of them to keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.library.pictures import Pictures
from bowerbird.library.searching import Searching
from bowerbird.types import Asset, DuplicateGroup, Filter, Progress

if TYPE_CHECKING:
    from bowerbird.store.links import Links


class Duplicates(Pictures, Searching):
    """The copies in a library."""

    def near_duplicates(self, asset: Asset) -> list[Asset]:
        """Return pictures that are nearly the same: smaller, recompressed, mirrored, cropped."""
        from bowerbird.search.twins import near_duplicates

        found = near_duplicates(self._store, self._search_room(), asset, self._thumbnails().get)
        return self.assets(found)

    def find_duplicates(self, *, similar_shots: bool = False) -> Iterator[Progress]:
        """Look for copies of one shot; what was looked at before is not again.

        A generator: the work is done while it is iterated, and what is done stays done. Copies may
        be resized, recompressed, mirrored, turned or cropped; see `duplicates`.

        Args:
            similar_shots: Whether to look for other shots of a scene too; see `similar_shots`.
        """
        from bowerbird.indexing.duplicates import find_duplicates

        encoder = self._encoder()
        return find_duplicates(
            self._store,
            encoder.id,
            encoder.dim,
            self.settings,
            self._thumbnails().get,
            shots=similar_shots,
        )

    def duplicates(
        self, wanted: Filter | None = None, *, keep: Sequence[Path | str] = ()
    ) -> list[DuplicateGroup]:
        """Return the groups of copies that `find_duplicates` found, those that waste most first.

        Args:
            wanted: Only among these.
            keep: Folders whose copies are the ones to keep.

        Raises:
            NotFoundError: One of these is no folder.
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        groups = self._suggested(self._store.links(), wanted, keep)
        return sorted(groups, key=lambda one: -sum(asset.size for asset in one.assets[1:]))

    def similar_shots(
        self, wanted: Filter | None = None, *, keep: Sequence[Path | str] = ()
    ) -> list[DuplicateGroup]:
        """Return the groups of similar shots that `find_duplicates` found, the largest first.

        They are of one scene, moments or a few steps apart. Which of them to keep is a matter of
        taste: the first is a suggestion, and the others are not to spare as copies are.

        Args:
            wanted: Only among these.
            keep: Folders whose pictures are to be suggested.

        Raises:
            NotFoundError: One of these is no folder.
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        groups = self._suggested(self._store.shots(), wanted, keep, similar=True)
        return sorted(groups, key=lambda one: -len(one.assets))

    def _suggested(
        self,
        links: Links,
        wanted: Filter | None,
        keep: Sequence[Path | str],
        *,
        similar: bool = False,
    ) -> list[DuplicateGroup]:
        """Return groups with the picture to keep first."""
        from bowerbird.indexing.adding import existing_folder
        from bowerbird.indexing.keeper import suggest

        # One that is misspelt would spare the very copies that are to be kept.
        roots = [existing_folder(folder) for folder in keep]
        known = {one.id: one for one in self.collections()}

        def preferred(asset: Asset) -> bool:
            if not roots:
                return False
            place = Path(self.address(known[asset.collection_id], asset))
            return any(place.is_relative_to(root) for root in roots)

        ids = links.groups(self._store.eligible(wanted))
        return [suggest(self.assets(group), preferred, similar=similar) for group in ids]

    def merge_tags(self, group: DuplicateGroup) -> None:
        """Give the copy to keep all tags that the others have."""
        keeper, *others = group.assets
        self.tag([keeper.id], sorted({tag for asset in others for tag in asset.tags}))
