"""What is asked for, and what is found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar, overload

from bowerbird.types.assets import Asset
from bowerbird.types.findings import Level
from bowerbird.types.sources import Collection

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bowerbird.types.arrays import Vector


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Comparison:
    """`field op value`, a leaf of a filter.

    Fields: collection, folder, name, key, file, uuid, kind, time, format, size, width, height,
    pixels, orientation, taken, modified, date (taken, else modified), camera, latitude, longitude,
    tag, colour, copies, duplicates, shots, quality, sharpness, brightness, composition, text,
    status, md5, and `meta.KEY` for any metadata. `colour = "#c03030"` holds where a main colour
    looks so.
    Ops: `=`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `not in`, `contains` (case-insensitive part of a
    text, or member of a metadata list), `exists`. A metadata list is `=` to each of its members.
    `folder = "a/b"` holds for everything below it.
    """

    field: str
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds where every part holds; an empty one always holds."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds where at least one part holds; an empty one never holds."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where its part does not; unknown values count as not matching the part."""

    part: Filter


Filter: TypeAlias = "Comparison | AllOf | AnyOf | Not"


@dataclass(frozen=True, slots=True)
class Term(Generic[T]):
    """One part of a query with its signed weight; a negative weight pushes away."""

    value: T
    weight: float = 1.0


# A minus before a word or a quoted text: what hits must not look like.
_WITHOUT = re.compile(r'(?:^|(?<=\s))-(?:"([^"]+)"|(\S+))')


def read_terms(text: str) -> tuple[Term[str], ...]:
    """Return the terms that a typed text means: `beach -people` is a beach without people."""
    without = [Term(a or b, -1.0) for a, b in _WITHOUT.findall(text)]
    wanted = " ".join(_WITHOUT.sub(" ", text).split())
    return (*((Term(wanted),) if wanted else ()), *without)


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour that is looked for.

    Attributes:
        hex: `#rrggbb`.
        amount: Share of the picture that is to have it, 0..1; None for enough to be seen.
    """

    hex: str
    amount: float | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What to find. Without terms it browses, newest first.

    A bare value stands for a term of weight 1: `Query(texts=("red shoes",))`.

    Attributes:
        texts: Descriptions.
        images: Pictures: a path, an http(s) URL, or the bytes of a file.
        assets: Assets of the library by uuid.
        embeddings: Raw vectors of the active encoder, [dim].
        colours: Colours that hits have together; they rank hits where no term does, and else leave
            those that have them.
        shape: The numbers of a `Silhouette.embedding`, or of several behind each other: hits have
            subjects of one of these shapes, where they were looked at. It ranks hits by itself;
            terms and colours do not count beside it.
        filter: Which assets may be hits.
        limit: Hits on a page; None for all.
        offset: Hits before the page.
        min_score: Cosine under which nothing is a hit.
        group_by: Field (a filter field or `meta.KEY`); only the best hit of each value is kept.
        lexical: Fuse with full-text matches on names, folders, tags and metadata.
        sort: `date`, `name`, `folder`, `size`, `pixels`, `quality`, `colour` (hues, then greys from
            dark to light), `content` (equal files together), `group` (copies of one shot together)
            or `shots` (similar shots together), descending with a minus before it. It orders what
            is found; terms still choose that. None is best or newest first.
    """

    texts: tuple[Term[str] | str, ...] = ()
    images: tuple[Term[Path | str | bytes] | Path | str | bytes, ...] = ()
    assets: tuple[Term[str] | str, ...] = ()
    embeddings: tuple[Term[Vector] | Vector, ...] = ()
    colours: tuple[Swatch, ...] = ()
    shape: tuple[float, ...] = ()
    filter: Filter | None = None
    limit: int | None = 50
    offset: int = 0
    min_score: float | None = None
    group_by: str | None = None
    lexical: bool = True
    sort: str | None = None

    @property
    def has_terms(self) -> bool:
        """Whether anything ranks the hits."""
        return bool(self.texts or self.images or self.assets or self.embeddings)


@dataclass(frozen=True, slots=True)
class Hit:
    """An asset with its score, the cosine similarity to the query (None when browsing).

    Attributes:
        asset_id: Which asset.
        score: Higher is closer.
        good: Whether the score is that of a good match, see `Results.good`.
        worded: Whether it has the words of the query, and matches whatever its score.
    """

    asset_id: int
    score: float | None
    good: bool | None = None
    worded: bool = False

    @property
    def distance(self) -> float | None:
        """`1 - score`."""
        return None if self.score is None else 1.0 - self.score


@dataclass(frozen=True, slots=True)
class Results(Sequence[Hit]):
    """One page of hits, best first: two arrays, so that a million cost 12 MB.

    Attributes:
        ids: Asset ids, int64 [n].
        scores: Cosines, float32 [n]; None when browsing.
        total: How many assets are eligible before the page is cut (after filter, not min_score).
        worded: Assets that hold all words of the query in names, tags, metadata or their text:
            they match, whatever their scores.
        good: Which scores are those of good matches, bool [n]. None where that cannot be said: the
            model's line is for one description, alone or with what hits must not look like.
        line: The score from which they are, where it can be said.
        meant: Where nothing is good, what the description would be spelt right, if that is matched.
    """

    ids: NDArray[np.int64]
    scores: Vector | None
    total: int
    worded: frozenset[int] = frozenset()
    good: NDArray[np.bool_] | None = None
    line: float | None = None
    meant: str = ""

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> list[Hit]: ...
    def __getitem__(self, index: int | slice) -> Hit | list[Hit]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        asset = int(self.ids[index])
        score = None if self.scores is None else float(self.scores[index])
        good = None if self.good is None else bool(self.good[index])
        return Hit(asset, score, good, asset in self.worded)


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query kept under a name; asked anew each time, so that it is a live folder."""

    name: str
    query: Query


# Ways to take pictures elsewhere: into a folder as copies or hard links, or into one file.
ExportForm: TypeAlias = Literal["copy", "link", "zip", "csv", "jsonl", "html", "pdf", "png"]
# Lower bounds of the classes by which pictures are counted by their size, in pixels.
PIXEL_CLASSES = (0, 1_000_000, 4_000_000, 12_000_000, 40_000_000)


@dataclass(frozen=True, slots=True)
class Fact:
    """One key of the metadata, and what can be chosen of it.

    Attributes:
        name: The key.
        count: Assets that have it.
        values: For texts, those that several assets share, with how many, the most common first.
        least: For numbers, the smallest; None for texts.
        most: For numbers, the largest.
    """

    name: str
    count: int
    values: tuple[tuple[str, int], ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """What a set of assets holds: pairs of a value and how many have it, the most common first.

    Folders and months (`2024-05`) come in their own order; folders count what lies directly in
    them. Pixels count pictures by the lower bound of their class, one of `PIXEL_CLASSES`. Facts are
    those of the metadata.
    """

    folders: tuple[tuple[str, int], ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    formats: tuple[tuple[str, int], ...] = ()
    orientations: tuple[tuple[str, int], ...] = ()
    cameras: tuple[tuple[str, int], ...] = ()
    months: tuple[tuple[str, int], ...] = ()
    pixels: tuple[tuple[str, int], ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A hit with all that is printed or exported of it.

    Attributes:
        rank: From 1.
        hit: Its asset and score.
        asset: The picture.
        collection: The one it belongs to.
        path: Where it lies: a local path, or the URL of an object.
    """

    rank: int
    hit: Hit
    asset: Asset
    collection: Collection
    path: str

    def as_json(self) -> dict[str, Any]:
        """Return what a search prints of it: which picture it is, where, and how near."""
        score, distance = self.hit.score, self.hit.distance
        return {
            "rank": self.rank,
            "score": None if score is None else round(score, 6),
            "distance": None if distance is None else round(distance, 6),
            "good": None if self.hit.good is None else self.hit.good or self.hit.worded,
            "worded": self.hit.worded,
            "uuid": self.asset.uuid,
            "collection": self.collection.name,
            "key": self.asset.key,
            "path": self.path,
            "time": self.asset.time,
            "width": self.asset.width,
            "height": self.asset.height,
            "metadata": dict(self.asset.metadata),
        }


@dataclass(frozen=True, slots=True)
class Similarity:
    """How much two pictures are alike: a cosine, and a word for it."""

    score: float
    level: Level


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Copies of one shot, or similar shots of one scene, of which several may be worth keeping.

    Attributes:
        kind: `identical` where all files have the same content, `similar` where they are other
            shots of a scene, else `copies`.
        assets: The one to keep first.
        reason: Why that one; empty where nothing tells them apart.
    """

    kind: Literal["identical", "copies", "similar"]
    assets: tuple[Asset, ...]
    reason: str
