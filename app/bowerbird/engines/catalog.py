"""The catalog of models: catalog.toml as typed rows, with names looked up forgivingly."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from bowerbird.errors import NotFoundError

DEFAULT = "builtin"
# What may be offered: free for any use. Research-only and non-commercial weights may be added by
# path, on the user's own account, and are never listed.
LICENCES = frozenset({"Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause"})
# What may be offered to make pictures with: any use but those that its appendix names, which harm
# people. No weights for this are freer.
GENERATOR_LICENCES = LICENCES | {"CreativeML-OpenRAIL++-M"}
_PATH = Path(__file__).with_name("catalog.toml")
T = TypeVar("T", bound="Offered")


@dataclass(frozen=True, slots=True)
class Calibration:
    """The relevance curve, sigmoid(scale * cosine + bias), and the cosine of a fair match."""

    scale: float
    bias: float
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """One row of the catalog.

    Attributes:
        id: What the user names it by; also the id its vectors are kept under.
        title: What the user reads.
        dim: Length of a vector.
        image_size: Side of the input, pixels.
        resize: How a picture becomes square.
        download_size: Bytes, of all files together.
        licence: SPDX identifier of the weights' licence.
        languages: Which ones its text tower knows, in words.
        note: When to choose it, in one sentence.
        name: open_clip's name of the architecture; empty for the built-in one.
        tag: open_clip's name of the weights.
        repo: Hub repository, `owner/name`.
        files: What has to be fetched from it.
        sha256: Digests known beforehand, by file name.
        calibration: The relevance curve.
    """

    id: str
    title: str
    dim: int
    image_size: int
    resize: Literal["squash", "crop", "pad"]
    download_size: int
    licence: str
    languages: str
    note: str
    name: str = ""
    tag: str = ""
    repo: str = ""
    files: tuple[str, ...] = ()
    sha256: dict[str, str] = field(default_factory=dict)
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A row of the catalog that is no encoder.

    Attributes:
        id: What the user names it by; also the folder its files are kept in.
        title: What the user reads.
        download_size: Bytes, of all files together.
        memory: Bytes that have to be free to run it.
        licence: SPDX identifier of the weights' licence, or the name that it goes by.
        note: When to choose it, in one sentence.
        repo: `owner/name`, on GitHub where there is a release, else on the hub.
        release: Tag of the release that the files lie at; empty for the hub.
        files: What has to be fetched from it.
        sha256: Digests known beforehand, by file name.
    """

    id: str
    title: str
    download_size: int
    memory: int
    licence: str
    note: str
    repo: str
    release: str = ""
    files: tuple[str, ...]
    sha256: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmenterModel(Offered):
    """A network that tells a picture's subject: one ONNX file, and how it wants its pixels.

    Attributes:
        image_size: Side of the square that it sees, pixels.
        mean: Per channel, of pixels divided by the picture's brightest value.
        std: Per channel.
        sigmoid: Whether it gives logits, which become shares by a sigmoid; else it gives shares.
    """

    image_size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    sigmoid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorModel(Offered):
    """A network that finds things in pictures: one ONNX file, and what it knows.

    Attributes:
        image_size: Side of the square that it sees, pixels.
        threshold: Score (0..1) from which a thing counts.
        categories: The things that it knows, in the order of its scores.
    """

    image_size: int
    threshold: float
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorModel(Offered):
    """A network that makes pictures which are like one: a folder as diffusers saves it.

    Attributes:
        pipeline: Name of the class that runs it, as its own description has to say it.
    """

    pipeline: str


@cache
def segmenters() -> tuple[SegmenterModel, ...]:
    """Return the rows of catalog.toml that remove backgrounds, in its order."""
    return _offered(SegmenterModel, "segmenter", LICENCES)


@cache
def detectors() -> tuple[DetectorModel, ...]:
    """Return the rows of catalog.toml that find things in pictures, in its order."""
    return _offered(DetectorModel, "detector", LICENCES)


@cache
def generators() -> tuple[GeneratorModel, ...]:
    """Return the rows of catalog.toml that make pictures, in its order."""
    return _offered(GeneratorModel, "generator", GENERATOR_LICENCES)


@cache
def catalog() -> tuple[Model, ...]:
    """Return the rows of catalog.toml, in its order."""
    return parse(_PATH.read_text("utf-8"))


def parse(text: str) -> tuple[Model, ...]:
    """Return the rows of a catalog.

    Raises:
        ValueError: A row has a licence that is not free for any use, or two share an id.
    """
    rows = tuple(_row(data) for data in tomllib.loads(text)["model"])
    _refuse(rows, LICENCES)
    return rows


def unknown(model_id: str, known: Iterable[str]) -> NotFoundError:
    """Return the error for a model id that does not exist, naming what was perhaps meant."""
    near = difflib.get_close_matches(model_id, list(known), n=3, cutoff=0.5)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    return NotFoundError(
        f"There is no model {model_id!r}. {meant}`bowerbird models list` shows all."
    )


def _refuse(rows: Iterable[Model | Offered], licences: Collection[str]) -> None:
    seen = set()
    for row in rows:
        if row.licence not in licences:
            raise ValueError(f"{row.id}: weights under {row.licence!r} must not be offered")
        if row.id in seen:
            raise ValueError("two models share an id")
        seen.add(row.id)


def _offered(kind: Callable[..., T], table: str, licences: Collection[str]) -> tuple[T, ...]:
    found = tomllib.loads(_PATH.read_text("utf-8"))[table]
    rows = tuple(
        kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in data.items()})
        for data in found
    )
    _refuse(rows, licences)
    return rows


def _row(data: dict[str, Any]) -> Model:
    curve = data.pop("calibration", None)
    return Model(
        files=tuple(data.pop("files", ())),
        calibration=None if curve is None else Calibration(**curve),
        **data,
    )
