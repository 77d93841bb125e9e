"""The detector against its teacher, on pictures that were kept out of training.

    python tests/bench/detection.py ../shared/data [--teacher FILE.tflite] [--dev] [--limit N]

Every file goes through the real decoder, network and clean-up. What the teacher is at least 0.5
sure of counts as there; a box of ours is right when it has the same category and overlaps one of
these by half, each of which is found once. The last line is JSON: threshold (chosen on pictures
that are neither trained nor measured on, for the best harmonic mean), precision, recall and f1 at
it, loose_precision (against all that the teacher names with 0.25 or more), others_precision and
others_recall (all but persons, who are by far the commonest), map50 (the mean over
the categories that are there five times or more, `categories`, of the area under the precision
curve) and s_per_image.

Measured on are the pictures whose stem's CRC-32 is divisible by five; with `--dev`, all of
flickr8k/dev. Needs the package ai-edge-litert.
"""

import argparse
import io
import json
import statistics
import time
import zipfile
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bowerbird import paths
from bowerbird.actions.detect import detect, overlap
from bowerbird.engines.detector import BuiltinDetector
from bowerbird.types import Detection

TEACHERS = Path(__file__).parents[3] / "shared/teachers"
TEACHER = TEACHERS / "coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite"
SETS = (
    "flickr8k",
    "coco",
    "conceptual",
    "imagenet-sample",
    "ecssd",
    "styles",
    "clothing",
    "grocery",
    "houses",
)
SURE, NAMED, FAINT = 0.5, 0.25, 0.05
OVERLAP, FEWEST = 0.5, 5
COMMONEST = "person"


@dataclass
class Figures:
    """What the pictures so far add up to.

    Attributes:
        ours: every box of ours by category: its score, whether it is right, whether it is right
            by the loose measure.
        there: how many things of each category there are.
    """

    ours: dict[str, list[tuple[float, bool, bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    there: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, found: list[Detection], wanted: list[Detection]) -> None:
        """Count one picture; `wanted` is all that the teacher names."""
        sure = [one for one in wanted if one.score >= SURE]
        for one in sure:
            self.there[one.category] += 1
        strict, loose = matched(found, sure), matched(found, wanted)
        for one, right, nearly in zip(found, strict, loose, strict=True):
            self.ours[one.category].append((one.score, right, nearly))

    def threshold(self) -> float:
        """Return the score from which on precision and recall are best together."""
        rows = sorted((row for rows in self.ours.values() for row in rows), reverse=True)
        right = np.cumsum([row[1] for row in rows])
        f1 = 2 * right / (np.arange(1, len(rows) + 1) + sum(self.there.values()))
        return rows[int(f1.argmax())][0] if rows else 1.0

    def summary(self, threshold: float) -> dict[str, float]:
        """Return the figures by name."""
        precision, recall, loose = self.rates(threshold, set())
        others_precision, others_recall, _ = self.rates(threshold, {COMMONEST})
        areas = [self.area(name) for name, count in self.there.items() if count >= FEWEST]
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4),
            "loose_precision": round(loose, 4),
            "others_precision": round(others_precision, 4),
            "others_recall": round(others_recall, 4),
            "map50": round(float(np.mean(areas or [0.0])), 4),
            "categories": len(areas),
            "things": sum(self.there.values()),
        }

    def rates(self, threshold: float, without: set[str]) -> tuple[float, float, float]:
        """Return precision, recall and loose precision, some categories left out."""
        rows = [
            row
            for name, boxes in self.ours.items()
            for row in boxes
            if row[0] >= threshold and name not in without
        ]
        right = sum(row[1] for row in rows)
        there = sum(count for name, count in self.there.items() if name not in without)
        count = max(len(rows), 1)
        return right / count, right / max(there, 1), sum(row[2] for row in rows) / count

    def area(self, category: str) -> float:
        """Return the area under the precision curve of a category, made monotonous first."""
        rows = sorted(self.ours.get(category, []), reverse=True)
        right = np.cumsum([row[1] for row in rows])
        precision = right / np.arange(1, len(rows) + 1)
        best = np.maximum.accumulate(precision[::-1])[::-1]
        return float(sum(best[[row[1] for row in rows]]) / self.there[category]) if rows else 0.0


def matched(found: list[Detection], wanted: list[Detection]) -> list[bool]:
    """Say of each box, surest first, whether it is right; what is there is found once."""
    left = list(wanted)
    said = []
    for one in found:
        same = [other for other in left if other.category == one.category]
        best = max(same, key=lambda other: overlap(one.box, other.box), default=None)
        right = best is not None and overlap(one.box, best.box) >= OVERLAP
        if right:
            left = [other for other in left if other is not best]
        said.append(right)
    return said


class Teacher:
    """The teacher as it was published, with its own clean-up."""

    def __init__(self, path: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._net: Any = Interpreter(str(path), num_threads=1)
        self._net.allocate_tensors()
        with zipfile.ZipFile(path) as inside:
            names = inside.read(inside.namelist()[0]).decode().split("\n")
        self._names = [name.strip() for name in names]

    def detect(self, path: Path) -> list[Detection]:
        """Return what it names with 0.25 or more, surest first."""
        with Image.open(path) as image:
            rgb = image.convert("RGB")
        pixels = np.asarray(rgb.resize((300, 300), Image.Resampling.BICUBIC, reducing_gap=3.0))
        self._net.set_tensor(self._net.get_input_details()[0]["index"], pixels[None])
        self._net.invoke()
        boxes, kinds, scores = (
            self._net.get_tensor(one["index"])[0] for one in self._net.get_output_details()[:3]
        )
        scale = np.array([rgb.height, rgb.width] * 2)
        found = []
        for box, kind, score in zip(boxes.clip(0, 1) * scale, kinds, scores, strict=True):
            name = self._names[int(kind)]
            if score >= NAMED and name.strip("? "):
                top, left, bottom, right = (round(float(side)) for side in box)
                found.append(Detection(name, float(score), (left, top, right, bottom)))
        return found


def list_pictures(root: Path) -> list[Path]:
    """List the pictures of all sets, those of flickr8k/dev not."""
    found: list[Path] = []
    for name in SETS:
        folder = root / name
        table = folder / ("train.tsv" if name == "flickr8k" else "items.tsv")
        if name == "imagenet-sample":
            found += sorted(folder.glob("*.jpg"))
        elif name == "ecssd":
            found += sorted((folder / "images").iterdir())
        else:
            found += listed(table)
    return found


def listed(table: Path) -> list[Path]:
    """List the pictures of a TSV."""
    lines = table.read_text(encoding="utf-8").splitlines()
    return [table.parent / line.partition("\t")[0] for line in lines]


def measure(
    pictures: list[Path], detector: BuiltinDetector, teacher: Teacher, seconds: list[float]
) -> Figures:
    """Look at pictures; how long each took is added to `seconds`."""
    figures = Figures()
    for path in pictures:
        stream = io.BytesIO(path.read_bytes())
        begun = time.perf_counter()
        found = detect(stream, path.name, detector, least=FAINT, max_pixels=10**9)
        seconds.append(time.perf_counter() - begun)
        figures.add(list(found), teacher.detect(path))
    return figures


def main() -> None:
    """Choose a threshold, measure, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="the folder of all sets")
    parser.add_argument("--teacher", type=Path, default=TEACHER)
    parser.add_argument("--model", type=Path, default=paths.resource("models/detector"))
    parser.add_argument("--dev", action="store_true", help="measure on flickr8k/dev")
    parser.add_argument("--limit", type=int, help="only so many pictures")
    options = parser.parse_args()
    detector, teacher = BuiltinDetector(options.model), Teacher(options.teacher)
    pictures = list_pictures(options.data)
    marks = {path: zlib.crc32(path.stem.encode()) for path in pictures}
    choosing = [path for path in pictures if marks[path] % 20 == 1]
    held_out = [path for path in pictures if marks[path] % 5 == 0]
    if options.dev:
        held_out = listed(options.data / "flickr8k" / "dev.tsv")
    seconds: list[float] = []
    threshold = measure(choosing[: options.limit], detector, teacher, seconds).threshold()
    figures = measure(held_out[: options.limit], detector, teacher, seconds)
    facts = {
        "pictures": len(held_out[: options.limit]),
        "threshold": round(threshold, 4),
        **figures.summary(threshold),
        "s_per_image": round(statistics.median(seconds), 4),
    }
    areas = {
        name: round(figures.area(name), 3)
        for name, count in sorted(figures.there.items(), key=lambda pair: -pair[1])
        if count >= FEWEST
    }
    print(json.dumps({"ap50": areas}))
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
