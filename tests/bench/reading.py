"""How many words of pages and screenshots are read, and how long a picture takes.

    python tests/bench/reading.py [--pages 12] [--screenshots ../shared/data/screenshots]

Pages are of the licence's words in the fonts of this machine, clean and as a bad scan (turned by a
degree, blurred, noisy, recompressed). A word counts where it is found once for each time that it is
there, whatever its case. Of screenshots only captions are known: what counts are their words with a
capital, which name what is on the screen, mostly. The last line is JSON.
"""

import argparse
import io
import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bowerbird.actions.reading import read_text
from bowerbird.engines.reader import RapidReader

ROOT = Path(__file__).parents[2]
FONTS = Path("/usr/share/fonts")
SIZE, POINTS = (1240, 1754), (18, 23, 30)  # A4 at 150 dpi, and 9 to 14 points on it
# Words of captions that name no text.
PLAIN = frozenset({"screenshot", "screen", "the", "this", "that", "it", "shows", "image"})


def words(text: str) -> Counter[str]:
    """Return the words of a text and how often each is there."""
    return Counter(re.findall(r"\w+", text.lower()))


def named(caption: str) -> set[str]:
    """Return the words of a caption that name what is on the screen."""
    found = re.findall(r"\b[A-Z][A-Za-z]{2,}\b", caption)
    return {word.lower() for word in found} - PLAIN


def fonts() -> list[Path]:
    """Return fonts for running text, one of each family."""
    plain = [
        path
        for path in sorted(FONTS.rglob("*.?tf"))
        if re.fullmatch(r"(DejaVu\w+|\w+-(Regular|Roman|Light|Book))", path.stem)
        and not re.search(r"Bold|Oblique|Italic|Symbol|Math|D050000L|Fallback|Condensed", path.stem)
    ]
    return list({path.stem.partition("-")[0]: path for path in plain}.values())


def page(said: list[str], font: Path, points: int) -> tuple[Image.Image, str]:
    """Return a page and what stands on it."""
    image = Image.new("L", SIZE, 255)
    draw = ImageDraw.Draw(image)
    face = ImageFont.truetype(font, points)
    lines, line, waiting = [], "", iter(said)
    while len(lines) < (SIZE[1] - 200) // round(1.5 * points):
        word = next(waiting)
        if face.getlength(f"{line} {word}") > SIZE[0] - 200:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    for number, each in enumerate(lines):
        draw.text((100, 100 + number * round(1.5 * points)), each, 0, face)
    return image, "\n".join(lines)


def scanned(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Return a page as a bad scan of it."""
    turned = image.rotate(1, Image.Resampling.BICUBIC, fillcolor=255)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.8)), np.float32)
    noisy = (0.85 * soft + 20 + chance.normal(0, 8, soft.shape)).clip(0, 255)
    stream = io.BytesIO()
    Image.fromarray(noisy.astype(np.uint8)).save(stream, "JPEG", quality=60)
    return Image.open(stream)


class Tally:
    """Counts words that are there, those that were read, and the time."""

    def __init__(self, reader: RapidReader) -> None:
        self._reader = reader
        self.there = self.right = self.read = 0
        self.seconds: list[float] = []

    def look(self, data: bytes, name: str) -> Counter[str]:
        begun = time.perf_counter()
        found = read_text(io.BytesIO(data), name, self._reader, max_pixels=10**9)
        self.seconds.append(time.perf_counter() - begun)
        return words(found.text)

    def count(self, wanted: Counter[str], found: Counter[str]) -> None:
        self.there += wanted.total()
        self.read += found.total()
        self.right += (wanted & found).total()

    def summary(self, kind: str) -> dict[str, float]:
        return {
            f"{kind}_words": self.there,
            f"{kind}_share_read": round(self.right / max(1, self.there), 4),
            f"{kind}_s": round(statistics.median(self.seconds), 2),
        }


def pages(reader: RapidReader, count: int) -> dict[str, float]:
    """Read rendered pages, clean and scanned."""
    chance = random.Random(1)
    noise = np.random.default_rng(1)
    text = (ROOT / "packaging" / "LICENSE").read_text("utf-8").split()
    faces = fonts()
    tallies = {"clean": Tally(reader), "scanned": Tally(reader)}
    for number in range(count):
        start = chance.randrange(len(text))
        said = (text[start:] + text) * 2
        image, stands = page(said, faces[number % len(faces)], POINTS[number % len(POINTS)])
        for kind, seen in (("clean", image), ("scanned", scanned(image, noise))):
            stream = io.BytesIO()
            seen.save(stream, "PNG")
            found = tallies[kind].look(stream.getvalue(), "page.png")
            tallies[kind].count(words(stands), found)
        print(number, {kind: tally.summary(kind) for kind, tally in tallies.items()}, flush=True)
    clean, bad = tallies["clean"], tallies["scanned"]
    more = {"clean_share_right": round(clean.right / max(1, clean.read), 4)}
    return {"fonts": len(faces), **clean.summary("clean"), **bad.summary("scanned"), **more}


def screenshots(reader: RapidReader, folder: Path, most: int) -> dict[str, float]:
    """Read screenshots whose captions are known."""
    tally = Tally(reader)
    for line in lines_of(folder, most):
        name, _, caption = line.partition("\t")
        found = tally.look((folder / name).read_bytes(), name)
        wanted = Counter(named(caption))
        tally.count(wanted, Counter(set(found)))
    return tally.summary("screenshots")


def lines_of(folder: Path, most: int) -> Iterable[str]:
    """Return the first rows of a set; none where it is not there."""
    path = folder / "items.tsv"
    return path.read_text("utf-8").splitlines()[:most] if path.exists() else []


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=12)
    default = ROOT.parent / "shared/data/screenshots"
    parser.add_argument("--screenshots", type=Path, default=default)
    parser.add_argument("--most", type=int, default=250)
    options = parser.parse_args()
    reader = RapidReader()
    begun = time.perf_counter()
    reader.start()
    found: dict[str, float] = {"start_s": round(time.perf_counter() - begun, 2)}
    found |= pages(reader, options.pages)
    if options.screenshots.is_dir():
        found |= screenshots(reader, options.screenshots, options.most)
    reader.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
