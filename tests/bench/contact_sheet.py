"""A picture of what a search finds: ten queries, the first five hits of each, as they came out.

    python tests/bench/contact_sheet.py OUT.jpg [FOLDER] [--query TEXT ...]

Without a folder the photos that scikit-image and scikit-learn ship are searched. Hits under the
model's "no good match" line are pale.
"""

import argparse
import tempfile
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from bowerbird.library import Library
from bowerbird.types import Query, Results

QUERIES = (
    "a cat",
    "an astronaut",
    "a cup of coffee",
    "a rocket launch",
    "a man with a camera",
    "flower",
    "building in China",
    "coins",
    "text on paper",
    "black and white",
)
HITS, SIDE, GAP, WORDS = 5, 132, 10, 190
PAPER, INK, FAINT = "#faf9f7", "#23211e", "#8a857c"
PALE = 0.3  # how much of a hit under the line is left


def shipped_photos() -> list[Path]:
    """Return the folders of scikit-image's and scikit-learn's photos."""
    import skimage.data
    import sklearn.datasets

    return [
        Path(skimage.data.__file__).parent,
        Path(sklearn.datasets.__file__).parent / "images",
    ]


def draw(library: Library, queries: list[str]) -> Image.Image:
    """Search for everything and draw it, a row a query."""
    size = (WORDS + HITS * (SIDE + GAP) + GAP, len(queries) * (SIDE + 24 + GAP) + GAP)
    sheet = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(sheet)
    for row, query in enumerate(queries):
        top = GAP + row * (SIDE + 24 + GAP)
        words = textwrap.fill(query, 20)
        pen.multiline_text(
            (GAP * 2, top + SIDE / 2), words, INK, ImageFont.load_default(17), "lm", spacing=5
        )
        results = library.search(Query(texts=(query,), limit=HITS, lexical=False))
        _row(library, sheet, pen, results, top)
    return sheet


def _row(
    library: Library, sheet: Image.Image, pen: ImageDraw.ImageDraw, results: Results, top: int
) -> None:
    assets = library.assets([hit.asset_id for hit in results])
    for place, (hit, asset) in enumerate(zip(results, assets, strict=True)):
        left = WORDS + GAP + place * (SIDE + GAP)
        path = library.locate(asset)
        if path is None:
            continue
        with Image.open(path) as image:
            small = ImageOps.fit(image.convert("RGB"), (SIDE, SIDE), Image.Resampling.LANCZOS)
        good = hit.good is not False
        if not good:
            small = Image.blend(Image.new("RGB", small.size, PAPER), small, PALE)
        sheet.paste(small, (left, top))
        pen.text(
            (left, top + SIDE + 5),
            f"{library.relevance(hit.score):.0%}" + ("" if good else "  no good match"),
            INK if good else FAINT,
            ImageFont.load_default(12),
        )


def main() -> None:
    """Index the folder in a library of its own, draw the sheet."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--query", action="append", help="instead of the ten of the README")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as home,
        Library.open(Path(home) / "library") as library,
    ):
        for folder in [options.folder] if options.folder else shipped_photos():
            for _ in library.sync(library.add_folder(folder)):
                pass
        draw(library, options.query or list(QUERIES)).save(options.out, quality=88)


if __name__ == "__main__":
    main()
