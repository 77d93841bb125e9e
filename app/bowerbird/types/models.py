"""Models, what they make of pictures, and how the installation is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from bowerbird.types.sources import CollectionCounts

# What a model is for: it searches, removes backgrounds, finds things, or makes pictures.
ModelKind: TypeAlias = Literal["search", "cutout", "detect", "reimagine"]


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
        doubt: Why what was written should be looked at; empty where it need not.
    """

    source: Path
    target: Path | None
    coverage: float = 0.0
    reason: str = ""
    doubt: str = ""


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
