"""Look at pictures: main colours, quality, the shape of the subject, tags."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from bowerbird.cli.options import COMPLETE_FILES
from bowerbird.cli.terminal import complain, one_line
from bowerbird.errors import BowerbirdError, NotFoundError, UsageError

if TYPE_CHECKING:
    from bowerbird.types import Analysis

HELP = "tell colours, quality, shape and tags of pictures"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    files = parser.add_argument("files", nargs="+", metavar="FILE|URL", help="a picture")
    files.complete = COMPLETE_FILES  # type: ignore[attr-defined]
    parser.add_argument(
        "--colours", type=int, default=5, metavar="N", help="how many main colours, 1 to 10 (5)"
    )
    parser.add_argument(
        "--turned",
        action="store_true",
        help="numbers of the shape that stay the same however it is turned or mirrored (--json)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Print what each picture tells; one that cannot be read is exit code 1."""
    from bowerbird.library import Library

    failed = False
    with Library.open(options.library) as library:
        for file in options.files:
            try:
                found = library.analyse(file, colours=options.colours, turned=options.turned)
            except BowerbirdError as error:
                # What is wrong with the command, or the vocabulary, is so for every file.
                asked = isinstance(error, UsageError) and not isinstance(error, NotFoundError)
                if asked or len(options.files) == 1:
                    raise
                complain(str(error))
                failed = True
            else:
                print(json.dumps(row(file, found)) if options.json else _words(file, found))
    return 1 if failed else 0


def row(file: str, found: Analysis) -> dict[str, Any]:
    """Return what is known of a picture as JSON has it."""
    shape = found.silhouette
    quality = found.quality
    return {
        "path": file,
        "width": found.width,
        "height": found.height,
        "colours": [
            {
                "hex": one.hex,
                "rgb": [one.red, one.green, one.blue],
                "weight": round(one.weight, 4),
            }
            for one in found.palette.colours
        ],
        "temperature": found.palette.temperature,
        "quality": {
            "overall": quality.overall,
            "sharpness": quality.sharpness,
            "brightness": quality.brightness,
            "composition": quality.composition,
        },
        "silhouette": shape
        and {
            "embedding": [round(float(value), 6) for value in shape.embedding],
            "aspect_ratio": round(shape.aspect_ratio, 4),
            "coverage": round(shape.coverage, 4),
        },
        "tags": [
            {"name": tag.name, "type": tag.kind, "confidence": tag.confidence} for tag in found.tags
        ],
    }


def _words(file: str, found: Analysis) -> str:
    quality = found.quality
    colours = ", ".join(f"{one.hex} {one.weight:.0%}" for one in found.palette.colours)
    shape = found.silhouette
    subject = "nothing stands out"
    if shape is not None:
        subject = f"{shape.coverage:.0%} of the picture, {shape.aspect_ratio:.2f} as wide as high"
    tags = ", ".join(f"{tag.name} {tag.confidence:.0%}" for tag in found.tags) or "none"
    return "\n".join(
        (
            one_line(file),
            f"  size      {found.width} x {found.height}",
            f"  colours   {colours}; {found.palette.temperature}",
            f"  quality   {quality.overall:.0%}: sharpness {quality.sharpness:.0%}, "
            f"brightness {quality.brightness:.0%}, composition {quality.composition:.0%}",
            f"  subject   {subject}",
            f"  tags      {tags}",
        )
    )
