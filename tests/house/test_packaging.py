"""What is packaged agrees with the code."""

import configparser
import re
import tomllib
from pathlib import Path

from bowerbird import apart
from bowerbird.decode.isolation import FROZEN_FLAG
from bowerbird.engines import reader
from bowerbird.server import beside

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def requirement(text: str) -> str:
    """The normal name of a required package."""
    name = re.split(r"[<>=!\[; ]", text)[0]
    return name.lower().replace("_", "-")


def test_every_requirement_is_pinned() -> None:
    lines = (ROOT / "packaging" / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {requirement(line) for line in lines if line and not line.startswith("#")}
    wanted = [
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["models"],
        *PROJECT["project"]["optional-dependencies"]["diffusion"],
        *PROJECT["project"]["optional-dependencies"]["ocr"],
        *PROJECT["dependency-groups"]["dev"],
    ]
    assert {requirement(text) for text in wanted} <= pinned
    assert all("==" in line for line in lines if line and not line.startswith("#"))


def test_the_frozen_program_knows_its_workers() -> None:
    frozen = (ROOT / "packaging" / "frozen.py").read_text("utf-8")
    assert f'DECODE_WORKER = "{FROZEN_FLAG}"' in frozen
    assert f'SYNC_WORKER = "{apart.FROZEN_FLAG}"' in frozen
    assert f'READ_WORKER = "{reader.FROZEN_FLAG}"' in frozen
    assert f'SERVER = "{beside.FROZEN_FLAG}"' in frozen


def test_the_desktop_entry_starts_a_program_that_is_installed() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(ROOT / "packaging" / "bowerbird.desktop", "utf-8")
    assert entry["Desktop Entry"]["Exec"] in PROJECT["project"]["gui-scripts"]
    icon = entry["Desktop Entry"]["Icon"]
    assert (ROOT / "resources" / "icons" / f"{icon}.svg").exists()
