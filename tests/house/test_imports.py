"""What starts quickly must not load what is slow."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "PySide6", "open_clip", "transformers", "boto3", "onnxruntime", "rich")


def loaded_by(statement: str) -> set[str]:
    program = f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT / "app")},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "statement",
    [
        "import bowerbird.library",
        "import bowerbird.cli.main",
        "import bowerbird.cli.main as m; m.parse(['search', 'a dog'])",
    ],
)
def test_nothing_heavy_is_loaded(statement: str) -> None:
    assert loaded_by(statement).isdisjoint(HEAVY)


def test_help_loads_neither_numpy_nor_the_library() -> None:
    help_text = """
import bowerbird.cli.main as main
try:
    main.main(['--help'])
except SystemExit:
    pass
"""
    loaded = loaded_by(help_text)
    assert loaded.isdisjoint({*HEAVY, "numpy", "sqlite3", "PIL", "bowerbird.library"})
