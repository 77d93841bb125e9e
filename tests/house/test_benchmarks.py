"""Benchmarks start as their first lines say: they run too seldom for a broken one to be noticed."""

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "bench"
BENCHMARKS = [
    path for path in sorted(FOLDER.glob("*.py")) if "def main()" in path.read_text("utf-8")
]


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_starts(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(path), "--help"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: ")
