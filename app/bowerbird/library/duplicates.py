"""Finds copies and similar shots, and suggests which of them to keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.library.pictures import Pictures
from bowerbird.library.searching import Searching
from bowerbird.types import Asset, Collection, DuplicateGroup, Filter, Progress, SourceKind

if TYPE_CHECKING:
    from bowerbird.store.links import Links

# Why a copy is no file to throw away.
IN_NO_FOLDER = "not in a folder of yours, but on the web, in a bucket, a catalogue or the library"
KEPT_ELSEWHERE = "kept as another group's best"
CHANGED = "gone or changed since the last sync"
NOT_KEPT = "of what is kept there is no unchanged file here"


class Duplicates(Pictures, Searching):
    """The copies in a library."""

    def near_duplicates(self, asset: Asset) -> list[Asset]:
        """Return pictures that are nearly the same: smaller, recompressed, mirrored, cropped."""
        from bowerbird.search.twins import near_duplicates

        found = near_duplicates(self._store, self._search_room(), asset, self._thumbnails().get)
        own = self.place(asset)
        return [other for other in self.assets(found) if self.place(other) != own]

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

        What names the same file, as a record of a catalogue can, is one picture and no copy.

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

        groups = [
            self._of_many_files(self.assets(ids), known)
            for ids in links.groups(self._store.eligible(wanted))
        ]
        return [suggest(group, preferred, similar=similar) for group in groups if len(group) > 1]

    def _of_many_files(
        self, assets: Sequence[Asset], known: Mapping[int, Collection]
    ) -> list[Asset]:
        """Return one asset of each file; of a file in a folder that one, not a record of it."""

        def is_record(asset: Asset) -> bool:
            return known[asset.collection_id].kind is SourceKind.CATALOGUE

        found: dict[Hashable, Asset] = {}
        # A collection that another program made meanwhile is not among those that are known.
        there = [asset for asset in assets if asset.collection_id in known]
        for asset in sorted(there, key=is_record):
            found.setdefault(self._place(known[asset.collection_id], asset), asset)
        return sorted(found.values(), key=lambda asset: asset.id)

    def spare_files(self, groups: Sequence[DuplicateGroup]) -> tuple[list[str], dict[str, int]]:
        """Return the paths of copies that can go, and how many others cannot, by why.

        Only files of folders go: never one that a group keeps, and none whose group might be left
        with nothing.

        Args:
            groups: Of copies, all that are looked at: what one of them keeps goes with no other.
        """
        known = {one.id: one for one in self.collections()}
        kept = {self.place(group.assets[0]) for group in groups}
        paths: list[str] = []
        left: Counter[str] = Counter()
        for group in groups:
            keeper, *others = group.assets
            in_bucket = known[keeper.collection_id].kind is SourceKind.S3
            unsafe = "" if in_bucket or self._is_as_known(keeper) else NOT_KEPT
            for asset in others:
                collection = known[asset.collection_id]
                if why := self._why_not(collection, asset, kept) or unsafe:
                    left[why] += 1
                else:
                    paths.append(self.address(collection, asset))
        return paths, dict(left)

    def _why_not(self, collection: Collection, asset: Asset, kept: Set[Hashable]) -> str:
        """Return why a copy is no file that can go; empty where it is one."""
        if collection.kind is not SourceKind.FOLDER:
            return IN_NO_FOLDER
        if self._place(collection, asset) in kept:
            return KEPT_ELSEWHERE
        return "" if self._is_as_known(asset) else CHANGED

    def _is_as_known(self, asset: Asset) -> bool:
        """Whether the file of an asset is there, and not plainly another one by now."""
        path = self.locate(asset)
        try:
            return path is not None and path.stat().st_size == asset.size
        except OSError:
            return False

    def merge_tags(self, group: DuplicateGroup) -> None:
        """Give the copy to keep all tags that the others have."""
        keeper, *others = group.assets
        self.tag([keeper.id], sorted({tag for asset in others for tag in asset.tags}))
