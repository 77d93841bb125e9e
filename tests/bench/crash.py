"""kill -9 at random moments of an indexing run, and damage to the vector index.

    python tests/bench/crash.py [--kills 30] [--count 600]

After every kill the library must open sound, hold everything that had been reported as written,
and at most one batch more; at the end its hits must be those of a library that was never killed.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from photos import sources
from vectors import ENCODER, around, centres, fill

from bowerbird.library import Library
from bowerbird.settings import Settings
from bowerbird.store.store import Store
from bowerbird.types import Query

CHILD = """
import sys
from bowerbird.library import Library
with Library.open(sys.argv[1]) as library:
    for progress in library.sync(library.add_folder(sys.argv[2])):
        print(progress.phase, progress.done, progress.total, flush=True)
"""
BATCH = Settings().batch_size
DIM = 256
QUERIES = ("a dog on the beach", "children playing", "a man on a bicycle", "red", "water")


def run_and_kill(library: Path, pictures: Path, delay: float) -> tuple[int, int | None, bool]:
    """Index for `delay` seconds after work began, then kill.

    Returns:
        What was reported done, what was reported to do, and whether it ended before the kill.
    """
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(library), str(pictures)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    lines = []
    deadline = None
    for line in child.stdout:
        lines.append(line.split())
        if deadline is None:
            deadline = time.monotonic() + delay
        if time.monotonic() >= deadline:
            break
    child.send_signal(signal.SIGKILL)
    lines += [line.split() for line in child.stdout]
    child.wait()
    indexing = [line for line in lines if line[0] == "indexing"]
    done = int(indexing[-1][1]) if indexing else 0
    total = int(indexing[-1][2]) if indexing else None
    return done, total, child.returncode == 0


def hits(library: Library) -> dict[str, list[tuple[str, float]]]:
    """Return the first 20 hits of some queries, by name."""
    found = {}
    for text in QUERIES:
        page = library.search(Query(texts=(text,), limit=20))
        names = [asset.name for asset in library.assets([hit.asset_id for hit in page])]
        found[text] = list(zip(names, [round(hit.score or 0, 3) for hit in page], strict=True))
    return found


def kill_often(home: Path, pictures: Path, kills: int, count: int) -> dict[str, object]:
    """Kill indexing runs until `kills` have been killed; start anew whenever one completes."""
    chance = random.Random(0)
    redone, lost, unsound, killed, completed = 0, 0, 0, 0, 0
    library = home / "killed-0"
    before = 0
    while killed < kills:
        done, total, ended = run_and_kill(library, pictures, chance.uniform(0.0, 1.5))
        if total is not None and total > count - before:
            redone += total - (count - before)
        with Library.open(library) as opened:
            unsound += not all(check.ok for check in opened.doctor())
            finished = opened.counts().ok
        lost += max(0, before + done - finished)
        assert finished <= before + done + BATCH, "more was written than a batch in flight"
        before = finished
        killed += not ended
        if ended:
            completed += 1
            before, library = 0, home / f"killed-{completed}"
    with Library.open(library) as opened:
        for _ in opened.sync(opened.add_folder(pictures)):
            pass
        healed = opened.counts().ok == count and all(check.ok for check in opened.doctor())
        after = hits(opened)
    with Library.open(home / "clean") as opened:
        for _ in opened.sync(opened.add_folder(pictures)):
            pass
        same = hits(opened) == after
    return {
        "kills": killed,
        "lost": lost,
        "redone": redone,
        "unsound": unsound,
        "healed": healed,
        "same_hits": same,
    }


def damage(home: Path) -> dict[str, float]:
    """Damage the index file in several ways; it must be noticed and heal.

    Returns:
        The share of hits that stayed those of before, while damaged or when healed, whichever is
        less; a graph built anew may miss another neighbour than the one before.
    """
    folders = [home / "vectors", home / "other"]
    for seed, folder in enumerate(folders):
        fill(folder, pictures_like(30_000, seed))
    foreign = index_file(folders[1]).read_bytes()
    spoilers: dict[str, Callable[[bytes], bytes]] = {
        "truncated": lambda data: data[: len(data) // 2],
        "zeroed": lambda data: bytes(len(data)),
        "foreign": lambda _: foreign,
        "empty": lambda _: b"",
    }
    result = {}
    for name, spoil in spoilers.items():
        before = search(folders[0])
        path = index_file(folders[0])
        path.write_bytes(spoil(path.read_bytes()))
        damaged = search(folders[0])
        with Store.open(folders[0]) as store:
            assert not all(check.ok for check in store.check(repair=False)), "nobody noticed"
            assert all(check.ok for check in store.check(repair=True)), "it did not heal"
        result[name] = min(shared(before, damaged), shared(before, search(folders[0])))
    return result


def pictures_like(count: int, seed: int) -> np.ndarray:
    """Return unit vectors that cluster as those of pictures do, float32 [count, DIM]."""
    middles, _ = centres(DIM, np.random.default_rng(99))
    return around(middles, count, 0.4, np.random.default_rng(seed))


def shared(first: list[list[int]], second: list[list[int]]) -> float:
    """Return the share of hits that both have."""
    same = sum(len(set(a) & set(b)) for a, b in zip(first, second, strict=True))
    return same / sum(map(len, first))


def index_file(folder: Path) -> Path:
    """Return the one index file of a library."""
    (found,) = folder.glob("**/*.usearch")
    return found


def search(folder: Path) -> list[list[int]]:
    """Return the ten nearest of some vectors, in a store opened anew."""
    queries = pictures_like(20, 5)
    with Store.open(folder) as store:
        index = store.vectors(ENCODER, DIM)
        return [index.search(query, 10, None)[0].tolist() for query in queries]


def main() -> None:
    """Kill, damage, and print what survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--count", type=int, default=600)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        pictures = home / "pictures"
        pictures.mkdir()
        for number, path in enumerate(sources()[: options.count]):
            (pictures / f"{number:05d}.jpg").symlink_to(path)
        figures = kill_often(home, pictures, options.kills, options.count)
        figures["index_damage"] = damage(home)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
