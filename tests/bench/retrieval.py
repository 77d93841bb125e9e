"""Captions against pictures through the real pipeline: recall, and how fast it was indexed.

    python tests/bench/retrieval.py ../shared/data/flickr8k/dev.tsv [--model ID]

The TSV has a picture's path (relative to it), a tab, and captions joined by " | ".
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bowerbird.library import Library
from bowerbird.types import Query, Results


def read(tsv: Path) -> dict[Path, list[str]]:
    """Return each picture's captions."""
    rows: dict[Path, list[str]] = {}
    for line in tsv.read_text(encoding="utf-8").splitlines():
        name, _, captions = line.partition("\t")
        if name and captions:
            rows[(tsv.parent / name).resolve()] = [
                caption.strip() for caption in captions.split(" | ") if caption.strip()
            ]
    return rows


def index(library: Library, pictures: list[Path], stage: Path) -> float:
    """Index exactly `pictures`, through links in a folder of their own; seconds."""
    stage.mkdir()
    for number, picture in enumerate(pictures):
        (stage / f"{number:06d}{picture.suffix.lower()}").symlink_to(picture)
    collection = library.add_folder(stage)
    begun = time.perf_counter()
    for progress in library.sync(collection):
        if progress.phase == "indexing":
            print(f"\r{progress.done}/{progress.total}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return time.perf_counter() - begun


def positions(library: Library) -> dict[int, int]:
    """Return which picture each asset id is."""
    ids = [hit.asset_id for hit in library.search(Query(limit=None))]
    return {asset.id: int(Path(asset.name).stem) for asset in library.assets(ids)}


def text_ranks(library: Library, captions: list[list[str]], of: dict[int, int]) -> np.ndarray:
    """Return the rank (1 is best) of its own picture for every caption."""
    ranks = []
    for number, texts in enumerate(captions):
        for text in texts:
            hits: Results = library.search(Query(texts=(text,), limit=None, lexical=False))
            order = [of[asset] for asset in hits.ids.tolist()]
            ranks.append(order.index(number) + 1 if number in order else len(of) + 1)
    return np.array(ranks)


def image_to_text(library: Library, captions: list[list[str]], of: dict[int, int]) -> float:
    """Return the share of pictures with an own caption among the ten captions closest to it."""
    texts = [(number, text) for number, own in enumerate(captions) for text in own]
    scores = np.full((len(captions), len(texts)), -2.0, np.float32)
    for column, (_, text) in enumerate(texts):
        hits = library.search(Query(texts=(text,), limit=None, lexical=False))
        rows = [of[asset] for asset in hits.ids.tolist()]
        scores[rows, column] = hits.scores
    best = np.argpartition(-scores, min(10, len(texts) - 1), axis=1)[:, :10]
    owner = np.array([number for number, _ in texts])
    return float(np.mean([number in owner[row] for number, row in enumerate(best)]))


def main() -> None:
    """Index, search with every caption, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tsv", type=Path)
    parser.add_argument("--model", help="id of the catalog, or path of a checkpoint")
    options = parser.parse_args()
    rows = read(options.tsv)
    captions = list(rows.values())
    with tempfile.TemporaryDirectory() as folder:
        with Library.open(Path(folder) / "library") as library:
            if options.model:
                library.use_model(options.model)
            seconds = index(library, list(rows), Path(folder) / "pictures")
            of = positions(library)
            ranks = text_ranks(library, captions, of)
            i2t = image_to_text(library, captions, of)
        figures = {
            "pictures": len(rows),
            "captions": len(ranks),
            "indexed": len(of),
            **{f"t2i_r{k}": round(float(np.mean(ranks <= k)), 4) for k in (1, 5, 10)},
            "median_rank": float(np.median(ranks)),
            "i2t_r10": round(i2t, 4),
            "images_per_s": round(len(of) / seconds, 1),
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
