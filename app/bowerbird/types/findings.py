"""What looking at a picture finds: colours, quality, shape, things, text, likeness."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from bowerbird.types.arrays import Vector


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
