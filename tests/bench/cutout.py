"""Cut-outs against masks drawn by people, through the real decoder, network and refinement.

    python tests/bench/cutout.py ../shared/data/ecssd --held-out [--teacher] [--sheet FILE.png]

The last line is JSON: max_f (the best F-beta over 255 cut-offs, beta^2 = 0.3, precision and recall
averaged over the pictures first), mae, iou (at one half) and s_per_image. `--held-out` measures on
the fifth of ECSSD that was kept out of training; `--large` on photos enlarged to two megapixels;
`--teacher` also asks u2netp in the same run.
"""

import argparse
import io
import json
import statistics
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from bowerbird import paths
from bowerbird.actions.background import cut_out
from bowerbird.decode.decoder import load_whole
from bowerbird.engines.segmenter import BuiltinSegmenter

TEACHER = Path(__file__).parents[3] / "shared/teachers/u2netp-fp16.onnx"
BETA_SQUARED = 0.3
LARGE = 2_000_000
SHEET_ROWS, SHEET_SIDE = 8, 240
GROUND = (40, 190, 80)


@dataclass
class Figures:
    """What the pictures so far add up to."""

    precisions: list[np.ndarray] = field(default_factory=list)
    recalls: list[np.ndarray] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, alpha: np.ndarray, mask: np.ndarray, seconds: float) -> None:
        """Count one picture.

        Args:
            alpha: uint8 [height, width].
            mask: bool, of the same shape.
            seconds: How long it took.
        """
        inside = np.bincount(alpha[mask], minlength=256)[::-1].cumsum()[::-1][1:]
        all_of_it = np.bincount(alpha.ravel(), minlength=256)[::-1].cumsum()[::-1][1:]
        self.precisions.append(inside / np.maximum(all_of_it, 1))
        self.recalls.append(inside / max(int(mask.sum()), 1))
        self.errors.append(float(np.abs(alpha / 255 - mask).mean()))
        here = alpha >= 128
        either = int((here | mask).sum())
        self.overlaps.append(float((here & mask).sum() / either) if either else 1.0)
        self.seconds.append(seconds)

    def summary(self) -> dict[str, float]:
        """Return the figures by name."""
        precision, recall = np.mean(self.precisions, 0), np.mean(self.recalls, 0)
        f = (1 + BETA_SQUARED) * precision * recall / (BETA_SQUARED * precision + recall + 1e-9)
        return {
            "max_f": round(float(f.max()), 4),
            "mae": round(float(np.mean(self.errors)), 4),
            "iou": round(float(np.mean(self.overlaps)), 4),
            "s_per_image": round(statistics.median(self.seconds), 4),
        }


def held_out(path: Path) -> bool:
    """Say whether a picture was kept out of training."""
    return zlib.crc32(path.stem.encode()) % 5 == 0


def encoded(path: Path, large: bool) -> bytes:
    """Return the file's bytes, or those of a JPEG of it with two megapixels."""
    if not large:
        return path.read_bytes()
    with Image.open(path) as image:
        scale = (LARGE / (image.width * image.height)) ** 0.5
        size = round(image.width * scale), round(image.height * scale)
        target = io.BytesIO()
        image.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(target, "JPEG", quality=90)
    return target.getvalue()


def teacher(path: Path) -> Callable[[bytes], np.ndarray]:
    """Return u2netp as its authors run it."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path)

    def segment(found: bytes) -> np.ndarray:
        with Image.open(io.BytesIO(found)) as image:
            small = np.asarray(image.convert("RGB").resize((320, 320)), np.float32)
            size = image.size
        small = small / max(float(small.max()), 1)
        small = (small - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
        inputs = {"input.1": small.transpose(2, 0, 1)[None].astype(np.float32)}
        said = session.run(None, inputs)[0][0, 0]
        said = (said - said.min()) / max(float(said.max() - said.min()), 1e-6)
        plane = Image.fromarray((said * 255).astype(np.uint8))
        return np.asarray(plane.resize(size, Image.Resampling.BILINEAR))

    return segment


def draw(path: Path, rows: list[list[Image.Image]]) -> None:
    """Save a sheet: photo, mask, ours, ours on green, the teacher's where it was asked."""
    size = (SHEET_SIDE, SHEET_SIDE)
    sheet = Image.new("RGB", (SHEET_SIDE * len(rows[0]), SHEET_SIDE * len(rows)), "white")
    for y, row in enumerate(rows):
        for x, image in enumerate(row):
            small = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
            sheet.paste(small, (x * SHEET_SIDE, y * SHEET_SIDE))
    sheet.save(path)


def main() -> None:
    """Cut everything out, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="with images/ and masks/ of the same names")
    parser.add_argument("--held-out", action="store_true", help="the fifth kept out of training")
    parser.add_argument("--large", action="store_true", help="enlarge the photos to 2 megapixels")
    parser.add_argument("--limit", type=int, help="only so many pictures")
    parser.add_argument("--teacher", type=Path, nargs="?", const=TEACHER, help="also ask u2netp")
    parser.add_argument("--sheet", type=Path, help="draw some of them here")
    parser.add_argument("--model", type=Path, default=paths.resource("models/segmenter"))
    options = parser.parse_args()
    pictures = sorted(p for p in (options.folder / "images").iterdir() if p.is_file())
    pictures = [p for p in pictures if not options.held_out or held_out(p)][: options.limit]
    segmenter = BuiltinSegmenter(options.model)
    ask = teacher(options.teacher) if options.teacher else None
    ours, theirs, rows = Figures(), Figures(), []
    for number, path in enumerate(pictures):
        found = encoded(path, options.large)
        begun = time.perf_counter()
        cutout = cut_out(load_whole(io.BytesIO(found), path.name, max_pixels=10**9), segmenter)
        seconds = time.perf_counter() - begun
        height, width = cutout.alpha.shape
        with Image.open(options.folder / "masks" / f"{path.stem}.png") as image:
            drawn = image.convert("L").resize((width, height), Image.Resampling.NEAREST)
        mask = np.asarray(drawn) >= 128
        ours.add(cutout.alpha, mask, seconds)
        row = [Image.open(path), drawn, Image.fromarray(cutout.alpha), cutout.image()]
        row[3] = Image.alpha_composite(Image.new("RGBA", row[3].size, GROUND), row[3])
        if ask is not None:
            begun = time.perf_counter()
            said = ask(found)
            theirs.add(said, mask, time.perf_counter() - begun)
            row.append(Image.fromarray(said))
        if number % max(1, len(pictures) // SHEET_ROWS) == 0 and len(rows) < SHEET_ROWS:
            rows.append(row)
    if options.sheet:
        draw(options.sheet, rows)
    figures: dict[str, object] = {"pictures": len(pictures), **ours.summary()}
    if ask is not None:
        figures["teacher"] = theirs.summary()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
