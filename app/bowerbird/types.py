"""The words that rooms share: frozen dataclasses without behaviour of their own.

numpy is only imported for annotations here, so that `--help` stays quick.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    BinaryIO,
    Generic,
    Literal,
    Protocol,
    TypeAlias,
    TypeVar,
    overload,
    runtime_checkable,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector: TypeAlias = NDArray[np.float32]
    Pixels: TypeAlias = NDArray[np.uint8]

T = TypeVar("T")

# Between the key of a video and the time of a frame: a media fragment (W3C, Media Fragments URI).
_FRAGMENT = "#t="


def fragment(time: float) -> str:
    """Return what a key or name of a frame has behind that of its video: `#t=12.480`."""
    return f"{_FRAGMENT}{time:.3f}"


def frame_time(name: str) -> float | None:
    """Return the time of a frame, seconds, by its key or name; None where it is none."""
    written = name.rpartition(_FRAGMENT)[2] if _FRAGMENT in name else ""
    whole, point, rest = written.partition(".")
    return float(written) if point and whole.isdecimal() and rest.isdecimal() else None


# --- sources and assets -------------------------------------------------------------------------


class SourceKind(StrEnum):
    """Where a collection's bytes live."""

    FOLDER = "folder"
    S3 = "s3"
    MANAGED = "managed"
    CATALOGUE = "catalogue"


class Auto(StrEnum):
    """When a collection is looked at without being asked for."""

    CHANGE = "change"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    OFF = "off"


class Status(StrEnum):
    """What became of an asset."""

    OK = "ok"
    FAILED = "failed"
    MISSING = "missing"
    PENDING = "pending"


class Orientation(StrEnum):
    """The shape of a picture after its EXIF orientation is applied."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"
    SQUARE = "square"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or object as a source lists it.

    Attributes:
        key: Path below the root, with `/` between its parts; the id of a catalogue's item.
        size: Bytes; negative where a source cannot say before it is opened.
        mtime_ns: Time of last change, nanoseconds since the epoch.
        etag: The source's own version mark, if it has one; never taken for an md5.
    """

    key: str
    size: int
    mtime_ns: int
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something a source could not list: a folder without rights, an entry that vanished."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of a listing, and how far it came.

    Attributes:
        entries: The entries.
        part: The part of the listing that they are of.
        after: The last key of the part that was seen; None when all were.
    """

    entries: tuple[Entry, ...]
    part: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a catalogue, as its file has it.

    Attributes:
        id: What whoever made the catalogue calls it.
        image: Where its picture lies: an http(s) address or a path; empty where it does not say.
        metadata: All else that is said of it.
    """

    id: str
    image: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Source(Protocol):
    """Lists entries and opens them.

    Attributes:
        readers: How many entries are worth opening at once; 0 for as many as there are processors.
    """

    readers: int

    def check(self) -> None:
        """Raise SourceOfflineError or SourceDeniedError unless the root can be listed now."""

    def entries(self) -> Iterator[Entry | Unreadable]:
        """Yield everything that may be a picture; an Unreadable folder says what was skipped.

        Raises:
            SourceError: The listing broke off, so that it must not count as complete.
        """

    def entries_at(self, keys: Iterable[str]) -> Iterator[Entry | Unreadable]:
        """Yield those of some entries that are there.

        Raises:
            SourceError: The root is away.
        """

    def open(self, key: str) -> BinaryIO:
        """Open one entry for reading; the stream can seek.

        Raises:
            SourceError: It cannot be opened.
        """

    def glance(self, entry: Entry) -> BinaryIO:
        """Open one entry for reading a little of it; what is not read is not fetched.

        Raises:
            SourceError: It cannot be opened; also while it is read.
        """

    def locate(self, key: str) -> Path | None:
        """Return the local file behind `key`, or None where there is none."""

    def link(self, key: str, expires_s: int) -> str | None:
        """Return an http address that gives the bytes for a while, or None where there is none.

        Raises:
            SourceError: It cannot be made.
        """


@runtime_checkable
class PagedSource(Source, Protocol):
    """A source whose listing takes long enough to be worth going on with."""

    def pages(self, marks: Mapping[str, str | None]) -> Iterator[Page]:
        """Yield all entries in pages, on from where an earlier listing stopped.

        Args:
            marks: How far each part came, as its last page said.

        Raises:
            SourceError: The listing broke off, so that it must not count as complete.
        """


@dataclass(frozen=True, slots=True)
class Collection:
    """A named set of assets with one source; `location` is a folder path or a bucket URL."""

    id: int
    uuid: str
    name: str
    kind: SourceKind
    location: str
    config: Mapping[str, Any] = field(default_factory=dict)
    last_sync: datetime | None = None

    @property
    def videos(self) -> bool:
        """Whether videos are looked into."""
        return bool(self.config.get("videos", False))

    @property
    def auto(self) -> Auto:
        """When it is looked at by itself."""
        return Auto(self.config.get("auto", Auto.CHANGE))

    @property
    def created(self) -> datetime | None:
        """When it was made; None for those that are older than this note."""
        made = self.config.get("created")
        return None if made is None else datetime.fromisoformat(made)

    @property
    def last_auto_sync(self) -> datetime | None:
        """When it was last looked at by itself, to the end."""
        return self._noted("last_auto_sync")

    @property
    def last_manual_sync(self) -> datetime | None:
        """When it was last looked at because somebody asked, to the end."""
        return self._noted("last_manual_sync")

    def _noted(self, what: str) -> datetime | None:
        last = self.config.get(what)
        return None if last is None else datetime.fromisoformat(last)


# What changed in a source: keys, or None where that is not known.
Keys: TypeAlias = "frozenset[str] | None"


class Watch(Protocol):
    """Tells of changes until it is closed.

    Attributes:
        trouble: Why it only asks for a look now and then, and what to do; empty where it watches.
    """

    trouble: str

    def close(self) -> None:
        """Stop."""


@dataclass(frozen=True, slots=True)
class CollectionCounts:
    """How many assets of a collection are in which state, and the sum of the bytes of all files.

    `frames` are those of the `ok` ones that share the file of another: all but one of a video's.

    Those whose pictures are still to be fetched are `pending`, or, while a sync runs that has them
    before it, `processing`.
    """

    ok: int = 0
    failed: int = 0
    missing: int = 0
    bytes: int = 0
    pending: int = 0
    processing: int = 0
    frames: int = 0


@dataclass(frozen=True, slots=True)
class Colour:
    """A dominant colour: sRGB 0..255 and the share of the picture that it covers (0..1)."""

    red: int
    green: int
    blue: int
    weight: float

    @property
    def hex(self) -> str:
        """The colour as `#rrggbb`."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a picture is, each score 0..1, higher is better."""

    overall: float
    sharpness: float
    brightness: float
    composition: float

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in the picture to judge, or to know anything by."""
        return self.composition == 0


Temperature: TypeAlias = Literal["warm", "cool", "neutral"]
Level: TypeAlias = Literal["high", "medium", "low", "none"]


@dataclass(frozen=True, slots=True)
class Palette:
    """The main colours of a picture, the heaviest first, and how they feel."""

    colours: tuple[Colour, ...]
    temperature: Temperature


SHAPE_DIM = 256


@dataclass(frozen=True, slots=True)
class Silhouette:
    """The shape of a picture's subject.

    Attributes:
        embedding: Unit length, float32 [256]; shapes are alike where their cosine is high.
        aspect_ratio: Width over height of what encloses it.
        coverage: Share of the picture that it covers, 0..1.
    """

    embedding: Vector
    aspect_ratio: float
    coverage: float


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


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tag that a picture may have, of which kind, and how sure that is (0..1)."""

    name: str
    kind: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing in a picture: what it is, how sure that is (0..1), and where.

    Attributes:
        category: One of the detector's, such as "person" or "dog".
        score: How sure that is, 0..1.
        box: Left, top, right and bottom in pixels of the full picture, the latter two exclusive.
    """

    category: str
    score: float
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of the text in a picture.

    Attributes:
        text: What it says.
        confidence: How sure that is, 0..1.
        box: Left, top, right and bottom as shares of the picture's width and height.
    """

    text: str
    confidence: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Reading:
    """The text in a picture, as far as it could be read.

    Attributes:
        lines: From top to bottom; none where there is no text.
        trouble: Why it could not be read, to be read after "it"; empty where it was.
    """

    lines: tuple[TextLine, ...] = ()
    trouble: str = ""

    @property
    def text(self) -> str:
        """All lines, each on its own."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a product is in one respect.

    Attributes:
        value: One of the taxonomy.
        confidence: How sure that is, 0..1; of a guess always less than of a word.
        source: Whether a word says so, or an embedding of words or picture is near to it.
    """

    value: str
    confidence: float
    source: Literal["word", "embedding"] = "word"


@dataclass(frozen=True, slots=True)
class Product:
    """What is known of a product whose attributes are asked for.

    Attributes:
        title: May be empty where there is a description or a picture.
        description: Of the same.
        picture: A path, an http(s) address, or the bytes of a file; None where there is none.
    """

    title: str
    description: str = ""
    picture: Path | str | bytes | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that a look at one picture tells; `silhouette` is None where nothing stands out."""

    width: int
    height: int
    palette: Palette
    quality: Quality
    silhouette: Silhouette | None
    tags: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Exif:
    """The EXIF facts worth filtering on; None where the file does not say."""

    taken: datetime | None = None
    camera: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What identifies a file's content, wherever it lies.

    Attributes:
        md5: Hex digest of the whole file; the content hash that thumbnails are keyed by.
        head_tail: Hex digest of size, first MiB and last KiB; cheap, so it goes first.
    """

    md5: str
    head_tail: str


@dataclass(frozen=True, slots=True)
class Asset:
    """One indexed image: a file, or a frame of a video.

    Of a video there is an asset for every scene. The first has the key of the file, the others
    that and their time, as in `clips/party.mp4#t=12.480`; `size`, `name` and `modified` are the
    file's. `time` is None where it is no frame, else seconds from the beginning.

    `taken` is naive local time as cameras write it; `modified` is UTC; `copies` counts the other
    files of the same content in the library.
    """

    id: int
    uuid: str
    collection_id: int
    key: str
    name: str
    size: int
    modified: datetime
    status: Status
    reason: str | None = None
    md5: str | None = None
    format: str | None = None
    width: int | None = None
    height: int | None = None
    exif: Exif = Exif()
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    colours: tuple[Colour, ...] = ()
    copies: int = 0
    quality: Quality | None = None
    time: float | None = None

    @property
    def folder(self) -> str:
        """The key's folder, without a slash at its end; empty at the root."""
        return self.key.rpartition("/")[0]

    @property
    def file_key(self) -> str:
        """The key of the file that it lies in, which a source can open."""
        return self.key if self.time is None else self.key.removesuffix(fragment(self.time))

    @property
    def shown_name(self) -> str:
        """The file's name, with the time where it is a frame; what `decode` takes."""
        return self.name if self.time is None else self.name + fragment(self.time)

    @property
    def timecode(self) -> str:
        """The time as people write it, `0:12` or `1:02:03`; empty where it is no frame."""
        if self.time is None:
            return ""
        minutes, seconds = divmod(int(self.time), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


# --- decode -> indexing -> store ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PixelSpec:
    """How an encoder wants its pictures.

    Attributes:
        size: Side of the square input, pixels.
        resize: `squash` ignores the aspect ratio, `crop` takes the centre square of the picture
            scaled by its shorter side, `pad` fits the whole picture and fills the rest.
        fill: Grey level of the padding, 0..255.
    """

    size: int
    resize: Literal["squash", "crop", "pad"] = "squash"
    fill: int = 0


@dataclass(frozen=True, slots=True)
class Decoded:
    """All that one decode of a file gives.

    Attributes:
        width: Full width in pixels, after EXIF orientation.
        height: Full height in pixels, after EXIF orientation.
        format: Short lower-case name: `jpeg`, `png`, `raw`, `svg`, ...
        pixels: RGB sRGB uint8 [size, size, 3], the encoder's input.
        thumbnail: Encoded WebP, longest side at most 320 px.
        phash: 64-bit DCT hash, as unsigned int.
        dhash: 64-bit gradient hash, as unsigned int.
        colours: Dominant colours, the heaviest first.
        exif: EXIF facts.
        quality: How good it is.
    """

    width: int
    height: int
    format: str
    pixels: Pixels
    thumbnail: bytes
    phash: int
    dhash: int
    colours: tuple[Colour, ...]
    exif: Exif
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """A further frame of a video: seconds from the beginning, and what was made of it."""

    time: float
    decoded: Decoded
    md5: str
    embedding: Vector | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What the pipeline hands to the store for one entry: a success or a failure.

    `asset_id` is set when the entry replaces what an asset held before (changed or retried).
    A failure has `reason` and no `decoded`; a success has `decoded`, `fingerprint`, `embedding`.
    A failure to `retry` says nothing of the picture: what was known of it before stays, and the
    next sync tries again. Of a video, `decoded` is the first frame, at `time`; the others are
    `frames`.
    """

    collection_id: int
    entry: Entry
    asset_id: int | None = None
    fingerprint: Fingerprint | None = None
    decoded: Decoded | None = None
    embedding: Vector | None = None
    reason: str | None = None
    retry: bool = False
    time: float | None = None
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """Where something long stands.

    Attributes:
        phase: `scanning`, `indexing`, `finishing`, `downloading`, `checking`, `drawing`, ...
        done: Items (bytes when downloading, hundredths when drawing) finished, failed included.
        total: Items in all; None while it is not known.
        failed: Items that failed in this run.
        rate: Items a second over the last while; 0.0 while unknown.
        remaining_s: Seconds left; None while unknown.
        current: Key or name of what is being worked on.
    """

    phase: str
    done: int = 0
    total: int | None = None
    failed: int = 0
    rate: float = 0.0
    remaining_s: float | None = None
    current: str = ""


# --- queries ------------------------------------------------------------------------------------


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
    """

    ids: NDArray[np.int64]
    scores: Vector | None
    total: int
    worded: frozenset[int] = frozenset()
    good: NDArray[np.bool_] | None = None

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


# Endings of the files that records of catalogues come in.
CATALOGUES = (".tsv", ".tab", ".csv", ".jsonl", ".ndjson", ".parquet")

# Ways to take pictures elsewhere: into a folder as copies or hard links, or into one file.
# What a model is for: it searches, removes backgrounds, finds things, or makes pictures.
ModelKind: TypeAlias = Literal["search", "cutout", "detect", "reimagine"]
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


# --- the HTTP API -------------------------------------------------------------------------------


class Scope(StrEnum):
    """What a key of the HTTP API allows; each includes what stands before it."""

    SEARCH = "search"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Who uses the HTTP API; the secret itself is kept nowhere.

    Attributes:
        id: 16 hexadecimal digits; not secret.
        name: What its user calls it.
        scope: What it allows.
        collections: Uuids of the collections that it is for; None for all.
        per_minute: Requests a minute; 0 for as many as come.
        credits: How many reimagined pictures are left; None for as many as are asked for.
        created: When.
        last_used: When lastly, to some seconds; None for never.
    """

    id: str
    name: str
    scope: Scope
    collections: tuple[str, ...] | None
    per_minute: int
    credits: int | None
    created: datetime
    last_used: datetime | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """How often a key made one kind of call in one month (`2026-1`), and with how many images."""

    month: str
    call: str
    calls: int
    images: int


# --- engines and health -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One row of the model catalog with its state on this machine; sizes in bytes.

    Attributes:
        dim: Length of a vector; 0 for what makes none.
        active: Whether it is the one in use of its kind.
        kind: What it is for.
        needs: What has to be installed before it can run; empty where nothing is missing.
    """

    id: str
    title: str
    dim: int
    download_size: int
    licence: str
    languages: str
    note: str
    installed: bool
    active: bool
    kind: ModelKind = "search"
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Variation:
    """A step towards pictures that are like one.

    Attributes:
        done: Share of all that was asked for, 0..1.
        path: The file that was written; None where one is still being made.
        remaining_s: Seconds left; None while unknown.
    """

    done: float
    path: Path | None = None
    remaining_s: float | None = None


@dataclass(frozen=True, slots=True)
class CutoutFile:
    """What became of one file whose background was to be removed.

    Attributes:
        source: The picture.
        target: The file that was written; None where it could not be done.
        coverage: Share of the picture that is subject, 0..1.
        reason: Why it could not be done, to be read after "it"; empty where it was.
    """

    source: Path
    target: Path | None
    coverage: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of a brush that corrects what belongs to a picture's subject.

    Attributes:
        points: Where it went, each as shares of the picture's width and height.
        radius: Of the brush, as a share of the picture's longer side.
        hardness: Share of the radius within which every pixel is meant, 0..1; what lies farther out
            fades, and ends at the picture's edges.
        keep: Whether what it covers is subject; else it is background.
    """

    points: tuple[tuple[float, float], ...]
    radius: float
    hardness: float
    keep: bool


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `bowerbird doctor`; `advice` says what to do when it is not ok."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """What a library holds and how far it is indexed with the active encoder."""

    path: Path
    encoder_id: str
    assets: CollectionCounts
    embedded: int
    collections: int
    database_bytes: int
    thumbnail_bytes: int
