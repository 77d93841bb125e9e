"""Runs the real program in processes of its own, on real files, with the shipped model."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

APP = Path(__file__).resolve().parents[2] / "app"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `bowerbird ARGUMENTS...`; its output must hold no traceback, whatever happens.

    `through` is a command that runs it, `variables` are added to its environment.
    """

    def bowerbird(
        *arguments: object,
        through: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
        **options: object,
    ) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [*through, sys.executable, "-m", "bowerbird", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(APP), "COLUMNS": "120", **(variables or {})},
            timeout=120,
            **options,  # type: ignore[call-overload]
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        return done

    return bowerbird


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Six pictures in two folders."""
    folder = tmp_path / "photos"
    for number, (ground, dot) in enumerate(
        (a, b) for a in ("white", "navy", "black") for b in ("red", "yellow")
    ):
        path = folder / ("a" if number < 3 else "b") / f"{ground}-{dot}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.new("RGB", (320, 240 + 20 * number), ground)
        ImageDraw.Draw(image).ellipse((80, 60, 240, 180), fill=dot)
        image.save(path, quality=95)
    return folder


@pytest.fixture
def without_rights() -> tuple[str, ...]:
    """What a command runs through, so that file modes hold for it; they do not for root."""
    if sys.platform == "win32":
        pytest.skip("file modes mean nothing here")
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may read everything, and setpriv is not there to take that right away")
    return ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
