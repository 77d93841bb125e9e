"""Labels against pictures: naming what is seen without examples, and finding more of a kind.

    python tests/bench/classes.py ../shared/data/styles/items.tsv [--labels FILE] [--baseline]

The TSV has a picture's path (relative to it), a tab, and labels joined by " | ". The first label is
the class; further ones that all pictures of a class share are its synonyms. A folder of files named
nXXXXXXXX_label.jpg does as well. `--labels FILE` keeps the classes named there, one a line.

A class is named in a few templates whose vectors are averaged, synonyms among them; the picture's
guess is the class nearest to it. precision@10 is the share of the ten pictures nearest to a picture
that have its label, out of as many as there can be; classes of one picture are left out of it.
`--baseline` measures that on MobileNetV2's average-pooled feature as well, in the same run. The
last line is JSON.
"""

import argparse
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bowerbird.decode.decoder import load_pixels
from bowerbird.engines.encoder import Encoder
from bowerbird.engines.models import DEFAULT, Models
from bowerbird.paths import model_cache

TEACHER = Path(__file__).parents[3] / "shared/teachers/mobilenet_v2_1.0_224_quant.tflite"
POOLED = 6  # the teacher's tensor before its classifier
TEMPLATES = ("{}", "a photo of a {}", "a picture of a {}", "a close-up of a {}")
NEAREST = 10
BATCH = 32


@dataclass(frozen=True)
class Labelled:
    """Pictures and what they show.

    Attributes:
        pictures: The files.
        classes: The row of `names` of each picture.
        names: The names of each class, the first one best.
    """

    pictures: list[Path]
    classes: np.ndarray
    names: list[tuple[str, ...]]


def read(source: Path, keep: frozenset[str] = frozenset()) -> Labelled:
    """Return the pictures of a TSV or a folder, of the classes in `keep` unless it is empty."""
    rows = _rows(source)
    rows = [(p, labels) for p, labels in rows if not keep or labels[0].lower() in keep]
    shared: dict[str, list[str]] = {}
    for _, labels in rows:
        known = shared.setdefault(labels[0], list(labels))
        shared[labels[0]] = [name for name in known if name in labels]
    place = {name: row for row, name in enumerate(shared)}
    classes = np.array([place[labels[0]] for _, labels in rows])
    return Labelled([p for p, _ in rows], classes, [tuple(names) for names in shared.values()])


def _rows(source: Path) -> list[tuple[Path, list[str]]]:
    if source.is_dir():
        files = sorted(source.glob("n*_*.*"))
        return [(f, [f.stem.partition("_")[2].replace("_", " ").lower()]) for f in files]
    rows = []
    for line in source.read_text(encoding="utf-8").splitlines():
        name, _, texts = line.partition("\t")
        labels = [text.strip() for text in texts.split(" | ") if text.strip()]
        if name and labels:
            rows.append((source.parent / name, labels))
    return rows


def class_vectors(encoder: Encoder, names: Sequence[tuple[str, ...]]) -> np.ndarray:
    """Return one unit vector a class, float32 [classes, dim]."""
    texts = [t.format(n) for all_names in names for n in all_names for t in TEMPLATES]
    owners = [row for row, all_names in enumerate(names) for _ in all_names for _ in TEMPLATES]
    vectors = encoder.encode_texts(texts)
    found = np.zeros((len(names), vectors.shape[1]), np.float32)
    np.add.at(found, owners, vectors)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def picture_vectors(encoder: Encoder, pictures: Sequence[Path]) -> np.ndarray:
    """Return one unit vector a picture, float32 [pictures, dim]."""
    rows = []
    for start in range(0, len(pictures), BATCH):
        batch = []
        for path in pictures[start : start + BATCH]:
            with path.open("rb") as stream:
                batch.append(load_pixels(stream, path.name, encoder.spec, max_pixels=10**9))
        rows.append(encoder.encode_images(np.stack(batch)))
        print(f"\r{start + len(batch)}/{len(pictures)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return np.concatenate(rows)


def teacher_vectors(pictures: Sequence[Path]) -> np.ndarray:
    """Return MobileNetV2's average-pooled features as unit vectors, float32 [pictures, 1280]."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError as error:
        raise SystemExit("--baseline needs the package ai-edge-litert.") from error
    net = Interpreter(str(TEACHER), experimental_preserve_all_tensors=True)
    net.allocate_tensors()
    entry = net.get_input_details()[0]["index"]
    rows = []
    for path in pictures:
        with Image.open(io.BytesIO(path.read_bytes())) as image:
            small = image.convert("RGB").resize((224, 224), Image.Resampling.BICUBIC)
        net.set_tensor(entry, np.asarray(small)[None])
        net.invoke()
        rows.append(net.get_tensor(POOLED).reshape(-1).astype(np.float32))
    found = np.stack(rows)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def ranks(pictures: np.ndarray, named: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return the rank (0 is best) of its own class for every picture."""
    scores = pictures @ named.T
    own = scores[np.arange(len(scores)), classes]
    found: np.ndarray = (scores > own[:, None]).sum(1)
    return found


def precision(vectors: np.ndarray, classes: np.ndarray) -> float | None:
    """Return precision@10 by class; None where no class has two pictures."""
    sizes = np.bincount(classes)[classes]
    kept = np.flatnonzero(sizes > 1)
    if not len(kept):
        return None
    scores = vectors[kept] @ vectors.T
    scores[np.arange(len(kept)), kept] = -np.inf
    nearest = np.argsort(-scores, axis=1, kind="stable")[:, : min(NEAREST, len(vectors) - 1)]
    same = (classes[nearest] == classes[kept][:, None]).sum(1)
    return float((same / np.minimum(NEAREST, sizes[kept] - 1)).mean())


def table(labelled: Labelled, right: np.ndarray) -> str:
    """Return the classes that are named right most and least often."""
    shares = [
        (float(right[labelled.classes == row].mean()), names[0])
        for row, names in enumerate(labelled.names)
    ]
    shares.sort(key=lambda pair: (-pair[0], pair[1]))
    shown = shares if len(shares) <= 20 else [*shares[:10], *shares[-10:]]
    return "\n".join(f"{share:5.2f}  {name}" for share, name in shown)


def main() -> None:
    """Embed everything, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", type=Path, help="a TSV, or a folder of nXXXXXXXX_label.jpg")
    parser.add_argument("--model", default=DEFAULT, help="id of the catalog")
    parser.add_argument("--labels", type=Path, help="keep only these classes, one a line")
    parser.add_argument("--baseline", action="store_true", help="also MobileNetV2's features")
    options = parser.parse_args()
    keep = frozenset[str]()
    if options.labels:
        keep = frozenset(line.strip().lower() for line in options.labels.open(encoding="utf-8"))
    labelled = read(options.source, keep)
    if not labelled.pictures:
        raise SystemExit(f"{options.source} has no pictures with labels.")
    models = Models(model_cache())
    encoder = models.encoder(options.model)
    vectors = picture_vectors(encoder, labelled.pictures)
    found = ranks(vectors, class_vectors(encoder, labelled.names), labelled.classes)
    models.close()
    figures: dict[str, Any] = {
        "pictures": len(labelled.pictures),
        "classes": len(labelled.names),
        "chance": round(1 / len(labelled.names), 4),
        "top1": round(float((found == 0).mean()), 4),
        "top5": round(float((found < 5).mean()), 4),
        "precision_at_10": _rounded(precision(vectors, labelled.classes)),
    }
    if options.baseline:
        teacher = teacher_vectors(labelled.pictures)
        figures["baseline_precision_at_10"] = _rounded(precision(teacher, labelled.classes))
    print(table(labelled, found == 0))
    print(json.dumps(figures))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


if __name__ == "__main__":
    main()
