"""The pictures themselves, on their way from a file to what is kept of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from bowerbird.types.findings import Colour, Quality
from bowerbird.types.sources import Entry, fragment

if TYPE_CHECKING:
    from bowerbird.types.arrays import Pixels, Vector


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
