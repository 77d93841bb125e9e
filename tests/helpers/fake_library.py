"""A library in memory with the door's signatures, for tests of front ends."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from bowerbird.actions.compare import compare
from bowerbird.actions.draft import Look
from bowerbird.errors import (
    BowerbirdError,
    DecodeError,
    SourceDeniedError,
    SourceOfflineError,
    UsageError,
)
from bowerbird.types import (
    Asset,
    Attribute,
    Auto,
    Collection,
    CollectionCounts,
    Colour,
    Comparison,
    CutoutFile,
    Detection,
    DuplicateGroup,
    Facets,
    Filter,
    Keys,
    ModelInfo,
    Product,
    Progress,
    Query,
    Reading,
    Results,
    SavedSearch,
    Similarity,
    SourceKind,
    Status,
    Stroke,
    Suggestion,
    TextLine,
    Variation,
)

# The score from which on a description is met well.
THRESHOLD = 0.3


class FakeWatch:
    """Watches nothing; who has it is told by hand."""

    def __init__(self, trouble: str) -> None:
        self.trouble = trouble

    def close(self) -> None:
        """Nothing runs."""


class FakeDraft:
    """A cut-out that is all there, or all gone; looks can be held, failed and counted."""

    def __init__(self, library: FakeLibrary) -> None:
        self.library = library
        self.picture = np.full((48, 64, 3), 120, np.uint8)
        self.looks: list[tuple[tuple[Stroke, ...], str]] = []
        self.threads: set[str] = set()

    def look(self, strokes: Sequence[Stroke], behind: str = "") -> Look:
        self.threads.add(threading.current_thread().name)
        self.looks.append((tuple(strokes), behind))
        self.library.look_gate.wait(20)
        if self.library.fail is not None:
            error, self.library.fail = self.library.fail, None
            raise error
        alpha = np.full((48, 64, 1), round(255 * self.library.subject), np.uint8)
        pixels = self.picture if behind else np.dstack([self.picture, alpha])
        return Look(pixels, self.library.subject)


class FakeLibrary:
    """Assets are made on demand; searches and syncs can be held, failed and counted.

    Attributes:
        count: Pictures there are.
        queries: Every query that was answered, in order.
        gate: While it is clear, searches wait.
        look_gate: While it is clear, looks at cut-outs wait; `save_gate` for saving.
        unreadable: Ids of pictures that cannot be decoded.
        subject: Share of a picture that its cut-out keeps.
        cut: What cut-outs were saved as.
        sync_gate: While it is clear, a sync waits before its second step.
        fail: Raised by the next search.
        offline: Whether syncs find the source away.
        threads: Names of the threads that calls came from.
    """

    def __init__(self, count: int = 0) -> None:
        self.count = count
        self.found: list[Collection] = []
        self.queries: list[Query] = []
        self.gate = threading.Event()
        self.gate.set()
        self.sync_gate = threading.Event()
        self.sync_gate.set()
        self.fail: Exception | None = None
        self.offline = False
        self.score = 0.9
        self.meant = ""
        self.falling = False
        self.copies = 0
        self.grounds: list[str] = []
        self.cutters: list[str | None] = []
        self.cutter, self.fine, self.dream, self.needs = "builtin", False, False, ""
        self.finder = "builtin"
        self.reimagined: list[dict[str, object]] = []
        self.unreadable: set[int] = set()
        self.drafts: list[FakeDraft] = []
        self.look_gate = threading.Event()
        self.look_gate.set()
        self.save_gate = threading.Event()
        self.save_gate.set()
        self.subject = 0.5
        self.cut: list[tuple[int, tuple[Stroke, ...], Path | None, str, str]] = []
        self.duplicated: list[list[int]] = []
        self.shot: list[list[int]] = []
        self.places: dict[int, str] = {}
        self.untold = ""
        self.texts: dict[int, Reading] = {}
        self.read_for: list[tuple[object, list[int] | None, bool]] = []
        self.twins: list[int] = []
        self.products: list[Product] = []
        self.path = Path("/library")
        self.put_in: list[tuple[str, str]] = []
        self.buckets: list[tuple[str, dict[str, object]]] = []
        self.looked_at: list[Sequence[str] | None] = []
        self.watched: dict[int, Callable[[Keys], None]] = {}
        self.metadata: dict[int, dict[str, object]] = {}
        self.threads: set[str] = set()
        self.synced: list[str] = []
        self.tags: dict[int, tuple[str, ...]] = {}
        self.exported: list[tuple[list[int], Path, str, str]] = []
        self.model, self.got = "builtin", False
        self.saved: dict[str, Query] = {}
        self.closed = False
        if count:
            self.found.append(self._collection(Path("/pictures")))

    def _collection(self, path: Path) -> Collection:
        number = len(self.found) + 1
        return Collection(number, f"u{number}", path.name, SourceKind.FOLDER, str(path))

    def warm(self) -> None:
        self._note()

    def close(self) -> None:
        self.closed = True

    def add_folder(self, path: Path, name: str | None = None) -> Collection:
        self._note()
        made = self._collection(path)
        self.found.append(made)
        return made

    def collections(self) -> list[Collection]:
        self._note()
        return list(self.found)

    def counts(self, collection: Collection | None = None) -> CollectionCounts:
        return CollectionCounts(ok=self.count)

    def facets(self, wanted: Filter | None = None) -> Facets:
        self._note()
        names = [tag for tags in self.tags.values() for tag in tags]
        tags = tuple((tag, names.count(tag)) for tag in dict.fromkeys(names))
        return Facets(folders=(("folder", self.count),), tags=tags, formats=(("jpeg", self.count),))

    def saved_searches(self) -> list[SavedSearch]:
        self._note()
        return [SavedSearch(name, query) for name, query in sorted(self.saved.items())]

    def save_search(self, name: str, query: Query) -> None:
        self._note()
        self.saved[name] = query

    def forget_search(self, name: str) -> None:
        self._note()
        self.saved.pop(name, None)

    def collection(self, ref: str) -> Collection:
        return next(one for one in self.found if one.name == ref)

    def import_catalogue(
        self, path: Path, name: str, rejected: Callable[[str], None]
    ) -> Iterator[Progress]:
        self._note()
        if "bad" in path.name:
            raise UsageError(f"{path} holds no records.")
        self.found.append(
            Collection(len(self.found) + 1, "c", name, SourceKind.CATALOGUE, "catalogue:1")
        )
        rejected("row 2 names no id")
        rejected("row 3 names no picture")
        yield Progress("importing", 5, failed=2, current="5")

    def find_shapes(self) -> Iterator[Progress]:
        self._note()
        yield Progress("looking", self.count, self.count)

    def shape(self, asset: Asset) -> tuple[float, ...]:
        self._note()
        return (1 / 16,) * 256

    def find_duplicates(self, *, similar_shots: bool = False) -> Iterator[Progress]:
        self._note()
        yield Progress("comparing", 1, 1)
        self.duplicated = [[1, 3], [2, 5, 6]]
        if similar_shots:
            self.shot = [[7, 4], [8, 9]]

    def duplicates(self, *, keep: Sequence[Path] = ()) -> list[DuplicateGroup]:
        """Where folders are kept from, the last of each group lies in one."""
        self._note()
        if self.fail is not None:
            error, self.fail = self.fail, None
            raise error
        if keep:
            found = [tuple(self.assets(group[::-1])) for group in self.duplicated]
            why = "lies where you keep pictures"
            return [DuplicateGroup("copies", group, why) for group in found]
        groups = [tuple(self.assets(group)) for group in self.duplicated]
        return [DuplicateGroup("copies", group, "most pixels") for group in groups]

    def similar_shots(self, *, keep: Sequence[Path] = ()) -> list[DuplicateGroup]:
        self._note()
        groups = [tuple(self.assets(group)) for group in self.shot]
        return [DuplicateGroup("similar", group, "best quality") for group in groups]

    def suggest_tags(self, ids: Sequence[int]) -> dict[int, tuple[Suggestion, ...]]:
        self._note()
        known = (Suggestion("dog", "animal", 0.9), Suggestion("sea", "place", 0.7))
        return dict.fromkeys(ids, known)

    def attributes_of(
        self, products: Sequence[Product]
    ) -> list[dict[str, Attribute] | BowerbirdError]:
        """Say the last word of a title to be the category, and guess a colour from a picture."""
        self._note()
        self.products += products
        found: list[dict[str, Attribute] | BowerbirdError] = []
        for product in products:
            if product.title == "bad":
                found.append(user_error())
                continue
            said = {"colour": Attribute("red", 0.6, "embedding")}
            if product.title:
                said["category"] = Attribute(product.title.split()[-1], 0.95)
            found.append(said)
        return found

    def colour_histogram(self, results: Results) -> list[tuple[str, float]]:
        self._note()
        return [("#c82828", 0.75), ("#141414", 0.25)] if len(results) else []

    def temperature(self, asset: Asset) -> str:
        self._note()
        return "warm"

    def vectors(self, ids: Sequence[int]) -> dict[int, np.ndarray]:
        """Pictures far from each other in number are unlike; the last one has no embedding."""
        self._note()
        angles = {each: each / 10 for each in ids if each != self.count}
        return {each: np.array([np.cos(a), np.sin(a)]) for each, a in angles.items()}

    def compare_vectors(self, one: np.ndarray, other: np.ndarray) -> Similarity:
        return compare(one, other)

    def link(self, asset: Asset, expires_s: int = 3600) -> str | None:
        self._note()
        return f"https://pictures/{asset.name}?for={expires_s}"

    def rename_collection(self, collection: Collection, name: str) -> None:
        self._note()
        self.found = [replace(c, name=name) if c.id == collection.id else c for c in self.found]

    def remove_collection(self, collection: Collection) -> None:
        self._note()
        self.found = [c for c in self.found if c.id != collection.id]

    def tag(self, asset_ids: Sequence[int], tags: Sequence[str]) -> None:
        self._note()
        for each in asset_ids:
            self.tags[each] = (*self.tags.get(each, ()), *tags)

    def untag(self, asset_ids: Sequence[int], tags: Sequence[str]) -> None:
        self._note()
        gone = {tag.casefold() for tag in tags}
        for each in asset_ids:
            kept = (tag for tag in self.tags.get(each, ()) if tag.casefold() not in gone)
            self.tags[each] = tuple(kept)

    def set_metadata(self, asset_id: int, metadata: Mapping[str, object]) -> None:
        self._note()
        self.metadata[asset_id] = dict(metadata)

    def asset(self, ref: str) -> Asset:
        return self.assets([int(ref.removeprefix("uuid-"))])[0]

    def detect(self, asset: Asset) -> tuple[Detection, ...]:
        """A small thing within a large one, both in the left half."""
        if asset.id in self.unreadable:
            raise DecodeError(f"{asset.name} cannot be used: it is empty.")
        width, height = asset.width or 100, asset.height or 100
        return (
            Detection("dog", 0.9, (0, 0, width // 2, height)),
            Detection("ball", 0.6, (0, 0, width // 8, height // 8)),
        )

    def reading(self, asset: Asset) -> Reading | None:
        self._note()
        return self.texts.get(asset.id)

    def read_all(
        self, wanted: Filter | None = None, *, ids: list[int] | None = None, again: bool = False
    ) -> Iterator[Progress]:
        """Pictures with a number that 7 divides cannot be read, those by 5 hold no text."""
        self._note()
        self.read_for.append((wanted, ids, again))
        if self.fail is not None:
            error, self.fail = self.fail, None
            raise error
        every = list(range(1, self.count + 1)) if ids is None else ids
        failed = 0
        for done, number in enumerate(every, 1):
            self.sync_gate.wait(20)
            lines = (TextLine(f"Page {number}", 0.9, (0.1, 0.1, 0.9, 0.2)),)
            trouble = "" if number % 7 else "crashed what reads text"
            failed += bool(trouble)
            self.texts[number] = Reading(() if trouble or number % 5 == 0 else lines, trouble)
            current = f"{number}.jpg: it {trouble}" if trouble else f"{number}.jpg"
            yield Progress("reading", done, len(every), failed, current=current)

    def preview(self, asset: Asset, side: int) -> np.ndarray:
        self._note()
        return np.full((48, 64, 3), asset.id % 256, np.uint8)

    def export(
        self, results: Results, target: Path, form: str = "copy", *, template: str = "{name}"
    ) -> Iterator[Progress]:
        self._note()
        self.exported.append((results.ids.tolist(), target, form, template))
        for done in range(1, len(results) + 1):
            self.sync_gate.wait(20)
            if self.fail is not None:
                error, self.fail = self.fail, None
                raise error
            name = f"{results.ids[done - 1]}.jpg"
            yield Progress("exporting", done, len(results), failed=done // 7, current=name)

    def reimagine(
        self, file: Path, folder: Path | None, *, count: int, **how: object
    ) -> Iterator[Variation]:
        self._note()
        self.reimagined.append({"count": count, **how, "folder": folder})
        for number in range(count):
            yield Variation((number + 0.5) / count)
            path = (folder or file.parent) / f"{file.stem}-variation-{number}.png"
            yield Variation((number + 1) / count, path)

    def cut_out(
        self,
        files: Sequence[Path],
        folder: Path | None = None,
        *,
        kind: str = "png",
        behind: str = "",
        model: str | None = None,
    ) -> Iterator[CutoutFile]:
        self._note()
        self.grounds.append(behind)
        self.cutters.append(model)
        for file in files:
            target = None if folder is None else folder / f"{file.stem}-cutout.{kind}"
            yield CutoutFile(file, target, 0.5)

    def cutout_source(self, asset: Asset, folder: Path | None) -> Path:
        self._note()
        path = self.locate(asset)
        if path is None:
            raise SourceOfflineError(f"{asset.name} is not there now. Connect its drive, or sync.")
        return path

    def draft_cutout(self, asset: Asset, side: int, model: str | None = None) -> FakeDraft:
        self._note()
        self.cutters.append(model)
        if asset.id in self.unreadable:
            raise DecodeError(f"{asset.name} cannot be used: it is empty.")
        self.drafts.append(FakeDraft(self))
        return self.drafts[-1]

    def save_cutout(
        self,
        asset: Asset,
        draft: FakeDraft,
        strokes: Sequence[Stroke],
        folder: Path | None = None,
        *,
        kind: str = "png",
        behind: str = "",
    ) -> CutoutFile:
        self._note()
        self.save_gate.wait(20)
        path = self.cutout_source(asset, folder)
        self.cut.append((asset.id, tuple(strokes), folder, kind, behind))
        target = (folder or path.parent) / f"{path.stem}-cutout.{kind}"
        return CutoutFile(path, target, 0.5)

    def models(self) -> list[ModelInfo]:
        self._note()
        facts = ("Apache-2.0", "English", "Small and quick.")
        fine = ("MIT", "", "Finer edges.")
        used = self.model
        shipped = used == "builtin", self.cutter == "builtin"
        return [
            ModelInfo("builtin", "Built-in", 384, 0, *facts, True, shipped[0]),
            ModelInfo("big", "Big", 768, 400_000_000, *facts, self.got, used == "big"),
            ModelInfo("builtin", "Built-in", 0, 0, *fine, True, shipped[1], "cutout"),
            ModelInfo(
                "fine", "Fine", 0, 5_000_000, *fine, self.fine, self.cutter == "fine", "cutout"
            ),
            ModelInfo(
                "sharp", "Sharp", 0, 9_000_000, *fine, True, self.finder == "sharp", "detect"
            ),
            ModelInfo(
                "dream", "Dream", 0, 6_400_000_000, *fine, self.dream, False, "reimagine",
                self.needs,
            ),
        ]  # fmt: skip

    def cut_out_with(self, model_id: str) -> None:
        self._note()
        self.cutter = model_id

    def detect_with(self, model_id: str) -> None:
        self._note()
        self.finder = model_id

    def get_model(self, model_id: str) -> Iterator[Progress]:
        self._note()
        yield Progress("downloading", 1, 1)
        if model_id == "big":
            self.got = True
        self.fine = self.fine or model_id == "fine"
        self.dream = self.dream or model_id == "dream"

    def measure_model(self, model_id: str) -> float:
        self._note()
        return 123.4

    def use_model(self, model_id: str) -> None:
        self._note()
        if self.fail is not None:
            error, self.fail = self.fail, None
            raise error
        self.model = model_id

    def set_auto(self, collection: Collection, auto: Auto) -> None:
        self._note()
        self.found = [
            replace(c, config={"auto": auto.value}) if c.id == collection.id else c
            for c in self.found
        ]

    def due(self) -> list[Collection]:
        self._note()
        return [c for c in self.found if c.auto is Auto.HOURLY]

    def watch(self, collection: Collection, changed: Callable[[Keys], None]) -> FakeWatch:
        self.watched[collection.id] = changed
        return FakeWatch(self.untold)

    def sync(
        self,
        collection: Collection,
        *,
        retry_failed: bool = False,
        auto: bool = False,
        keys: Sequence[str] | None = None,
    ) -> Iterator[Progress]:
        self._note()
        self.looked_at.append(keys)
        if self.offline:
            raise SourceOfflineError("The folder is not there. Connect its drive.")
        yield Progress("indexing", 0, 40)
        empty = not self.count
        for done in range(1, 41):
            self.sync_gate.wait(20)
            if empty:
                self.count = done
            yield Progress("indexing", done, 40, 0, 10.0, 3.0, f"{done}.jpg")
        self.synced.append(collection.name)

    def search(self, query: Query) -> Results:
        self._note()
        if query.filter == Comparison("copies", ">", 0):
            return Results(np.empty(0, np.int64), None, 0)
        if query.filter == Comparison("duplicates", ">", 0):
            ids = np.array([each for group in self.duplicated for each in group], np.int64)
            return Results(ids, None, len(ids))
        if query.filter == Comparison("text", "exists", True):
            ids = np.array([each for each, found in self.texts.items() if found.text], np.int64)
            return Results(ids, None, len(ids))
        if query.filter == Comparison("shots", ">", 0):
            ids = np.array([each for group in self.shot for each in group], np.int64)
            return Results(ids, None, len(ids))
        self.gate.wait()
        if self.fail is not None:
            error, self.fail = self.fail, None
            raise error
        self.queries.append(query)
        none = any("nothing" in str(getattr(text, "value", text)) for text in query.texts)
        ids = np.arange(0 if none else self.count, 0, -1, dtype=np.int64)
        if not query.has_terms:
            return Results(ids, None, len(ids))
        if query.texts or query.images or query.assets:
            ids = ids[::-1].copy()
        ids = ids[: query.limit]
        scores = np.full(len(ids), self.score, np.float32)
        if self.falling:
            scores = np.linspace(self.score, 0, len(ids), dtype=np.float32)
        wanted = [text for text in query.texts if getattr(text, "weight", 1) > 0]
        plain = len(wanted) == 1 and not query.images and not query.assets
        good = scores >= THRESHOLD if plain else None
        return Results(ids, scores, len(ids), good=good, meant=self.meant)

    def assets(self, ids: Sequence[int]) -> list[Asset]:
        self._note()
        now = datetime.now(UTC)
        return [
            Asset(
                number,
                f"uuid-{number}",
                1,
                f"folder/{number}.jpg",
                f"{number}.jpg",
                1000,
                now,
                Status.OK,
                width=64,
                height=48,
                md5=f"{number:032x}",
                tags=self.tags.get(number, ()),
                metadata=self.metadata.get(number, {}),
                copies=self.copies,
                colours=(Colour(200, 40, 40, 0.8), Colour(20, 20, 20, 0.2)),
            )
            for number in ids
        ]

    def shapes(self, ids: np.ndarray) -> np.ndarray:
        self._note()
        return np.where(ids % 2, 1.5, 0.75).astype(np.float32)

    def relevance(self, score: float) -> float:
        return max(0.0, min(1.0, score))

    def thumbnail(self, asset: Asset) -> bytes | None:
        self._note()
        stream = io.BytesIO()
        Image.new("RGB", (64, 48), (asset.id % 256, 80, 160)).save(stream, "PNG")
        return stream.getvalue()

    def fetch(self, asset: Asset) -> Path | None:
        return self.locate(asset)

    def still(self, asset: Asset) -> Path | None:
        return self.locate(asset)

    def add_managed(self, name: str) -> Collection:
        self._note()
        made = replace(self._collection(Path(name)), kind=SourceKind.MANAGED)
        self.found.append(made)
        return made

    def put(self, collection: Collection, name: str, data: BinaryIO) -> Asset:
        self._note()
        if b"bad" in data.read():
            raise user_error()
        self.put_in.append((collection.name, name))
        return self.assets([1])[0]

    def add_bucket(self, url: str, **how: object) -> Collection:
        self._note()
        if "denied" in url:
            raise SourceDeniedError(f"{url} may not be listed. Give s3:ListBucket.")
        self.buckets.append((url, how))
        made = replace(self._collection(Path("/bucket")), kind=SourceKind.S3, location=url)
        self.found.append(made)
        return made

    def near_duplicates(self, asset: Asset) -> list[Asset]:
        self._note()
        return self.assets(self.twins)

    def kept_thumbnail(self, asset: Asset) -> bytes | None:
        return self.thumbnail(asset)

    def place(self, asset: Asset) -> Hashable:
        return self.places.get(asset.id, (asset.collection_id, asset.file_key))

    def locate(self, asset: Asset) -> Path | None:
        self._note()
        return None if asset.id == 1 else Path("/pictures") / asset.key

    def _note(self) -> None:
        self.threads.add(threading.current_thread().name)


class UnexpectedError(Exception):
    """A fault that is not the user's."""


def user_error() -> BowerbirdError:
    return BowerbirdError("This cannot be done. Do that instead.")
