"""How long the terminal makes its user wait: `--help`, and a whole search.

    python tests/bench/startup.py [--runs 7]

Every command runs in turn with a bare `python -c pass`, so that a machine whose speed drifts slows
them alike. The medians are printed; the search is one of a library of 200 pictures with the
built-in model, in a process of its own, as a user would start it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from photos import sources

BARE = [sys.executable, "-c", "pass"]
BOWERBIRD = [sys.executable, "-m", "bowerbird"]


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Run a command to its end."""
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> None:
    """Make a library, then time commands in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as home:
        pictures = Path(home) / "pictures"
        pictures.mkdir()
        for path in sources()[:200]:
            (pictures / path.name).symlink_to(path)
        app = str(Path(__file__).resolve().parents[2] / "app")
        environment = {**os.environ, "BOWERBIRD_LIBRARY": f"{home}/library", "PYTHONPATH": app}
        seconds([*BOWERBIRD, "index", str(pictures)], environment)
        commands = {
            "python": BARE,
            "help": [*BOWERBIRD, "--help"],
            "search": [*BOWERBIRD, "search", "a dog on the beach"],
            "similar": [*BOWERBIRD, "similar", str(sources()[0])],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs + 1):
            for name, command in commands.items():
                times[name].append(seconds(command, environment))
    # The first round warms the disk's cache.
    middle = {name: median(runs[1:]) for name, runs in times.items()}
    over = median(h - p for h, p in zip(times["help"][1:], times["python"][1:], strict=True))
    figures = {
        "python_s": middle["python"],
        "help_over_python_s": over,
        "search_s": middle["search"],
        "similar_s": middle["similar"],
    }
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
