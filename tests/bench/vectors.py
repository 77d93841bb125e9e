"""Measures search in 100,000 embeddings through the real store: opening, time, recall.

Vectors have CLIP's statistics: pictures are made by moving away from centres that are real CLIP
text embeddings when they are at hand (`../shared/teachers/clip_text_vectors`), else from
synthetic ones in a narrow cone; the output says which.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "app"))

from bowerbird.store.store import Store  # noqa: E402
from bowerbird.store.vectors import VectorIndex  # noqa: E402
from bowerbird.types import (  # noqa: E402
    Comparison,
    Decoded,
    Entry,
    Exif,
    Fingerprint,
    Record,
    SourceKind,
)

ENCODER = "bench"
QUERIES = 200
BATCH = 1000
# Random pairs have a cosine of 0.52 then and a tenth neighbour 0.70, at 20,000: a harder library
# than photos, whose neighbours are nearer.
SPREAD = 0.6
Floats = NDArray[np.float32]


def centres(dim: int, rng: np.random.Generator) -> tuple[Floats, str]:
    """Return unit centres of clusters, float32 [n, dim], and where they come from."""
    folder = ROOT.parent / "shared" / "teachers" / "clip_text_vectors"
    found = [np.load(path).astype(np.float32) for path in sorted(folder.glob("*.npy"))]
    found = [rows if rows.shape[1] == 512 else rows.T for rows in found]
    if found:
        rows = np.concatenate(found)
        if dim != rows.shape[1]:
            rows = rows @ rng.standard_normal((rows.shape[1], dim), np.float32)
        return unit(rows), "clip_text_vectors"
    cone = rng.standard_normal(dim, np.float32)
    return unit(2 * cone + rng.standard_normal((1283, dim), np.float32)), "synthetic"


def unit(rows: Floats) -> Floats:
    scaled: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def around(middle: Floats, count: int, spread: float, rng: np.random.Generator) -> Floats:
    """Return unit vectors around randomly chosen centres, in a cone as wide as that of pictures.

    Embeddings of pictures vary along some tens of directions, so the noise does too.
    """
    dim = middle.shape[1]
    basis = rng.standard_normal((64, dim), np.float32) / np.sqrt(dim, dtype=np.float32)
    scale = np.linspace(1.5, 0.3, 64, dtype=np.float32)
    chosen = middle[rng.integers(0, len(middle), count)]
    noise = (rng.standard_normal((count, 64), np.float32) * scale) @ basis / 8
    fine = rng.standard_normal((count, dim), np.float32) / np.sqrt(dim, dtype=np.float32)
    return unit(chosen + spread * (noise + fine / 2))


def records(collection: int, vectors: Floats) -> Iterator[list[Record]]:
    pixels = np.zeros((1, 1, 3), np.uint8)
    for start in range(0, len(vectors), BATCH):
        batch: list[Record] = []
        for i in range(start, min(start + BATCH, len(vectors))):
            marks = Fingerprint(f"{i % 256:032x}", f"{i:032x}")
            # A thousand-th by camera, a hundredth by height: filters of known selectivity.
            exif = Exif(camera="rare" if i % 1000 == 7 else "common")
            decoded = Decoded(640, 100 + i % 100, "jpeg", pixels, b"", i, i, (), exif)
            entry = Entry(f"{i % 50}/picture-{i}.jpg", 1000 + i, i)
            batch.append(Record(collection, entry, None, marks, decoded, vectors[i]))
        yield batch


def fill(folder: Path, vectors: Floats) -> float:
    begun = time.perf_counter()
    with Store.open(folder) as store:
        collection = store.add_collection("bench", SourceKind.FOLDER, str(folder / "none"))
        for batch in records(collection.id, vectors):
            store.write(batch, ENCODER)
        written = time.perf_counter()
        index = store.vectors(ENCODER, vectors.shape[1])
        index.save()
    done = time.perf_counter()
    print(f"written {len(vectors) / (written - begun):,.0f}/s, graph built {done - written:.1f} s")
    return done - begun


OPEN = """
import sys, time
sys.path.insert(0, sys.argv[1])
import numpy as np, usearch.index
from pathlib import Path
from bowerbird.store.store import Store
vector = np.load(sys.argv[4])
begun = time.perf_counter()
with Store.open(Path(sys.argv[2])) as store:
    index = store.vectors("bench", int(sys.argv[3]))
    index.refresh()
    opened = time.perf_counter() - begun
    index.search(vector, 10, None)
    print(opened, time.perf_counter() - begun)
"""


def open_times(folder: Path, query: Floats) -> tuple[float, float]:
    """Return the median seconds to open and to the first answer.

    Each time in a fresh process, which has numpy and usearch imported before.
    """
    with tempfile.TemporaryDirectory() as scratch:
        saved = Path(scratch) / "query.npy"
        np.save(saved, query)
        command = [sys.executable, "-c", OPEN, str(ROOT / "app"), str(folder), str(len(query))]
        times = [
            [float(word) for word in subprocess.check_output([*command, str(saved)]).split()]
            for _ in range(5)
        ]
    opened, answered = np.median(times, axis=0)
    return float(opened), float(answered)


def truths(
    kept: Floats, queries: Floats, ids: NDArray[np.int64], count: int
) -> list[NDArray[np.int64]]:
    """The true best of asset ids for each query; asset ids begin at 1."""
    scores = queries @ kept[ids - 1].T
    return [ids[np.lexsort((ids, -row))[:count]] for row in scores]


def run(
    index: VectorIndex, queries: Floats, eligible: NDArray[np.int64] | None, page: int
) -> tuple[list[NDArray[np.int64]], float, float]:
    """Search all queries in one go; gives the hits, the median and the 99th centile in ms.

    What is true is worked out elsewhere: its matrices would push the index out of the caches.
    """
    found, times = [], []
    for query in queries:
        begun = time.perf_counter()
        index.refresh()
        ids, _ = index.search(query, 10, eligible)
        times.append(time.perf_counter() - begun)
        assert len(ids) == page, f"a page of {len(ids)} of {page}"
        found.append(ids)
    return found, float(np.median(times)) * 1e3, float(np.quantile(times, 0.99)) * 1e3


def recall(found: list[NDArray[np.int64]], true: list[NDArray[np.int64]]) -> float:
    """Which share of the true best was found."""
    shares = [len(np.intersect1d(a, b)) / len(b) for a, b in zip(found, true, strict=True)]
    return float(np.mean(shares))


def measure(folder: Path, vectors: Floats, queries: Floats) -> dict[str, float]:
    kept = vectors.astype(np.float16).astype(np.float32)
    every = np.arange(1, len(kept) + 1)
    figures: dict[str, float] = {}
    filtered: list[float] = []
    with Store.open(folder) as store:
        index = store.vectors(ENCODER, kept.shape[1])
        index.refresh()
        run(index, queries, None, 10)
        found, figures["p50_ms"], figures["p99_ms"] = run(index, queries, None, 10)
        figures["recall_at_10"] = recall(found, truths(kept, queries, every, 10))
        for name, eligible in filters(store).items():
            page = min(10, len(eligible))
            found, figures[f"{name}_ms"], _ = run(index, queries, eligible, page)
            share = recall(found, truths(kept, queries, eligible, page))
            figures[f"{name}_recall"] = share
            if len(eligible) <= len(kept) // 100:
                filtered.append(share)
        figures["filtered_recall"] = min(filtered)
        begun = time.perf_counter()
        ids, _ = index.search(queries[0], len(kept), None)
        figures["all_ms"] = (time.perf_counter() - begun) * 1e3
        assert sorted(ids.tolist()) == every.tolist()
    return figures


def filters(store: Store) -> dict[str, NDArray[np.int64]]:
    percent = store.eligible(Comparison("height", "=", 142))
    permille = store.eligible(Comparison("camera", "=", "rare"))
    half = store.eligible(Comparison("height", "<", 150))
    tenth = store.eligible(Comparison("height", "<", 110))
    return {"half": half, "tenth": tenth, "1%": percent, "0.1%": permille, "5rows": permille[:5]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--dim", type=int, default=512)
    parser.add_argument("--library", type=Path, help="kept and used again; made when not there")
    arguments = parser.parse_args()
    rng = np.random.default_rng(7)
    middle, origin = centres(arguments.dim, rng)
    vectors = around(middle, arguments.count, SPREAD, rng)
    queries = around(middle, QUERIES, SPREAD, rng)
    print(f"{arguments.count:,} vectors of {arguments.dim} dimensions around {origin}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.library or Path(scratch) / "library"
        if not (folder / "library.sqlite").exists():
            fill(folder, vectors)
        opened, answered = open_times(folder, queries[0])
        figures = measure(folder, vectors, queries)
    figures |= {"open_s": opened, "first_answer_s": answered}
    rounded = {name: round(value, 4) for name, value in figures.items()}
    print(json.dumps(rounded | {"vectors": origin, "count": arguments.count}))


if __name__ == "__main__":
    main()
