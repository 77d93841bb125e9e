"""What narrows the pictures that are shown: a place in the side panel, and chosen facets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bowerbird.gui.date_chart import Span, after
from bowerbird.types import PIXEL_CLASSES, AllOf, AnyOf, Comparison, Filter, Swatch

# The facets of the filter bar, by the field that each compares.
FIELDS = ("format", "orientation", "pixels", "camera", "tag")
# What fields of the metadata begin with.
META = "meta."
# What a quality is made of, the whole first.
QUALITIES = ("quality", "sharpness", "brightness", "composition")
Range = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Chosen values by facet; values of one facet widen each other, facets narrow.

    Attributes:
        chosen: Values by one of `FIELDS`, or by `meta.KEY`.
        ranges: Lowest and highest number by key of the metadata; None for no bound.
        colours: What pictures are to have together. One alone that may be of any amount only
            filters; several, or amounts, rank as `Query.colours` does.
        least: The lowest value of some of `QUALITIES`, 0..1.
        span: First and last month (`2024-05`) or year that are wanted, or None.
    """

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    colours: tuple[Swatch, ...] = ()
    least: Mapping[str, float] = field(default_factory=dict)
    span: Span | None = None

    def values(self, name: str) -> tuple[str, ...]:
        """Return the chosen values of a facet."""
        return self.chosen.get(name, ())

    def toggled(self, name: str, value: str) -> Narrowing:
        """Return this with one value more, or less where it was chosen."""
        before = self.values(name)
        after = tuple(v for v in before if v != value) if value in before else (*before, value)
        return self.only(name, after)

    def only(self, name: str, values: tuple[str, ...]) -> Narrowing:
        """Return this with other values of a facet."""
        rest = {key: kept for key, kept in self.chosen.items() if key != name}
        return replace(self, chosen={**rest, name: values} if values else rest)

    def with_range(self, name: str, low: float | None, high: float | None) -> Narrowing:
        """Return this with other bounds of a number; without any, it is no filter."""
        rest = {key: kept for key, kept in self.ranges.items() if key != name}
        bounded = low is not None or high is not None
        return replace(self, ranges={**rest, name: (low, high)} if bounded else rest)

    @property
    def facts(self) -> tuple[str, ...]:
        """The keys of the metadata that narrow."""
        texts = (key.removeprefix(META) for key in self.chosen if key.startswith(META))
        return (*texts, *self.ranges)

    def with_span(self, span: Span | None) -> Narrowing:
        """Return this with another span of time, or without one."""
        return replace(self, span=span)

    def with_colour(self, colour: str) -> Narrowing:
        """Return this with one colour in place of those before."""
        return self.with_colours((Swatch(colour),))

    def with_colours(self, colours: tuple[Swatch, ...]) -> Narrowing:
        """Return this with other colours, or without any."""
        return replace(self, colours=colours)

    def with_least(self, least: Mapping[str, float]) -> Narrowing:
        """Return this with other bounds of quality."""
        return replace(self, least=least)

    @property
    def colour(self) -> str | None:
        """The one colour that filters; None where there is none, or where colours rank."""
        alone = len(self.colours) == 1 and self.colours[0].amount is None
        return self.colours[0].hex if alone else None

    @property
    def is_empty(self) -> bool:
        """Whether it leaves everything."""
        return not (self.chosen or self.ranges or self.colours or self.least or self.span)


def tree(place: Filter | None, narrowing: Narrowing) -> Filter | None:
    """Return the filter of a place and what is chosen within it; None for everything."""
    parts = [] if place is None else [place]
    for name in FIELDS:
        if values := narrowing.values(name):
            parts.append(AnyOf(tuple(_holds(name, value) for value in values)))
    parts += _facts(narrowing)
    if narrowing.colour is not None:
        parts.append(Comparison("colour", "=", narrowing.colour))
    parts += [Comparison(name, ">=", least) for name, least in narrowing.least.items()]
    if narrowing.span is not None:
        first, last = narrowing.span
        parts.append(Comparison("date", ">=", first))
        parts.append(Comparison("date", "<", after(last)))
    if len(parts) > 1:
        return AllOf(tuple(parts))
    return parts[0] if parts else None


def _facts(narrowing: Narrowing) -> list[Filter]:
    """Return what is wanted of the metadata."""
    parts: list[Filter] = []
    for name, values in narrowing.chosen.items():
        if name.startswith(META):
            parts.append(AnyOf(tuple(_says(name, value) for value in values)))
    for name, (low, high) in narrowing.ranges.items():
        if low is not None:
            parts.append(Comparison(META + name, ">=", low))
        if high is not None:
            parts.append(Comparison(META + name, "<=", high))
    return parts


def _says(name: str, value: str) -> Filter:
    """Hold where a fact is a text, or true or false, as it was written for the menu."""
    as_text = Comparison(name, "=", value)
    if value not in ("true", "false"):
        return as_text
    return AnyOf((as_text, Comparison(name, "=", value == "true")))


def _holds(name: str, value: str) -> Filter:
    if name != "pixels":
        return Comparison(name, "=", value)
    least = int(value)
    from_there = Comparison("pixels", ">=", least)
    above = next((bound for bound in PIXEL_CLASSES if bound > least), None)
    return from_there if above is None else AllOf((from_there, Comparison("pixels", "<", above)))
